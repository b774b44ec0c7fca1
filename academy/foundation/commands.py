"""What every command shares: the folder it acts on, as whom, and how it reports.

A command that reports takes ``--json``: then one document goes to standard output and all words to standard error. It
exits 0 only when all went well.
"""

from __future__ import annotations

import functools
import getpass
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy.orm import Session

from academy.foundation import clock, db
from academy.foundation.errors import Invalid, Refusal
from academy.foundation.i18n import using_language
from academy.foundation.security import OPERATOR, Identity
from academy.settings import Settings, WrongSettings, read

OpenAcademy = Callable[[Settings], Flask]
FindActor = Callable[[str], Identity | None]

_open: OpenAcademy | None = None
_find_actor: FindActor | None = None


def configure(open_academy: OpenAcademy, find_actor: FindActor) -> None:
    """Says how the academy is opened and how ``--as EMAIL`` finds its person."""
    global _open, _find_actor
    _open, _find_actor = open_academy, find_actor


@dataclass(frozen=True)
class Desk:
    """A command at work: on which academy, as whom, at what instant."""

    app: Flask
    settings: Settings
    actor: Identity
    now: datetime
    as_json: bool

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One unit of work."""
        with db.current().write() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A reading session."""
        with db.current().read() as session:
            yield session

    def say(self, words: str) -> None:
        """Words for the person at the terminal."""
        click.echo(words, err=self.as_json)

    def report(self, document: Any, words: str | Callable[[], str]) -> None:
        """The result: the document with ``--json``, else the words."""
        if self.as_json:
            click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
        else:
            click.echo(words() if callable(words) else words)

    def progress(self, steps: list[Any], label: str) -> Any:
        """A progress bar over the steps, on standard error."""
        return click.progressbar(steps, label=label, file=sys.stderr)


def settings_for(data: Path | None, **given: Any) -> Settings:
    """The settings with that data folder; stops the command in plain words when one is wrong."""
    try:
        return read(data=data, **given)
    except WrongSettings as fault:
        raise click.ClickException(str(fault)) from None


def _actor(email: str | None) -> Identity:
    if email is None:
        return replace(OPERATOR, label=f"operator:{getpass.getuser()}"[:80])
    with db.current().read():
        found = _find_actor(email) if _find_actor else None
    if found is None:
        raise click.ClickException(f"There is nobody with the address {email}.")
    return found


def acting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--data``, ``--as`` and ``--json``; the function gets the open Desk first. Refusals become messages."""

    @click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of the academy.")
    @click.option("--as", "email", metavar="EMAIL", help="Act as this person instead of the operator.")
    @click.option("--json", "as_json", is_flag=True, help="Report as one JSON document.")
    @functools.wraps(function)
    def run(*args: Any, data: Path | None, email: str | None, as_json: bool, **options: Any) -> Any:
        if _open is None:
            raise RuntimeError("the commands are not configured")
        settings = settings_for(data)
        app = _open(settings)
        with app.app_context(), using_language(settings.language_codes[0]):
            desk = Desk(app, settings, _actor(email), clock.now(), as_json)
            try:
                return function(desk, *args, **options)
            except Refusal as refusal:
                raise click.ClickException(_words(refusal)) from None

    return run


def _words(refusal: Refusal) -> str:
    if isinstance(refusal, Invalid):
        return "\n".join(f"{name}: {m}" if name else str(m) for name, ms in refusal.fields.items() for m in ms)
    return str(refusal.message) if refusal.message is not None else refusal.code.replace("_", " ")
