"""``academy demo``, ``serve`` and ``worker``."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from types import FrameType

import click
import waitress
from flask import Flask

from academy import demo as academy_demo
from academy.app import create_app
from academy.cli.opening import DATA, open_academy, prepare
from academy.foundation import commands, db, jobs
from academy.foundation.db import migrations
from academy.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.option("--port", type=int, help="Port; default: the setting, 8000.")
@click.option("--host", help="Address to listen on; default: the setting, 127.0.0.1.")
@DATA
def serve(port: int | None, host: str | None, data: Path | None) -> None:
    """Serve the academy, with its jobs inside unless they run apart."""
    settings = commands.settings_for(data, port=port, host=host)
    run_server(open_academy(settings), settings)


@click.command()
@DATA
def worker(data: Path | None) -> None:
    """Run jobs until stopped, for academies whose web processes do not."""
    open_academy(commands.settings_for(data))
    jobs.run_worker()


def run_server(app: Flask, settings: Settings) -> None:
    """Serves until the process is told to stop; requests in flight are finished."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    workers = jobs.start_inside() if settings.jobs == "inside" else None
    try:
        waitress.serve(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            # Refused by its length, before any of it is kept on disk.
            max_request_body_size=settings.upload_mb * 1024 * 1024,
            # With proxies in front, their headers are read by the application, as many hops as it was told.
            clear_untrusted_proxy_headers=not settings.trusted_proxies,
        )
    finally:
        if workers:
            workers.stop(graceful=True)
        db.current().close()


@click.command()
@click.option("--port", type=int, help="Port; default: 8000.")
@click.option("--host", help="Address to listen on; anything but loopback needs --public.")
@click.option("--public", is_flag=True, help="Serve beyond this machine although everybody knows the passwords.")
@click.option("--serve/--no-serve", "serving", default=True, help="Serve after loading.")
@DATA
def demo(port: int | None, host: str | None, public: bool, serving: bool, data: Path | None) -> None:
    """Make the demo academy, serve it, and say where it is and who may sign in."""
    began = time.monotonic()
    folder = data or Path("academy-demo")
    settings = commands.settings_for(folder, port=port, host=host, demo=True)
    settings = commands.settings_for(
        folder, port=port, host=host, demo=True, base_url=f"http://127.0.0.1:{settings.port}"
    )
    if settings.host not in LOOPBACK and not public:
        raise click.ClickException(
            "The demo's passwords are public: it serves this machine only, unless told --public."
        )
    app = create_app(settings)
    with app.app_context():
        _make(settings)
    click.echo(academy_demo.welcome(settings, seconds=time.monotonic() - began))
    sys.stdout.flush()
    if serving:
        run_server(app, settings)


def _make(settings: Settings) -> None:
    """The demo academy is there and on the present schema; what an interrupted first start left is begun anew."""
    present = migrations.revision(db.current())
    if academy_demo.is_complete(settings):
        if present != migrations.newest():
            prepare()
        return
    if present is not None and not academy_demo.was_begun(settings):
        raise click.ClickException(
            f"{settings.data} holds an academy that is not the demo; name another folder with --data."
        )
    click.echo("Making the demo academy …", err=True)
    academy_demo.begin(settings)
    if present is not None:
        migrations.downgrade(db.current(), "base")
    prepare()
    academy_demo.build(settings)
