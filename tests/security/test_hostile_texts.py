"""I01, I04, I08, P07: what people write of themselves is shown as it was typed, wherever it is shown."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import String, Text, select, update

from academy.accounts.actions.codes import mail_code
from academy.accounts.models import EmailToken, Purpose, User
from academy.certificates.models import CertificatePerson, CorrectionRequest
from academy.courses.models import Course, MistakeReport
from academy.foundation import clock, db
from academy.foundation.mail import Mail, message_of
from tests.sample import World

POLYGLOT = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{1009*1013}}${1009*1013}%(x)s{0.__class__}</title>"
)
# Shortened to the column; what must never come out whole.
ACTIVE = re.compile(r"<script>alert|<img src=x|onerror=alert(?![^<>]*&gt;)|1022117|</title><|<class ")
COLUMNS = (
    (User, ("name_latin", "name_cyrillic", "institution", "function")),
    (MistakeReport, ("text",)),
    (CorrectionRequest, ("name_latin", "name_cyrillic", "note")),
    (CertificatePerson, ("name_latin", "name_cyrillic")),
)


def poison() -> None:
    """Every free text of people holds something hostile; addresses stay, for they are signed in with."""
    for model, names in COLUMNS:
        for name in names:
            kind = model.__table__.c[name].type
            room = kind.length if isinstance(kind, String) and kind.length else 2000
            db.session.execute(update(model).values({name: POLYGLOT[:room]}))
    assert all(isinstance(model.__table__.c[name].type, (String, Text)) for model, names in COLUMNS for name in names)


def crawl(world: World) -> list[str]:
    """Each page on which something came out."""
    faults = []
    for who in ("owner", "admin", "auditor"):
        client = world.client(who)
        listed = {rule.endpoint for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
        for rule in sorted(listed - {"healthz"}):
            for lang in ("en", "ru"):
                address = world.address(rule, lang=lang)
                answer = client.get(address)
                found = ACTIVE.search(answer.text) if answer.mimetype == "text/html" else None
                if answer.status_code >= 500 or found:
                    faults.append(f"{address} as {who}: {answer.status_code} {found and found.group()}")
    return faults


def test_I01_I04_names_and_texts_are_inert_on_every_page(fresh_world):
    with db.current().write():
        poison()
    faults = crawl(fresh_world)
    assert not faults, "\n".join(faults)
    shown = fresh_world.client("admin").get("/en/admin/people").text
    assert "&lt;script&gt;alert(1)" in shown


def test_control_I01_a_page_that_does_not_escape_is_noticed(fresh_world, monkeypatch):
    with db.current().write():
        poison()
    monkeypatch.setattr(fresh_world.app.jinja_env, "autoescape", False)
    fresh_world.app.jinja_env.cache.clear()
    try:
        assert crawl(fresh_world)
    finally:
        fresh_world.app.jinja_env.cache.clear()


def test_I04_I08_mails_hold_names_as_they_are_and_nothing_more(fresh_world):
    with db.current().write() as session:
        user = session.scalars(select(User).where(User.email == fresh_world.people["owner"])).one()
        user.name_latin = "{{1009*1013}}\r\nBcc: evil@evil.example"[:120]
        user.name_cyrillic = "%(x)s"
        mail_code(user, Purpose.RESET, "reset", now=clock.now())
        session.flush()
        sent = session.scalars(select(Mail).order_by(Mail.id.desc())).first()
        message = message_of(sent, sender="Academy <a@academy.example>", at=clock.now())
        assert session.scalar(select(EmailToken.id).where(EmailToken.user_id == user.id)) is not None
    assert message["Bcc"] is None
    assert "1022117" not in message.get_content()


@pytest.mark.parametrize("subject", ["a\r\nBcc: evil@evil.example", "a\nb"])
def test_I08_a_line_end_in_a_header_is_refused(app, database, subject):
    mail = Mail(uuid="u", to_address="x@y.example", template="t", language="en", subject=subject, body="b")
    with pytest.raises(ValueError, match=r"(?i)linefeed|carriage|newline"):
        message_of(mail, sender="Academy <a@academy.example>", at=clock.now())


def test_P07_public_pages_name_nobody(fresh_world):
    with db.current().read() as session:
        people = session.execute(select(User.email, User.name_latin)).all()
        slugs = session.scalars(select(Course.slug)).all()
    names = [row.email for row in people] + [row.name_latin for row in people if len(row.name_latin) > 5]
    learner = fresh_world.client("learner2")
    own = {fresh_world.people["learner2"]}
    for client, mine in ((fresh_world.client(None), set()), (learner, own)):
        for address in ("/en/", "/en/search?q=a", "/en/help", "/en/verify", *(f"/en/courses/{slug}" for slug in slugs)):
            page = client.get(address).text
            assert not [name for name in names if name in page and name not in mine], address
