"""Puts the house together: with the commands, the one place that knows every room."""

from __future__ import annotations

from flask import Flask, request
from sqlalchemy import MetaData
from werkzeug import Response

import academy.accounts.jobs
import academy.certificates.jobs
import academy.courses.jobs
import academy.progress.jobs
import academy.quizzes.jobs  # noqa: F401 - registers its jobs
from academy.accounts import queries as accounts
from academy.accounts import views as accounts_views
from academy.admin import staff as admin
from academy.certificates import views as certificates
from academy.courses import kinds
from academy.foundation import db, files, jobs, mail, web
from academy.foundation.db import migrations
from academy.foundation.web import logs
from academy.learn import views as learn
from academy.lessons import views as lessons
from academy.lessons.kind import KIND as LESSON
from academy.quizzes import views as quizzes
from academy.quizzes.kind import KIND as QUIZ
from academy.settings import Settings, make_folder, read

BLUEPRINTS = (
    accounts_views.bp,
    certificates.bp,
    certificates.anywhere,
    lessons.bp,
    lessons.files_bp,
    quizzes.bp,
    learn.bp,
    admin.bp,
)


def metadata() -> MetaData:
    """All tables of the academy; the rooms' models are imported with the rooms."""
    return db.Base.metadata


def create_app(settings: Settings | None = None, *, testing: bool = False) -> Flask:
    """The academy as a WSGI application, with its database open."""
    settings = settings or read()
    if not testing:
        logs.configure(settings.log_level)
    make_folder(settings)
    db.Database(settings.database_address, pool_size=settings.threads + 2).open()
    files.configure(settings.data / "files")
    mail.configure(settings)
    app = Flask("academy", static_folder=None)
    app.testing = testing
    web.install(app, settings, load_identity=accounts.load_identity, sign_in_page=accounts_views.sign_in_page)
    for kind in (LESSON, QUIZ):
        kinds.register(kind)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    jobs.open_queue(settings, app.app_context, memory=testing)
    _install_entrance(app, settings)
    return app


def _install_entrance(app: Flask, settings: Settings) -> None:
    expected = migrations.newest()

    @app.get("/")
    @web.access(web.PUBLIC)
    def entrance() -> Response:
        """Sends on to the language of the account, else of the browser."""
        codes = settings.language_codes
        wanted = web.current_user.language or request.accept_languages.best_match(codes) or codes[0]
        answer = app.redirect(f"/{wanted}/", 303)
        answer.vary.add("Accept-Language")
        return answer

    @app.get("/healthz")
    @web.access(web.PUBLIC)
    def healthz() -> Response:
        """200 when the schema is present and, in the demo, the data are complete."""
        present = migrations.revision(db.current()) == expected
        ready = present and (not settings.demo or (settings.data / "demo.complete").exists())
        return web.json_answer({"ready": ready}, 200 if ready else 503)
