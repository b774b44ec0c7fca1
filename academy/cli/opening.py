"""Opening an academy for a command."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask

from academy.accounts import actions as accounts
from academy.app import create_app
from academy.foundation import db
from academy.foundation.db import migrations
from academy.settings import Settings

DATA = click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of the academy.")


def open_academy(settings: Settings) -> Flask:
    """The academy on its present schema; stops in plain words when the schema is older."""
    app = create_app(settings)
    if migrations.revision(db.current()) != migrations.newest():
        raise click.ClickException("The database is not up to date. Run: academy db upgrade")
    return app


def prepare() -> None:
    """The schema is present and the tables that come with the release (states) are filled."""
    migrations.upgrade(db.current())
    with db.current().write():
        accounts.seed_states()
