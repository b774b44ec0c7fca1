"""``academy doctor``: looks at everything that the academy needs and says in plain words what is wrong."""

from __future__ import annotations

import json
import os
import smtplib
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
from sqlalchemy import text

from academy.app import create_app
from academy.certificates.formats import letters
from academy.cli.opening import DATA
from academy.foundation import commands, db, i18n
from academy.foundation.db import migrations
from academy.foundation.db.database import SAFE_SQLITE
from academy.settings import Settings

SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands (``ok``, ``warn``, ``wrong``), and in words."""

    what: str
    level: str
    words: str


def _database(_settings: Settings) -> Finding:
    present, newest = migrations.revision(db.current()), migrations.newest()
    if present != newest:
        return Finding(
            "database", "wrong", f"schema {present or 'missing'}, expected {newest}; run: academy db upgrade"
        )
    if not db.current().is_sqlite:
        return Finding("database", "ok", f"PostgreSQL, schema {newest}")
    with db.current().read() as session:
        found = session.execute(text("PRAGMA quick_check")).scalar()
    return Finding("database", "ok" if found == "ok" else "wrong", f"SQLite, schema {newest}, check: {found}")


def _sqlite(_settings: Settings) -> Finding:
    version = sqlite3.sqlite_version
    if not db.current().is_sqlite:
        return Finding("SQLite", "ok", "not used")
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        return Finding("SQLite", "warn", f"{version} is older than 3.51.3; writers are ordered by a file lock instead")
    return Finding("SQLite", "ok", version)


def _folder(settings: Settings) -> Finding:
    if not os.access(settings.data, os.W_OK):
        return Finding("data folder", "wrong", f"{settings.data} cannot be written")
    key = settings.data / "secret.key"
    if key.exists() and key.stat().st_mode & 0o077:
        return Finding("data folder", "wrong", f"{key} can be read by others; run: chmod 600 {key}")
    return Finding("data folder", "ok", str(settings.data))


def _mail(settings: Settings) -> Finding:
    url = urlsplit(settings.mail_url)
    if url.scheme == "folder":
        return Finding("mail", "ok" if settings.demo else "warn", "mails are written to a folder and not sent")
    try:
        kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
        with kind(url.hostname or "", url.port or 25, timeout=SECONDS) as server:
            server.noop()
    except OSError as fault:
        return Finding("mail", "wrong", f"{url.hostname} does not answer: {fault}")
    return Finding("mail", "ok", f"{url.hostname} answers")


def _owed_mail(_settings: Settings) -> Finding:
    with db.current().read() as session:
        failed = session.execute(text("SELECT count(*) FROM mails WHERE state = 'failed'")).scalar() or 0
    return Finding("mails", "warn" if failed else "ok", f"{failed} could not be sent")


def _fonts(_settings: Settings) -> Finding:
    missing = letters.printable("Ñžđ Ёлка ӣӯқҳҷғ ңөү әұқі їєґ ə")
    return Finding(
        "fonts", "wrong" if missing else "ok", f"missing letters: {missing}" if missing else "all letters are there"
    )


def _catalogues(settings: Settings) -> Finding:
    lacking = [code for code in settings.language_codes if code != "en" and not _has_catalogue(code)]
    words = f"no texts for {', '.join(lacking)}" if lacking else ", ".join(settings.language_codes)
    return Finding("languages", "wrong" if lacking else "ok", words)


def _has_catalogue(code: str) -> bool:
    with i18n.using_language(code):
        return i18n.gettext("Courses") != "Courses"


def _address(settings: Settings) -> Finding:
    if settings.secure or settings.demo:
        return Finding("public address", "ok", settings.base_url)
    return Finding("public address", "warn", f"{settings.base_url} is not https")


CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    _database,
    _sqlite,
    _folder,
    _mail,
    _owed_mail,
    _fonts,
    _catalogues,
    _address,
)


def examine(settings: Settings) -> list[Finding]:
    """One finding of each check, up to the first that nothing else can be looked at without."""
    findings = []
    for check in CHECKS:
        findings.append(check(settings))
        if check is _database and findings[0].level == "wrong":
            break
    return findings


@click.command()
@DATA
@click.option("--json", "as_json", is_flag=True, help="Report as one JSON document.")
def doctor(data: Path | None, as_json: bool) -> None:
    """Check database, folders, mail, fonts, languages and settings, in plain words."""
    settings = commands.settings_for(data)
    create_app(settings)
    findings = examine(settings)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(f"{finding.level:>5}  {finding.what}: {finding.words}")
    if any(finding.level == "wrong" for finding in findings):
        raise SystemExit(1)
