"""Telling people what has happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from academy.accounts import queries as accounts
from academy.accounts import rules
from academy.accounts.models import UserStatus
from academy.foundation import mail


def tell(user_id: int, template: str, *, now: datetime, **params: Any) -> None:
    """The person is owed the mail *template* (such as ``certificates/mail/issued``) in their language.

    Only active people are told. The template gets *params*, the person's ``name`` and ``time_zone``; it makes addresses
    with ``external_url(…, lang=language)``.
    """
    card = accounts.user_card(user_id)
    if card.status != UserStatus.ACTIVE:
        return
    name = rules.addressed_name(card.name_latin, card.name_cyrillic, card.language)
    values = {"name": name, "time_zone": card.time_zone} | params
    mail.owe(card.email, language=card.language, template=template, now=now, params=values)
