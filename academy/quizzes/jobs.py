"""Ending the attempts whose time is over."""

from __future__ import annotations

import logging
from datetime import datetime

from academy.foundation import db
from academy.foundation.jobs import sweep
from academy.foundation.security import SYSTEM
from academy.quizzes import actions, queries

log = logging.getLogger(__name__)


@sweep("quizzes.close_overdue")
def close_overdue(now: datetime) -> None:
    """Every attempt whose time and grace are over has ended with its saved answers, each in its own unit of work."""
    with db.current().read():
        overdue = queries.list_overdue(now)
    for attempt_id in overdue:
        try:
            with db.current().write():
                actions.close_if_overdue(attempt_id, actor=SYSTEM, now=now)
        except Exception:  # one attempt that cannot be ended must not keep the others open; the next sweep tries again
            log.exception("attempt %s could not be ended", attempt_id)
