"""The privacy notice and who accepted which version of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import select

from academy.accounts.formats.notice import Notice, read_notice
from academy.accounts.models import Consent
from academy.foundation import db
from academy.foundation.i18n import default_language

NOTICE = "privacy"
_FOLDER = Path(__file__).parents[1] / "data"


@cache
def privacy_notice(lang: str) -> Notice:
    """The notice in that language, else in the default one. Read once per process."""
    path = _FOLDER / f"privacy.{lang}.md"
    if not path.exists():
        path = _FOLDER / f"privacy.{default_language()}.md"
    return read_notice(path.read_text(encoding="utf-8"))


def privacy_version() -> str:
    """The version of the notice that is to be accepted."""
    return privacy_notice(default_language()).version


def accepted_version(user_id: int) -> Consent | None:
    """What the person accepted last."""
    return db.session.scalar(
        select(Consent)
        .where(Consent.user_id == user_id, Consent.document == NOTICE)
        .order_by(Consent.accepted_at.desc(), Consent.id.desc())
        .limit(1)
    )


def wants_consent(user_id: int) -> bool:
    """Whether the person has not accepted the present version yet."""
    present = select(Consent.id).where(
        Consent.user_id == user_id, Consent.document == NOTICE, Consent.version == privacy_version()
    )
    return db.session.scalar(present) is None
