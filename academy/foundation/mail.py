"""Mails: a row that says what is owed, written in the unit of work; sent after it, and by the sweep until it is sent.

A mail template is ``<room>/mail/<name>.txt``: the first line is ``Subject: …``, an empty line follows, then the text.
Parameters are rendered when the row is written, so that the mail says what was true then; the text is forgotten once it
is sent or given up, because it may hold a link that signs somebody in.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import CheckConstraint, Index, String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from academy.foundation import clock, db, jobs
from academy.foundation.i18n import languages, using_language
from academy.settings import Settings

log = logging.getLogger(__name__)

TRIES = 12
SECONDS_PER_SEND = 20
_settings: Settings | None = None


class Mail(db.Base):
    """One mail that is owed or was sent."""

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("state IN ('owed', 'sent', 'failed')", name="state"),
        Index(None, "state", "next_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), default=db.new_uuid, unique=True)
    to_address: Mapped[str] = mapped_column(String(320))
    template: Mapped[str] = mapped_column(String(100))
    language: Mapped[str | None] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default="owed")
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(200), default="")


def configure(settings: Settings) -> None:
    """Sets how this process sends mail."""
    global _settings  # noqa: PLW0603 - one way of sending per process, set once at start
    _settings = settings


def owe(
    to: str,
    *,
    language: str | None,
    template: str,
    now: datetime,
    params: Mapping[str, Any] | Callable[[str], Mapping[str, Any]],
) -> None:
    """The mail is owed from the commit of the running unit of work on.

    Without a language it is written in all of them, one after the other. *params* may be a function of the language,
    for addresses.
    """
    wanted = (language,) if language else languages()
    written = [_render(template, lang, params(lang) if callable(params) else params) for lang in wanted]
    mail = Mail(
        to_address=to,
        template=template,
        language=language,
        subject=" / ".join(subject for subject, _ in written),
        body=("\n\n" + "-" * 40 + "\n\n").join(body for _, body in written),
        created_at=now,
        next_at=now,
    )
    db.session.add(mail)
    db.session.flush()
    jobs.enqueue_after_commit("mail.send", mail.id)


def _render(template: str, lang: str, params: Mapping[str, Any]) -> tuple[str, str]:
    with using_language(lang):
        text = current_app.jinja_env.get_template(f"{template}.txt").render(**params, language=lang)
    head, _, body = text.strip().partition("\n")
    if not head.startswith("Subject: "):
        raise ValueError(f"{template} does not begin with its subject")
    return head.removeprefix("Subject: ").strip(), body.strip() + "\n"


def message_of(mail: Mail, *, sender: str, at: datetime) -> EmailMessage:
    """The mail as it goes over the wire; the same Message-ID at every try."""
    message = EmailMessage()
    name, address = parseaddr(sender)
    user, _, host = address.partition("@")
    message["From"] = Address(name, user, host)
    message["To"] = mail.to_address
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{mail.uuid}@{host}>" if host else make_msgid()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    if mail.language:
        message["Content-Language"] = mail.language
    return message


@jobs.job("mail.send")
def send(mail_id: int) -> None:
    """The mail is sent if it was still owed; else its next try is set, later each time."""
    now = clock.now()
    with db.current().write():
        mail = db.session.scalar(select(Mail).where(Mail.id == mail_id, Mail.state == "owed", Mail.next_at <= now))
        if mail is None:
            return
        # Claimed for a while: a second worker leaves it alone, a killed one only delays it.
        mail.tries += 1
        mail.next_at = now + timedelta(minutes=min(5 * 2 ** (mail.tries - 1), 720))
    try:
        _deliver(mail, now)
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        log.warning("mail %s could not be sent: %s", mail.uuid, type(fault).__name__)
        if mail.tries < TRIES:
            _settle(mail.id, fault=type(fault).__name__)
        else:
            _settle(mail.id, state="failed", body="", fault=type(fault).__name__)
    else:
        _settle(mail.id, state="sent", sent_at=now, body="", fault="")


@jobs.sweep("mail.send_owed")
def send_owed(now: datetime) -> None:
    """Tries each mail that is due."""
    with db.current().read():
        due = list(
            db.session.scalars(
                select(Mail.id).where(Mail.state == "owed", Mail.next_at <= now).order_by(Mail.id).limit(500)
            )
        )
    for mail_id in due:
        send(mail_id)


def _settle(mail_id: int, **values: Any) -> None:
    with db.current().write():
        db.session.execute(update(Mail).where(Mail.id == mail_id).values(**values))


def _deliver(mail: Mail, now: datetime) -> None:
    if _settings is None:
        raise RuntimeError("mail is not configured")
    message = message_of(mail, sender=_settings.mail_from, at=now)
    url = urlsplit(_settings.mail_url)
    if url.scheme == "folder":
        _to_folder(message, Path(url.path) if url.path else _settings.data / "mail", mail)
        return
    port = url.port or (465 if url.scheme == "smtps" else 25)
    context = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(url.hostname or "", port, timeout=SECONDS_PER_SEND, context=context)
        if url.scheme == "smtps"
        else smtplib.SMTP(url.hostname or "", port, timeout=SECONDS_PER_SEND)
    ) as server:
        server.ehlo()
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def _to_folder(message: EmailMessage, folder: Path, mail: Mail) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{mail.id:06d}-{mail.template.rpartition('/')[2]}.eml"
    path.touch(mode=0o600)
    path.write_bytes(message.as_bytes())
