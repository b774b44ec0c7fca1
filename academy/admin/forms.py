"""The forms of the desk: shape only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask import request
from wtforms import BooleanField, DateField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from academy.admin.formats import words
from academy.foundation import web
from academy.foundation.errors import Invalid
from academy.foundation.i18n import gettext as _
from academy.foundation.i18n import language, language_name, languages
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Grant

Choices = Sequence[tuple[str, Any]]
GRANTED_ROLES = ("trainer", "translator", "reviser", "coordinator", "admin", "auditor")


def _texts(labels: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(code, label.text if isinstance(label, words.Label) else label) for code, label in labels.items()]


def _roles() -> list[tuple[str, Any]]:
    return [(role, words.ROLES[role]) for role in GRANTED_ROLES]


def _offer(field: Field, choices: Choices) -> None:
    cast(SelectField, field).choices = list(choices)


class DayField(DateField):
    """A day of this century or the next: none so early or late that its instants cannot be told in every zone."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and not 2000 <= self.data.year < 2200:
            self.data = None
            raise ValueError(self.gettext("Not a valid date value."))


class FilterForm(web.Form):
    """Filters in the address. A value that no list has is ignored and said beside its field."""

    def __init__(self, sort: Choices = (), **choices: Choices) -> None:
        super().__init__(formdata=request.args)
        for name, listed in choices.items():
            _offer(self[name], [("", _("all")), *listed])
        if sort:
            _offer(self["sort"], sort)
        self.is_valid = self.validate()

    def value(self, name: str) -> Any:
        """What was chosen; the field's default where nothing or nonsense was."""
        field = self[name]
        return field.default if field.errors else field.data

    @property
    def is_used(self) -> bool:
        """Whether anything is filtered."""
        return any(self.value(field.name) not in ("", None, field.default) for field in self)


class PeopleFilter(FilterForm):
    """Which people."""

    q = StringField(_l("Name or e-mail address"), [Length(max=200)], default="")
    role = SelectField(_l("Role"), default="")
    state = SelectField(_l("State"), default="")
    status = SelectField(_l("State of the account"), default="")
    sort = SelectField(_l("Sorted by"), default="name")

    def __init__(self, states: Choices) -> None:
        orders = [("name", _("name")), ("newest", _("newest account")), ("seen", _("last sign-in"))]
        super().__init__(sort=orders, role=_roles(), state=states, status=_texts(words.ACCOUNTS))


class EnrolmentFilter(FilterForm):
    """Which enrolments of a course."""

    q = StringField(_l("Name or e-mail address"), [Length(max=200)], default="")
    standing = SelectField(_l("Standing"), default="")
    state = SelectField(_l("State"), default="")
    sort = SelectField(_l("Sorted by"), default="name")

    def __init__(self, states: Choices) -> None:
        standings = [
            *_texts(words.ENROLMENTS),
            ("idle", _l("in progress, nothing done yet")),
            ("late", _l("past the due date")),
        ]
        orders = [("name", _("name")), ("enrolled", _("day of enrolment")), ("due", _("due date"))]
        super().__init__(sort=orders, standing=standings, state=states)


class RegisterFilter(FilterForm):
    """Which certificates."""

    q = StringField(_l("Name, number or code"), [Length(max=200)], default="")
    course = SelectField(_l("Course"), default="")
    status = SelectField(_l("Status"), default="")

    def __init__(self, courses: Choices) -> None:
        statuses = [(code, words.CERTIFICATES[code].text) for code in ("valid", "replaced", "revoked")]
        super().__init__(course=courses, status=statuses)


class QueueFilter(FilterForm):
    """Which part of the queue."""

    course = SelectField(_l("Course"), default="")
    ready = SelectField(_l("Show"), default="")

    def __init__(self, courses: Choices) -> None:
        super().__init__(course=courses, ready=[("yes", _l("can be issued")), ("no", _l("waits for something"))])


class AuditFilter(FilterForm):
    """Which entries of the audit log."""

    action = SelectField(_l("What"), default="")
    actor = StringField(_l("Who (name or e-mail address)"), [Length(max=200)], default="")
    about = StringField(_l("About (person, number or id)"), [Length(max=200)], default="")
    outcome = SelectField(_l("Outcome"), default="")
    kind = SelectField(_l("Kind of actor"), default="")
    begins = DayField(_l("From"), [Optional()])
    ends = DayField(_l("To"), [Optional()])

    def __init__(self, actions: Sequence[str]) -> None:
        listed = [(action, f"{words.action_words(action)} ({action})") for action in actions]
        super().__init__(
            action=sorted(listed, key=lambda pair: pair[1].casefold()),
            outcome=_texts(words.OUTCOMES),
            kind=_texts(words.ACTORS),
        )


class RoleFields(web.Form):
    """A role and what it is for: the academy, a course or a state, in one list."""

    where = SelectField(_l("For"), default="all")

    def offer(self, courses: Choices, states: Choices) -> None:
        """The list offers these courses and states."""
        self.where.choices = {
            _("Whole academy"): [("all", _("the whole academy"))],
            _("Courses"): [(f"course:{code}", title) for code, title in courses],
            _("States"): [(f"state:{code}", name) for code, name in states],
        }

    def grant(self) -> Grant | None:
        """The role that was chosen, if any."""
        scope, _colon, scope_id = self.where.data.partition(":")
        return Grant(self["role"].data, scope, scope_id) if self["role"].data else None

    def take(self, refusal: Invalid) -> None:
        """Each fault stands beside the field that it is about."""
        named = {"scope": "where", "scope_id": "where", "expires_at": "expires_on"}
        web.add_errors(self, Invalid({named.get(name, name): faults for name, faults in refusal.fields.items()}))


class GrantForm(RoleFields):
    """Grant a role."""

    role = SelectField(_l("Role"), [DataRequired()], default="trainer")
    expires_on = DayField(_l("Until (the last day)"), [Optional()])

    def __init__(self, courses: Choices, states: Choices) -> None:
        super().__init__()
        self.offer(courses, states)
        self.role.choices = _roles()


class InviteForm(RoleFields):
    """Invite a person."""

    email = StringField(_l("E-mail address"), [DataRequired(), Length(max=254)])
    name_latin = StringField(_l("Name in Latin letters"), [Length(max=120)])
    name_cyrillic = StringField(_l("Name in Cyrillic letters"), [Length(max=120)])
    language = RadioField(_l("Language of the invitation"), [DataRequired()])
    state_code = SelectField(_l("State"), default="")
    institution = StringField(_l("Institution"), [Length(max=200)])
    institution_type = SelectField(_l("Kind of institution"), default="")
    role = SelectField(_l("Role"), default="")

    def __init__(self, courses: Choices, states: Choices) -> None:
        super().__init__()
        self.offer(courses, states)
        self.language.choices = [(code, language_name(code)) for code in languages()]
        self.state_code.choices = [("", _("not stated")), *states]
        self.institution_type.choices = [("", _("not stated")), *_texts(words.INSTITUTIONS)]
        self.role.choices = [("", _("learner (no role)")), *_roles()]


class SuspendForm(web.Form):
    """Suspend an account."""

    reason = RadioField(_l("Reason"), [DataRequired()])

    def __init__(self) -> None:
        super().__init__()
        self.reason.choices = _texts(words.SUSPENSIONS)


class ReactivateForm(web.Form):
    """Let an account in again."""

    reason = RadioField(_l("Reason"), [DataRequired()])

    def __init__(self) -> None:
        super().__init__()
        self.reason.choices = _texts(words.REACTIVATIONS)


class EnrolForm(web.Form):
    """Enrol people by a pasted list; ``step`` is ``enrol`` once the preview was confirmed."""

    addresses = TextAreaField(_l("E-mail addresses"), [DataRequired(), Length(max=60_000)])
    step = StringField(default="")
    invite = BooleanField(_l("Invite those without an account by mail, and enrol them too"))
    language = RadioField(_l("Language of the invitations"), [DataRequired()])

    def __init__(self) -> None:
        super().__init__()
        self.language.choices = [(code, language_name(code)) for code in languages()]
        if not self.language.raw_data:
            self.language.data = language()


class DueForm(web.Form):
    """Set the last day of enrolments; empty takes the deadline away."""

    due_on = DayField(_l("Last day"), [Optional()])


class ReplaceForm(web.Form):
    """Replace a certificate by one with another name."""

    name_latin = StringField(_l("Name in Latin letters"), [DataRequired(), Length(max=120)])
    name_cyrillic = StringField(_l("Name in Cyrillic letters"), [Length(max=120)])
    reason = StringField(_l("Reason, kept inside"), [DataRequired(), Length(max=500)])


class RevokeForm(web.Form):
    """Revoke a certificate."""

    reason = StringField(_l("Reason, kept inside"), [DataRequired(), Length(max=500)])
