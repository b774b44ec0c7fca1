"""What comes in, before any view sees it: methods, addresses and JSON within the bounds that all rooms count on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class HeadAsGet:
    """HEAD is answered as GET without the body, so that no view can take it for a form that was sent."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "HEAD":
            return self._app(environ, start_response)
        body = self._app({**environ, "REQUEST_METHOD": "GET"}, start_response)
        if hasattr(body, "close"):
            body.close()
        return []


class Json(DefaultJSONProvider):
    """JSON as the standard has it: neither ``NaN`` nor brackets nested without end."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The document; raises ValueError for whatever cannot be read."""
        try:
            return super().loads(s, parse_constant=_refuse_constant, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def refuse_nul() -> None:
    """Stops a request whose address has the one character that PostgreSQL stores nowhere; forms check their own."""
    if any("\0" in value for value in request.args.values()):
        raise BadRequest
