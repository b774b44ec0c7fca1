"""Mails are owed by a row, sent once, and tried again until they are."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from datetime import timedelta

import pytest
from jinja2 import DictLoader
from sqlalchemy import select, update

from academy.foundation import clock, jobs, mail
from academy.foundation.mail import Mail

TEMPLATES = {
    "test/hello.txt": "Subject: Hello {{ name }}\n\n{{ _('Courses') }} for {{ name }}\n{{ url }}\n",
    "test/bare.txt": "No subject here",
}


class SmtpServer(socketserver.ThreadingTCPServer):
    """Speaks just enough SMTP for one client; keeps what it is given; ``refuse`` answers the data with an error."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[bytes] = []
        self.logins: list[bytes] = []
        self.refuse = False

    @property
    def url(self) -> str:
        return f"smtp://{self.server_address[0]}:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: SmtpServer

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 test")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"EHLO":
                self.say("250-test")
                self.say("250-SMTPUTF8")
                self.say("250-8BITMIME")
                self.say("250 AUTH PLAIN")
            elif word == b"AUTH":
                self.server.logins.append(line)
                self.say("235 ok")
            elif word == b"DATA":
                self.say("354 go on")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                if self.server.refuse:
                    self.say("451 try later")
                else:
                    self.server.taken.append(b"".join(lines))
                    self.say("250 taken")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


@pytest.fixture
def smtp():
    with SmtpServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def academy(small, monkeypatch):
    monkeypatch.setattr(small.jinja_env, "loader", DictLoader(TEMPLATES))
    small.jinja_env.cache.clear()
    yield small
    small.jinja_env.cache.clear()


@pytest.fixture
def by_smtp(academy, smtp, settings):
    from dataclasses import replace

    mail.configure(replace(settings, mail_url=smtp.url, mail_from="Учебная академия <academy@academy.example>"))
    return smtp


def owe(database, language="en", to="nino@ministry.example", **params):
    with database.write():
        mail.owe(
            to,
            language=language,
            template="test/hello",
            now=clock.now(),
            params=params or {"name": "Nino", "url": "https://a.example/t/TOKEN"},
        )


def rows(database):
    with database.read() as session:
        return list(session.scalars(select(Mail).order_by(Mail.id)))


def test_an_owed_mail_is_sent_once_and_its_text_forgotten(database, by_smtp):
    owe(database)
    (owed,) = rows(database)
    assert (owed.state, owed.subject, owed.tries) == ("owed", "Hello Nino", 0)
    assert "TOKEN" in owed.body
    mail.send(owed.id)
    mail.send(owed.id)
    (sent,) = rows(database)
    assert (sent.state, sent.body, sent.tries, sent.fault) == ("sent", "", 1, "")
    assert sent.sent_at is not None
    (raw,) = by_smtp.taken
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["To"] == "nino@ministry.example"
    assert message["From"] == "Учебная академия <academy@academy.example>"
    assert message["Subject"] == "Hello Nino"
    assert message["Message-ID"] == f"<{sent.uuid}@academy.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert "https://a.example/t/TOKEN" in message.get_content()


def test_a_rolled_back_mail_was_never_owed(database, academy):
    with pytest.raises(RuntimeError), database.write():
        mail.owe("x@y.example", language="en", template="test/hello", now=clock.now(), params={"name": "x", "url": ""})
        raise RuntimeError
    assert rows(database) == []
    assert len(jobs._queue) == 0


def test_the_commit_queues_the_sending(database, academy):
    owe(database)
    assert len(jobs._queue) == 1


def test_a_server_that_refuses_is_asked_again_later_and_later(database, by_smtp):
    by_smtp.refuse = True
    owe(database)
    before = clock.now()
    mail.send(1)
    (row,) = rows(database)
    assert (row.state, row.tries, row.fault) == ("owed", 1, "SMTPDataError")
    assert timedelta(minutes=4) < row.next_at - before < timedelta(minutes=6)
    mail.send_owed(clock.now())
    assert rows(database)[0].tries == 1
    _let_time_pass(database)
    mail.send_owed(clock.now())
    (row,) = rows(database)
    assert row.tries == 2
    assert row.next_at - before > timedelta(minutes=9)
    by_smtp.refuse = False
    _let_time_pass(database)
    mail.send_owed(clock.now())
    assert rows(database)[0].state == "sent"
    assert len(by_smtp.taken) == 1


def _let_time_pass(database):
    with database.write() as session:
        session.execute(update(Mail).values(next_at=clock.now() - timedelta(seconds=1)))


def test_after_many_tries_it_is_given_up(database, by_smtp):
    by_smtp.refuse = True
    owe(database)
    with database.write() as session:
        session.execute(update(Mail).values(tries=mail.TRIES - 1))
    mail.send(1)
    assert rows(database)[0].state == "failed"


def test_a_server_that_is_away_is_no_fault_of_the_request(database, academy, settings, caplog):
    from dataclasses import replace

    mail.configure(replace(settings, mail_url="smtp://127.0.0.1:9"))
    owe(database)
    mail.send(1)
    assert rows(database)[0].state == "owed"
    assert "nino@" not in caplog.text


def test_the_password_in_the_address_is_used(database, by_smtp, settings):
    from dataclasses import replace

    user_part = by_smtp.url.replace("smtp://", "smtp://us%40er:pa%2Fss@")
    mail.configure(replace(settings, mail_url=user_part))
    owe(database)
    mail.send(1)
    import base64

    assert base64.b64decode(by_smtp.logins[0].split()[-1]) == b"\0us@er\0pa/ss"


def test_a_person_without_a_language_gets_both(database, academy):
    owe(database, language=None)
    (row,) = rows(database)
    assert row.subject.count("Hello Nino") == 2
    assert row.body.count("TOKEN") == 2
    assert row.language is None


def test_parameters_may_follow_the_language(database, academy):
    with database.write():
        mail.owe(
            "x@y.example",
            language=None,
            template="test/hello",
            now=clock.now(),
            params=lambda lang: {"name": "x", "url": f"/{lang}/"},
        )
    assert "/en/" in rows(database)[0].body
    assert "/ru/" in rows(database)[0].body


def test_a_template_without_a_subject_is_a_fault(database, academy):
    with pytest.raises(ValueError, match="subject"), database.write():
        mail.owe("x@y.example", language="en", template="test/bare", now=clock.now(), params={})


def test_nothing_in_a_name_becomes_a_header(database, academy):
    owe(database, name="Nino\nBcc: all@ministry.example", url="")
    mail.send(1)
    (row,) = rows(database)
    with database.read():
        message = mail.message_of(row, sender="a@b.example", at=clock.now())
    assert message["Bcc"] is None
    assert row.subject == "Hello Nino"


def test_without_a_server_mails_lie_in_a_folder(database, academy, settings, tmp_path):
    from dataclasses import replace

    mail.configure(replace(settings, data=tmp_path))
    owe(database)
    mail.send(1)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "000001-hello.eml"
    assert b"TOKEN" in file.read_bytes()


def test_a_process_that_was_not_told_how_sends_nothing(database, academy, monkeypatch):
    owe(database)
    monkeypatch.setattr(mail, "_settings", None)
    with pytest.raises(RuntimeError, match="not configured"):
        mail.send(1)
