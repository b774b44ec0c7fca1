"""Languages: text in several of them, the language of the running request, and how numbers, dates and names are
written.
"""

from academy.foundation.i18n.formats import (
    format_bytes,
    format_date,
    format_datetime,
    format_hours,
    format_minutes,
    format_number,
    format_percent,
    format_time,
)
from academy.foundation.i18n.keys import search_key, sort_key
from academy.foundation.i18n.language import (
    configure,
    default_language,
    gettext,
    language,
    language_name,
    languages,
    lazy_gettext,
    ngettext,
    pgettext,
    using_language,
)
from academy.foundation.i18n.text import LocalizedText, LocalizedTextType, Shown, fingerprint, normalise

__all__ = [
    "LocalizedText",
    "LocalizedTextType",
    "Shown",
    "configure",
    "default_language",
    "fingerprint",
    "format_bytes",
    "format_date",
    "format_datetime",
    "format_hours",
    "format_minutes",
    "format_number",
    "format_percent",
    "format_time",
    "gettext",
    "language",
    "language_name",
    "languages",
    "lazy_gettext",
    "ngettext",
    "normalise",
    "pgettext",
    "search_key",
    "sort_key",
    "using_language",
]
