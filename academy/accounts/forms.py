"""The room's forms: shape only."""

from __future__ import annotations

from typing import Any

from babel.dates import get_timezone_location
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from academy.accounts.rules import GENDERS, INSTITUTION_TYPES, MAX_PASSWORD, TIME_ZONES
from academy.foundation.i18n import gettext, language, language_name, languages
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.web import Form

# Twice the limit, since Unicode's composed form may be shorter than what was typed; the rule counts exactly.
_PASSWORD = Length(max=2 * MAX_PASSWORD, message=_l("The password is too long."))
_EMAIL = Length(max=254, message=_l("This is too long for an e-mail address."))
_CODE = Length(max=32, message=_l("This is too long for a code."))
_LINE = Length(max=200)


def _needed() -> DataRequired:
    return DataRequired(message=_l("Please fill this in."))


class _Password(PasswordField):
    """A password as typed: nothing trimmed, never shown again."""


class SignInForm(Form):
    """Address and password."""

    email = StringField(_l("E-mail address"), [_needed(), _EMAIL])
    password = _Password(_l("Password"), [_needed(), _PASSWORD])


class SignInCodeForm(Form):
    """Address and the code that an administrator reads out."""

    email = StringField(_l("E-mail address"), [_needed(), _EMAIL])
    code = StringField(_l("Code"), [_needed(), _CODE])


class EmailForm(Form):
    """An address to write to."""

    email = StringField(_l("E-mail address"), [_needed(), _EMAIL])


class ConfirmLinkForm(Form):
    """The password that was chosen when registering."""

    password = _Password(_l("The password that you chose"), [_needed(), _PASSWORD])


class ConfirmForm(SignInCodeForm):
    """The same with the code typed instead of the link."""

    password = _Password(_l("The password that you chose"), [_needed(), _PASSWORD])


class ResetLinkForm(Form):
    """A new password."""

    password = _Password(_l("New password"), [_needed(), _PASSWORD])


class ResetForm(SignInCodeForm):
    """A new password, with the code typed instead of the link."""

    password = _Password(_l("New password"), [_needed(), _PASSWORD])


class _AboutForm(Form):
    """What a person tells of themselves when they come in."""

    name_latin = StringField(_l("Your name"), [_needed(), Length(max=240)])
    state_code = SelectField(_l("State"), [_needed()])
    institution_type = SelectField(_l("Type of institution"), [_needed()])
    institution = StringField(_l("Institution"), [Optional(), _LINE])
    password = _Password(_l("Password"), [_needed(), _PASSWORD])
    consent = BooleanField(_l("I have read the privacy notice and agree"), [_needed()])
    privacy_version = HiddenField()

    def __init__(self, *args: Any, states: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        empty = [("", gettext("Please choose"))]
        self.state_code.choices = empty + states
        self.institution_type.choices = empty + [(code, str(words)) for code, words in INSTITUTION_TYPES.items()]


class RegisterForm(_AboutForm):
    """A new account."""

    email = StringField(_l("E-mail address"), [_needed(), _EMAIL])


class InvitationForm(_AboutForm):
    """Accepting an invitation."""

    function = StringField(_l("Function"), [Optional(), _LINE])


class NameForm(Form):
    """The name as certificates print it."""

    name_latin = StringField(_l("Name in Latin letters"), [_needed(), Length(max=240)])
    name_cyrillic = StringField(_l("Name in Cyrillic letters"), [Optional(), Length(max=240)])


class ProfileForm(Form):
    """Work, language and time zone."""

    language = RadioField(_l("Language of mails and of pages after signing in"), [_needed()])
    state_code = SelectField(_l("State"), [Optional()])
    institution_type = SelectField(_l("Type of institution"), [Optional()])
    institution = StringField(_l("Institution"), [Optional(), _LINE])
    function = StringField(_l("Function"), [Optional(), _LINE])
    time_zone = SelectField(_l("Time zone"), [_needed()])
    gender = SelectField(_l("Gender"), [Optional()])

    def __init__(self, *args: Any, states: list[tuple[str, str]], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = [("", gettext("Not stated"))]
        self.language.choices = [(code, language_name(code)) for code in languages()]
        self.state_code.choices = none + states
        self.institution_type.choices = none + [(code, str(words)) for code, words in INSTITUTION_TYPES.items()]
        self.gender.choices = none + [(code, str(words)) for code, words in GENDERS.items()]
        self.time_zone.choices = zone_choices(zone)


class PasswordForm(Form):
    """The present password and a new one."""

    present_password = _Password(_l("Present password"), [_needed(), _PASSWORD])
    password = _Password(_l("New password"), [_needed(), _PASSWORD])


class FreshPasswordForm(Form):
    """A new password, just after signing in with a spoken code."""

    password = _Password(_l("New password"), [_needed(), _PASSWORD])


class ChangeEmailForm(Form):
    """A new address and the present password."""

    email = StringField(_l("New e-mail address"), [_needed(), _EMAIL])
    present_password = _Password(_l("Present password"), [_needed(), _PASSWORD])


class CodeForm(Form):
    """A code from a mail."""

    code = StringField(_l("Code"), [_needed(), _CODE])


class ConsentForm(Form):
    """Agreement to the privacy notice."""

    consent = BooleanField(_l("I have read the privacy notice and agree"), [_needed()])
    privacy_version = HiddenField()


def zone_choices(present: str) -> list[tuple[str, str]]:
    """The zones by the names of their cities in the running language, the present one among them."""
    names = [(zone, _city(zone)) for zone in {*TIME_ZONES, present}]
    return sorted(names, key=lambda pair: pair[1])


def _city(zone: str) -> str:
    city = (
        "UTC" if zone == "UTC" else get_timezone_location(zone, locale=language().replace("-", "_"), return_city=True)
    )
    return city if "/" not in zone else f"{city} ({zone})"
