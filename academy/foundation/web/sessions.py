"""The cookie of a sign-in: it holds a random token; the row with its hash is the business of ``accounts``."""

from __future__ import annotations

from flask import current_app, g, request
from werkzeug.wrappers import Response

from academy.foundation.security import Identity
from academy.settings import Settings


def _settings() -> Settings:
    settings: Settings = current_app.extensions["academy"]
    return settings


def cookie_name() -> str:
    """The cookie's name; with https it is bound to the host."""
    return "__Host-academy" if _settings().secure else "academy"


def session_token() -> str | None:
    """The token that the browser sent."""
    return request.cookies.get(cookie_name())


def start_session(answer: Response, token: str) -> Response:
    """The browser keeps the token until it is closed."""
    answer.set_cookie(cookie_name(), token, path="/", httponly=True, secure=_settings().secure, samesite="Lax")
    return answer


def clear_session(answer: Response) -> Response:
    """The browser forgets the token and what it cached or stored."""
    answer.delete_cookie(cookie_name(), path="/", httponly=True, secure=_settings().secure, samesite="Lax")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def act_as(identity: Identity) -> None:
    """The rest of this request is answered to that person, who has just signed in."""
    g._login_user = identity  # noqa: SLF001 - where Flask-Login keeps whom it loaded
