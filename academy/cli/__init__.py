"""The command ``academy``: with the application, the one place that knows every room."""

from __future__ import annotations

import click

from academy import __version__
from academy.accounts import queries as accounts
from academy.accounts.cli import user
from academy.authoring.cli import course
from academy.certificates.cli import certificate
from academy.cli.database import database
from academy.cli.doctor import doctor
from academy.cli.opening import open_academy
from academy.cli.serving import demo, serve, worker
from academy.foundation import commands


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="academy")
def main() -> None:
    """The Training Academy: courses, quizzes and certificates in English and Russian."""
    commands.configure(open_academy, accounts.find_identity_by_email)


for _command in (demo, serve, worker, database, course, user, certificate, doctor):
    main.add_command(_command)
