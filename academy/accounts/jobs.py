"""Jobs of the room: requests for mail are answered, and what has expired is forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from academy.accounts import actions
from academy.accounts.models import EmailRequest
from academy.foundation import clock, db
from academy.foundation.jobs import job, sweep


@job("accounts.answer_request")
def answer_request(request_id: int) -> None:
    """The request is answered, unless it was before."""
    with db.current().write():
        actions.answer_request(request_id, now=clock.now())


@sweep("accounts.answer_requests")
def answer_requests(now: datetime) -> None:
    """Every request that still waits is answered."""
    with db.current().read():
        waiting = list(db.session.scalars(select(EmailRequest.id).order_by(EmailRequest.id).limit(500)))
    for request_id in waiting:
        with db.current().write():
            actions.answer_request(request_id, now=now)


@sweep("accounts.forget_expired")
def forget_expired(now: datetime) -> None:
    """Sessions, codes and failed sign-ins that are over are gone; at night and in between, once in ten minutes."""
    if now.minute % 10:
        return
    with db.current().write():
        actions.forget_expired(now)
