"""Who may enter: every view declares it, and a view that does not is never run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import flask_login
from flask import current_app, request

from academy.foundation.errors import NotAllowed
from academy.foundation.security import Identity

View = TypeVar("View", bound=Callable[..., Any])

current_user: Identity = cast(Identity, flask_login.current_user)


@dataclass(frozen=True, slots=True)
class Access:
    """What a view demands of whoever enters: ``public``, ``signed_in``, or one of the roles in any scope.

    The objects behind the address are then loaded through their own permission.
    """

    kind: str
    roles: tuple[str, ...] = ()

    def admits(self, identity: Identity) -> bool:
        """Whether that identity may enter."""
        if self.kind == "public":
            return True
        if not identity.is_authenticated:
            return False
        return self.kind == "signed_in" or identity.holds_any(*self.roles)


PUBLIC = Access("public")
SIGNED_IN = Access("signed_in")


def holds(*roles: str) -> Access:
    """Access for people who hold one of the roles in any scope."""
    return Access("role", roles)


def access(rule: Access) -> Callable[[View], View]:
    """Declares who may enter the view."""

    def declare(view: View) -> View:
        view.__access__ = rule  # type: ignore[attr-defined]  # functions carry attributes
        return view

    return declare


def declared(endpoint: str) -> Access | None:
    """What the view of that endpoint declared."""
    return getattr(current_app.view_functions.get(endpoint), "__access__", None)


class SignInNeeded(Exception):
    """Nobody is signed in, and the view demands it."""


def guard() -> None:
    """Stops the request unless its view declares access and admits the person; raises SignInNeeded or NotAllowed."""
    if request.endpoint is None:
        return
    rule = declared(request.endpoint)
    if rule is None:
        raise NotAllowed
    if rule.admits(current_user):
        return
    if not current_user.is_authenticated:
        raise SignInNeeded
    raise NotAllowed
