"""Form tokens against forged requests: a signed double-submit cookie, masked anew in every form.

The token is an HMAC over the browser's random cookie and the person's id. It has no time limit, so a page that was open
for hours still sends its form, also after signing in again; another person's token, or one of another browser, does not
fit.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets

from flask import g, request
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from academy.foundation import security
from academy.foundation.web.entrance import current_user
from academy.foundation.web.sessions import _settings

FIELD = "form_token"
HEADER = "X-Form-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class BadFormToken(Exception):
    """The form does not carry this browser's and person's token."""


def _cookie_name() -> str:
    return "__Host-academy-form" if _settings().secure else "academy-form"


def _seed() -> str:
    seed = request.cookies.get(_cookie_name()) or g.get("form_seed")
    if not seed:
        seed = g.form_seed = secrets.token_urlsafe(24)
    return str(seed)


def _expected(seed: str) -> bytes:
    return security.mac(f"{seed}:{current_user.uuid}", purpose="form")


def _mask(plain: bytes) -> str:
    pad = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(pad + _xor(pad, plain)).decode()


def _xor(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left) ^ int.from_bytes(right)).to_bytes(len(left))


def token() -> str:
    """The masked token for a form of this answer."""
    if "form_mac" not in g:
        g.form_mac = _expected(_seed())
    return _mask(g.form_mac)


def form_token() -> Markup:
    """The hidden field with the token."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token())


def check() -> None:
    """Raises BadFormToken for a changing request without this browser's and person's token."""
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    sent = request.headers.get(HEADER) or request.form.get(FIELD) or ""
    seed = request.cookies.get(_cookie_name())
    if not seed or not _fits(sent, _expected(seed)):
        raise BadFormToken


def _fits(sent: str, expected: bytes) -> bool:
    try:
        raw = base64.urlsafe_b64decode(sent.encode())
    except (binascii.Error, ValueError):
        return False
    half = len(expected)
    return len(raw) == 2 * half and hmac.compare_digest(_xor(raw[:half], raw[half:]), expected)


def set_cookie(answer: Response) -> Response:
    """Sets the browser's cookie when a form of this answer needs it."""
    seed = g.get("form_seed")
    if seed:
        answer.set_cookie(_cookie_name(), seed, path="/", httponly=True, secure=_settings().secure, samesite="Lax")
    return answer


def comes_from_elsewhere() -> bool:
    """Whether the page of another site sent this, as far as the browser says."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("//")[2] != request.host


def kept_fields() -> list[tuple[str, str]]:
    """What was typed into this request's form, without its token, passwords and files; nothing if it is too large."""
    try:
        typed = list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return []
    return [
        (name, value)
        for name, value in typed
        if name != FIELD and "password" not in name and not name.startswith("kept.")
    ]
