"""Refusals and faults as pages in both languages or as JSON of one shape."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from academy.foundation import audit, clock
from academy.foundation.errors import Invalid, NotAllowed, Refusal, TooMany
from academy.foundation.i18n import gettext as _
from academy.foundation.web.answers import Answer, json_answer, render, wants_json
from academy.foundation.web.entrance import SignInNeeded, current_user
from academy.foundation.web.form_token import BadFormToken, comes_from_elsewhere, kept_fields
from academy.foundation.web.units import unit_of_work

log = logging.getLogger(__name__)

_ID = re.compile(r"[0-9A-Za-z-]{1,64}")

SignInPage = Callable[[str, list[tuple[str, str]]], str]


def _words(status: int) -> tuple[str, str]:
    """Title and what to do next."""
    return {
        400: (_("This request cannot be understood"), _("Please go back and try again.")),
        401: (_("Please sign in again"), _("Your sign-in has ended. What you typed is kept.")),
        403: (
            _("This page is not for your account"),
            _("If you need it for your work, ask an administrator of the academy."),
        ),
        404: (
            _("There is no such page"),
            _("The address may be mistyped, or the page has moved. Start from the courses."),
        ),
        405: (_("This request cannot be understood"), _("Please go back and try again.")),
        409: (
            _("This is no longer possible"),
            _("Something has changed in the meantime. Please look at the present state."),
        ),
        410: (_("This has expired"), _("Please start again from the beginning.")),
        413: (_("This is too large"), _("Please send a smaller file.")),
        422: (_("Something is not right yet"), _("Please go back and correct it.")),
        429: (_("Too many tries"), _("Please wait a little and try again.")),
        503: (_("The academy is very busy"), _("Please try again in a minute. Nothing that was saved is lost.")),
    }.get(
        status,
        (
            _("Something went wrong on our side"),
            _("It has been recorded. Nothing that was saved is lost. Please try again."),
        ),
    )


def _page(status: int, *, code: str, message: str | None = None, fields: dict[str, list[str]] | None = None) -> Answer:
    title, advice = _words(status)
    if wants_json():
        body = {"code": code, "message": message or title, "fields": fields or {}}
        return json_answer({"error": body}, status)
    if request_ctx.url_adapter is None:  # a foreign host name: no address can be built, so no page either
        return Response(title, content_type="text/plain; charset=utf-8"), status
    page = render(
        "errors/error.html", title=title, message=message, advice=advice, status=status, request_id=g.get("request_id")
    )
    return page, status


def as_json(answer: Response) -> Response:
    """A page that says what is wrong is sent as JSON to those who asked for it: faults of a form, an expired link."""
    if answer.status_code < 400 or answer.mimetype != "text/html" or not wants_json():
        return answer
    title, _advice = _words(answer.status_code)
    codes = {404: "not_found", 409: "conflict", 410: "expired", 422: "invalid", 429: "too_many"}
    body = {"code": codes.get(answer.status_code, "refused"), "message": title, "fields": g.get("form_faults", {})}
    return json_answer({"error": body}, answer.status_code)


def _refuse(refusal: Refusal) -> Answer | Response:
    if isinstance(refusal, NotAllowed):
        _record_refusal()
    fields = {k: [str(m) for m in v] for k, v in refusal.fields.items()} if isinstance(refusal, Invalid) else None
    message = str(refusal.message) if refusal.message is not None else None
    answer = _page(refusal.status, code=refusal.code, message=message, fields=fields)
    if isinstance(refusal, TooMany):
        wrapped = current_app.make_response(answer)
        wrapped.headers["Retry-After"] = str(refusal.retry_after)
        return wrapped
    return answer


def _refuse_http(fault: HTTPException) -> Answer | Response:
    if fault.code and fault.code < 400 and fault.response is not None:
        return fault.get_response()
    answer = current_app.make_response(_page(fault.code or 500, code=fault.name.lower().replace(" ", "_")))
    for name, value in fault.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _ask_again(_fault: BadFormToken) -> Answer:
    # What another site filled in is not offered for sending again.
    if wants_json() or comes_from_elsewhere():
        return _page(400, code="form_token")
    return render("errors/form_token.html", kept=kept_fields(), action=request.full_path.rstrip("?")), 400


def _fail(fault: Exception) -> Answer:
    log.error("request failed", exc_info=fault)
    return _page(500, code="internal")


def install(app: Flask, sign_in_page: SignInPage) -> None:
    """Every refusal and every fault has its page."""

    def ask_to_sign_in(_fault: SignInNeeded) -> Answer | Response:
        if wants_json():
            return _page(401, code="sign_in_needed")
        if request.method in ("GET", "HEAD"):
            place = request.full_path if request.query_string else request.path
            return app.redirect(url_for("accounts.sign_in", next=place), 303)
        if comes_from_elsewhere():
            return _page(401, code="sign_in_needed")
        return sign_in_page(request.path, kept_fields()), 401

    app.register_error_handler(Refusal, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    app.register_error_handler(SignInNeeded, ask_to_sign_in)
    app.register_error_handler(BadFormToken, _ask_again)
    app.register_error_handler(Exception, _fail)


def _record_refusal() -> None:
    """A refused request leaves an audit entry, in a short unit of work of its own after the rollback.

    Of the address it keeps what can only be an id or a key: no link's token, and nothing typed.
    """
    arguments: dict[str, Any] = request.view_args or {}
    shown = [f"{name}={value}" for name, value in sorted(arguments.items()) if _is_id(name, str(value))]
    with unit_of_work():
        audit.record(
            "web.refuse",
            actor=current_user,
            now=clock.now(),
            object_type="route",
            object_id=(request.endpoint or "")[:80],
            outcome="refused",
            method=request.method,
            arguments=shown,
        )


def _is_id(name: str, value: str) -> bool:
    return name != "token" and _ID.fullmatch(value) is not None
