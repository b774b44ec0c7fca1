"""Taking a course package into drafts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from academy.courses.actions.units import record_texts
from academy.courses.drafts import CourseDraft
from academy.courses.kinds import ActivityDraft, Change, MediaFacts, kind
from academy.courses.models import Activity, Course, Media, Module, Outcome
from academy.courses.packages import CoursePackage
from academy.courses.permissions import may_edit
from academy.foundation import audit, db, files
from academy.foundation.errors import Conflict, NotAllowed
from academy.foundation.i18n import LocalizedText, languages
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Identity


@dataclass(frozen=True)
class ImportReport:
    """What an import did. ``taken`` and ``changed``: what is new and what differs now, as keys; ``course`` stands for
    the course's own texts and settings. Nothing in either: the package said what the draft said already.
    """

    course_id: int
    taken: tuple[str, ...]
    changed: tuple[str, ...]


def keep_media(package: CoursePackage) -> None:
    """The package's files are in the file store. Slow: before the unit of work that imports."""
    for data in package.media.values():
        files.put(data)


def import_package(package: CoursePackage, *, actor: Identity, now: datetime, editorial: bool = False) -> ImportReport:
    """The drafts of the course hold what the package says, nothing else; doing it again changes nothing.

    Its files must have been kept (`keep_media`). *editorial*: other words in the source language do not count as
    another substance, so the next edition keeps its structure number. Raises NotAllowed, and Conflict for a slug that
    belongs to another course or an activity of another kind.
    """
    draft = package.draft
    if not may_edit(actor, draft.code):
        raise NotAllowed
    _check_slug(draft)
    importer = _Importer(draft, now, editorial=editorial)
    importer.run()
    if importer.taken or importer.changed:
        db.session.execute(
            update(Course)
            .where(Course.id == importer.course_id)
            .values(revision=Course.revision + 1, updated_at=now)
            .execution_options(synchronize_session=False)
        )
        db.session.flush()
        db.session.expire_all()
        record_texts(importer.course_id, now=now)
    audit.record(
        "courses.package_imported",
        actor=actor,
        now=now,
        object_type="course",
        object_id=importer.course_id,
        code=draft.code,
        taken=len(importer.taken),
        changed=len(importer.changed),
    )
    return ImportReport(importer.course_id, tuple(importer.taken), tuple(importer.changed))


def _check_slug(draft: CourseDraft) -> None:
    other = db.session.scalar(select(Course.code).where(Course.slug == draft.slug, Course.code != draft.code))
    if other is not None:
        raise Conflict(
            _l("The address “%(slug)s” belongs to the course %(code)s.", slug=draft.slug, code=other), code="slug_taken"
        )


class _Importer:
    """Brings the draft rows into line with a draft, noting what that changed."""

    def __init__(self, draft: CourseDraft, now: datetime, *, editorial: bool) -> None:
        self.draft = draft
        self.now = now
        self.editorial = editorial
        self.course_id = 0
        self.taken: list[str] = []
        self.changed: list[str] = []

    def run(self) -> None:
        """The rows say what the draft says."""
        settings_changed = self._course()
        settings_changed |= self._outcomes()
        module_ids, modules_changed = self._modules()
        self._activities(module_ids)
        gone = self._drop_modules(module_ids)
        if (settings_changed or modules_changed or gone) and "course" not in self.taken:
            self.changed.insert(0, "course")
        self._media(self.draft.media)

    def _course(self) -> bool:
        draft = self.draft
        empty = LocalizedText(draft.source_language, {draft.source_language: ""}, {})
        values = {
            "slug": draft.slug,
            "source_language": draft.source_language,
            "theme_code": draft.theme_code,
            "tags": list(draft.tags),
            "level": str(draft.level),
            "minutes": draft.minutes,
            "title": draft.title,
            "short_title": draft.short_title or empty,
            "summary": draft.summary,
            "audience": draft.audience or empty,
            "disclaimer": draft.disclaimer or empty,
            "checked_on": draft.checked_on,
            "review_by": draft.review_by,
            "completion_share": draft.completion_share,
            "final_test_key": draft.final_test_key,
            "certificate_kind": str(draft.certificate_kind),
            "certificate_issue": str(draft.certificate_issue),
        }
        course = db.session.scalar(select(Course).where(Course.code == draft.code))
        if course is None:
            course = Course(code=draft.code, created_at=self.now, updated_at=self.now, **values)
            db.session.add(course)
            db.session.flush()
            self.taken.append("course")
            changed = True
        else:
            changed = _set(course, values)
        self.course_id = course.id
        return changed

    def _outcomes(self) -> bool:
        rows = {row.key: row for row in db.session.scalars(select(Outcome).where(Outcome.course_id == self.course_id))}
        changed = False
        for position, outcome in enumerate(self.draft.outcomes, start=1):
            values = {"bloom": str(outcome.bloom), "text": outcome.text, "position": position}
            row = rows.pop(outcome.key, None)
            if row is None:
                db.session.add(Outcome(course_id=self.course_id, key=outcome.key, **values))
                changed = True
            else:
                changed |= _set(row, values)
        for row in rows.values():
            db.session.delete(row)
        db.session.flush()
        return changed or bool(rows)

    def _modules(self) -> tuple[dict[str, int], bool]:
        rows = {row.key: row for row in db.session.scalars(select(Module).where(Module.course_id == self.course_id))}
        changed = False
        for position, module in enumerate(self.draft.modules, start=1):
            row = rows.get(module.key)
            if row is None:
                rows[module.key] = row = Module(
                    course_id=self.course_id, key=module.key, position=position, title=module.title
                )
                db.session.add(row)
                changed = True
            else:
                changed |= _set(row, {"position": position, "title": module.title})
        db.session.flush()
        return {module.key: rows[module.key].id for module in self.draft.modules}, changed

    def _drop_modules(self, kept: dict[str, int]) -> bool:
        gone = db.session.scalars(
            select(Module).where(Module.course_id == self.course_id, Module.id.not_in(kept.values()))
        ).all()
        for row in gone:
            db.session.delete(row)
        db.session.flush()
        return bool(gone)

    def _activities(self, module_ids: dict[str, int]) -> None:
        rows = {
            row.key: row for row in db.session.scalars(select(Activity).where(Activity.course_id == self.course_id))
        }
        for module in self.draft.modules:
            for position, activity in enumerate(module.activities, start=1):
                self._activity(activity, rows.pop(activity.key, None), module_ids[module.key], position)
        for row in rows.values():
            db.session.delete(row)
            self.changed.append(row.key)
        db.session.flush()

    def _activity(self, activity: ActivityDraft, row: Activity | None, module_id: int, position: int) -> None:
        if row is not None and row.kind != activity.kind:
            raise Conflict(
                _l("“%(key)s” is already an activity of another kind. Give the new one another key.", key=activity.key),
                code="other_kind",
            )
        values = {
            "module_id": module_id,
            "stem": activity.stem,
            "position": position,
            "title": activity.title,
            "required": activity.required,
            "minutes": activity.minutes,
        }
        if row is None:
            row = Activity(course_id=self.course_id, key=activity.key, kind=activity.kind, **values)
            db.session.add(row)
            db.session.flush()
            kind(activity.kind).store(row.id, activity.content, now=self.now)
            self.taken.append(activity.key)
            return
        changed = _set(row, values)
        db.session.flush()
        change = kind(activity.kind).store(row.id, activity.content, now=self.now)
        if change is Change.SUBSTANCE and not self.editorial:
            row.substance += 1
            db.session.flush()
        if changed or change is not Change.NONE:
            self.changed.append(activity.key)

    def _media(self, media: Iterable[MediaFacts]) -> None:
        rows = {row.name: row for row in db.session.scalars(select(Media).where(Media.course_id == self.course_id))}
        for entry in media:
            parts = entry.name.split(".")
            values = {
                "sha": entry.sha,
                "media_type": entry.media_type,
                "width": entry.width,
                "height": entry.height,
                "bytes": entry.bytes,
                "language": parts[-2] if len(parts) > 2 and parts[-2] in languages() else None,
            }
            row = rows.pop(entry.name, None)
            if row is None:
                db.session.add(Media(course_id=self.course_id, name=entry.name, **values))
                self.taken.append(f"media/{entry.name}")
            elif _set(row, values):
                self.changed.append(f"media/{entry.name}")
        for row in rows.values():
            db.session.delete(row)
            self.changed.append(f"media/{row.name}")
        db.session.flush()


def _set(row: object, values: dict[str, object]) -> bool:
    """Sets the attributes that differ; tells whether any did."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)
