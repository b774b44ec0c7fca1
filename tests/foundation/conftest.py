"""A small academy for the foundation's own tests: the real web around views made here, and no room at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request

from academy.foundation import audit, clock, db, jobs, mail, security, web
from academy.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Grant, Identity
from academy.settings import Settings
from tests.conftest import Client

PEOPLE = {
    "learner": Identity("user", 1, "uuid-learner", "Nino Beridze", "nino@ministry.example", "en"),
    "trainer": Identity("user", 2, "uuid-trainer", "Aigul Osmonova", grants=(Grant("trainer", "course", "DOC"),)),
    "admin": Identity("user", 3, "uuid-admin", "Ivan Petrov", grants=(Grant("admin"),)),
}


def write_entry(action: str = "test.write") -> None:
    audit.record(action, actor=web.current_user, now=clock.now(), object_type="test", object_id=1)


def _add_pages(app: Flask) -> None:
    """The pages that the shared look links to."""
    for endpoint, address in {
        "learn.home": "/",
        "learn.my": "/my",
        "learn.help_index": "/help",
        "learn.help_page": "/help/<page>",
        "certificates.mine": "/certificates",
        "certificates.verify": "/verify",
        "admin.desk": "/admin",
        "accounts.profile": "/account",
        "accounts.sign_in": "/login",
        "accounts.sign_out": "/logout",
        "accounts.privacy": "/privacy",
    }.items():
        app.add_url_rule(
            f"/<lang:lang>{address}", endpoint, web.access(web.PUBLIC)(lambda **_: web.render("base.html"))
        )


def _add_views(app: Flask) -> None:  # noqa: C901 - one small view after the other
    def page(address: str, rule: web.Access | None = web.PUBLIC, *methods: str) -> Callable[[Any], Any]:
        def add(view: Any) -> Any:
            declared = web.access(rule)(view) if rule else view
            app.add_url_rule(f"/<lang:lang>{address}", view.__name__, declared, methods=methods or ("GET",))
            return view

        return add

    @page("/undeclared", None)
    def undeclared() -> str:
        return "never"

    @page("/signed-in", web.SIGNED_IN, "GET", "POST")
    def signed_in() -> str:
        return f"signed in as {web.current_user.uuid}"

    @page("/trainers", web.holds("trainer", "admin"))
    def trainers() -> str:
        return "for trainers"

    @page("/write", web.PUBLIC, "POST")
    def write() -> web.Answer:
        with web.unit_of_work():
            write_entry()
        web.flash("Saved <b>")
        return web.see_other("learn.home")

    @page("/break", web.PUBLIC, "POST")
    def break_off() -> web.Answer:
        with web.unit_of_work():
            write_entry()
            db.session.flush()
            raise Conflict(_l("Please sign in again"))

    @page("/get-writes")
    def get_writes() -> web.Answer:
        write_entry()
        db.session.flush()
        return "written"

    @page("/refuse/<kind>", web.PUBLIC, "GET", "POST")
    def refuse(kind: str) -> web.Answer:
        raise {
            "not-found": NotFound(),
            "not-allowed": NotAllowed(),
            "conflict": Conflict("Somebody was faster", code="lost_race"),
            "invalid": Invalid({"name": ["too long"], "": ["as a whole"]}),
            "too-many": TooMany(retry_after=30),
            "fault": RuntimeError("secret detail"),
        }[kind]

    @page("/echo", web.PUBLIC, "GET", "POST")
    def echo() -> str:
        return web.render("base.html") + "x" * 1000 + request.values.get("text", "")

    @page("/tiny")
    def tiny() -> str:
        return "tiny"


@pytest.fixture(scope="session")
def _make_small(settings: Settings) -> Callable[..., Flask]:
    def make(**changes: Any) -> Flask:
        chosen = replace(settings, **changes)
        app = Flask("academy", static_folder=None)
        app.testing = True
        tokens = {security.token_hash(name): identity for name, identity in PEOPLE.items()}
        web.install(
            app,
            chosen,
            load_identity=lambda token, _now: tokens.get(token),
            sign_in_page=lambda place, kept: f"please sign in for {place}; kept: {kept}",
        )
        _add_pages(app)
        _add_views(app)
        mail.configure(chosen)
        jobs.open_queue(chosen, app.app_context, memory=True)
        app.test_client_class = Client
        return app

    return make


@pytest.fixture
def make_small(_make_small: Callable[..., Flask], database: db.Database) -> Callable[..., Flask]:
    """Makes a small academy; arguments are settings."""
    return _make_small


@pytest.fixture(scope="session")
def _small(_make_small: Callable[..., Flask]) -> Flask:
    return _make_small()


@pytest.fixture
def small(_small: Flask, settings: Settings, database: db.Database) -> Iterator[Flask]:
    """The small academy on an empty database."""
    mail.configure(settings)
    jobs.open_queue(settings, _small.app_context, memory=True)
    with _small.app_context():
        yield _small


@pytest.fixture
def browser(small: Flask) -> Client:
    """A browser without script."""
    return small.test_client()  # type: ignore[return-value]  # the app's client class


@pytest.fixture
def entries(database: db.Database) -> Callable[[], list[str]]:
    """The actions in the audit log, in order."""

    def read() -> list[str]:
        with database.read() as session:
            return list(session.scalars(db_select()))

    return read


def db_select() -> Any:
    from sqlalchemy import select

    return select(audit.AuditEntry.action).order_by(audit.AuditEntry.id)


def sign_in(client: Client, who: str) -> Client:
    """The browser holds the cookie of that person."""
    client.set_cookie("academy", who)
    return client
