"""The words for codes that the desk shows: roles, accounts, enrolments, certificates, and what the audit log names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from academy.foundation.errors import Words
from academy.foundation.i18n import lazy_gettext as _l


class Label(NamedTuple):
    """A word and the tone in which it is shown: ok, warn, bad, off or plain."""

    kind: str
    text: Words


ROLES: Mapping[str, Words] = {
    "learner": _l("learner"),
    "trainer": _l("trainer"),
    "translator": _l("translator"),
    "reviser": _l("reviser"),
    "coordinator": _l("coordinator"),
    "admin": _l("administrator"),
    "auditor": _l("auditor"),
}
ACCOUNTS: Mapping[str, Label] = {
    "active": Label("ok", _l("active")),
    "invited": Label("warn", _l("invited")),
    "unconfirmed": Label("warn", _l("address not confirmed")),
    "suspended": Label("bad", _l("suspended")),
}
ENROLMENTS: Mapping[str, Label] = {
    "active": Label("", _l("in progress")),
    "completed": Label("ok", _l("completed")),
    "withdrawn": Label("off", _l("withdrawn")),
}
COURSES: Mapping[str, Label] = {
    "draft": Label("off", _l("draft")),
    "published": Label("ok", _l("published")),
    "archived": Label("warn", _l("archived")),
}
CERTIFICATES: Mapping[str, Label] = {
    "valid": Label("ok", _l("valid")),
    "expired": Label("warn", _l("expired")),
    "replaced": Label("off", _l("replaced")),
    "revoked": Label("bad", _l("revoked")),
}
CERTIFICATE_KINDS: Mapping[str, Words] = {
    "completion": _l("certificate of completion"),
    "attendance": _l("certificate of attendance"),
}
CERTIFICATE_EVENTS: Mapping[str, Words] = {
    "issued": _l("Issued"),
    "replaced": _l("Replaced"),
    "revoked": _l("Revoked"),
}
INSTITUTIONS: Mapping[str, Words] = {
    "interior": _l("ministry of the interior"),
    "migration": _l("migration service"),
    "border": _l("border guard or border police"),
    "patrol": _l("patrol police"),
    "customs": _l("customs"),
    "labour": _l("labour inspection or employment service"),
    "foreign": _l("ministry of foreign affairs or consulate"),
    "asylum": _l("asylum authority"),
    "court": _l("court or prosecutor"),
    "ombudsman": _l("ombudsman"),
    "academy": _l("training academy"),
    "international": _l("international organisation"),
    "ngo": _l("non-governmental organisation"),
    "academia": _l("university or research"),
    "other": _l("other institution"),
}
SUSPENSIONS: Mapping[str, Words] = {
    "left": _l("has left the institution"),
    "asked": _l("asked for it"),
    "duplicate": _l("has another account"),
    "security": _l("the account may be in the wrong hands"),
    "misuse": _l("misuse"),
    "other": _l("another reason"),
}
REACTIVATIONS: Mapping[str, Words] = {
    "returned": _l("is back at the institution"),
    "asked": _l("asked for it"),
    "mistake": _l("was suspended by mistake"),
    "checked": _l("the person and the account have been checked"),
    "other": _l("another reason"),
}
OUTCOMES: Mapping[str, Label] = {
    "done": Label("ok", _l("carried out")),
    "refused": Label("bad", _l("refused")),
}
ACTORS: Mapping[str, Words] = {
    "user": _l("a person"),
    "operator": _l("operator of the machine"),
    "system": _l("the academy itself"),
    "anonymous": _l("somebody not signed in"),
}
OBJECTS: Mapping[str, Words] = {
    "user": _l("person"),
    "enrolment": _l("enrolment"),
    "certificate": _l("certificate"),
    "certificate_issuer": _l("issuer of certificates"),
    "course": _l("course"),
    "attempt": _l("attempt"),
    "report": _l("report of a mistake"),
    "request": _l("request"),
    "route": _l("page"),
    "state": _l("state"),
}
ACTIONS: Mapping[str, Words] = {
    "accounts.accept_invitation": _l("accepted the invitation"),
    "accounts.accept_notice": _l("accepted the privacy notice"),
    "accounts.ask_for_email_change": _l("asked for another e-mail address"),
    "accounts.ask_for_mail": _l("asked for a mail"),
    "accounts.change_email": _l("changed the e-mail address"),
    "accounts.change_password": _l("changed the password"),
    "accounts.change_profile": _l("changed the profile"),
    "accounts.confirm_address": _l("confirmed the e-mail address"),
    "accounts.confirm_name": _l("confirmed the name"),
    "accounts.end_other_sessions": _l("ended all other sign-ins"),
    "accounts.end_session": _l("ended a sign-in"),
    "accounts.grant_role": _l("granted a role"),
    "accounts.invite": _l("invited a person"),
    "accounts.invite_again": _l("sent the invitation again"),
    "accounts.make_sign_in_code": _l("made a sign-in code"),
    "accounts.open_registration": _l("opened or closed registration"),
    "accounts.reactivate": _l("let a person in again"),
    "accounts.register": _l("registered"),
    "accounts.reset_password": _l("reset the password"),
    "accounts.revoke_role": _l("took a role away"),
    "accounts.sign_in": _l("signed in"),
    "accounts.sign_out": _l("signed out"),
    "accounts.sign_out_everywhere": _l("signed out everywhere"),
    "accounts.suspend": _l("suspended a person"),
    "accounts.take_person": _l("imported a person"),
    "accounts.use_code": _l("used a code"),
    "admin.look_up_people": _l("looked people up by address"),
    "admin.see_certificate": _l("looked at a certificate"),
    "admin.see_person": _l("looked at a person"),
    "certificates.correction_asked": _l("asked for another spelling"),
    "certificates.correction_declined": _l("declined another spelling"),
    "certificates.downloaded": _l("downloaded a certificate"),
    "certificates.issued": _l("issued a certificate"),
    "certificates.issuer_set": _l("changed the issuer of certificates"),
    "certificates.replaced": _l("replaced a certificate"),
    "certificates.revoked": _l("revoked a certificate"),
    "certificates.seen": _l("looked at a certificate"),
    "admin.close_report": _l("closed a report of a mistake"),
    "courses.archived": _l("archived a course"),
    "courses.package_imported": _l("imported a course"),
    "courses.published": _l("published a course"),
    "enrolments.completed": _l("completed a course"),
    "enrolments.cycle_opened": _l("opened a new cycle"),
    "enrolments.enrolled": _l("enrolled"),
    "enrolments.extended": _l("changed the due date"),
    "enrolments.withdrawn": _l("withdrew from a course"),
    "lessons.mistake_reported": _l("reported a mistake"),
    "progress.activity_completed": _l("completed an activity"),
    "progress.activity_tried": _l("tried an activity"),
    "quizzes.attempt_expired": _l("an attempt ran out"),
    "quizzes.attempt_started": _l("started an attempt"),
    "quizzes.attempt_submitted": _l("handed in an attempt"),
    "web.refuse": _l("was refused a page"),
}


def action_words(action: str) -> Words:
    """What the action is called; its code where it has no words yet."""
    return ACTIONS.get(action, action)


def object_words(object_type: str) -> Words:
    """What the kind of object is called; its code where it has no words yet."""
    return OBJECTS.get(object_type, object_type)
