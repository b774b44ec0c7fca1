"""Logs: one JSON object a line, with the request's id; addresses by their route, never with what stands in them."""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime

from flask import g, request
from werkzeug.wrappers import Response

from academy.foundation import audit, db

access_log = logging.getLogger("academy.access")


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": audit.request_id.get(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        line |= getattr(record, "fields", {})
        return json.dumps(line, ensure_ascii=False)


def configure(level: str) -> None:
    """Sends the academy's logs to standard error as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("alembic", "huey", "waitress", "waitress.queue"):
        logging.getLogger(noisy).setLevel("WARNING")


def begin() -> None:
    """Gives the request an id and starts its clock."""
    g.request_id = db.new_uuid()
    g.began = time.perf_counter()
    audit.request_id.set(g.request_id)


def finish(answer: Response) -> Response:
    """Logs the request by its route."""
    if access_log.isEnabledFor(logging.INFO) and request.endpoint != "static":
        fields = {
            "method": request.method,
            "route": request.url_rule.rule if request.url_rule else "",
            "status": answer.status_code,
            "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
        }
        access_log.info("request", extra={"fields": fields})
    return answer
