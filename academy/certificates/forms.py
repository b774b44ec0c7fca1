"""The shape of what is sent about certificates."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.web import Form


class NameForm(Form):
    """The two lines of the name."""

    name_latin = StringField(_l("Name in Latin letters"), [DataRequired(), Length(max=120)])
    name_cyrillic = StringField(_l("Name in Cyrillic letters"), [Length(max=120)])


class CorrectionForm(NameForm):
    """The two lines as they should be, and a word to the admin."""

    note = TextAreaField(_l("What is wrong?"), [Length(max=500)])
