"""The command ``academy``: the one file, with the application, that knows every room."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

import click
from flask import Flask

from academy import __version__
from academy.app import create_app
from academy.foundation import commands, db, jobs
from academy.foundation.db import migrations
from academy.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def open_academy(settings: Settings) -> Flask:
    """The academy on its present schema; stops in plain words when the schema is older."""
    settings.data.mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    if migrations.revision(db.current()) != migrations.newest():
        raise click.ClickException("The database is not up to date. Run: academy db upgrade")
    return app


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="academy")
def main() -> None:
    """The Training Academy: courses, quizzes and certificates in English and Russian."""
    from academy.accounts import queries as accounts

    commands.configure(open_academy, accounts.find_identity_by_email)


DATA = click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of the academy.")


@main.group("db")
def database() -> None:
    """Migrations of the database."""


@database.command()
@DATA
def upgrade(data: Path | None) -> None:
    """Bring the database to the present schema."""
    settings = commands.settings_for(data)
    settings.data.mkdir(parents=True, exist_ok=True)
    create_app(settings)
    prepare(settings)
    click.echo(f"The database is at {migrations.newest()}.")


@database.command()
@click.argument("revision")
@DATA
def downgrade(revision: str, data: Path | None) -> None:
    """Take the database back to an earlier schema."""
    create_app(commands.settings_for(data))
    migrations.downgrade(db.current(), revision)
    click.echo(f"The database is at {migrations.revision(db.current()) or 'nothing'}.")


@database.command()
@DATA
def check(data: Path | None) -> None:
    """Say whether the database has the schema that this release expects."""
    create_app(commands.settings_for(data))
    present, newest = migrations.revision(db.current()), migrations.newest()
    differences = migrations.differences(db.current()) if present == newest else []
    for difference in differences:
        click.echo(difference, err=True)
    if present != newest or differences:
        raise click.ClickException(f"The database is at {present or 'nothing'}; expected {newest}.")
    click.echo(f"The database is at {newest}.")


def prepare(settings: Settings) -> None:
    """The schema is present and the tables that come with the release (states, themes) are filled."""
    from academy.accounts import actions as accounts
    from academy.courses import actions as courses

    migrations.upgrade(db.current())
    with db.current().write():
        accounts.seed_states()
        courses.seed_themes()


@main.command()
@click.option("--port", type=int, help="Port; default: the setting, 8000.")
@click.option("--host", help="Address to listen on; default: the setting, 127.0.0.1.")
@DATA
def serve(port: int | None, host: str | None, data: Path | None) -> None:
    """Serve the academy, with its jobs inside unless they run apart."""
    settings = commands.settings_for(data, port=port, host=host)
    run_server(open_academy(settings), settings)


@main.command()
@DATA
def worker(data: Path | None) -> None:
    """Run jobs until stopped, for academies whose web processes do not."""
    open_academy(commands.settings_for(data))
    jobs.run_worker()


def run_server(app: Flask, settings: Settings) -> None:
    """Serves until the process is told to stop; requests in flight are finished."""
    import waitress

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    workers = jobs.start_inside() if settings.jobs == "inside" else None
    try:
        waitress.serve(app, host=settings.host, port=settings.port, threads=settings.threads, ident=None, clear_untrusted_proxy_headers=True)
    finally:
        if workers:
            workers.stop(graceful=True)
        db.current().close()


@main.command()
@click.option("--port", type=int, help="Port; default: 8000.")
@click.option("--host", help="Address to listen on; anything but loopback needs --public.")
@click.option("--public", is_flag=True, help="Serve beyond this machine although everybody knows the passwords.")
@click.option("--serve/--no-serve", "serving", default=True, help="Serve after loading.")
@DATA
def demo(port: int | None, host: str | None, public: bool, serving: bool, data: Path | None) -> None:
    """Make the demo academy, serve it, and say where it is and who may sign in."""
    from academy import demo as academy_demo

    began = time.monotonic()
    folder = data or Path("academy-demo")
    settings = commands.settings_for(folder, port=port, host=host, demo=True)
    settings = commands.settings_for(folder, port=port, host=host, demo=True, base_url=f"http://127.0.0.1:{settings.port}")
    if settings.host not in LOOPBACK and not public:
        raise click.ClickException("The demo's passwords are public: it serves this machine only, unless told --public.")
    settings.data.mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    with app.app_context():
        if not academy_demo.is_complete(settings):
            click.echo("Making the demo academy …", err=True)
            prepare(settings)
            academy_demo.build(settings)
        elif migrations.revision(db.current()) != migrations.newest():
            prepare(settings)
    click.echo(academy_demo.welcome(settings, seconds=time.monotonic() - began))
    sys.stdout.flush()
    if serving:
        run_server(app, settings)


@main.command()
@DATA
@click.option("--json", "as_json", is_flag=True, help="Report as one JSON document.")
def doctor(data: Path | None, as_json: bool) -> None:
    """Check database, folders, mail, fonts, catalogues and settings, in plain words."""
    import json

    from academy import health

    settings = commands.settings_for(data)
    create_app(settings)
    findings = health.examine(settings)
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(f"{finding.level:>7}  {finding.what}: {finding.words}")
    if any(finding.level == "wrong" for finding in findings):
        raise SystemExit(1)


def _add_rooms() -> None:
    from academy.accounts.cli import user
    from academy.authoring.cli import course
    from academy.certificates.cli import certificate

    groups: tuple[Any, ...] = (user, course, certificate)
    for group in groups:
        main.add_command(group)


_add_rooms()
