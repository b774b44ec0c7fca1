"""What counts as done, what is left, and when a course is complete. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil
from typing import Any, Literal

from academy.courses.editions import ActivityView, CompletionRule, EditionView, ModuleView

# Shares such as 0.8 are not exact in binary: 0.8 of 15 is 12, not 13.
TOLERANCE = 1e-9

State = Literal["done", "updated", "now", "open"]


@dataclass(frozen=True, slots=True)
class Record:
    """What came of one activity: as in the row `Completion`."""

    activity_key: str
    substance: int
    completed_at: datetime
    part_sha: str = ""
    edition_id: int = 0
    score: float | None = None
    passed: bool | None = None
    language: str | None = None

    @property
    def is_done(self) -> bool:
        """Tried and failed is not done; where nothing is to be passed, done is done."""
        return self.passed is not False


@dataclass(frozen=True, slots=True)
class Step:
    """One segment of the track."""

    key: str
    kind: str
    state: State


@dataclass(frozen=True)
class ProgressView:
    """How far an enrolment is in the edition it reads. Keys are those of activities that the edition has.

    ``done``: all that is done, ``updated``: of these, what has changed in substance since; ``tried``: failed so far.
    ``required_done`` of ``required_total`` are the required activities without the final test, ``required_needed`` of
    them are asked for; ``share`` is done by total (1 when nothing is required). ``minutes_left`` counts all that is
    required and open, the final test included. ``final_test_passed`` is None where the course has no final test;
    ``final_test_language``: the one in which it was passed, None if not yet or in several.
    ``position_key``: where the learner was last; ``next_key``: what to go on with, None when all is done.
    """

    done: frozenset[str]
    updated: frozenset[str]
    tried: frozenset[str]
    total: int
    modules_done: int
    modules_total: int
    required_done: int
    required_total: int
    required_needed: int
    share: float
    minutes_left: int
    final_test_passed: bool | None
    complete: bool
    position_key: str | None
    next_key: str | None
    scores: Mapping[str, float] = field(default_factory=dict)
    final_test_language: str | None = None

    @property
    def started(self) -> bool:
        """Whether anything was done or tried."""
        return bool(self.done or self.tried or self.position_key)

    def state_of(self, key: str) -> State:
        """How the activity is drawn; what is to be gone on with is ``now``."""
        if key in self.updated:
            return "updated"
        if key in self.done:
            return "done"
        return "now" if key == self.next_key else "open"


def needed(share: float, total: int) -> int:
    """How many of *total* activities are that share, rounded up."""
    return ceil(share * total - TOLERANCE)


def is_complete(
    rule: CompletionRule, *, required_done: int, required_total: int, final_test_passed: bool | None
) -> bool:
    """Whether enough of the required activities are done and the final test, if there is one, is passed."""
    enough = required_done >= needed(rule.share, required_total)
    return enough and (rule.final_test_key is None or final_test_passed is True)


def progress(edition: EditionView, records: Iterable[Record], position_key: str | None = None) -> ProgressView:
    """How far somebody with these records is in this edition."""
    found = {record.activity_key: record for record in records}
    known = [(activity, found[activity.key]) for activity in edition.activities if activity.key in found]
    done = frozenset(activity.key for activity, record in known if record.is_done)
    required = counted(edition)
    final_passed = _final_test_passed(edition, found)
    required_done = sum(activity.key in done for activity in required)
    rule = edition.completion
    position = position_key if position_key and edition.find_activity(position_key) else None
    complete = is_complete(
        rule, required_done=required_done, required_total=len(required), final_test_passed=final_passed
    )
    return ProgressView(
        done=done,
        updated=frozenset(a.key for a, record in known if record.is_done and record.substance < a.substance),
        tried=frozenset(a.key for a, record in known if not record.is_done),
        total=len(edition.activities),
        modules_done=sum(_module_done(module, done, rule) for module in edition.modules),
        modules_total=len(edition.modules),
        required_done=required_done,
        required_total=len(required),
        required_needed=needed(rule.share, len(required)),
        share=required_done / len(required) if required else 1.0,
        minutes_left=sum(a.minutes for a in edition.activities if _is_asked(a, rule) and a.key not in done),
        final_test_passed=final_passed,
        complete=complete,
        position_key=position,
        next_key=_next(edition, done, position),
        scores={a.key: record.score for a, record in known if record.score is not None},
        final_test_language=found[rule.final_test_key].language if rule.final_test_key and final_passed else None,
    )


def counted(edition: EditionView) -> tuple[ActivityView, ...]:
    """The activities of which a share is asked: the required ones, without the final test."""
    final = edition.completion.final_test_key
    return tuple(a for a in edition.activities if a.required and a.key != final)


def track(
    edition: EditionView, progress: ProgressView | None, current: str | None = None
) -> tuple[tuple[Step, ...], ...]:
    """The segments by module. *current* is the activity the reader is at, if any."""
    return tuple(
        tuple(Step(a.key, a.kind, _state(a.key, progress, current)) for a in module.activities)
        for module in edition.modules
    )


def merge(old: Record, new: Record) -> Record:
    """What is kept after doing an activity again: the best score, and once passed is passed.

    The content that was worked through last is noted, unless that try failed after an earlier one was good; the
    language is that of the first try which was passed in one.
    """
    score = max((s for s in (old.score, new.score) if s is not None), default=None)
    if old.is_done and not new.is_done:
        return replace(old, score=score)
    completed_at = old.completed_at if old.is_done else new.completed_at
    if old.passed is not True:
        return replace(new, score=score, completed_at=completed_at)
    return replace(new, score=score, completed_at=completed_at, passed=True, language=old.language or new.language)


def kept_rule(edition: EditionView) -> dict[str, Any]:
    """The rule as an enrolment keeps it at completion."""
    return {"share": edition.completion.share, "final_test_key": edition.completion.final_test_key}


def kept_values(edition: EditionView, progress: ProgressView) -> dict[str, Any]:
    """What was reached, as an enrolment keeps it at completion.

    ``final_test_score`` is 0 to 1 or None, ``final_test_language`` the one in which it was passed or None, ``done`` the
    sorted keys of all activities that were done.
    """
    return {
        "edition": edition.number,
        "required_done": progress.required_done,
        "required_total": progress.required_total,
        "share": round(progress.share, 4),
        "final_test_passed": progress.final_test_passed,
        "final_test_score": progress.scores.get(edition.completion.final_test_key or ""),
        "final_test_language": progress.final_test_language,
        "done": sorted(progress.done),
    }


def awaits(edition: EditionView) -> str:
    """What stands between completion and a certificate that is not there yet: ``name``, ``admin`` or nothing."""
    if edition.certificate_kind == "none":
        return ""
    return "name" if edition.certificate_issue == "automatic" else "admin"


@dataclass(frozen=True, slots=True)
class Impact:
    """What a new edition does to those who have not completed.

    Of those *running*: how many become complete, get more to do, lose something that they had done.
    """

    running: int = 0
    become_complete: int = 0
    gain_work: int = 0
    lose_credit: int = 0


def impact(edition: EditionView, people: Sequence[tuple[EditionView, Collection[Record]]]) -> Impact:
    """The impact of moving people, each with the edition they read now and their records, to *edition*."""
    complete = more = lost = 0
    for present, records in people:
        before, after = progress(present, records), progress(edition, records)
        complete += after.complete and not before.complete
        more += after.minutes_left > before.minutes_left
        lost += bool(before.done - after.done)
    return Impact(len(people), complete, more, lost)


def _is_asked(activity: ActivityView, rule: CompletionRule) -> bool:
    return activity.required or activity.key == rule.final_test_key


def _final_test_passed(edition: EditionView, found: Mapping[str, Record]) -> bool | None:
    key = edition.completion.final_test_key
    if key is None:
        return None
    return edition.find_activity(key) is not None and key in found and found[key].passed is True


def _module_done(module: ModuleView, done: Collection[str], rule: CompletionRule) -> bool:
    asked = [a for a in module.activities if _is_asked(a, rule)] or list(module.activities)
    return all(a.key in done for a in asked)


def _next(edition: EditionView, done: Collection[str], position: str | None) -> str | None:
    """Where the learner was, if that is open; else what is open after it; else what is open at all, required first."""
    keys = [a.key for a in edition.activities]
    after = keys[keys.index(position) :] if position else []
    first_required = [a.key for a in edition.activities if _is_asked(a, edition.completion)]
    return next((key for key in (*after, *(first_required if position else ()), *keys) if key not in done), None)


def _state(key: str, progress: ProgressView | None, current: str | None) -> State:
    if key == current and not (progress and key in progress.done):
        return "now"
    if progress is None:
        return "open"
    state = progress.state_of(key)
    return "open" if state == "now" and current else state
