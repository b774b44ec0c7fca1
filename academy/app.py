"""Puts the house together: the one file, with the commands, that knows every room."""

from __future__ import annotations

import importlib
from typing import Any

from flask import Flask
from sqlalchemy import MetaData

from academy.foundation import db, files, jobs, mail, web
from academy.foundation.db import migrations
from academy.foundation.web import logs
from academy.settings import Settings, read

ROOMS = (
    "accounts", "notifications", "courses", "enrolments", "certificates", "progress", "lessons", "quizzes", "learn", "authoring", "admin",
)  # fmt: skip


def _load(name: str) -> Any:
    # Interim: rooms that are still being built are left out.
    try:
        return importlib.import_module(name)
    except ImportError as fault:
        import sys

        if not (isinstance(fault, ModuleNotFoundError) and fault.name and name.startswith(fault.name)):
            print("left out for now:", name, fault, file=sys.stderr)
        return None


def metadata() -> MetaData:
    """All tables of the academy."""
    importlib.import_module("academy.foundation.audit")
    importlib.import_module("academy.foundation.search")
    for room in ROOMS:
        _load(f"academy.{room}.models")
    return db.Base.metadata


def create_app(settings: Settings | None = None, *, testing: bool = False) -> Flask:
    """The academy as a WSGI application, on an open database."""
    settings = settings or read()
    if not testing:
        logs.configure(settings.log_level)
    metadata()
    db.Database(settings.database_address, pool_size=settings.threads + 2).open()
    files.configure(settings.data / "files")
    mail.configure(settings)
    app = Flask("academy", static_folder=None)
    app.testing = testing
    accounts = _load("academy.accounts.queries")
    sign_in = _load("academy.accounts.views")
    web.install(
        app,
        settings,
        load_identity=accounts.load_identity,
        sign_in_page=getattr(sign_in, "sign_in_page", lambda place, kept: "sign in"),
    )
    for room in ROOMS:
        for door in ("views", "staff", "api"):
            found = _load(f"academy.{room}.{door}")
            for name in dir(found) if found else ():
                thing = getattr(found, name)
                if type(thing).__name__ == "Blueprint" and thing.name not in app.blueprints:
                    app.register_blueprint(thing)
        _load(f"academy.{room}.jobs")
    _register_kinds()
    jobs.open_queue(settings, app.app_context, memory=testing)
    _install_health(app, settings)
    return app


def _register_kinds() -> None:
    kinds = _load("academy.courses.kinds")
    for room, names in (("lessons", "KIND"), ("quizzes", "KIND")):
        found = _load(f"academy.{room}.kind")
        if found and kinds and hasattr(found, names):
            kinds.register(getattr(found, names))


def _install_health(app: Flask, settings: Settings) -> None:
    expected = migrations.newest() if any((migrations.folder() / "versions").glob("0*.py")) else None

    @app.get("/healthz")
    @web.access(web.PUBLIC)
    def healthz() -> web.Answer:
        complete = expected is None or migrations.revision(db.current()) == expected
        ready = complete and (not settings.demo or (settings.data / "demo.complete").exists())
        return web.json_answer({"ready": ready}, 200 if ready else 503)

    @app.get("/")
    @web.access(web.PUBLIC)
    def root() -> web.Answer:
        lang = web.current_user.language or _preferred(settings)
        return app.redirect(f"/{lang}/", 303)


def _preferred(settings: Settings) -> str:
    from flask import request

    return request.accept_languages.best_match(settings.language_codes) or settings.language_codes[0]
