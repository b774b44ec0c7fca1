"""Course packages: the files of a course in git, read into a draft with every fault.

::

    course.toml                     code, slug, theme, tags, level, minutes, source, in_preparation, checked_on,
                                    review_by; [completion] share, final_test; [certificate] kind, issue; [title]
                                    [short_title] [summary] [audience] [disclaimer]; [[outcomes]] key, bloom, text
    01-what-is-document-fraud/      a module; its key is the name without number
        module.toml                 [title]
        01-genuine-or-not.en.md     activities; what is in them is known to their kinds
        02-check.quiz.toml
    media/                          figures

A translation that is missing is a fault, unless ``in_preparation`` names its language. A missing ``of`` means that the
translation is approved for the present source.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from academy.courses import themes
from academy.courses.drafts import CourseDraft, ModuleDraft, OutcomeDraft
from academy.courses.formats.faults import Fault
from academy.courses.formats.pictures import PictureRefused, check_picture
from academy.courses.formats.toml_reading import Table, parse
from academy.courses.kinds import ActivityDraft, ActivityFiles, ActivityKind, CourseFacts, MediaFacts, kind, kinds
from academy.courses.models import Bloom, CertificateIssue, CertificateKind, Level
from academy.courses.rules import check_activities, check_course
from academy.foundation.i18n import LocalizedText, normalise

_NUMBERED = re.compile(r"(\d{2,3})-([a-z0-9]+(?:-[a-z0-9]+)*)")
_ACTIVITY = re.compile(r"(\d{2,3})-([a-z0-9]+(?:-[a-z0-9]+)*)(?:\.([a-z]{2,3}))?(\.[a-z.]+)")
_PASSED_OVER = ("README.md", "LICENSE", "LICENSE.md")


@dataclass(frozen=True)
class CoursePackage:
    """A course that was read without a fault. ``media``: SHA-256 → bytes."""

    draft: CourseDraft
    media: Mapping[str, bytes]


@dataclass(frozen=True)
class ReadPackage:
    """What came of reading: a package when there is no fault but warnings, else None."""

    package: CoursePackage | None
    faults: tuple[Fault, ...]


def read_package(files: Mapping[str, bytes], languages: Iterable[str]) -> ReadPackage:
    """The course that the files describe, with every fault, sorted by file and line. Slow; reads no database."""
    reader = _Reader(files, tuple(languages))
    package = reader.read()
    faults = sorted(set(reader.faults))
    stopped = any(not fault.warning for fault in faults)
    return ReadPackage(None if stopped else package, tuple(faults))


class _Reader:
    """Reads a package once, noting faults."""

    def __init__(self, files: Mapping[str, bytes], languages: tuple[str, ...]) -> None:
        self.files = files
        self.languages = languages
        self.faults: list[Fault] = []
        self.source = languages[0]
        self.media: dict[str, MediaFacts] = {}
        self.media_bytes: dict[str, bytes] = {}
        self.unread = False

    def read(self) -> CoursePackage | None:
        self._read_media()
        course = self._toml("course.toml")
        if course is None:
            self._read_without_course()
            return None
        self.source = course.one_of("source", self.languages)
        in_preparation = course.texts("in_preparation")
        for lang in in_preparation:
            if lang not in self.languages or lang == self.source:
                course.fault(f"“{lang}” is not a language of translation", "in_preparation")
        draft = self._course(course, self._modules())
        facts = draft.facts(self.languages)
        # What is missing because its file could not be read is no fault of the course.
        self.faults += check_activities(draft, facts) if self.unread else check_course(draft, facts)
        self.faults += self._missing(draft, facts)
        self.faults += self._unused(draft)
        self.faults = [replace(f, warning=f.warning or f.missing in in_preparation) for f in self.faults]
        return CoursePackage(draft, self.media_bytes)

    def _read_without_course(self) -> None:
        """Tells the faults of all other files, when course.toml cannot be read."""
        found = re.search(rb'^source *= *"([a-z]+)"', self.files.get("course.toml", b""), re.MULTILINE)
        if found and found[1].decode() in self.languages:
            self.source = found[1].decode()
        self._modules()

    def _fault(self, file: str, message: str, line: int = 0) -> None:
        self.faults.append(Fault(file, line, message))

    def _text(self, name: str) -> str | None:
        try:
            return normalise(self.files[name].decode("utf-8-sig"))
        except UnicodeDecodeError:
            self._fault(name, "the file is not UTF-8 text")
        except ValueError as error:
            self._fault(name, f"the file has a character that cannot be seen: {error}")
        return None

    def _toml(self, name: str) -> Table | None:
        if name not in self.files:
            self._fault(name, "the file is missing")
            return None
        text = self._text(name)
        return None if text is None else parse(text, name, self.faults)

    def _localized(self, table: Table, key: str) -> LocalizedText:
        found = table.localized(key, self.source, self.languages)
        return found or LocalizedText(self.source, {self.source: ""}, {})

    def _optional(self, table: Table, key: str) -> LocalizedText | None:
        return table.localized(key, self.source, self.languages, required=False)

    def _course(self, table: Table, modules: tuple[ModuleDraft, ...]) -> CourseDraft:
        completion, certificate = table.table("completion"), table.table("certificate")
        theme = table.text("theme", "")
        if theme and theme not in themes.codes():
            table.fault(f"there is no theme “{theme}”; expected one of {', '.join(themes.codes())}", "theme")
        code = table.key("code")
        if len(code) > 20:
            table.fault("“code” is longer than 20 characters", "code")
        slug = table.text("slug")
        if slug and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
            table.fault("“slug” may have small letters a to z, digits and single hyphens", "slug")
        draft = CourseDraft(
            code=code,
            slug=slug,
            source_language=self.source,
            theme_code=theme,
            tags=table.texts("tags"),
            level=table.one_of("level", Level, Level.INTRODUCTORY),
            minutes=table.integer("minutes", least=1, most=10_000),
            title=self._localized(table, "title"),
            short_title=self._optional(table, "short_title"),
            summary=self._localized(table, "summary"),
            audience=self._optional(table, "audience"),
            disclaimer=self._optional(table, "disclaimer"),
            checked_on=table.day("checked_on"),
            review_by=table.day("review_by"),
            completion_share=completion.number("share", 1.0, least=0, most=1) if completion else 1.0,
            final_test_key=(completion.text("final_test", "") or None) if completion else None,
            certificate_kind=(
                certificate.one_of("kind", CertificateKind, CertificateKind.COMPLETION)
                if certificate
                else CertificateKind.NONE
            ),
            certificate_issue=(
                certificate.one_of("issue", CertificateIssue, CertificateIssue.AUTOMATIC)
                if certificate
                else CertificateIssue.AUTOMATIC
            ),
            outcomes=self._outcomes(table),
            modules=modules,
            media=tuple(self.media[name] for name in sorted(self.media)),
        )
        for part in (completion, certificate):
            if part is not None:
                part.close()
        table.close()
        return draft

    def _outcomes(self, table: Table) -> tuple[OutcomeDraft, ...]:
        found: dict[str, OutcomeDraft] = {}
        for entry in table.tables("outcomes"):
            key = entry.key()
            if key in found:
                entry.fault(f"the outcome “{key}” is there twice", "key")
            found[key] = OutcomeDraft(key, entry.one_of("bloom", Bloom), self._localized(entry, "text"))
            entry.close()
        return tuple(found.values())

    def _modules(self) -> tuple[ModuleDraft, ...]:
        folders: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self.files):
            folder, _, rest = name.partition("/")
            if rest and folder != "media":
                folders[folder].append(rest)
            elif not rest and name != "course.toml" and name not in _PASSED_OVER:
                self._fault(name, "this file does not belong in a course package")
        found: list[ModuleDraft] = []
        for folder in sorted(folders):
            named = _NUMBERED.fullmatch(folder)
            if named is None:
                self._fault(folder, "a folder is named 01-some-words, with small letters a to z, or media")
                continue
            if any(module.key == named[2] for module in found):
                self._fault(folder, f"there is another module “{named[2]}”")
            found.append(self._module(folder, named[2], folders[folder]))
        self._same_numbers(folders, "")
        return tuple(found)

    def _module(self, folder: str, key: str, names: list[str]) -> ModuleDraft:
        table = self._toml(f"{folder}/module.toml")
        title = LocalizedText(self.source, {self.source: ""}, {})
        if table is not None:
            title = self._localized(table, "title")
            table.close()
        groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for name in names:
            if name == "module.toml":
                continue
            owner = self._kind_of(folder, name)
            if owner is not None:
                stem, lang = owner[1], owner[2]
                groups[name.split("-", 1)[0] + "-" + stem, owner[0].name][lang] = f"{folder}/{name}"
        self._same_numbers((stem for stem, _ in groups), f"{folder}/")
        drafts = [self._activity(kind(name), stem, paths) for (stem, name), paths in sorted(groups.items())]
        return ModuleDraft(key, title, tuple(draft for draft in drafts if draft is not None), folder)

    def _kind_of(self, folder: str, name: str) -> tuple[ActivityKind, str, str] | None:
        """(kind, stem, language) of a file of an activity; None, with a fault, when it is none."""
        path = f"{folder}/{name}"
        match = _ACTIVITY.fullmatch(name)
        for candidate in kinds():
            if match is None or match[4] != candidate.file_suffix:
                continue
            if candidate.per_language != bool(match[3]):
                wanted = "01-key.en" if candidate.per_language else "01-key"
                self._fault(path, f"such a file is named {wanted}{candidate.file_suffix}")
                return None
            if match[3] and match[3] not in self.languages:
                self._fault(path, f"“{match[3]}” is not a language of this academy")
                return None
            return candidate, match[2], match[3] or ""
        expected = " or ".join(k.file_suffix for k in kinds())
        self._fault(path, f"this is no file of an activity; its name is 01-some-words and then {expected}")
        return None

    def _same_numbers(self, names: Iterable[str], folder: str) -> None:
        seen: dict[str, str] = {}
        for name in names:
            number, _, stem = name.partition("-")
            if number in seen and seen[number] != stem:
                self._fault(f"{folder}{name}", f"the number {number} is given twice")
            seen[number] = stem

    def _activity(self, owner: ActivityKind, numbered: str, paths: Mapping[str, str]) -> ActivityDraft | None:
        texts = {lang: self._text(path) for lang, path in paths.items()}
        if any(text is None for text in texts.values()):
            self.unread = True
            return None
        if owner.per_language and self.source not in texts:
            self.unread = True
            self._fault(next(iter(paths.values())), f"the file in the source language “{self.source}” is missing")
            return None
        order = sorted(texts, key=lambda lang: (lang != self.source, lang))
        read = owner.read_package(
            ActivityFiles(
                stem=numbered.partition("-")[2],
                texts={lang: texts[lang] or "" for lang in order},
                names={lang: paths[lang] for lang in order},
                source_language=self.source,
                languages=tuple(dict.fromkeys((self.source, *self.languages))),
            )
        )
        self.faults += read.faults
        self.unread |= read.draft is None
        return read.draft

    def _read_media(self) -> None:
        for name in sorted(self.files):
            if not name.startswith("media/"):
                continue
            try:
                facts = check_picture(name, self.files[name])
            except PictureRefused as refused:
                for line, words in refused.faults:
                    self._fault(name, words, line)
                continue
            if name.count("/") > 1:
                self._fault(name, "media has no folders in it")
            sha = _sha(self.files[name])
            short = name.removeprefix("media/")
            self.media[short] = MediaFacts(
                short, sha, facts.media_type, facts.width, facts.height, len(self.files[name])
            )
            self.media_bytes[sha] = self.files[name]

    def _unused(self, draft: CourseDraft) -> list[Fault]:
        """Media that no text names."""
        pieces = [piece.text for activity in draft.activities for piece in kind(activity.kind).texts(activity)]
        texts = [text for piece in pieces for text in piece.texts.values()]
        return [
            Fault(f"media/{name}", 0, "no text shows this file", warning=True)
            for name in self.media
            if not any(f"media/{name}" in text for text in texts)
        ]

    def _missing(self, draft: CourseDraft, facts: CourseFacts) -> list[Fault]:
        """Missing translations that the kinds have not told of already."""
        told = {(fault.file, fault.missing) for fault in self.faults if fault.missing}
        found = []
        for activity in draft.activities:
            silent = [lang for lang in facts.languages if not any((name, lang) in told for name in activity.files)]
            found += [
                Fault(activity.files[0], 0, f"“{piece.field}” has no translation into “{lang}”", lang)
                for piece in kind(activity.kind).texts(activity)
                for lang in silent
                if not piece.text.has(lang)
            ]
        return found


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
