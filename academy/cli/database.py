"""``academy db``: migrations."""

from __future__ import annotations

from pathlib import Path

import click

from academy.app import create_app
from academy.cli.opening import DATA, prepare
from academy.foundation import commands, db
from academy.foundation.db import migrations


@click.group("db")
def database() -> None:
    """Migrations of the database."""


@database.command()
@DATA
def upgrade(data: Path | None) -> None:
    """Bring the database to the present schema."""
    settings = commands.settings_for(data)
    create_app(settings)
    prepare()
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
