"""Settings, read once from ``ACADEMY_*`` variables; every wrong value is refused in plain words."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


class WrongSettings(ValueError):
    """At least one setting is wrong; the message names each one and says what is expected."""


def _setting(default: Any, describe: str) -> Any:
    return field(default=default, metadata={"describe": describe})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one academy. Field ``x`` is read from ``ACADEMY_X``."""

    data: Path = _setting(Path("academy-data"), "Folder for everything that the academy keeps.")  # noqa: RUF009 - a field
    database_url: str = _setting(
        "", "Database address; empty: SQLite in the data folder. `postgresql://…` for PostgreSQL."
    )
    base_url: str = _setting("http://127.0.0.1:8000", "Public address, used in mails, QR codes and certificates.")
    secret_key: str = _setting("", "Signing key of at least 32 characters; empty: made once in the data folder.")
    mail_url: str = _setting(
        "folder:", "`folder:` writes .eml files to the data folder; `smtp://user:password@host:port`, `smtps://…` send."
    )
    mail_from: str = _setting("Training Academy <academy@localhost>", "Sender of all mails.")
    languages: str = _setting("en,ru", "Languages of the academy, separated by commas; the first is the default.")
    time_zone: str = _setting("UTC", "Time zone of visitors who have not chosen one.")
    host: str = _setting("127.0.0.1", "Address on which `academy serve` listens.")
    port: int = _setting(8000, "Port on which `academy serve` listens.")
    threads: int = _setting(8, "Number of threads that serve pages.")
    jobs: str = _setting("inside", "`inside`: jobs run in the web process; `apart`: in `academy worker` only.")
    jobs_url: str = _setting(
        "", "Queue of jobs; empty: with the database (a file of its own, or PostgreSQL). `redis://…` for Redis."
    )
    trusted_proxies: int = _setting(0, "How many proxies in front of the academy may set X-Forwarded headers.")
    session_idle_minutes: int = _setting(720, "A sign-in ends after so many minutes without a request.")
    session_days: int = _setting(14, "A sign-in ends after so many days in any case.")
    upload_mb: int = _setting(32, "Largest request that is accepted, in megabytes.")
    log_level: str = _setting("INFO", "`DEBUG`, `INFO`, `WARNING` or `ERROR`.")
    demo: bool = _setting(False, "Marks the demo academy; set by `academy demo`.")

    @property
    def language_codes(self) -> tuple[str, ...]:
        """The languages in order; the first is the default."""
        return tuple(code.strip() for code in self.languages.split(",") if code.strip())

    @property
    def database_address(self) -> str:
        """The SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{self.data / 'academy.sqlite3'}"

    @property
    def secure(self) -> bool:
        """Whether the public address is https."""
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names under which the academy answers."""
        name = urlsplit(self.base_url).hostname or ""
        return tuple(dict.fromkeys([name, "localhost", "127.0.0.1"]))


def variables() -> list[tuple[str, str, str]]:
    """Every setting as (variable, default, description), in order, for the README and the commands."""
    return [(f"ACADEMY_{f.name.upper()}", str(f.default), f.metadata["describe"]) for f in fields(Settings)]


def read(environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Settings from *environ* (default: the process's), overridden by *given*; raises WrongSettings."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    faults: list[str] = []
    for f in fields(Settings):
        name = f"ACADEMY_{f.name.upper()}"
        if given.get(f.name) is not None:
            values[f.name] = given[f.name]
        elif name in environ:
            try:
                values[f.name] = _convert(environ[name], type(f.default))
            except ValueError as fault:
                faults.append(f"{name}: {fault}")
    settings = Settings(**values)
    faults += _unknown(environ) + _faults(settings)
    if faults:
        raise WrongSettings("\n".join(faults))
    return settings


def _convert(text: str, kind: type) -> Any:
    if kind is bool:
        if text.lower() not in ("0", "1", "true", "false", "yes", "no", ""):
            raise ValueError(f"“{text}” is neither true nor false")
        return text.lower() in ("1", "true", "yes")
    if kind is int:
        if not re.fullmatch(r"\d{1,9}", text.strip()):
            raise ValueError(f"“{text}” is not a whole number")
        return int(text)
    return Path(text) if issubclass(kind, Path) else text.strip()


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = {name for name, _, _ in variables()}
    # Read by tests and tools, never by the application.
    apart = ("ACADEMY_TEST_", "ACADEMY_CHROMIUM")
    return [
        f"{name}: there is no such setting"
        for name in sorted(environ)
        if name.startswith("ACADEMY_") and name not in known and not name.startswith(apart)
    ]


def _faults(s: Settings) -> list[str]:
    checks = [
        (
            urlsplit(s.base_url).scheme in ("http", "https") and bool(urlsplit(s.base_url).hostname),
            "ACADEMY_BASE_URL",
            "expected an address such as https://academy.example",
        ),
        (not s.secret_key or len(s.secret_key) >= 32, "ACADEMY_SECRET_KEY", "expected at least 32 characters"),
        (
            s.mail_url.split(":")[0] in ("folder", "smtp", "smtps"),
            "ACADEMY_MAIL_URL",
            "expected folder:, smtp://… or smtps://…",
        ),
        (
            re.match(r"(sqlite:///|postgresql(\+psycopg)?://|$)", s.database_url) is not None,
            "ACADEMY_DATABASE_URL",
            "expected postgresql://… or sqlite:///…",
        ),
        (re.match(r"(rediss?://|$)", s.jobs_url) is not None, "ACADEMY_JOBS_URL", "expected redis://… or nothing"),
        (
            bool(s.language_codes) and all(re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", c) for c in s.language_codes),
            "ACADEMY_LANGUAGES",
            "expected language codes such as en,ru",
        ),
        (
            s.time_zone in available_timezones() or s.time_zone == "UTC",
            "ACADEMY_TIME_ZONE",
            "expected a zone such as Europe/Vienna",
        ),
        (0 < s.port < 65536, "ACADEMY_PORT", "expected a port from 1 to 65535"),
        (1 <= s.threads <= 64, "ACADEMY_THREADS", "expected 1 to 64"),
        (s.jobs in ("inside", "apart"), "ACADEMY_JOBS", "expected inside or apart"),
        (s.session_idle_minutes >= 5, "ACADEMY_SESSION_IDLE_MINUTES", "expected at least 5"),
        (s.session_days >= 1, "ACADEMY_SESSION_DAYS", "expected at least 1"),
        (1 <= s.upload_mb <= 1024, "ACADEMY_UPLOAD_MB", "expected 1 to 1024"),
        (
            s.log_level in ("DEBUG", "INFO", "WARNING", "ERROR"),
            "ACADEMY_LOG_LEVEL",
            "expected DEBUG, INFO, WARNING or ERROR",
        ),
    ]
    return [f"{name}: {words}" for ok, name, words in checks if not ok]


def make_folder(settings: Settings) -> None:
    """The data folder is there; a new one is closed to other users of the machine, for it holds people's data."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)


def secret_key(settings: Settings) -> str:
    """The signing key: as set, else one made once in the data folder with mode 0600."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data / "secret.key"
    if not path.exists():
        make_folder(settings)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def zone(name: str) -> ZoneInfo:
    """The time zone of that name; UTC when it is unknown."""
    # Listing all zones reads the disk, and pages ask for a zone each time.
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
