"""Headers of every answer: safety, privacy, compression.

No page has inline code or styles, so scripts and styles come from this address alone and need no nonce; a page kept by
the browser goes on working when its headers are renewed.
"""

from __future__ import annotations

import gzip

from flask import g, request
from werkzeug.wrappers import Response

from academy.foundation.web.sessions import _settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SMALL = 900
_LEVEL = 5


def finish(answer: Response) -> Response:
    """Adds what every answer needs and compresses pages that echo no input."""
    headers = answer.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers["X-Frame-Options"] = "DENY"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    if _settings().secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    headers.setdefault("Cache-Control", "no-store")
    if request_id := g.get("request_id"):
        headers["X-Request-Id"] = request_id
    return _compress(answer)


def _compress(answer: Response) -> Response:
    echoing = request.method not in ("GET", "HEAD") or request.query_string
    kind = answer.mimetype in ("text/html", "text/plain")
    if not kind or echoing or answer.is_streamed or "Content-Encoding" in answer.headers or answer.direct_passthrough:
        return answer
    answer.vary.add("Accept-Encoding")
    data = answer.get_data()
    if request.accept_encodings.quality("gzip") > 0 and len(data) >= _SMALL:
        answer.set_data(gzip.compress(data, _LEVEL))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
