"""The certificate as the template prints it: every word and value, in both languages, ready to be set."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import segno

from academy.certificates.formats.letters import one_line, printable_all
from academy.certificates.formats.wording import PAPER_LANGUAGES, WORDS, Words
from academy.foundation.i18n import LocalizedText
from academy.foundation.security import format_code

TEMPLATE = Path(__file__).parents[1] / "templates" / "certificates" / "paper" / "certificate.typ"
INK = "#1b2433"


def paper(
    snapshot: Mapping[str, Any],
    *,
    name_latin: str,
    name_cyrillic: str,
    number: str,
    code: str,
    issued_on: date,
    base_url: str,
) -> dict[str, Any]:
    """The data of the template ``certificate.typ``. *code* is folded; the links lead to *base_url*."""
    first, second = (_side(snapshot, lang, issued_on) for lang in PAPER_LANGUAGES)
    heading = f"{first['heading']} {first['subheading']}"
    return {
        "title": f"{heading} {number}: {name_latin} · {second['heading']} {second['subheading']}",
        "author": first["issuer"],
        "description": f"{first['course']['text']} · {second['course']['text']}",
        "name": one_line(name_latin),
        "name_cyrillic": one_line(name_cyrillic),
        "signatory_name": one_line(snapshot["issuer"]["signatory_name"]),
        "number": number,
        "code": format_code(code),
        "link": verification_address(base_url, code),
        "address": shown_address(base_url),
        "qr_alt": f"QR code: check this certificate at {verification_address(base_url, code)}",
        "track_alt": _track_alt(snapshot),
        "modules": [_module(module) for module in snapshot["track"]],
        "sides": [first, second],
    }


def unprintable(snapshot: Mapping[str, Any], *, name_latin: str, name_cyrillic: str) -> str:
    """The characters of any field that cannot be printed, each once; empty when all can."""
    data = paper(
        snapshot,
        name_latin=name_latin,
        name_cyrillic=name_cyrillic,
        number="",
        code="",
        issued_on=date(2026, 1, 1),
        base_url="http://localhost",
    )
    return printable_all(_texts(data))


def verification_address(base_url: str, code: str) -> str:
    """Where anyone can check the certificate, in whatever language their browser asks for."""
    return f"{base_url.rstrip('/')}/verify/{code}"


def shown_address(base_url: str) -> str:
    """The address to type, short: the code is printed above it."""
    return f"{base_url.rstrip('/').removeprefix('https://')}/verify"


def qr_svg(address: str) -> bytes:
    """The QR code of an address as SVG (ISO/IEC 18004, level M, quiet zone of two modules on white paper)."""
    made = io.BytesIO()
    segno.make_qr(address, error="m").save(made, kind="svg", border=2, dark=INK, light=None, xmldecl=False)
    return made.getvalue()


def _side(snapshot: Mapping[str, Any], lang: str, issued_on: date) -> dict[str, Any]:
    words, issuer = WORDS[lang], snapshot["issuer"]
    kind = words.kinds[snapshot["kind"]]
    rule = snapshot["rule"]
    return {
        "lang": lang,
        "issuer": _plain(issuer["name"], lang),
        "project": _plain(issuer["project"], lang),
        "signatory": _plain(issuer["signatory_role"], lang),
        "heading": words.heading,
        "subheading": kind.subheading,
        "awarded": words.awarded,
        "purpose": kind.purpose,
        "course": _shown(snapshot["course"]["title"], lang),
        "facts": _facts(snapshot, words, issued_on),
        "number": words.number,
        "code": words.code,
        "small": kind.small,
        "outcomes_heading": words.outcomes_heading,
        "outcomes": [_shown(outcome, lang) for outcome in snapshot["outcomes"]],
        "track_heading": words.track_heading,
        "rule": words.rule(rule["share"], rule["final_test"]) if snapshot["kind"] == "completion" else "",
    }


def _facts(snapshot: Mapping[str, Any], words: Words, issued_on: date) -> list[dict[str, Any]]:
    """Label, value and share of the width; an attendance certificate says nothing about results."""
    attended = snapshot["kind"] == "attendance"
    hours = words.hours_label_attendance if attended else words.hours_label
    facts = [
        (1.05, hours, words.hours(snapshot["minutes"])),
        (1.15, words.form_label, words.forms[snapshot["form"]]),
    ]
    if not attended:
        facts.append((1.55, words.assessment_label, _assessment(snapshot, words)))
    facts += [(0.95, words.edition_label, snapshot["edition"]), (0.95, words.date_label, words.day(issued_on))]
    return [{"share": share, "label": label, "value": value} for share, label, value in facts]


def _assessment(snapshot: Mapping[str, Any], words: Words) -> str:
    if not snapshot["rule"]["final_test"]:
        return words.all_done
    language = snapshot["test_language"]
    return words.test_passed_in(language) if language else words.test_passed


def _module(module: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "titles": [_shown(module["title"], lang) for lang in PAPER_LANGUAGES],
        "activities": [{"kind": kind, "done": done} for kind, done in module["activities"]],
    }


def _track_alt(snapshot: Mapping[str, Any]) -> str:
    activities = [done for module in snapshot["track"] for _, done in module["activities"]]
    if not activities:
        return ""
    return f"Track: {sum(activities)} of {len(activities)} activities completed, in {len(snapshot['track'])} modules"


def _shown(text: Mapping[str, Any], lang: str) -> dict[str, str]:
    shown = LocalizedText.from_json(text).in_(lang)
    return {"text": one_line(shown.text), "lang": shown.lang}


def _plain(text: Mapping[str, Any], lang: str) -> str:
    return _shown(text, lang)["text"]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
