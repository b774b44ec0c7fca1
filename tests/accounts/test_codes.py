"""Links and codes: the newest one, once, for its time, for its person and purpose."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from academy.accounts import actions, jobs, queries, rules
from academy.accounts.actions.codes import issue_code, use_code
from academy.accounts.models import EmailRequest, EmailToken, Purpose, RequestReason, User
from academy.foundation import db
from academy.foundation.errors import Expired
from academy.foundation.mail import Mail
from academy.foundation.security import ANONYMOUS, OPERATOR, Grant
from tests.conftest import NOW
from tests.factories.accounts import identity_of, make_session, make_user

LIMITS = rules.SessionLimits(timedelta(hours=12), timedelta(days=14))
OPENING = actions.Opening("a new token", "", LIMITS)


def found(issued, user, purpose=Purpose.RESET, now=NOW):
    """Whether the link and the typed code work: both or none."""
    by_link = queries.find_token(issued.token, purpose, now=now)
    by_code = queries.find_token_by_code(user.id, purpose, issued.shown_code, now=now)
    assert (by_link is None) == (by_code is None)
    return by_link is not None


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.RESET, Purpose.EMAIL, Purpose.INVITATION])
def test_it_works_for_its_time(writing, purpose):
    user = make_user()
    issued = issue_code(user, purpose, now=NOW)
    end = NOW + rules.lifetime(purpose)
    assert found(issued, user, purpose, end - timedelta(seconds=1))
    assert not found(issued, user, purpose, end)


def test_it_works_for_its_purpose_and_person_only(writing):
    user, other = make_user(), make_user()
    issued = issue_code(user, Purpose.RESET, now=NOW)
    assert queries.find_token(issued.token, Purpose.CONFIRM, now=NOW) is None
    assert queries.find_token_by_code(user.id, Purpose.CONFIRM, issued.code, now=NOW) is None
    issue_code(other, Purpose.RESET, now=NOW)
    assert queries.find_token_by_code(other.id, Purpose.RESET, issued.code, now=NOW) is None
    assert queries.find_token_by_code(None, Purpose.RESET, issued.code, now=NOW) is None


def test_a_code_is_read_as_people_type_it(writing):
    user = make_user()
    issued = issue_code(user, Purpose.RESET, now=NOW)
    for typed in (issued.code, issued.code.lower(), f" {issued.code[:4]} - {issued.code[4:]} ", issued.shown_code):
        assert queries.find_token_by_code(user.id, Purpose.RESET, typed, now=NOW) is not None
    assert queries.find_token_by_code(user.id, Purpose.RESET, issued.code + "0", now=NOW) is None


def test_neither_is_stored_as_it_is(writing):
    user = make_user()
    issued = issue_code(user, Purpose.RESET, now=NOW)
    row = db.session.scalars(select(EmailToken)).one()
    stored = " ".join(str(getattr(row, column.name)) for column in EmailToken.__table__.columns)
    assert issued.token not in stored
    assert issued.code not in stored


def test_it_works_once(writing):
    user = make_user()
    issued = issue_code(user, Purpose.RESET, now=NOW)
    row = queries.find_token(issued.token, Purpose.RESET, now=NOW)
    assert use_code(row.id, now=NOW) == (user, user.email)
    with pytest.raises(Expired):
        use_code(row.id, now=NOW)
    assert not found(issued, user)


def test_it_cannot_be_used_after_its_time_even_when_found_before(writing):
    user = make_user()
    row = queries.find_token(issue_code(user, Purpose.RESET, now=NOW).token, Purpose.RESET, now=NOW)
    with pytest.raises(Expired):
        use_code(row.id, now=NOW + timedelta(hours=24))


def test_a_newer_one_replaces_it(writing):
    user = make_user()
    first, second = issue_code(user, Purpose.RESET, now=NOW), issue_code(user, Purpose.RESET, now=NOW)
    assert not found(first, user)
    assert found(second, user)


def test_ten_wrong_codes_end_the_right_one(writing):
    user = make_user()
    issued = issue_code(user, Purpose.RESET, now=NOW)
    for _ in range(rules.MAX_TRIES):
        assert queries.find_token_by_code(user.id, Purpose.RESET, issued.code, now=NOW) is not None
        actions.note_failure("a", origin_hash="o", user_uuid=user.uuid, wrong_code=Purpose.RESET, now=NOW)
        db.session.expire_all()
    assert queries.find_token_by_code(user.id, Purpose.RESET, issued.code, now=NOW) is None
    assert queries.find_token(issued.token, Purpose.RESET, now=NOW) is not None, "the link cannot be guessed at"


ENDINGS = {
    "password changed": lambda user, me: actions.change_password(
        OPENING, checked_hash=user.password_hash, new_hash="new", actor=me, now=NOW
    ),
    "suspended": lambda user, _me: actions.suspend(user.id, actor=OPERATOR, now=NOW),
    "address changed": lambda user, me: actions.change_email(
        queries.find_token(
            issue_code(user, Purpose.EMAIL, email="new@ministry.example", now=NOW).token, Purpose.EMAIL, now=NOW
        ).id,
        actor=me,
        now=NOW,
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("purpose", [Purpose.RESET, Purpose.INVITATION, Purpose.CONFIRM])
def test_all_die_when_password_address_or_account_change(writing, ending, purpose):
    user = make_user()
    row, _ = make_session(user)
    issued = issue_code(user, purpose, now=NOW)
    assert found(issued, user, purpose)
    ENDINGS[ending](user, identity_of(user, session_id=row.id))
    db.session.expire_all()
    assert not found(issued, user, purpose)


def mails() -> list[Mail]:
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def answer(reason: RequestReason, email: str, now=NOW) -> list[tuple[str, str]]:
    """The mails that a request brings, as (address, template)."""
    before = len(mails())
    actions.ask_for_mail(email, reason, actor=ANONYMOUS, now=now)
    request = db.session.scalars(select(EmailRequest)).one()
    actions.answer_request(request.id, now=now)
    actions.answer_request(request.id, now=now)
    assert db.session.scalar(select(EmailRequest.id)) is None
    return [(mail.to_address, mail.template.rpartition("/")[2]) for mail in mails()[before:]]


@pytest.mark.parametrize(
    ("status", "reason", "template"),
    [
        ("active", RequestReason.FORGOTTEN, "reset"),
        ("unconfirmed", RequestReason.FORGOTTEN, "reset"),
        ("invited", RequestReason.FORGOTTEN, "invitation"),
        ("suspended", RequestReason.FORGOTTEN, None),
        ("active", RequestReason.REGISTERED, "known"),
        ("unconfirmed", RequestReason.REGISTERED, "confirm"),
        ("invited", RequestReason.REGISTERED, "invitation"),
        ("suspended", RequestReason.REGISTERED, None),
    ],
)
def test_a_request_brings_one_mail_that_fits_the_account(writing, status, reason, template):
    user = make_user("Nino@ministry.example", status=status)
    assert answer(reason, "nino@ministry.example") == ([(user.email, template)] if template else [])


@pytest.mark.parametrize("reason", RequestReason)
def test_a_request_for_nobody_brings_none(writing, reason):
    assert answer(reason, "nobody@ministry.example") == []


def test_mails_are_not_sent_in_a_flood(writing):
    user = make_user()
    sent = [len(answer(RequestReason.FORGOTTEN, user.email, NOW + timedelta(seconds=s))) for s in range(0, 3600, 30)]
    assert sum(sent) == 5  # after 0, 2, 6, 14 and 30 minutes
    assert answer(RequestReason.FORGOTTEN, user.email, NOW + timedelta(days=2)) != []


@pytest.mark.parametrize(("language", "words"), [("en", "Choose a new password"), ("ru", None)])
def test_the_mail_holds_a_link_in_the_persons_language_and_the_code(writing, language, words):
    user = make_user(language=language)
    answer(RequestReason.FORGOTTEN, user.email)
    (mail,) = mails()
    assert mail.language == language
    assert words is None or mail.subject == words
    token = re.search(rf"http://localhost/{language}/reset/([\w-]{{43}})\n", mail.body)[1]
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", mail.body)[0]
    row = queries.find_token(token, Purpose.RESET, now=NOW)
    assert row is not None
    assert queries.find_token_by_code(user.id, Purpose.RESET, code, now=NOW) is row


def test_the_sweep_answers_what_a_lost_job_left(app, database):
    with database.write():
        user = make_user()
        email = user.email
        actions.ask_for_mail(email, RequestReason.FORGOTTEN, actor=ANONYMOUS, now=NOW)
    jobs.answer_requests(NOW)
    jobs.answer_requests(NOW)
    with database.read():
        assert [mail.to_address for mail in mails()] == [email]


def test_the_job_answers_its_request_once(app, database):
    with database.write():
        actions.ask_for_mail(make_user().email, RequestReason.FORGOTTEN, actor=ANONYMOUS, now=NOW)
        request_id = db.session.scalars(select(EmailRequest.id)).one()
    jobs.answer_request(request_id)
    jobs.answer_request(request_id)
    with database.read():
        assert len(mails()) == 1


def test_the_sweep_forgets_every_ten_minutes(app, database):
    with database.write():
        issue_code(make_user(), Purpose.RESET, now=NOW - timedelta(days=2))
    jobs.forget_expired(NOW.replace(minute=3))
    with database.read():
        assert db.session.scalar(select(EmailToken.id)) is not None
    jobs.forget_expired(NOW.replace(minute=10))
    with database.read():
        assert db.session.scalar(select(EmailToken.id)) is None


def test_a_spoken_code_has_no_link(writing):
    user = make_user()
    actions.make_sign_in_code(user.id, actor=OPERATOR, now=NOW)
    row = db.session.scalars(select(EmailToken)).one()
    assert row.token_hash is None
    assert row.expires_at == NOW + timedelta(minutes=15)
    assert [mail.template for mail in mails()] == ["accounts/mail/code_made"]


def test_a_code_of_a_person_who_is_gone_is_expired(writing):
    user = make_user(consent=False)
    row_id = queries.find_token(issue_code(user, Purpose.RESET, now=NOW).token, Purpose.RESET, now=NOW).id
    db.session.execute(delete(User).where(User.id == user.id))
    with pytest.raises(Expired):
        use_code(row_id, now=NOW)


def test_an_invitation_names_no_grant_to_strangers(writing):
    actions.invite("a@b.example", language="en", grants=[Grant("admin")], actor=OPERATOR, now=NOW)
    assert "admin" not in mails()[0].body.lower()
