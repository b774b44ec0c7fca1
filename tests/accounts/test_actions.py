"""Coming in, profile, roles, states: what the actions leave behind."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from academy.accounts import actions, queries, rules
from academy.accounts.actions.codes import issue_code
from academy.accounts.formats.states import read_states
from academy.accounts.models import Consent, EmailRequest, Purpose, State, StateName, User, UserGrant, UserSession
from academy.foundation import db
from academy.foundation.audit import AuditEntry
from academy.foundation.errors import Conflict, Expired, Invalid, NotAllowed, NotFound
from academy.foundation.mail import Mail
from academy.foundation.security import ANONYMOUS, OPERATOR, Grant, Identity
from tests.conftest import NOW
from tests.factories.accounts import CREATED, identity_of, make_grant, make_session, make_state, make_user

LIMITS = rules.SessionLimits(timedelta(hours=12), timedelta(days=14))
OPENING = actions.Opening("a new token", "Firefox, Linux", LIMITS)
VERSION = queries.privacy_version()


def told(**given: object) -> actions.Registration:
    values = {
        "name_latin": "Nino Beridze",
        "state_code": "GE",
        "institution_type": "border",
        "institution": "",
        "language": "ru",
    }
    return actions.Registration(**(values | given))


def register(
    email: str = "nino@ministry.example", version: str = VERSION, password_hash: str = "hash", **given: object
) -> None:
    actions.register(email, told(**given), password_hash=password_hash, privacy_version=version, now=NOW)


def audited() -> list[tuple[str, str]]:
    return [
        tuple(row) for row in db.session.execute(select(AuditEntry.action, AuditEntry.outcome).order_by(AuditEntry.id))
    ]


def by_email(email: str = "nino@ministry.example") -> User:
    return db.session.scalars(select(User).where(User.email_key == rules.email_key(email))).one()


@pytest.fixture(autouse=True)
def _georgia(request, app, database):
    with database.write():
        make_state("GE")
        make_state("TJ", en="Tajikistan", ru="Таджикистан")


# Registration


def test_registering_leaves_an_account_that_waits(writing):
    register()
    user = by_email()
    assert (user.status, user.confirmed_at, user.password_hash) == ("unconfirmed", None, "hash")
    assert (user.name_latin, user.name_confirmed_at, user.language, user.state_code) == (
        "Nino Beridze",
        None,
        "ru",
        "GE",
    )
    assert user.time_zone == "Asia/Tbilisi"
    assert user.search_key == "nino beridze nino@ministry.example"
    consent = db.session.scalars(select(Consent)).one()
    assert (consent.user_id, consent.version, consent.language, consent.accepted_at) == (user.id, VERSION, "ru", NOW)
    assert db.session.scalars(select(EmailRequest)).one().reason == "registered"
    assert audited() == [("accounts.register", "done")]


@pytest.mark.parametrize("status", ["active", "invited", "suspended"])
def test_registering_a_known_address_changes_nothing_and_leaves_the_same_traces(writing, status):
    user = make_user("Nino@ministry.example", status=status, name_latin="Old Name", password_hash="old")
    register("nino@ministry.example")
    db.session.expire_all()
    assert (user.status, user.name_latin, user.password_hash) == (status, "Old Name", "old")
    assert db.session.scalars(select(EmailRequest)).one().reason == "registered"
    assert audited() == [("accounts.register", "done")]


def test_registering_again_before_confirming_takes_what_was_given_last_and_leaves_the_link(writing):
    register(password_hash="the stranger's")
    issued = issue_code(by_email(), Purpose.CONFIRM, now=NOW)
    register("Nino@Ministry.example", password_hash="mine", name_latin="Nino B")
    db.session.expire_all()
    assert (by_email().password_hash, by_email().name_latin) == ("mine", "Nino B")
    row = queries.find_token(issued.token, Purpose.CONFIRM, now=NOW)
    with pytest.raises(NotAllowed):
        actions.confirm_address(row.id, OPENING, checked_hash="the stranger's", now=NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "nino"}, "email"),
        ({"name_latin": "Нино"}, "name_latin"),
        ({"name_latin": ""}, "name_latin"),
        ({"state_code": "XX"}, "state_code"),
        ({"version": "0"}, "consent"),
    ],
)
def test_registering_with_a_fault_leaves_nothing(writing, given, field):
    with pytest.raises(Invalid) as refusal:
        register(**given)
    assert set(refusal.value.fields) == {field}
    assert db.session.scalar(select(User.id)) is None


def test_a_state_can_be_closed_for_registration_without_touching_anybody(writing):
    user = make_user(state_code="GE")
    actions.open_registration("GE", is_open=False, actor=OPERATOR, now=NOW)
    with pytest.raises(Invalid) as refusal:
        register()
    assert set(refusal.value.fields) == {"state_code"}
    assert user.state_code == "GE"
    actions.open_registration("GE", is_open=True, actor=OPERATOR, now=NOW)
    register()


def token_of(user: User, purpose: Purpose, email: str | None = None) -> int:
    issued = issue_code(user, purpose, email=email, now=NOW)
    return queries.find_token(issued.token, purpose, now=NOW).id


def test_confirming_activates_and_signs_in(writing):
    register()
    user = by_email()
    identity = actions.confirm_address(token_of(user, Purpose.CONFIRM), OPENING, checked_hash="hash", now=NOW)
    assert (user.status, user.confirmed_at, user.last_sign_in_at) == ("active", NOW, NOW)
    assert identity.id == user.id
    assert queries.load_identity(rules_hash(), NOW).uuid == user.uuid
    assert audited()[-1] == ("accounts.confirm_address", "done")


def rules_hash() -> str:
    from academy.foundation.security import token_hash

    return token_hash(OPENING.token)


def test_confirming_needs_the_password_of_the_same_registration(writing):
    register()
    user = by_email()
    with pytest.raises(NotAllowed):
        actions.confirm_address(token_of(user, Purpose.CONFIRM), OPENING, checked_hash="another", now=NOW)
    assert user.status == "unconfirmed"


def test_an_invitation_is_accepted_with_ones_own_password(writing):
    user = actions.invite("nino@ministry.example", language="ru", state_code="TJ", actor=OPERATOR, now=NOW)
    user.time_zone = "UTC"
    actions.accept_invitation(
        token_of(user, Purpose.INVITATION), told(), OPENING, password_hash="mine", privacy_version=VERSION, now=NOW
    )
    assert (user.status, user.confirmed_at, user.password_hash) == ("active", NOW, "mine")
    assert (user.state_code, user.time_zone, user.name_confirmed_at) == ("GE", "Asia/Tbilisi", None)
    assert queries.accepted_version(user.id).version == VERSION
    assert audited()[-1] == ("accounts.accept_invitation", "done")


@pytest.mark.parametrize("status", ["active", "unconfirmed"])
def test_only_an_invited_person_accepts(writing, status):
    user = make_user(status=status, password_hash="old")
    with pytest.raises(NotAllowed):
        actions.accept_invitation(
            token_of(user, Purpose.INVITATION), told(), OPENING, password_hash="x", privacy_version=VERSION, now=NOW
        )
    assert user.password_hash == "old"


def test_an_invitation_keeps_a_zone_that_was_chosen(writing):
    user = actions.invite("nino@ministry.example", language="ru", time_zone="Europe/Vienna", actor=OPERATOR, now=NOW)
    actions.accept_invitation(
        token_of(user, Purpose.INVITATION), told(), OPENING, password_hash="x", privacy_version=VERSION, now=NOW
    )
    assert user.time_zone == "Europe/Vienna"


# Signing in and the password


def test_signing_in_opens_a_session_and_forgets_failures_of_that_kind(writing):
    user = make_user(password_hash="old hash")
    for device in ("", "phone"):
        actions.note_failure("key", origin_hash="o", device_hash=device, now=NOW)
    actions.note_failure("other", origin_hash="o", now=NOW)
    actions.sign_in(user.id, OPENING, checked_hash="old hash", new_hash="new hash", account_hash="key", now=NOW)
    assert user.password_hash == "new hash"
    row = db.session.scalars(select(UserSession)).one()
    assert (row.device, row.expires_at, row.ends_at) == ("Firefox, Linux", NOW + LIMITS.idle, NOW + LIMITS.life)
    from academy.accounts.models import SignInFailure

    left = db.session.scalars(select(SignInFailure)).all()
    assert {(f.account_hash, f.device_hash) for f in left} == {("key", "phone"), ("other", "")}
    assert audited()[-1] == ("accounts.sign_in", "done")


@pytest.mark.parametrize(("given", "checked"), [({"status": "suspended"}, "h"), ({}, "another")])
def test_what_changed_while_the_password_was_checked_counts(writing, given, checked):
    user = make_user(password_hash="h", **given)
    with pytest.raises(NotAllowed):
        actions.sign_in(user.id, OPENING, checked_hash=checked, now=NOW)
    with pytest.raises(NotAllowed):
        actions.sign_in(-1, OPENING, checked_hash="h", now=NOW)
    assert db.session.scalar(select(UserSession.id)) is None


def test_a_failure_is_on_record_without_address_or_device(writing):
    actions.note_failure("key", origin_hash="o", user_uuid="u", now=NOW)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.outcome, entry.actor_kind, entry.object_id, entry.details) == (
        "accounts.sign_in",
        "refused",
        "anonymous",
        "u",
        {},
    )


def test_failures_are_counted_by_account_device_and_origin(writing):
    for _ in range(6):
        actions.note_failure("key", origin_hash="o", now=NOW)

    def wait(key: str, device: str = "") -> int:
        return queries.seconds_to_wait(key, device_hash=device, origin_hash="o", now=NOW)

    assert wait("key") == 4
    assert wait("key", "the owner's own phone") == 0, "an attacker cannot keep the owner out"
    assert wait("another") == 0, "nor people behind the same address"


def test_a_flood_from_one_origin_waits_but_not_on_known_devices(writing):
    from academy.accounts.models import SignInFailure

    rows = [{"at": NOW, "account_hash": str(n), "origin_hash": "o", "device_hash": ""} for n in range(1000)]
    db.session.execute(SignInFailure.__table__.insert(), rows)
    assert queries.seconds_to_wait("x", device_hash="", origin_hash="o", now=NOW) == 600
    assert queries.seconds_to_wait("x", device_hash="d", origin_hash="o", now=NOW) == 0
    assert queries.seconds_to_wait("x", device_hash="", origin_hash="another", now=NOW) == 0


def test_changing_the_password_says_so_and_starts_anew(writing):
    user = make_user()
    row, _ = make_session(user)
    identity = actions.change_password(
        OPENING, checked_hash=user.password_hash, new_hash="new", actor=identity_of(user, session_id=row.id), now=NOW
    )
    assert user.password_hash == "new"
    assert db.session.scalars(select(UserSession.id)).all() == [identity.session_id]
    assert db.session.scalars(select(Mail.template)).all() == ["accounts/mail/password_changed"]
    assert audited() == [("accounts.change_password", "done")]


def test_a_password_that_changed_meanwhile_is_not_changed_again(writing):
    user = make_user(password_hash="now")
    row, _ = make_session(user)
    with pytest.raises(Conflict):
        actions.change_password(
            OPENING, checked_hash="before", new_hash="new", actor=identity_of(user, session_id=row.id), now=NOW
        )
    with pytest.raises(NotFound):
        actions.change_password(
            OPENING, checked_hash="now", new_hash="new", actor=identity_of(user, session_id=0), now=NOW
        )
    assert user.password_hash == "now"


@pytest.mark.parametrize(("by", "minutes", "may"), [("code", 5, True), ("code", 31, False), ("password", 0, False)])
def test_without_the_old_password_only_just_after_a_spoken_code(writing, by, minutes, may):
    user = make_user(password_hash="forgotten")
    row, _ = make_session(user, opened_by=by, at=NOW - timedelta(minutes=minutes))
    me = identity_of(user, session_id=row.id)
    assert queries.sets_password_without_the_old(me, now=NOW) is may
    if may:
        actions.change_password(OPENING, checked_hash=None, new_hash="new", actor=me, now=NOW)
    else:
        with pytest.raises(NotAllowed):
            actions.change_password(OPENING, checked_hash=None, new_hash="new", actor=me, now=NOW)
    assert user.password_hash == ("new" if may else "forgotten")


@pytest.mark.parametrize("status", ["active", "unconfirmed"])
def test_a_reset_confirms_the_address_and_ends_everything_else(writing, status):
    user = make_user(status=status, confirmed_at=CREATED if status == "active" else None)
    make_session(user)
    identity = actions.reset_password(token_of(user, Purpose.RESET), OPENING, new_hash="new", now=NOW)
    assert (user.status, user.password_hash) == ("active", "new")
    assert user.confirmed_at == (CREATED if status == "active" else NOW)
    assert db.session.scalars(select(UserSession.id)).all() == [identity.session_id]
    assert audited() == [("accounts.reset_password", "done")]


def test_a_suspended_person_cannot_use_a_link_that_was_found_before(writing):
    user = make_user(password_hash="old")
    token = token_of(user, Purpose.RESET)
    user.status = "suspended"
    with pytest.raises(Expired):
        actions.reset_password(token, OPENING, new_hash="new", now=NOW)
    assert user.password_hash == "old"


def test_a_spoken_code_signs_in_once(writing):
    user = make_user()
    code = actions.make_sign_in_code(user.id, actor=OPERATOR, now=NOW)
    token = queries.find_token_by_code(user.id, Purpose.SIGN_IN, code, now=NOW).id
    identity = actions.sign_in_by_code(token, OPENING, now=NOW)
    assert identity.id == user.id
    with pytest.raises(Expired):
        actions.sign_in_by_code(token, OPENING, now=NOW)


def test_a_spoken_code_is_for_active_accounts(writing):
    user = make_user()
    code = actions.make_sign_in_code(user.id, actor=OPERATOR, now=NOW)
    token = queries.find_token_by_code(user.id, Purpose.SIGN_IN, code, now=NOW).id
    user.status = "unconfirmed"
    with pytest.raises(NotAllowed):
        actions.sign_in_by_code(token, OPENING, now=NOW)
    with pytest.raises(Conflict):
        actions.make_sign_in_code(user.id, actor=OPERATOR, now=NOW)


# Profile


def profile(**given: object) -> actions.ProfileValues:
    values = {
        "state_code": "TJ",
        "institution": "Border Service",
        "institution_type": "border",
        "function": "Inspector",
        "language": "ru",
        "time_zone": "Asia/Dushanbe",
        "gender": "undisclosed",
    }
    return actions.ProfileValues(**(values | given))


def test_the_profile_is_changed_and_the_log_says_only_which_fields(writing):
    user = make_user(institution="Border Service")
    actions.change_profile(profile(), actor=identity_of(user), now=NOW)
    assert (user.state_code, user.function, user.language, user.time_zone, user.gender) == (
        "TJ",
        "Inspector",
        "ru",
        "Asia/Dushanbe",
        "undisclosed",
    )
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.details == {
        "changed": ["state_code", "institution_type", "function", "language", "time_zone", "gender"]
    }


def test_everything_voluntary_can_be_left_out(writing):
    user = make_user(gender="male", state_code="GE")
    actions.change_profile(
        profile(state_code=None, institution_type=None, gender=None), actor=identity_of(user), now=NOW
    )
    assert (user.state_code, user.institution_type, user.gender) == (None, None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state_code", "XX"),
        ("institution_type", "circus"),
        ("gender", "x"),
        ("language", "fr"),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_values_outside_the_lists_are_refused(writing, field, value):
    user = make_user()
    with pytest.raises(Invalid) as refusal:
        actions.change_profile(profile(**{field: value}), actor=identity_of(user), now=NOW)
    assert set(refusal.value.fields) == {field}


def test_nobody_has_no_profile(writing):
    with pytest.raises(NotFound):
        actions.change_profile(profile(), actor=ANONYMOUS, now=NOW)
    with pytest.raises(NotFound):
        queries.get_own(ANONYMOUS)


def test_confirming_the_name_sets_it_and_when(writing):
    user = make_user(name_confirmed_at=None)
    actions.confirm_name(" Mariam   Beridze ", " Мариам  Беридзе ", actor=identity_of(user), now=NOW)
    assert (user.name_latin, user.name_cyrillic, user.name_confirmed_at) == ("Mariam Beridze", "Мариам Беридзе", NOW)
    assert "мариам" in user.search_key
    assert user.name_sort == "mariam beridze"
    actions.confirm_name("Mariam Beridze", "", actor=identity_of(user), now=NOW)
    assert user.name_cyrillic is None


@pytest.mark.parametrize(
    ("latin", "cyrillic", "field"),
    [("Мариам", None, "name_latin"), (" ", None, "name_latin"), ("Mariam", "Mariam", "name_cyrillic")],
)
def test_a_name_in_the_wrong_letters_is_not_confirmed(writing, latin, cyrillic, field):
    user = make_user(name_confirmed_at=None)
    with pytest.raises(Invalid) as refusal:
        actions.confirm_name(latin, cyrillic, actor=identity_of(user), now=NOW)
    assert set(refusal.value.fields) == {field}
    assert user.name_confirmed_at is None


def test_the_notice_is_accepted_in_its_present_version(writing):
    user = make_user(consent=False)
    assert queries.wants_consent(user.id)
    with pytest.raises(Conflict):
        actions.accept_notice("0", "ru", actor=identity_of(user), now=NOW)
    for _ in range(2):
        actions.accept_notice(VERSION, "ru", actor=identity_of(user), now=NOW)
    assert not queries.wants_consent(user.id)
    assert db.session.scalar(select(func.count()).select_from(Consent)) == 1


def ask(user: User, email: str, checked: str | None = None) -> None:
    actions.ask_for_email_change(email, checked_hash=checked or user.password_hash, actor=identity_of(user), now=NOW)


def test_a_new_address_is_written_to_and_counts_when_it_answers(writing):
    user = make_user("old@ministry.example")
    (mine, _), _ = make_session(user), make_session(user)
    ask(user, "New@Ministry.example")
    (mail,) = db.session.scalars(select(Mail)).all()
    assert (mail.to_address, mail.template) == ("New@ministry.example", "accounts/mail/email_change")
    assert user.email == "old@ministry.example"
    token = token_of(user, Purpose.EMAIL, "New@ministry.example")
    actions.change_email(token, actor=identity_of(user, session_id=mine.id), now=NOW)
    assert (user.email, user.email_key) == ("New@ministry.example", "new@ministry.example")
    assert "new@ministry.example" in user.search_key
    assert db.session.scalars(select(UserSession.id)).all() == [mine.id]
    told_old = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert (told_old.to_address, told_old.template) == ("old@ministry.example", "accounts/mail/email_changed")


def test_by_another_persons_browser_all_sessions_end(writing):
    user, other = make_user(), make_user()
    make_session(user)
    theirs, _ = make_session(other)
    actor = identity_of(other, session_id=theirs.id)
    actions.change_email(token_of(user, Purpose.EMAIL, "new@ministry.example"), actor=actor, now=NOW)
    assert db.session.scalars(select(UserSession.id)).all() == [theirs.id]


def test_an_address_of_somebody_else_looks_the_same_and_tells_that_person(writing):
    user, other = make_user(), make_user("taken@ministry.example")
    ask(user, "Taken@ministry.example")
    assert db.session.scalars(select(Mail)).all() == []
    assert db.session.scalars(select(EmailRequest)).one().email_key == other.email_key
    assert audited() == [("accounts.ask_for_email_change", "done")]


def test_an_address_that_was_taken_meanwhile_is_refused(writing):
    user = make_user("old@ministry.example")
    token = token_of(user, Purpose.EMAIL, "new@ministry.example")
    make_user("new@ministry.example")
    with pytest.raises(Expired):
        actions.change_email(token, actor=identity_of(user), now=NOW)
    assert user.email == "old@ministry.example"


def test_a_change_of_address_is_checked(writing):
    user = make_user()
    with pytest.raises(Invalid):
        ask(user, "new")
    with pytest.raises(Conflict):
        ask(user, "new@ministry.example", "an older hash")
    ask(user, "new@ministry.example")
    ask(user, "new@ministry.example")
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1, "not in a flood"


# People, for administrators


def test_an_invited_person_is_mailed_and_holds_the_roles(writing):
    user = actions.invite(
        "Nino@ministry.example",
        name_latin=" Nino  Beridze",
        name_cyrillic="Нино Беридзе",
        language="ru",
        state_code="GE",
        grants=[Grant("coordinator", "state", "GE"), Grant("trainer")],
        actor=OPERATOR,
        now=NOW,
    )
    assert (user.status, user.password_hash, user.confirmed_at, user.name_latin) == (
        "invited",
        None,
        None,
        "Nino Beridze",
    )
    assert user.time_zone == "Asia/Tbilisi"
    roles = db.session.execute(select(UserGrant.role, UserGrant.scope_id).order_by(UserGrant.id)).all()
    assert [tuple(row) for row in roles] == [("coordinator", "GE"), ("trainer", "")]
    (mail,) = db.session.scalars(select(Mail)).all()
    assert (mail.template, mail.language) == ("accounts/mail/invitation", "ru")
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.details == {"roles": ["coordinator:state:GE", "trainer:all:"]}


def test_a_person_with_a_password_is_active_without_a_mail(writing):
    user = actions.invite("nino@ministry.example", language="en", password_hash="hash", actor=OPERATOR, now=NOW)
    assert (user.status, user.confirmed_at) == ("active", NOW)
    assert db.session.scalars(select(Mail)).all() == []


@pytest.mark.parametrize("status", ["active", "invited", "suspended"])
def test_an_address_with_an_account_is_not_invited(writing, status):
    make_user("nino@ministry.example", status=status)
    with pytest.raises(Conflict) as refusal:
        actions.invite("Nino@ministry.example", language="en", actor=OPERATOR, now=NOW)
    assert refusal.value.code == "email_taken"


def test_an_unconfirmed_account_becomes_an_invited_one_without_the_strangers_password(writing):
    register(password_hash="the stranger's")
    confirm = issue_code(by_email(), Purpose.CONFIRM, now=NOW)
    user = actions.invite("nino@ministry.example", name_latin="Nino B", language="en", actor=OPERATOR, now=NOW)
    assert (user.status, user.password_hash, user.name_latin) == ("invited", None, "Nino B")
    assert queries.find_token(confirm.token, Purpose.CONFIRM, now=NOW) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "nino"}, "email"),
        ({"name_latin": "Нино"}, "name_latin"),
        ({"name_cyrillic": "Nino"}, "name_cyrillic"),
        ({"language": "fr"}, "language"),
        ({"state_code": "XX"}, "state_code"),
        ({"grants": [Grant("coordinator")]}, "scope"),
    ],
)
def test_an_invitation_is_checked(writing, given, field):
    values = {"email": "nino@ministry.example", "language": "en"} | given
    with pytest.raises(Invalid) as refusal:
        actions.invite(values.pop("email"), **values, actor=OPERATOR, now=NOW)
    assert set(refusal.value.fields) == {field}


def deeds(user: User) -> dict[str, object]:
    row = rules.PersonRow("a@b.example", "Anna", "", "en", "", "", "", "", "", ())
    grant = Grant("trainer")
    return {
        "invite": lambda actor: actions.invite("a@b.example", language="en", actor=actor, now=NOW),
        "invite again": lambda actor: actions.invite_again(user.id, actor=actor, now=NOW),
        "make a link": lambda actor: actions.make_invitation_token(user.id, actor=actor, now=NOW),
        "suspend": lambda actor: actions.suspend(user.id, actor=actor, now=NOW),
        "reactivate": lambda actor: actions.reactivate(user.id, actor=actor, now=NOW),
        "grant": lambda actor: actions.grant_role(user.id, grant, actor=actor, now=NOW),
        "revoke": lambda actor: actions.revoke_role(user.id, grant, actor=actor, now=NOW),
        "make a code": lambda actor: actions.make_sign_in_code(user.id, actor=actor, now=NOW),
        "take from a list": lambda actor: actions.take_person(row, actor=actor, now=NOW),
        "close a state": lambda actor: actions.open_registration("GE", is_open=False, actor=actor, now=NOW),
    }


ACTORS = {
    "nobody": ANONYMOUS,
    "learner": Identity("user", id=1),
    "auditor": Identity("user", id=1, grants=(Grant("auditor"),)),
    "coordinator": Identity("user", id=1, grants=(Grant("coordinator", "state", "GE"),)),
    "trainer": Identity("user", id=1, grants=(Grant("trainer"),)),
}


@pytest.mark.parametrize("actor", ACTORS)
def test_only_administrators_do_any_of_this(writing, actor):
    user = make_user(role="trainer")
    for name, deed in deeds(user).items():
        with pytest.raises(NotAllowed):
            deed(ACTORS[actor])
        assert db.session.scalar(select(AuditEntry.id)) is None, name


def test_inviting_again_ends_the_older_link(writing):
    user = actions.invite("nino@ministry.example", language="en", actor=OPERATOR, now=NOW)
    first = actions.make_invitation_token(user.id, actor=OPERATOR, now=NOW)
    actions.invite_again(user.id, actor=OPERATOR, now=NOW)
    assert queries.find_token(first, Purpose.INVITATION, now=NOW) is None
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 2


def test_who_is_in_is_not_invited_again(writing):
    user = make_user()
    with pytest.raises(Conflict):
        actions.invite_again(user.id, actor=OPERATOR, now=NOW)
    with pytest.raises(Conflict):
        actions.make_invitation_token(user.id, actor=OPERATOR, now=NOW)
    with pytest.raises(NotFound):
        actions.invite_again(-1, actor=OPERATOR, now=NOW)


@pytest.mark.parametrize(("confirmed", "status", "mailed"), [(CREATED, "active", 0), (None, "invited", 1)])
def test_a_suspended_person_comes_back_as_they_were(writing, confirmed, status, mailed):
    user = make_user(status="suspended", confirmed_at=confirmed)
    actions.reactivate(user.id, actor=OPERATOR, now=NOW)
    assert user.status == status
    assert db.session.scalar(select(func.count()).select_from(Mail)) == mailed
    with pytest.raises(Conflict):
        actions.reactivate(user.id, actor=OPERATOR, now=NOW)


def test_suspending_twice_is_refused(writing):
    user = make_user()
    actions.suspend(user.id, actor=OPERATOR, now=NOW)
    with pytest.raises(Conflict):
        actions.suspend(user.id, actor=OPERATOR, now=NOW)


LOSSES = {
    "revoked": lambda user: actions.revoke_role(user.id, Grant("admin"), actor=OPERATOR, now=NOW),
    "given an end": lambda user: actions.grant_role(
        user.id, Grant("admin"), expires_at=NOW + timedelta(days=1), actor=OPERATOR, now=NOW
    ),
    "suspended": lambda user: actions.suspend(user.id, actor=OPERATOR, now=NOW),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_the_last_administrator_stays(writing, loss):
    user = make_user(role="admin")
    make_user(role="admin", status="suspended")
    make_grant(make_user(), "admin", expires_at=NOW + timedelta(days=9))
    with pytest.raises(Conflict) as refusal:
        LOSSES[loss](user)
    assert refusal.value.code == "last_admin"
    make_user(role="admin")
    LOSSES[loss](user)


def test_granting_again_moves_the_end(writing):
    user = make_user()
    grant = Grant("trainer", "course", "DOC")
    actions.grant_role(user.id, grant, expires_at=NOW + timedelta(days=1), actor=OPERATOR, now=NOW)
    actions.grant_role(user.id, grant, actor=OPERATOR, now=NOW)
    (row,) = db.session.scalars(select(UserGrant).execution_options(populate_existing=True)).all()
    assert row.expires_at is None
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.details["expires_at"] for entry in entries] == ["2026-03-10T10:00:00+00:00", None]


def test_granting_is_checked(writing):
    user = make_user()
    with pytest.raises(Invalid):
        actions.grant_role(user.id, Grant("coordinator", "state", "XX"), actor=OPERATOR, now=NOW)
    with pytest.raises(NotFound):
        actions.grant_role(-1, Grant("admin"), actor=OPERATOR, now=NOW)


def test_a_role_is_revoked_in_its_scope_only(writing):
    user = make_user(grants=(Grant("trainer"), Grant("trainer", "course", "DOC")))
    actions.revoke_role(user.id, Grant("trainer", "course", "DOC"), actor=OPERATOR, now=NOW)
    with pytest.raises(NotFound):
        actions.revoke_role(user.id, Grant("trainer", "course", "DOC"), actor=OPERATOR, now=NOW)
    assert db.session.scalars(select(UserGrant.scope)).all() == ["all"]


def person_row(**given: object) -> rules.PersonRow:
    values = dict.fromkeys(("name_cyrillic", "state_code", "institution", "institution_type", "function", "gender"), "")
    values |= {"email": "nino@ministry.example", "name_latin": "Nino Beridze", "language": "en", "grants": ()}
    return rules.PersonRow(**(values | given))


def test_a_new_person_of_a_list_is_invited(writing):
    outcome = actions.take_person(person_row(grants=(Grant("trainer"),)), actor=OPERATOR, now=NOW)
    assert outcome == "taken"
    assert by_email().status == "invited"
    assert actions.take_person(person_row(grants=(Grant("trainer"),)), actor=OPERATOR, now=NOW) == "same"
    assert audited() == [("accounts.invite", "done")]


def test_a_list_brings_people_up_to_date_but_leaves_their_own_name(writing):
    user = make_user("nino@ministry.example", name_latin="Own Name", function="Inspector")
    row = person_row(function="Chief", institution="Service", grants=(Grant("trainer"),))
    assert actions.take_person(row, actor=OPERATOR, now=NOW) == "changed"
    assert (user.name_latin, user.function, user.institution) == ("Own Name", "Chief", "Service")
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.details == {"changed": ["institution", "function"], "roles": ["trainer:all:"]}


def test_a_list_corrects_the_name_of_somebody_invited(writing):
    actions.take_person(person_row(), actor=OPERATOR, now=NOW)
    actions.take_person(person_row(name_latin="Nina Beridze"), actor=OPERATOR, now=NOW)
    assert by_email().name_latin == "Nina Beridze"
    assert by_email().name_sort == "nina beridze"


# States


def test_the_list_of_states_is_loaded_once_and_again(writing):
    assert actions.seed_states()
    assert not actions.seed_states()
    assert db.session.scalar(select(func.count()).select_from(State)) == 50


def test_loading_keeps_what_an_administrator_decided(writing):
    actions.seed_states()
    actions.open_registration("TJ", is_open=False, actor=OPERATOR, now=NOW)
    state = '[[state]]\ncode="TJ"\ngroup="CA"\nvalid_from=1900-01-01\n'
    text = f'{state}[[state.names]]\nfrom=1900-01-01\nen="New"\nru="Новый"\n'
    assert actions.seed_states(read_states(text))
    assert not db.session.get(State, "TJ").registration_open
    assert queries.state_name("TJ", "ru", date(2026, 1, 1)) == "Новый"
    assert db.session.scalar(select(func.count()).select_from(StateName)) > 100


def test_there_is_no_such_state_to_open(writing):
    with pytest.raises(NotFound):
        actions.open_registration("XX", is_open=True, actor=OPERATOR, now=NOW)
