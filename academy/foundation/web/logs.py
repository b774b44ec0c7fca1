"""Logs: one JSON object a line, with the request's id; addresses by their route, never with what stands in them."""

from __future__ import annotations

import json
import logging
import time
import traceback
from datetime import UTC, datetime

from flask import g, request
from sqlalchemy.exc import StatementError
from werkzeug.wrappers import Response

from academy.foundation import audit, db

access_log = logging.getLogger("academy.access")


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON. A trace says where, and of faults of the database only what, never the values."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": audit.request_id.get(),
        }
        if record.exc_info:
            line["trace"] = _trace(record.exc_info[1])
        line |= getattr(record, "fields", {})
        return json.dumps(line, ensure_ascii=False)


def _trace(fault: BaseException | None) -> str:
    parts = []
    while fault is not None:
        parts.append("".join([*traceback.format_tb(fault.__traceback__), _said(fault)]))
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return "\nwhich came of\n".join(parts)


def _said(fault: BaseException) -> str:
    """What the fault says; of the database's only the first line, for after it PostgreSQL quotes the row."""
    if isinstance(fault, StatementError):
        return f"{type(fault).__name__}: {_first_line(fault.orig)} [SQL: {fault.statement}]"
    if hasattr(fault, "sqlstate"):
        return f"{type(fault).__name__}: {_first_line(fault)}"
    return "".join(traceback.format_exception_only(fault)).rstrip()


def _first_line(fault: BaseException | None) -> str:
    return str(fault).partition("\n")[0]


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
