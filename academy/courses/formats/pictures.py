"""What a media file is, by its bytes and not by its name."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from academy.courses.formats.svg import SvgRefused, check_svg

MAX_BYTES = 4 * 1024 * 1024
TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}


class PictureRefused(ValueError):
    """The file cannot be used as a picture. ``faults``: (line or 0, plain words)."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(words for _, words in faults))
        self.faults = faults


@dataclass(frozen=True)
class PictureFacts:
    """The type and the size in pixels."""

    media_type: str
    width: int
    height: int


def check_picture(name: str, data: bytes) -> PictureFacts:
    """What the file is; raises PictureRefused when its bytes are not what its name says, or not harmless."""
    stem, _, ending = name.rpartition(".")
    media_type = TYPES.get(ending.lower()) if stem else None
    if media_type is None:
        raise PictureRefused([(0, "only .svg, .png, .jpg and .webp can be media")])
    if len(data) > MAX_BYTES:
        raise PictureRefused([(0, f"the file is larger than {MAX_BYTES // 1024 // 1024} MB")])
    if media_type == "image/svg+xml":
        try:
            width, height = check_svg(data)
        except SvgRefused as refused:
            raise PictureRefused(refused.faults) from None
        return PictureFacts(media_type, width, height)
    readers = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp}
    try:
        size = readers[media_type](data)
    except (struct.error, IndexError):
        size = None
    if size is None or not (0 < size[0] <= 10_000 and 0 < size[1] <= 10_000):
        raise PictureRefused([(0, "the file is not a picture of the kind that its name says")])
    return PictureFacts(media_type, *size)


def _png(data: bytes) -> tuple[int, int] | None:
    """PNG (ISO/IEC 15948): the first chunk is IHDR and begins with width and height."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """JPEG (ITU-T T.81, annex B): the size stands in the start-of-frame segment."""
    if data[:3] != b"\xff\xd8\xff":
        return None
    place = 2
    while place < len(data):
        if data[place] != 0xFF:
            return None
        marker = data[place + 1]
        if marker in (0xFF, 0x01) or 0xD0 <= marker <= 0xD8:
            place += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", data[place + 2 : place + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        if length < 2:
            return None
        place += 2 + length
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    """WebP (RFC 9649): simple lossy, simple lossless and extended files."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    chunk = data[12:16]
    if chunk == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None
