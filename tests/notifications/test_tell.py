"""Telling people: in their language, only those who are in."""

from __future__ import annotations

import pytest
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select

from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.mail import Mail
from academy.notifications import actions as notifications
from tests.conftest import NOW
from tests.factories.accounts import make_user

TEMPLATE = """Subject: Done

{{ name }}, {{ course }}, {{ time_zone }}: {{ external_url("accounts.profile", lang=language) }}
"""


@pytest.fixture(autouse=True)
def _template(app, monkeypatch):
    loader = ChoiceLoader([DictLoader({"progress/mail/done.txt": TEMPLATE}), app.jinja_env.loader])
    monkeypatch.setattr(app.jinja_env, "loader", loader)


def told() -> list[tuple[str, str | None, str]]:
    return [(mail.to_address, mail.language, mail.body) for mail in db.session.scalars(select(Mail))]


@pytest.mark.parametrize(("language", "name"), [("en", "Nino"), ("ru", "Нино")])
def test_a_person_is_told_in_their_language(writing, language, name):
    user = make_user(language=language, name_latin="Nino", name_cyrillic="Нино", time_zone="Asia/Tbilisi")
    notifications.tell(user.id, "progress/mail/done", now=NOW, course="DOC")
    body = f"{name}, DOC, Asia/Tbilisi: http://localhost/{language}/account\n"
    assert told() == [(user.email, language, body)]


@pytest.mark.parametrize("status", ["suspended", "unconfirmed", "invited"])
def test_who_is_not_in_is_not_told(writing, status):
    notifications.tell(make_user(status=status).id, "progress/mail/done", now=NOW, course="DOC")
    assert told() == []


def test_nobody_cannot_be_told(writing):
    with pytest.raises(NotFound):
        notifications.tell(-1, "progress/mail/done", now=NOW)
