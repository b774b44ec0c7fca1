"""Commands for people: the first administrator, roles, lists."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from academy.accounts import actions, queries, rules
from academy.accounts.formats.people import UnreadableList, read_people
from academy.accounts.models import Role, Scope, User
from academy.foundation import security, web
from academy.foundation.commands import Desk, acting
from academy.foundation.i18n import default_language, languages
from academy.foundation.security import Grant

_ROLES = click.Choice([role.value for role in Role if role is not Role.LEARNER])
_CHUNK = 25
_COURSE = click.option("--course", metavar="CODE", help="For this course only.")
_STATE = click.option("--state", metavar="XX", help="For this state only, by its two letters.")


@click.group()
def user() -> None:
    """People and their roles."""


@user.command()
@click.argument("address", metavar="EMAIL")
@click.option("--name", required=True, help="Name in Latin letters, as certificates print it.")
@click.option("--role", "role", type=_ROLES, help="Role to grant; without one the person is a learner.")
@_COURSE
@_STATE
@click.option("--language", help="Language of mails; default: the academy's first.")
@click.option("--link", is_flag=True, help="Print the invitation's link instead of mailing it.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input; the account is active at once."
)
@acting
def add(
    desk: Desk,
    *,
    address: str,
    name: str,
    role: str | None,
    course: str | None,
    state: str | None,
    language: str | None,
    link: bool,
    password_stdin: bool,
) -> None:
    """Invite a person by mail, by a link to hand over, or with a password."""
    password_hash = _read_password(address, name) if password_stdin else None
    grants = (_grant(role, course, state),) if role else ()
    with desk.write():
        person = actions.invite(
            address,
            name_latin=name,
            language=language or default_language(),
            grants=grants,
            password_hash=password_hash,
            by_mail=not link,
            actor=desk.actor,
            now=desk.now,
        )
        token = None
        if link and not password_hash:
            token = actions.make_invitation_token(person.id, actor=desk.actor, now=desk.now)
    to_hand_over = web.external_url("accounts.invitation", lang=person.language, token=token) if token else None
    document = {"taken": [person.email], "changed": [], "refused": [], "link": to_hand_over}
    desk.report(document, _added(person, to_hand_over))


def _added(person: User, link: str | None) -> str:
    if link:
        return f"Invited {person.email}. The link works once, within 72 hours:\n{link}"
    if person.password_hash:
        return f"Added {person.email}."
    return f"Invited {person.email}. The mail goes out when the academy runs; its link works for 72 hours."


def _read_password(email: str, name: str) -> str:
    password = sys.stdin.readline().rstrip("\n")
    faults = rules.password_faults(password, email=email, name=name)
    if faults:
        raise click.ClickException(" ".join(str(fault) for fault in faults))
    return security.hash_password(password)


def _grant(role: str, course: str | None, state: str | None) -> Grant:
    if course and state:
        raise click.UsageError("--course and --state exclude each other.")
    if course:
        return Grant(role, Scope.COURSE.value, course)
    return Grant(role, Scope.STATE.value, state.upper()) if state else Grant(role)


@user.command("role")
@click.argument("address", metavar="EMAIL")
@click.argument("role", type=_ROLES)
@_COURSE
@_STATE
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day on which the role holds (UTC).")
@click.option("--remove", is_flag=True, help="Take the role away.")
@acting
def change_role(
    desk: Desk, *, address: str, role: str, course: str | None, state: str | None, until: datetime | None, remove: bool
) -> None:
    """Grant a role to a person, or take it away."""
    grant = _grant(role, course, state)
    expires_at = until.replace(tzinfo=UTC) + timedelta(days=1) if until else None
    with desk.write():
        person = queries.find_user_by_email(address)
        if person is None:
            raise click.ClickException(f"There is nobody with the address {address}.")
        if remove:
            actions.revoke_role(person.id, grant, actor=desk.actor, now=desk.now)
        else:
            actions.grant_role(person.id, grant, expires_at=expires_at, actor=desk.actor, now=desk.now)
    words = f"{person.email} no longer has the role {role}." if remove else f"{person.email} has the role {role}."
    desk.report({"taken": [], "changed": [person.email], "refused": []}, words)


@user.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@acting
def import_people(desk: Desk, file: Path) -> None:
    """Invite the people of a list, and bring those who are there up to date.

    FILE is CSV in UTF-8 or Windows-1251, separated by commas, semicolons or tabs, with a heading: email and name are
    needed; name_cyrillic, language, state, institution, institution_type, function, gender, role and scope are
    possible.
    Nothing is saved unless every row is right.
    """
    rows, refused = _read(desk, file)
    report: dict[str, list[Any]] = {"taken": [], "changed": [], "refused": refused}
    if not refused:
        with desk.progress([rows[i : i + _CHUNK] for i in range(0, len(rows), _CHUNK)], "Importing") as chunks:
            for chunk in chunks:
                _take(desk, chunk, report)
    desk.report(report, lambda: _summary(report))
    if refused:
        raise SystemExit(1)


def _read(desk: Desk, file: Path) -> tuple[list[rules.PersonRow], list[dict[str, str]]]:
    try:
        lines = read_people(file.read_bytes())
    except UnreadableList as fault:
        return [], [{"where": file.name, "why": str(fault.words)}]
    with desk.read():
        states = queries.codes_by_name(desk.now)
    rows: list[rules.PersonRow] = []
    refused: list[dict[str, str]] = []
    first: dict[str, int] = {}
    for line in lines:
        row, faults = rules.read_row(line.cells, states=states, languages=languages())
        whys = [str(fault) for fault in faults]
        before = first.setdefault(rules.email_key(row.email), line.line) if row.email else line.line
        if before != line.line:
            whys.append(f"the same address as in row {before}")
        refused += [{"where": f"row {line.line}", "why": why} for why in whys]
        rows.append(row)
    return rows, refused


def _take(desk: Desk, chunk: list[rules.PersonRow], report: dict[str, list[Any]]) -> None:
    with desk.write():
        outcomes = [(row.email, actions.take_person(row, actor=desk.actor, now=desk.now)) for row in chunk]
    for email, outcome in outcomes:
        if outcome != "same":
            report[outcome].append(email)


def _summary(report: dict[str, list[Any]]) -> str:
    if report["refused"]:
        lines = [f"{fault['where']}: {fault['why']}" for fault in report["refused"]]
        return "\n".join(["Nothing was saved:", *lines])
    return f"Invited: {len(report['taken'])}. Brought up to date: {len(report['changed'])}."
