"""What a door answers with: pages, redirects, messages for the next page, JSON."""

from __future__ import annotations

import json
from typing import Any

from flask import current_app, g, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from academy.foundation import security
from academy.foundation.i18n import language
from academy.foundation.i18n.text import dump_json
from academy.foundation.web.sessions import _settings

Answer = str | Response | tuple[str | Response, int]
_FLASHES = "academy-said"
_FLASH_SECONDS = 600
MOST_ADDRESSES = 5000
MOST_TEXT = 120


def render(template: str, **context: Any) -> str:
    """The page."""
    return render_template(template, **context)


def see_other(endpoint: str, **values: Any) -> Response:
    """Sends the browser on with GET, in the same language."""
    return redirect(url_for(endpoint, **values), 303)


def page_url(endpoint: str, **values: Any) -> str:
    """As Flask's ``url_for``, for templates: an address is built once for each language and place.

    Long ones are not kept: they hold what readers typed.
    """
    if any(isinstance(value, str) and len(value) > MOST_TEXT for value in values.values()):
        return url_for(endpoint, **values)
    kept: dict[Any, str] = current_app.extensions["academy-addresses"]
    name = (request.script_root, language(), endpoint, *sorted(values.items()))
    found = kept.get(name)
    if found is None:
        found = url_for(endpoint, **values)
        if len(kept) >= MOST_ADDRESSES:
            kept.clear()
        kept[name] = found
    return found


def frame(part: str, **facts: Any) -> Markup:
    """A part of every page's frame, rendered once for each language and these facts."""
    kept: dict[Any, Markup] = current_app.extensions["academy-frame"]
    name = (request.script_root, language(), part, *facts.values())
    found = kept.get(name)
    if found is None:
        found = kept[name] = Markup(render_template(f"frame/{part}.html", **facts))  # noqa: S704 - our own template
    return found


def external_url(endpoint: str, **values: Any) -> str:
    """The absolute address below the configured public address; never what the request's Host says."""
    adapter = current_app.create_url_adapter(None) or current_app.url_map.bind("localhost")
    base = _settings().base_url.rstrip("/")
    values.setdefault("lang", g.get("lang")) if current_app.url_map.is_endpoint_expecting(endpoint, "lang") else None
    return base + adapter.build(endpoint, values, force_external=False)


def same_page(lang: str) -> str:
    """The address of this page in another language, with the same place and filters."""
    path = request.full_path.rstrip("?") if request.query_string else request.path
    first, _, rest = path.lstrip("/").partition("/")
    if first.partition("?")[0] in _settings().language_codes:
        return f"/{lang}/{rest}"
    # An address without a language, such as one printed as a QR code, whose page has its place below each of them.
    if current_app.url_map.bind("localhost").test(f"/{lang}{request.path}"):
        return f"/{lang}{request.path}"
    return f"/{lang}/"


def wants_json() -> bool:
    """Whether the request asks for JSON rather than for a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return best == "application/json"


def json_answer(document: Any, status: int = 200) -> Response:
    """The document as JSON, not to be kept."""
    answer = Response(dump_json(document), status=status, content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def flash(message: str, kind: str = "ok") -> None:
    """The next page shows the message. *kind*: ok, warn or bad."""
    g.said = [*g.get("said", []), (kind, str(escape(message)))]


def flashes() -> list[tuple[str, str]]:
    """The messages for this page; each is shown once."""
    sent = security.unsign(request.cookies.get(_FLASHES, ""), purpose="flash", max_age=_FLASH_SECONDS)
    now = g.pop("said", [])
    g.flashes_shown = sent is not None
    return [(kind, text) for kind, text in [*(json.loads(sent) if sent else []), *now]]


def set_flashes(answer: Response) -> Response:
    """Keeps what was said for the next page, or forgets what this page has shown."""
    said = g.get("said")
    if said:
        signed = security.sign(dump_json(said), purpose="flash")
        answer.set_cookie(
            _FLASHES, signed, max_age=_FLASH_SECONDS, httponly=True, secure=_settings().secure, samesite="Lax"
        )
    elif g.get("flashes_shown"):
        answer.delete_cookie(_FLASHES, httponly=True, secure=_settings().secure, samesite="Lax")
    return answer
