"""``academy certificate``: the register at the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from academy.certificates import actions, queries
from academy.certificates.queries import CertificateView
from academy.certificates.rules import Standing
from academy.foundation.commands import Desk, acting
from academy.foundation.errors import Conflict, Refusal
from academy.foundation.i18n import language
from academy.foundation.security import format_code

_ALL = 1_000_000


@click.group()
def certificate() -> None:
    """Certificates and their register."""


@certificate.command("list")
@click.option("--course", metavar="CODE", default="", help="Only those of this course.")
@click.option("--status", type=click.Choice([s.value for s in Standing]), help="Only those of this status.")
@acting
def list_certificates(desk: Desk, course: str, status: str | None) -> None:
    """List certificates, newest first."""
    with desk.read() as session:
        rows = session.execute(queries.list_register(seen_by=desk.actor, course_code=course)).all()
    found = [CertificateView(*row) for row in rows]
    lines = [_line(view, desk) for view in found if status in (None, view.standing(desk.now))]
    desk.report(lines, lambda: "\n".join("  ".join(line.values()) for line in lines) or "No certificates.")


@certificate.command("issue")
@click.option("--course", metavar="CODE", help="For everybody who has completed this course and waits.")
@click.option("--enrolment", metavar="UUID", help="For this enrolment.")
@acting
def issue(desk: Desk, course: str | None, enrolment: str | None) -> None:
    """Issue the certificates that are owed; each is a transaction of its own."""
    if (course is None) == (enrolment is None):
        raise click.UsageError("Say either --course or --enrolment.")
    with desk.read():
        waiting = [w for w in queries.waiting_for_issue(seen_by=desk.actor, limit=_ALL) if _meant(w, course, enrolment)]
    taken: list[str] = []
    refused: list[dict[str, str]] = []
    for person in waiting:
        try:
            with desk.write():
                number = actions.issue(person.enrolment_id, actor=desk.actor, now=desk.now).number
        except Refusal as refusal:
            refused.append({"where": person.enrolment_uuid, "why": refusal.code})
        else:
            taken.append(number)
    words = [f"issued {number}" for number in taken] + [f"refused {r['where']}: {r['why']}" for r in refused]
    desk.report(
        {"taken": taken, "changed": [], "refused": refused}, "\n".join(words) or "Nobody waits for a certificate."
    )
    if refused or (enrolment and not taken):
        raise SystemExit(1)


@certificate.command("revoke")
@click.argument("code")
@click.option("--reason", required=True, help="Kept inside, never shown to others.")
@acting
def revoke(desk: Desk, code: str, reason: str) -> None:
    """Revoke the certificate with this code or number."""
    with desk.write():
        view = queries.get_managed(code, seen_by=desk.actor)
        actions.revoke(view.id, reason=reason, actor=desk.actor, now=desk.now)
    desk.report({"number": view.number, "status": "revoked"}, f"{view.number} is revoked.")


@certificate.command("verify")
@click.argument("code")
@acting
def verify(desk: Desk, code: str) -> None:
    """Say what a code stands for; exits 0 only when the certificate is valid."""
    with desk.read():
        found = queries.find_by_code(code, now=desk.now)
    status = found.standing.value if found else "not found"
    document: dict[str, Any] = {"status": status}
    if found:
        document |= {
            "name": found.name_latin,
            "name_cyrillic": found.name_cyrillic,
            "title": dict(found.title.texts),
            "kind": found.kind,
            "minutes": found.minutes,
            "issued_at": found.issued_at.isoformat(),
        }
    words = f"{status}: {found.name_latin}, {found.title.plain(language())}" if found else status
    desk.report(document, words)
    if status != Standing.VALID:
        raise SystemExit(1)


@certificate.command("export")
@click.argument("code")
@click.option(
    "--format", "form", type=click.Choice(["pdf"]), default="pdf", show_default=True, help="What the file is."
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@acting
def export(desk: Desk, code: str, form: str, out: Path) -> None:
    """Write the certificate with this code or number to a file."""
    with desk.read():
        view = queries.get_managed(code, seen_by=desk.actor)
    if view.standing(desk.now) in (Standing.REPLACED, Standing.REVOKED):
        raise Conflict("This certificate is not valid any more.", code="not_valid")
    printed = queries.printed(view, base_url=desk.settings.base_url)
    with desk.write():
        actions.note_access("certificates.downloaded", view.id, actor=desk.actor, now=desk.now)
    out.write_bytes(printed)
    desk.report({"number": view.number, "format": form, "file": str(out)}, f"{view.number} is in {out}.")


def _meant(waiting: queries.Waiting, course: str | None, enrolment: str | None) -> bool:
    return waiting.course_code == course if course else waiting.enrolment_uuid == enrolment


def _line(view: CertificateView, desk: Desk) -> dict[str, str]:
    return {
        "code": format_code(view.code),
        "number": view.number,
        "status": view.standing(desk.now).value,
        "course": view.course_code,
        "issued_at": view.issued_at.isoformat(),
    }
