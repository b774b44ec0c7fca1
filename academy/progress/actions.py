"""All that changes a learner's record, and what follows when a course is complete."""

from datetime import datetime

from sqlalchemy import select, update

from academy.certificates import actions as certificates
from academy.courses import queries as courses
from academy.courses.editions import EditionView
from academy.enrolments import actions as enrolments
from academy.enrolments import queries as enrolment_queries
from academy.enrolments.models import EnrolmentStatus
from academy.enrolments.queries import EnrolmentView
from academy.foundation import audit, db, jobs
from academy.foundation.errors import Conflict, NotAllowed
from academy.foundation.i18n import languages
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import SYSTEM, Identity
from academy.notifications import actions as notifications
from academy.progress import permissions, queries, rules
from academy.progress.models import Completion, Position
from academy.progress.rules import ProgressView, Record


def complete_activity(
    enrolment_id: int,
    activity_key: str,
    *,
    now: datetime,
    actor: Identity,
    score: float | None = None,
    passed: bool | None = None,
    language: str | None = None,
) -> ProgressView:
    """The activity is on the learner's record with the best score so far (0 to 1); ``passed=False``: not yet done.

    Doing it again is harmless. An activity that the edition does not have (any more) leaves no trace. When the rule of
    the course is now met, the enrolment is completed, a certificate issued if that happens by itself, and the learner
    told. *language*: the one in which a quiz was answered, None for several.
    Raises NotFound, NotAllowed, Conflict (``not_active``) after withdrawal.
    """
    place = enrolment_queries.place_of(enrolment_id)
    enrolment = _running(place.enrolment)
    if not permissions.may_learn(actor, user_id=enrolment.user_id):
        raise NotAllowed
    edition = courses.get_edition(place.edition_id)
    activity = edition.find_activity(activity_key)
    if activity is not None:
        new = Record(activity_key, activity.substance, now, activity.source_part, edition.id, score, passed, language)
        kept = _keep(enrolment_id, new)
        audit.record(
            "progress.activity_completed" if kept.is_done else "progress.activity_tried",
            actor=actor,
            now=now,
            object_type="enrolment",
            object_id=enrolment_id,
            activity=activity_key,
            edition=edition.id,
        )
    return _settle(enrolment, edition, now=now, actor=actor)


def remember_position(enrolment_id: int, activity_key: str, *, now: datetime) -> None:
    """The learner goes on here next time."""
    table = Position.__table__
    db.upsert(
        table,  # type: ignore[arg-type]  # declared as FromClause
        {"enrolment_id": enrolment_id, "activity_key": activity_key, "at": now},
        conflict=("enrolment_id",),
        where=table.c.at <= now,
    )


def reconsider(
    course_id: int, *, now: datetime, actor: Identity = SYSTEM, after_id: int = 0, limit: int | None = None
) -> int | None:
    """Running enrolments of the course read the newest structure, and those that meet its rule are completed.

    Where the course lets people finish on theirs, they stay. Takes *limit* enrolments with ids after *after_id*;
    returns the last id taken, None when no more are left.
    """
    ids = enrolment_queries.list_active_after(course_id, after_id, limit=limit or 1_000_000)
    for enrolment_id in ids:
        enrolments.move_on(enrolment_id)
        place = enrolment_queries.place_of(enrolment_id)
        _settle(_running(place.enrolment), courses.get_edition(place.edition_id), now=now, actor=actor)
    return ids[-1] if limit and len(ids) == limit else None


def reconsider_later(course_id: int) -> None:
    """After the commit, a job reconsiders the course in chunks; the sweep does it otherwise."""
    jobs.enqueue_after_commit("progress.reconsider", course_id)


def _running(enrolment: EnrolmentView | None) -> EnrolmentView:
    if enrolment is None:
        raise Conflict(_l("You have withdrawn from this course. Enrol again to go on."), code="not_active")
    return enrolment


def _keep(enrolment_id: int, new: Record) -> Record:
    """The record after this try, written."""
    values = {
        "enrolment_id": enrolment_id,
        "activity_key": new.activity_key,
        "completed_at": new.completed_at,
        "edition_id": new.edition_id,
        "part_sha": new.part_sha,
        "substance": new.substance,
        "score": new.score,
        "passed": new.passed,
        "language": new.language,
    }
    if db.insert_or_ignore(
        Completion.__table__,  # type: ignore[arg-type]  # declared as FromClause
        values,
        conflict=("enrolment_id", "activity_key"),
    ):
        return new
    this = (Completion.enrolment_id == enrolment_id, Completion.activity_key == new.activity_key)
    row = db.session.execute(
        select(
            Completion.activity_key,
            Completion.substance,
            Completion.completed_at,
            Completion.part_sha,
            Completion.edition_id,
            Completion.score,
            Completion.passed,
            Completion.language,
        )
        .where(*this)
        .with_for_update()
    ).one()
    old = Record(*row)
    kept = rules.merge(old, new)
    if kept != old:
        db.session.execute(
            update(Completion)
            .where(*this)
            .values(
                completed_at=kept.completed_at,
                edition_id=kept.edition_id,
                part_sha=kept.part_sha,
                substance=kept.substance,
                score=kept.score,
                passed=kept.passed,
                language=kept.language,
            )
        )
    return kept


def _settle(enrolment: EnrolmentView, edition: EditionView, *, now: datetime, actor: Identity) -> ProgressView:
    """The enrolment is completed if it runs and the rule is met, with all that follows from it."""
    progress = queries.progress_of(enrolment.id, edition)
    if enrolment.status != EnrolmentStatus.ACTIVE or not progress.complete:
        return progress
    if enrolments.complete(
        enrolment.id,
        edition_id=edition.id,
        rule=rules.kept_rule(edition),
        values=rules.kept_values(edition, progress),
        now=now,
        actor=actor,
    ):
        certificate = certificates.issue_if_automatic(enrolment.id, now=now, actor=actor)
        notifications.tell(
            enrolment.user_id,
            "progress/mail/completed",
            now=now,
            titles={lang: edition.title.plain(lang) for lang in languages()},
            slug=edition.slug,
            certificate=certificate.uuid if certificate else None,
            awaits=rules.awaits(edition),
        )
    return progress
