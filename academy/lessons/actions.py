"""What readers of lessons change."""

from __future__ import annotations

from datetime import datetime, timedelta

from academy.courses.editions import EditionView
from academy.courses.models import MistakeReport
from academy.foundation import audit, db
from academy.foundation.errors import TooMany
from academy.foundation.i18n import languages
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Identity
from academy.lessons import queries
from academy.notifications import actions as notifications

MOST_REPORTS = 20


def report_mistake(
    edition: EditionView, activity_key: str, *, text: str, language: str, actor: Identity, now: datetime
) -> MistakeReport:
    """The report is kept, and those who care for the course are owed a mail about it.

    Raises TooMany after MOST_REPORTS of one person within a day.
    """
    if queries.count_reports(actor, since=now - timedelta(days=1)) >= MOST_REPORTS:
        raise TooMany(
            _l("You have reported many mistakes today. Thank you; please go on tomorrow."), retry_after=24 * 3600
        )
    report = MistakeReport(
        course_id=edition.course_id,
        edition_id=edition.id,
        activity_key=activity_key,
        language=language,
        text=text,
        user_id=actor.id,
        created_at=now,
    )
    db.session.add(report)
    db.session.flush()
    audit.record(
        "lessons.mistake_reported",
        actor=actor,
        now=now,
        object_type="course",
        object_id=edition.course_id,
        report=report.uuid,
        activity=activity_key,
    )
    for user_id in queries.list_caretakers(edition.course_code, now=now):
        notifications.tell(
            user_id,
            "lessons/mail/mistake",
            now=now,
            courses={lang: edition.title.plain(lang) for lang in languages()},
            activities={lang: edition.activity(activity_key).title.plain(lang) for lang in languages()},
            text=text,
            text_language=language,
            slug=edition.slug,
            key=activity_key,
        )
    return report
