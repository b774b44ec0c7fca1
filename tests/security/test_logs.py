"""P03, I07, G14: what is logged, audited or kept in rows names nobody and opens nothing."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from academy.accounts.actions.codes import issue_code
from academy.accounts.models import EmailToken, Purpose, User
from academy.foundation import clock, mail
from academy.foundation.audit import AuditEntry
from academy.foundation.web import logs
from tests.factories.accounts import make_user

CANARY = "kanareyka7f3"
MAIL = f"{CANARY}@ministry.example"


def formatted(fault: BaseException) -> str:
    """The line that the log has of it."""
    try:
        raise fault
    except type(fault):
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "request failed", None, sys.exc_info())
    return logs.JsonFormatter().format(record)


def fault_of(database, change) -> BaseException:
    """What the database raises at that change."""
    with pytest.raises(SQLAlchemyError) as raised, database.write() as session:
        change(session)
    return raised.value


def twice(session):
    for _ in range(2):
        make_user(MAIL, name_latin=f"{CANARY} Beridze")


def core(session):
    session.execute(text("INSERT INTO users (email, no_such) VALUES (:email, 1)"), {"email": MAIL})


@pytest.mark.parametrize("change", [twice, core])
def test_P03_a_fault_of_the_database_is_logged_without_values(app, database, change):
    line = formatted(fault_of(database, change))
    assert CANARY not in line
    told = json.loads(line)
    assert "INSERT INTO users" in told["trace"]
    assert "in change" in told["trace"] or "test_logs" in told["trace"]


def test_control_P03_an_engine_that_shows_its_values_is_noticed(app, database, monkeypatch):
    monkeypatch.setattr(database.engine, "hide_parameters", False)
    monkeypatch.setattr(logs, "_said", lambda fault: f"{type(fault).__name__}: {fault}")
    with database.engine.connect() as connection, pytest.raises(SQLAlchemyError) as raised:
        connection.execute(text("INSERT INTO users (email, no_such) VALUES (:email, 1)"), {"email": MAIL})
    assert CANARY in formatted(raised.value)


def test_I07_what_breaks_lines_stays_one_line_of_json():
    line = formatted(ValueError('a\nb\r\x1b[31m \u2028 "}'))
    assert "\n" not in line
    assert "\x1b" not in line
    assert json.loads(line)["trace"].startswith("  File")


def test_I07_the_chain_of_faults_is_told():
    try:
        try:
            raise KeyError("inner")
        except KeyError as fault:
            raise RuntimeError("outer") from fault
    except RuntimeError as fault:
        trace = json.loads(formatted(fault))["trace"]
    assert trace.index("RuntimeError: outer") < trace.index("KeyError: 'inner'")


@pytest.mark.parametrize("address", ["/en/reset/{}", "/en/confirm/{}", "/en/invitation/{}", "/en/search?q={}"])
def test_P03_the_access_log_names_the_route_and_not_the_address(client, monkeypatch, address):
    noted = []
    monkeypatch.setattr(logs.access_log, "info", lambda words, extra: noted.append(repr((words, extra))))
    monkeypatch.setattr(logs.access_log, "isEnabledFor", lambda _level: True)
    client.get(address.format(CANARY))
    assert noted
    assert not [line for line in noted if CANARY in line]


def test_P03_a_refusal_leaves_no_token_and_nothing_typed_in_the_audit_log(client, database):
    with database.write():
        user = make_user("learner@ministry.example")
        invited = make_user("gone@ministry.example", status="active")
        token = issue_code(invited, Purpose.INVITATION, now=clock.now()).token
        uuid = user.uuid
    client.as_("learner@ministry.example")
    client.get(f"/en/admin/people/{MAIL}")
    client.get(f"/en/admin/people/{uuid}")
    form = client.get(f"/en/invitation/{token}")
    assert form.status_code == 200
    with database.read() as session:
        kept = repr(session.execute(select(AuditEntry.details, AuditEntry.object_id)).all())
    assert uuid in kept
    assert CANARY not in kept
    assert token not in kept


def test_P03_a_refused_link_leaves_no_token_in_the_audit_log(client, database, monkeypatch):
    from academy.foundation.errors import NotAllowed

    with database.write():
        user = make_user("gone@ministry.example")
        token = issue_code(user, Purpose.RESET, now=clock.now()).token

    def refuse(*_args, **_kwargs):
        raise NotAllowed

    monkeypatch.setattr("academy.accounts.actions.reset_password", refuse)
    answer = client.post(f"/en/reset/{token}", data={"password": "five quiet rivers here"})
    assert answer.status_code == 403
    with database.read() as session:
        kept = repr(session.scalars(select(AuditEntry.details)).all())
        assert session.scalar(select(EmailToken.id)) is not None
    assert "'method': 'POST'" in kept
    assert token not in kept


def test_P03_a_mail_that_was_given_up_keeps_no_text(app, database, monkeypatch):
    def fail(*_args):
        raise OSError("no way")

    monkeypatch.setattr(mail, "_deliver", fail)
    with database.write() as session:
        for number, tries in enumerate((0, mail.TRIES - 1)):
            session.add(
                mail.Mail(
                    to_address=MAIL, template="x", subject="s", body=f"link {number}", tries=tries,
                    created_at=clock.now(), next_at=clock.now(),
                )
            )  # fmt: skip
    mail.send_owed(clock.now())
    with database.read() as session:
        kept = session.execute(select(mail.Mail.state, mail.Mail.body, mail.Mail.fault).order_by(mail.Mail.id)).all()
    assert [tuple(row) for row in kept] == [("owed", "link 0", "OSError"), ("failed", "", "OSError")]


def test_P03_rows_hold_no_password_token_or_code_in_clear(client, database):
    with database.write() as session:
        user = make_user(MAIL)
        issued = issue_code(user, Purpose.RESET, now=clock.now())
        session.flush()
    client.as_(MAIL)
    cookie = client.get_cookie("academy").value
    with database.read() as session:
        rows = repr(session.execute(text("SELECT * FROM email_tokens")).all())
        rows += repr(session.execute(text("SELECT * FROM user_sessions")).all())
        rows += repr(session.execute(select(User.password_hash)).all())
    for secret in (issued.token, issued.code, cookie, "quiet river"):
        assert secret not in rows
