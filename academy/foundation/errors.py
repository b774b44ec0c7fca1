"""Refusals: what the academy will not do, raised once and shown as a page, as JSON or as a command's message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Words(Protocol):
    """Text, or text that is translated when it is shown."""

    def __str__(self) -> str: ...


class Refusal(Exception):
    """A request that is refused for a reason that its sender may know. ``status`` is the HTTP status."""

    status = 400
    code = "refused"

    def __init__(self, message: Words | None = None, *, code: str | None = None) -> None:
        super().__init__(code or self.code)
        self.message = message
        self.code = code or self.code


class NotFound(Refusal):
    """There is no such thing, or none that the reader may know of: both answer the same."""

    status = 404
    code = "not_found"


class NotAllowed(Refusal):
    """The thing is known to the reader, but this is not for the reader to do."""

    status = 403
    code = "not_allowed"


class Conflict(Refusal):
    """It cannot be done in the present state of the thing."""

    status = 409
    code = "conflict"


class Expired(Refusal):
    """The form or link was valid once."""

    status = 410
    code = "expired"


class TooMany(Refusal):
    """Too many tries; ``retry_after`` seconds to wait."""

    status = 429
    code = "too_many"

    def __init__(self, message: Words | None = None, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Invalid(Refusal):
    """Input that cannot be taken. ``fields``: name of the field → messages; the empty name stands for the whole."""

    status = 422
    code = "invalid"

    def __init__(self, faults: Mapping[str, Sequence[Words]] | Words) -> None:
        super().__init__(None if isinstance(faults, Mapping) else faults)
        self.fields: dict[str, list[Words]] = (
            {name: list(messages) for name, messages in faults.items()}
            if isinstance(faults, Mapping)
            else {"": [faults]}
        )
