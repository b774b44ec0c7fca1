"""Whether a certificate is genuine: for anyone, by code, without signing in."""

from __future__ import annotations

from flask import make_response, request
from werkzeug.wrappers import Response

from academy.certificates import actions, queries
from academy.certificates.views.blueprints import anywhere, bp
from academy.foundation import clock, security, web
from academy.foundation.errors import TooMany
from academy.foundation.i18n import lazy_gettext as _l


@bp.route("/verify")
@web.access(web.PUBLIC)
def verify() -> web.Answer:
    """The form; with a code typed into it, the answer."""
    typed = request.args.get("code", "").strip()
    return _answer(typed) if typed else web.render("certificates/verify.html")


@bp.route("/verify/<path:code>")
@web.access(web.PUBLIC)
def verify_code(code: str) -> Response:
    """What the code of a certificate stands for."""
    return _answer(code)


@anywhere.route("/verify")
@web.access(web.PUBLIC)
def verify_anywhere() -> Response:
    """The address as printed: goes on to the form in the browser's language."""
    return web.see_other("certificates.verify")


@anywhere.route("/verify/<path:code>")
@web.access(web.PUBLIC)
def verify_code_anywhere(code: str) -> Response:
    """The address in the QR code: answers in the browser's language."""
    answer = _answer(code, switch=code)
    answer.vary.add("Accept-Language")
    return answer


def _answer(typed: str, *, switch: str | None = None) -> Response:
    """The same page for unknown and malformed codes; never kept, never indexed. Throttled before it looks."""
    now = clock.now()
    address_hash = security.mac(request.remote_addr or "", purpose="certificates.address").hex()
    wait = queries.seconds_to_wait(address_hash, now=now)
    if wait:
        raise TooMany(_l("There were too many wrong codes from your network."), retry_after=wait)
    found = queries.find_by_code(typed, now=now)
    page = web.render("certificates/verified.html", found=found, now=now, switch=switch if found else None)
    if found is None:
        with web.apart():
            actions.note_miss(address_hash, now=now)
    answer = make_response(page, 200 if found else 404)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
