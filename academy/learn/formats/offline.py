"""A page as one file that needs nothing else: figures and styles are written into it."""

import re
from base64 import b64encode
from collections.abc import Callable

_FIGURE = re.compile(
    r'(?P<before><img\b[^>]*?\bsrc=")(?P<address>(?:/[a-z-]+)?/files/(?P<sha>[0-9a-f]{64})/[^"]*)(?P<after>")'
)


def with_figures(html: str, read: Callable[[str], tuple[bytes, str] | None]) -> str:
    """The page with each figure of the academy as a data address.

    *read* gives bytes and media type for a SHA-256, or None for what is not to be had: such a figure keeps its address.
    """

    def inline(found: re.Match[str]) -> str:
        figure = read(found["sha"])
        if figure is None:
            return found[0]
        data, media_type = figure
        return f"{found['before']}data:{media_type};base64,{b64encode(data).decode()}{found['after']}"

    return _FIGURE.sub(inline, html)
