"""Which languages there are, which one is running, and the interface's texts in it.

The catalogues are loaded once per process. Flask-Babel chooses the locale for WTForms and Babel; the interface's own
texts are looked up here, straight in the loaded catalogue, because every page does it some fifty times.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy
from flask import has_app_context
from flask_babel import force_locale

_languages: tuple[str, ...] = ("en", "ru")
_running: ContextVar[str | None] = ContextVar("language", default=None)
_catalogues: dict[str, _gettext.NullTranslations] = {}


def folder() -> Path:
    """Where the compiled catalogues lie: beside the package in a checkout, inside it when installed from a wheel."""
    package = Path(__file__).parents[2]
    inside = package / "_translations"
    return inside if inside.is_dir() else package.parent / "translations"


def configure(codes: tuple[str, ...]) -> None:
    """Sets the languages of this process; the first is the default."""
    global _languages  # noqa: PLW0603 - one list per process, set once at start
    _languages = codes
    _catalogues.clear()


def languages() -> tuple[str, ...]:
    """The codes of the configured languages."""
    return _languages


def default_language() -> str:
    """The first configured language."""
    return _languages[0]


def language() -> str:
    """The language of the running request, job or command."""
    return _running.get() or _languages[0]


def set_language(code: str) -> None:
    """Makes *code* the language of the running request."""
    _running.set(code if code in _languages else _languages[0])


@contextmanager
def using_language(code: str) -> Iterator[None]:
    """Runs the block in that language, for mails, documents and exports."""
    token = _running.set(code if code in _languages else _languages[0])
    try:
        if has_app_context():
            with force_locale(language()):
                yield
        else:
            yield
    finally:
        _running.reset(token)


def language_name(code: str) -> str:
    """The language's name in the running language, as within a sentence."""
    return Locale.parse(code, sep="-").get_display_name(language()) or code


def _catalogue() -> _gettext.NullTranslations:
    code = language()
    found = _catalogues.get(code)
    if found is None:
        found = _catalogues[code] = _load(folder() / code.replace("-", "_") / "LC_MESSAGES")
    return found


def _load(place: Path) -> _gettext.NullTranslations:
    """The compiled catalogue; in a checkout whose texts are newer than what was compiled, the texts themselves."""
    texts, compiled = place / "messages.po", place / "messages.mo"
    if compiled.is_file() and not (texts.is_file() and texts.stat().st_mtime > compiled.stat().st_mtime):
        with compiled.open("rb") as file:
            return _gettext.GNUTranslations(file)
    if not texts.is_file():
        return _gettext.NullTranslations()
    packed = BytesIO()
    with texts.open("rb") as file:
        write_mo(packed, read_po(file))
    packed.seek(0)
    return _gettext.GNUTranslations(packed)


def gettext(message: str, **variables: Any) -> str:
    """The message in the running language."""
    text = _catalogue().gettext(message)
    return text % variables if variables else text


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """The message in the plural form for *num*, which is also the variable ``num``."""
    variables.setdefault("num", num)
    return _catalogue().ngettext(singular, plural, num) % variables


def pgettext(context: str, message: str, **variables: Any) -> str:
    """The message in the running language, told apart by its context."""
    text = _catalogue().pgettext(context, message)
    return text % variables if variables else text


def lazy_gettext(message: str, **variables: Any) -> str:
    """A text that is looked up when it is shown. To checkers it is a string, since forms take it as one."""
    return cast(str, LazyProxy(gettext, message, enable_cache=False, **variables))
