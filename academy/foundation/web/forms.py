"""The base of all forms: shape only. Texts are trimmed and normalised; messages come in the reader's language."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import g, request
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, PasswordField, StringField
from wtforms import Form as WTForm
from wtforms.i18n import get_translations
from wtforms.meta import DefaultMeta

from academy.foundation.errors import Invalid
from academy.foundation.i18n import language, normalise
from academy.foundation.i18n.text import CONTROL_CHARACTERS

_SENT: Any = object()


@cache
def _translations(code: str) -> Any:
    return get_translations([code.replace("-", "_")])


def _tidy(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return normalise(value).strip()
    except ValueError:
        raise ValueError(CONTROL_CHARACTERS) from None


class Form(WTForm):
    """A form filled from the request when it changes something, else from *obj* and *data*."""

    class Meta(DefaultMeta):
        def get_translations(self, form: Any) -> Any:
            return _translations(language())

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options = {**options, "filters": [_tidy, *unbound_field.kwargs.get("filters", ())]}
            return unbound_field.bind(form=form, **options)

    def __init__(
        self, formdata: Any = _SENT, obj: object = None, prefix: str = "", data: Any = None, **values: Any
    ) -> None:
        if formdata is _SENT:
            changing = request.method not in ("GET", "HEAD")
            formdata = CombinedMultiDict([request.form, request.files]) if changing else None
        super().__init__(formdata=formdata, obj=obj, prefix=prefix, data=data, **values)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all fields can be taken. What is wrong is kept for an answer in JSON."""
        fine: bool = super().validate(extra_validators)
        if not fine:
            g.form_faults = {name: [str(message) for message in found] for name, found in self.errors.items()}
        return fine


def add_errors(form: WTForm, refusal: Invalid) -> None:
    """Puts each fault beside its field; the ones of no field stand for the whole form."""
    for name, messages in refusal.fields.items():
        words = [str(message) for message in messages]
        if name in form:
            form[name].errors = [*form[name].errors, *words]
        else:
            form.form_errors.extend(words)


def described_by(field: Field, help_text: str | None) -> dict[str, Any]:
    """The attributes that tie a field to its help and its error, for its template."""
    ids = [f"{field.id}-help"] if help_text or field.description else []
    ids += [f"{field.id}-error"] if field.errors else []
    attributes: dict[str, Any] = {"aria-describedby": " ".join(ids)} if ids else {}
    return attributes | ({"aria-invalid": "true"} if field.errors else {})
