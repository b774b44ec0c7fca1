"""Which characters the certificate can print: those that its font has in every style in which it is set."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

# The characters of Libertinus Serif as typst 0.15 brings it, in regular, semi-bold and italic alike, without control,
# format and unassigned ones. A test compiles every one of them.
_RANGES = """
    0020-007E 00A0-00AC 00AE-023F 0241 0243 0247 0249 024D 0250-02E4 02EC-02EE 0300-0331 0338 0340-0344 034F
    0351 0357-0363 0374-0375 037A-037E 0384-038A 038C 038E-03A1 03A3-03CE 03D0-03E1 03F0-03F6 03F8-03F9 03FB
    03FD-045F 0462-0463 0470-0477 0490-04C4 04C7-04CC 04D0-04F9 05B0-05C3 05C6 05D0-05EA 05F0-05F4 115F-1160
    17B4-17B5 17C1-17C3 180B-180D 180F 1D35 1D43-1D44 1D47-1D4B 1D4D 1D4F-1D53 1D56-1D58 1D5A-1D5B 1D9C 1DA0
    1DA4 1DB6 1DBB 1E00-1E9B 1E9E 1EA0-1EF9 1F00-1F15 1F18-1F1D 1F20-1F45 1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D
    1F5F-1F7D 1F80-1FB4 1FB6-1FC4 1FC6-1FD3 1FD6-1FDB 1FDD-1FEF 1FF2-1FF4 1FF6-1FFE 2000-200A 2010-2027
    202F-2037 2039-203E 2042 2044 2047-204B 204F 205F 2070-2071 2074-208E 2090-2094 20A2-20A4 20A7-20A8
    20AB-20AC 20AF 20B1 20BF 2100-2103 2105-2106 2109 210C-210F 2111 2113 2115-2116 2119-211A 211C-211D 2120
    2122 2124 2126-2127 212A-212B 212E 2135-2139 2153-2184 2190-219B 21A8 21AE 21BC-21BD 21C0-21C1 21CB-21D9
    2200-220D 220F-221C 221E-221F 2223-222B 2236 223C 2241 2245 2247-2249 2259 2260-2262 2264-2265 226A-226B
    226E-2271 2282-2285 2295-2298 22C5 22EF 2302-2303 2310 2320-2321 2329-232A 23D3 25A0-25A1 25B2-25B3
    25B6-25B7 25BC-25BD 25C0-25C1 25C6-25C7 25C9-25CC 25CF-25D7 2605 2619 261B 261E 2627 262F 2639-2653 2660
    2663 2665-2666 2669-266C 2695 2698 26A2-26A4 2767 27E6-27E7 2C60-2C6C 2C74-2C77 A720-A721 A789-A78C
"""
# Characters that are meant to be unseen: typst sets them as nothing.
_UNSEEN = frozenset("\u00ad\u200b\u2060")
_BLANKS = re.compile(r"[ \t\n]+")


@cache
def letters() -> frozenset[str]:
    """Every character that can be printed."""
    found: set[str] = set()
    for part in _RANGES.split():
        first, _, last = part.partition("-")
        found.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(found)


def printable(text: str) -> str:
    """The characters of *text* that cannot be printed, each once, in order; empty when all can."""
    return "".join(dict.fromkeys(c for c in text if c not in letters() and c not in _UNSEEN))


def printable_all(texts: Iterable[str]) -> str:
    """As `printable`, over several texts."""
    return printable("".join(texts))


def one_line(text: str) -> str:
    """The text with line ends, tabs and runs of blanks as one blank; no-break spaces stay."""
    return _BLANKS.sub(" ", text).strip(" ")
