"""The content of a lesson in a draft."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from academy.foundation.db import Base, Json
from academy.foundation.i18n import LocalizedText


class Lesson(Base):
    """The text of a lesson as Markdown, what it rests on, and when its facts were checked."""

    __tablename__ = "lessons"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[LocalizedText]
    sources: Mapped[list[Any]] = mapped_column(Json, default=list)
    checked_on: Mapped[date | None]
