"""SVG figures: taken as they are when they hold nothing but drawing, refused otherwise."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

SVG = "http://www.w3.org/2000/svg"
MAX_BYTES = 512 * 1024
MAX_ELEMENTS = 5000
_ELEMENTS = """
    svg g path rect circle ellipse line polyline polygon text tspan title desc defs pattern linearGradient
    radialGradient stop clipPath marker
"""
_ATTRIBUTES = """
    id class viewBox width height x y x1 y1 x2 y2 cx cy r rx ry fx fy d points transform fill fill-rule
    fill-opacity stroke stroke-width stroke-linecap stroke-linejoin stroke-dasharray stroke-dashoffset
    stroke-miterlimit stroke-opacity opacity color font-family font-size font-weight font-style letter-spacing
    text-anchor dominant-baseline dx dy rotate textLength lengthAdjust offset stop-color stop-opacity
    gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform clip-path
    clip-rule clipPathUnits marker-start marker-mid marker-end markerWidth markerHeight markerUnits refX refY
    orient preserveAspectRatio role aria-label aria-hidden aria-labelledby focusable vector-effect paint-order
    version shape-rendering text-rendering
"""
ELEMENTS = frozenset(_ELEMENTS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
_XML = "{http://www.w3.org/XML/1998/namespace}"
_XML_ATTRIBUTES = frozenset({f"{_XML}lang", f"{_XML}space"})
_LOCAL_ADDRESS = re.compile(r"url\(\s*['\"]?#[\w.-]+['\"]?\s*\)")
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")


class SvgRefused(ValueError):
    """The drawing holds something that may not be in it. ``faults``: (line, plain words)."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(words for _, words in faults))
        self.faults = faults


def check_svg(data: bytes) -> tuple[int, int]:
    """Width and height in CSS pixels of a drawing that holds only allowed elements and attributes; raises SvgRefused.

    The bytes are good to be served as they are: no script, style sheet, event, animation, foreign content, address
    outside the file, document type or processing instruction can be in them.
    """
    if len(data) > MAX_BYTES:
        raise SvgRefused([(0, f"the drawing is larger than {MAX_BYTES // 1024} KB")])
    target = _Checker()
    parser = DefusedXMLParser(target=target, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    target.line = lambda: int(parser.parser.CurrentLineNumber)
    try:
        parser.feed(data)
        parser.close()
    except DefusedXmlException:
        raise SvgRefused([(1, "the drawing has a document type or entities; save it as plain SVG")]) from None
    except (ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (0, 0))[0]
        raise SvgRefused([(line, "the file is not readable as SVG")]) from None
    if target.faults:
        raise SvgRefused(target.faults[:20])
    return target.size


class _Checker:
    """What the parser tells: notes everything that is not allowed."""

    def __init__(self) -> None:
        self.faults: list[tuple[int, str]] = []
        self.size = (0, 0)
        self.count = 0
        self.line: Any = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        name = tag.removeprefix(f"{{{SVG}}}")
        if self.count == 1:
            self._root(tag, attributes)
        if self.count == MAX_ELEMENTS + 1:
            self._fault(f"the drawing has more than {MAX_ELEMENTS} elements")
        if not tag.startswith(f"{{{SVG}}}") or name not in ELEMENTS:
            self._fault(f"<{name.rpartition('}')[2]}> is not allowed in a drawing")
        for key, value in attributes.items():
            if key not in ATTRIBUTES and key not in _XML_ATTRIBUTES:
                self._fault(f"the attribute “{key.rpartition('}')[2]}” is not allowed in a drawing")
            elif ("url" in value.lower() and not _LOCAL_ADDRESS.fullmatch(value.strip())) or "\\" in value:
                self._fault(f"the attribute “{key}” leads outside the drawing")

    def end(self, tag: str) -> None:
        """Nothing to check at the end of an element."""

    def data(self, text: str) -> None:
        """Text is never active."""

    def pi(self, target: str, data: str | None = None) -> None:
        self._fault(f"the instruction <?{target}?> is not allowed in a drawing")

    def close(self) -> None:
        """Nothing to give back."""

    def _fault(self, words: str) -> None:
        self.faults.append((self.line(), words))

    def _root(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != f"{{{SVG}}}svg":
            self._fault('the drawing must be an <svg> with xmlns="http://www.w3.org/2000/svg"')
            return
        box = attributes.get("viewBox", "").replace(",", " ").split()
        sizes = [attributes.get("width", ""), attributes.get("height", "")]
        if not all(_NUMBER.fullmatch(size) for size in sizes):
            sizes = box[2:] if len(box) == 4 else []
        found = [_NUMBER.fullmatch(size) for size in sizes]
        width, height = (round(float(size[1])) if size else 0 for size in (found or [None, None]))
        if not (0 < width <= 10_000 and 0 < height <= 10_000):
            self._fault("the drawing needs a viewBox with its width and height")
        self.size = (width, height)
