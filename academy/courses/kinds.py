"""The register of activity kinds, and what a kind has to do.

``courses`` knows that activities exist; what is in one is known to the room of its kind alone. A kind turns its content
between four forms, and ``courses`` moves them about without looking inside:

* **package files** (``read_package``, ``write_package``): text that people write, kept in git;
* **content**: one frozen, comparable dataclass of the kind, carried by an ActivityDraft;
* **draft rows** (``load``, ``store``) in the kind's own tables;
* **parts** (``freeze``): JSON of an edition, cached, and shown by ``page``.

A kind whose parts can be read on paper also has ``print_html(part) -> Markup``.
All but ``load``, ``store`` and ``page`` are pure. To copy an activity is ``store(new_id, load(old_id))``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from werkzeug import Response

from academy.courses.editions import ActivityView, EditionView, ModuleView
from academy.courses.formats.faults import Fault
from academy.foundation.i18n import LocalizedText
from academy.foundation.security import Identity

# The addresses of a course (slug) and of an activity (slug, key); the room ``learn`` gives them.
COURSE_ENDPOINT: Final = "learn.course"
ACTIVITY_ENDPOINT: Final = "learn.activity"


@dataclass(frozen=True)
class MediaFacts:
    """A figure or file of the course; in texts it is ``media/<name>``."""

    name: str
    sha: str
    media_type: str
    width: int
    height: int
    bytes: int = 0


@dataclass(frozen=True)
class CourseFacts:
    """What a kind may know of the course around an activity. ``languages``: all of the academy, the source first."""

    code: str
    slug: str
    source_language: str
    languages: tuple[str, ...]
    outcome_keys: frozenset[str] = frozenset()
    activity_keys: frozenset[str] = frozenset()
    media: Mapping[str, MediaFacts] = field(default_factory=dict)


@dataclass(frozen=True)
class ActivityDraft:
    """An activity as authors have it, read from a package or loaded from draft rows.

    ``files`` are its paths in a package (source language first), so that faults can name them; ``content`` is the
    kind's own frozen dataclass, equal exactly when the content is equal.
    """

    kind: str
    key: str
    stem: str
    title: LocalizedText
    required: bool
    minutes: int
    content: Any
    files: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class ActivityFiles:
    """The package files of one activity. ``texts``: language → text; a kind with one file for all has the key ``""``.

    ``names``: the same keys → path inside the package. Texts are NFC with ``\\n`` line ends.
    """

    stem: str
    texts: Mapping[str, str]
    names: Mapping[str, str]
    source_language: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class ReadActivity:
    """What came of reading package files: a draft, or None when the faults leave nothing to go on with."""

    draft: ActivityDraft | None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class FrozenActivity:
    """An activity as an edition keeps it.

    ``parts``: language → JSON object to show; there is one for the source language and for every language in which the
    content exists at least partly. ``complete``: the languages in which nothing falls back to the source.
    ``answers``: JSON that the grader alone reads, in all languages, or None. ``media``: names of the media it shows.
    A part must not hold anything that changes when nothing a reader sees has changed (no ids, no times).
    """

    parts: Mapping[str, Mapping[str, Any]]
    complete: frozenset[str]
    answers: Mapping[str, Any] | None = None
    purpose: str = ""
    media: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TextPiece:
    """A text that is translated. ``field`` is a stable path (``body``, ``items/<key>/text``), unique in its activity.

    ``markdown``: a long text, which is cut at its top-level blocks into units of work.
    The title of the activity is none of these: ``courses`` adds it.
    """

    field: str
    text: LocalizedText
    markdown: bool = False


class Change(StrEnum):
    """What storing content did: nothing; other words or translations only; another thing is taught or asked."""

    NONE = "none"
    WORDS = "words"
    SUBSTANCE = "substance"


class Place(Protocol):
    """The reader's enrolment in the course."""

    @property
    def id(self) -> int: ...

    @property
    def uuid(self) -> str: ...


@dataclass(frozen=True)
class PageContext:
    """All that the page of an activity may need; made by the owner of the address, ``learn``.

    ``part`` is the content in ``part_language``, which is ``language`` (the page's) unless it had to fall back.
    ``others``: other language → its part, loaded because the address asks for it by ``?other=``; ``other_block`` is
    the number asked for (-1: all of them), None when nothing is asked.
    ``place`` is None for a preview and for readers without enrolment (they may look, nothing is kept).
    ``progress`` is progress's ProgressView or None. ``shell`` names the template that the kind's template extends
    (``{% extends page.shell %}``); it has the blocks ``title``, ``head`` and ``activity``, and finds all it needs in
    ``page`` and ``page.around``.
    """

    edition: EditionView
    module: ModuleView
    activity: ActivityView
    part: Mapping[str, Any]
    part_language: str
    language: str
    viewer: Identity
    place: Place | None = None
    progress: Any = None
    previous: ActivityView | None = None
    next: ActivityView | None = None
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    other_block: int | None = None
    preview: bool = False
    shell: str = "learn/shell.html"
    around: Mapping[str, Any] = field(default_factory=dict)


class ActivityKind(Protocol):
    """What a room of activities provides; ``app.py`` registers one object of each."""

    name: str
    """As stored: ``lesson``, ``quiz``."""
    file_suffix: str
    """The ending of its package files: ``.md`` (with ``per_language``: ``NN-key.en.md``), ``.quiz.toml``."""
    per_language: bool
    """Whether there is one package file for each language, or one for all."""

    @property
    def label(self) -> str:
        """What a reader calls it, in the running language: “Lesson”, “Quiz”."""
        ...

    def read_package(self, files: ActivityFiles) -> ReadActivity:
        """The draft that the files describe, with every fault of form (unknown or missing keys, wrong types)."""
        ...

    def check(self, draft: ActivityDraft, course: CourseFacts) -> list[Fault]:
        """Every fault of *content*: missing media, unknown outcome, no right answer, bodies of different structure …

        Missing translations belong to ``read_package``. Called before an import and before publishing.
        """
        ...

    def write_package(self, draft: ActivityDraft, course: CourseFacts) -> dict[str, str]:
        """Language (or ``""``) → file text; reading these files again gives an equal draft. Canonical form."""
        ...

    def texts(self, draft: ActivityDraft) -> Sequence[TextPiece]:
        """The texts to translate, in reading order, without the activity's title."""
        ...

    def freeze(self, draft: ActivityDraft, course: CourseFacts) -> FrozenActivity:
        """The content as editions keep it: rendered and cleaned. May be slow. *draft* has passed ``check``."""
        ...

    def search_text(self, part: Mapping[str, Any]) -> str:
        """The plain text under which the search finds this part; empty: it must not be found (quizzes)."""
        ...

    def load(self, activity_ids: Sequence[int]) -> Mapping[int, Any]:
        """Activity id → content, read from the draft rows in a constant number of statements."""
        ...

    def store(self, activity_id: int, content: Any, *, now: datetime) -> Change:
        """The draft rows of the activity hold this content afterwards (inside the running unit of work, flushed)."""
        ...

    def page(self, page: PageContext) -> str | Response:
        """The page of the activity, inside ``page.shell``."""
        ...


__all__ = [
    "ACTIVITY_ENDPOINT",
    "COURSE_ENDPOINT",
    "ActivityDraft",
    "ActivityFiles",
    "ActivityKind",
    "Change",
    "CourseFacts",
    "Fault",
    "FrozenActivity",
    "MediaFacts",
    "PageContext",
    "Place",
    "ReadActivity",
    "TextPiece",
    "kind",
    "kinds",
    "register",
]

_kinds: dict[str, ActivityKind] = {}


def register(kind: ActivityKind) -> None:
    """Makes the kind known; ``app.py`` calls this once for each."""
    _kinds[kind.name] = kind


def kind(name: str) -> ActivityKind:
    """The kind of that name; KeyError when it is not registered."""
    return _kinds[name]


def kinds() -> tuple[ActivityKind, ...]:
    """All kinds that are registered."""
    return tuple(_kinds.values())
