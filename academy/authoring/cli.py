"""``academy course``: course packages in and out, and publishing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from academy.courses import actions as courses
from academy.courses import kinds, queries
from academy.courses.formats.faults import Fault
from academy.courses.formats.package_files import PackageRefused, read_files, write_folder, write_zip
from academy.courses.packages import ReadPackage, read_package, write_package
from academy.courses.permissions import may_see_draft
from academy.foundation import files
from academy.foundation.commands import Desk, acting, settings_for
from academy.foundation.errors import Conflict, NotFound
from academy.foundation.i18n import languages, using_language
from academy.lessons import kind as lessons
from academy.progress import actions as progress
from academy.quizzes import kind as quizzes

_CHUNK = 100


@click.group()
def course() -> None:
    """Courses: check, import, export and publish."""


@course.command()
@click.argument("package", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Report as one JSON document.")
def check(package: Path, *, as_json: bool) -> None:
    """List every fault of a course package (a folder or zip), with file and line. Needs no academy."""
    codes = settings_for(None).language_codes
    for activity_kind in (lessons.KIND, quizzes.KIND):
        kinds.register(activity_kind)
    with using_language(codes[0]):
        read = _read(package, codes)
    faults = [fault for fault in read.faults if not fault.warning]
    for fault in read.faults:
        click.echo(_line(fault), err=as_json)
    if as_json:
        warnings = [_fault(fault) for fault in read.faults if fault.warning]
        document = {"faults": [_fault(fault) for fault in faults], "warnings": warnings}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}."
        click.echo(count if faults else "The package is in order.")
    _stop(faults)


@course.command("import")
@click.argument("package", type=click.Path(path_type=Path))
@click.option("--publish", "and_publish", is_flag=True, help="Publish the course as well, if anything changed.")
@click.option("--editorial", is_flag=True, help="Only words changed, not what is taught or asked.")
@acting
def take(desk: Desk, package: Path, *, and_publish: bool, editorial: bool) -> None:
    """Take a course package (a folder or zip) into the drafts. Nothing is taken when it has a fault."""
    read = _read(package, languages())
    for fault in read.faults:
        desk.say(_line(fault))
    if read.package is None:
        faults = [fault for fault in read.faults if not fault.warning]
        refused = [{"where": f"{f.file}:{f.line}" if f.line else f.file, "why": f.message} for f in faults]
        desk.report({"taken": [], "changed": [], "refused": refused}, "Nothing was imported.")
        raise SystemExit(1)
    courses.keep_media(read.package)
    with desk.write():
        report = courses.import_package(read.package, actor=desk.actor, now=desk.now, editorial=editorial)
    document: dict[str, Any] = {"taken": list(report.taken), "changed": list(report.changed), "refused": []}
    words = f"{read.package.draft.code}: {len(report.taken)} new, {len(report.changed)} changed."
    if and_publish:
        number = _publish_if_changed(desk, report.course_id, note="")
        document["edition"] = number
        words += f" Edition {number}." if number else " Nothing to publish."
    desk.report(document, words)


@course.command()
@click.argument("code")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder, or a file ending in .zip.")
@acting
def export(desk: Desk, code: str, out: Path) -> None:
    """Write the draft of a course as a package: a folder or zip."""
    with desk.read():
        course_id = queries.find_course_id(code)
        if course_id is None or not may_see_draft(desk.actor, code):
            raise NotFound(f"There is no course {code}.")
        draft = queries.load_draft(course_id)
    found = write_package(draft, {media.sha: files.read(media.sha) for media in draft.media}, languages())
    try:
        if out.suffix == ".zip":
            out.write_bytes(write_zip(found, draft.slug))
        else:
            write_folder(found, out)
    except (PackageRefused, OSError) as fault:
        raise click.ClickException(str(fault)) from None
    desk.report({"files": sorted(found)}, f"{code}: {len(found)} files written to {out}.")


@course.command()
@click.argument("code")
@click.option("--note", default="", help="What is new, for those who look at the editions later.")
@acting
def publish(desk: Desk, code: str, note: str) -> None:
    """Publish the draft of a course as a new edition."""
    with desk.read():
        course_id = queries.find_course_id(code)
    if course_id is None:
        raise NotFound(f"There is no course {code}.")
    number = publish_course(desk, course_id, note=note)
    desk.report({"course": code, "edition": number}, f"{code}: edition {number}.")


def publish_course(desk: Desk, course_id: int, *, note: str) -> str:
    """The course has a new edition, whose number comes back; learners are reconsidered. Raises as `courses.publish`."""
    with desk.read():
        prepared = courses.prepare_edition(course_id)
    steps = courses.stage(prepared, now=desk.now)
    staged = False
    while not staged:
        with desk.write():
            staged = next(steps, _END) is _END
    with desk.write():
        edition = courses.publish(course_id, note=note, actor=desk.actor, now=desk.now, prepared=prepared)
    after: int | None = 0
    while after is not None:
        with desk.write():
            after = progress.reconsider(course_id, now=desk.now, actor=desk.actor, after_id=after, limit=_CHUNK)
    return f"{edition.structure}.{edition.texts}"


_END = object()


def _publish_if_changed(desk: Desk, course_id: int, *, note: str) -> str | None:
    try:
        return publish_course(desk, course_id, note=note)
    except Conflict as refusal:
        if refusal.code != "nothing_changed":
            raise
        return None


def _read(package: Path, codes: tuple[str, ...]) -> ReadPackage:
    try:
        return read_package(read_files(package), codes)
    except PackageRefused as refused:
        return ReadPackage(None, (Fault(str(package), 0, str(refused)),))


def _line(fault: Fault) -> str:
    return f"{fault} (no fault, but look at it)" if fault.warning else str(fault)


def _fault(fault: Fault) -> dict[str, str | int]:
    return {"file": fault.file, "line": fault.line, "message": fault.message}


def _stop(faults: list[Fault]) -> None:
    if faults:
        raise SystemExit(1)
