"""Puts the web together: the order of what happens around a view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask, Request, g, request, url_for
from flask.sessions import SecureCookieSession, SessionInterface, SessionMixin
from flask_babel import Babel
from flask_login import LoginManager
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from academy.foundation import clock, i18n, security
from academy.foundation.i18n import LocalizedText
from academy.foundation.i18n.language import set_language
from academy.foundation.security import ANONYMOUS, Identity
from academy.foundation.web import answers, assets, entrance, form_token, headers, intake, logs, refusals, units
from academy.foundation.web.blueprints import install_converters
from academy.foundation.web.forms import described_by
from academy.foundation.web.paging import page_address
from academy.foundation.web.sessions import session_token
from academy.settings import Settings, secret_key

LoadIdentity = Callable[[str, datetime], Identity | None]


def install(app: Flask, settings: Settings, *, load_identity: LoadIdentity, sign_in_page: refusals.SignInPage) -> None:
    """The app answers as the academy does; rooms only add their blueprints."""
    app.extensions["academy"] = settings
    app.extensions["academy-addresses"] = {}
    app.extensions["academy-frame"] = {}
    key = secret_key(settings)
    security.configure(key)
    i18n.configure(settings.language_codes)
    app.config.update(
        SECRET_KEY=key,
        TRUSTED_HOSTS=list(settings.hosts),
        MAX_CONTENT_LENGTH=settings.upload_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        PROPAGATE_EXCEPTIONS=False,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
    )
    app.wsgi_app = intake.HeadAsGet(app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents it
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]  # as Flask documents it
    app.json = intake.Json(app)
    install_converters(app, settings.language_codes)
    Babel(app, locale_selector=lambda: i18n.language().replace("-", "_"))
    _install_sign_in(app, load_identity)
    _install_templates(app, settings)
    _install_order(app)
    refusals.install(app, sign_in_page)
    _install_routes(app)


class _NoCookieSession(SessionInterface):
    """Flask's own session stays empty and sets no cookie: sign-ins are rows, messages have a cookie of their own."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        return SecureCookieSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        return


def _install_sign_in(app: Flask, load_identity: LoadIdentity) -> None:
    app.session_interface = _NoCookieSession()
    manager = LoginManager(app)
    manager.session_protection = None
    manager.anonymous_user = lambda: ANONYMOUS

    @manager.request_loader  # type: ignore[untyped-decorator]  # Flask-Login is untyped
    def load(_request: object) -> Identity | None:
        token = session_token()
        return load_identity(security.token_hash(token), clock.now()) if token else None


def _install_order(app: Flask) -> None:
    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, object] | None) -> None:
        lang = values.pop("lang", None) if values else None
        g.lang = lang or _guessed_language()
        set_language(str(g.lang))

    @app.url_defaults
    def give_language(endpoint: str, values: dict[str, object]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = i18n.language()

    app.before_request(logs.begin)
    app.before_request(units.begin_reading)
    app.before_request(intake.refuse_nul)
    app.before_request(entrance.guard)
    app.before_request(form_token.check)
    # The last to be registered is the first to run.
    app.after_request(logs.finish)
    app.after_request(headers.finish)
    app.after_request(answers.set_flashes)
    app.after_request(form_token.set_cookie)
    app.after_request(refusals.as_json)
    app.teardown_request(units.end_reading)


def _guessed_language() -> str:
    """By the address's first part, else by what the browser asks for."""
    codes = i18n.languages()
    first = request.path.strip("/").partition("/")[0]
    if first in codes:
        return first
    return request.accept_languages.best_match(codes) or codes[0]


def _install_templates(app: Flask, settings: Settings) -> None:
    # Every room's templates, also of rooms without pages of their own, whose mails are written from them.
    package = Path(app.root_path)
    app.jinja_loader = FileSystemLoader(
        [package / "foundation" / "web" / "templates", *sorted(package.glob("*/templates"))]
    )
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=False, pgettext=i18n.pgettext)  # type: ignore[attr-defined]  # added by the extension
    env.filters["plain"] = _plain
    env.globals.update(
        _=i18n.gettext,
        gettext=i18n.gettext,
        ngettext=i18n.ngettext,
        pgettext=i18n.pgettext,
        asset=assets.asset,
        described_by=described_by,
        external_url=answers.external_url,
        url_for=answers.page_url,
        page_address=page_address,
        form_token=form_token.form_token,
        frame=answers.frame,
        flashes=answers.flashes,
        same_page=answers.same_page,
        languages=i18n.languages,
        language_name=i18n.language_name,
        format_date=i18n.format_date,
        format_datetime=i18n.format_datetime,
        format_time=i18n.format_time,
        format_number=i18n.format_number,
        format_percent=i18n.format_percent,
        format_minutes=i18n.format_minutes,
        format_hours=i18n.format_hours,
        format_bytes=i18n.format_bytes,
        current_user=entrance.current_user,
        is_demo=settings.demo,
        theme=theme,
    )

    @app.context_processor
    def running_language() -> dict[str, str]:
        return {"language": i18n.language()}


def _plain(value: LocalizedText | str | None) -> str:
    if isinstance(value, LocalizedText):
        return value.plain(i18n.language())
    return value or ""


def theme() -> str:
    """The reader's choice of light or dark; empty: as the device says."""
    chosen = request.cookies.get("academy-theme", "")
    return chosen if chosen in ("light", "dark") else ""


def _install_routes(app: Flask) -> None:
    app.add_url_rule("/static/<version>/<path:name>", "static", entrance.access(entrance.PUBLIC)(assets.serve))

    @app.get("/form-token")
    @entrance.access(entrance.PUBLIC)
    def fresh_form_token() -> Response:
        return answers.json_answer({"token": form_token.token()})

    @app.post("/<lang:lang>/theme")
    @entrance.access(entrance.PUBLIC)
    def choose_theme() -> Response:
        chosen = request.form.get("theme", "")
        back = security.local_path(request.form.get("back"))
        answer = app.redirect(back or url_for("learn.home"), 303)
        answer.set_cookie(
            "academy-theme", chosen if chosen in ("light", "dark") else "", max_age=31_536_000, samesite="Lax"
        )
        return answer
