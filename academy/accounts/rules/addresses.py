"""E-mail addresses, and what a browser calls itself."""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, validate_email

_MAX_EMAIL = 254

# The first that occurs in the browser's own description names it; the order matters, since most pretend to be others.
_BROWSERS = (
    ("YaBrowser/", "Yandex Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def check_email(text: str) -> str:
    """The address in its normal form; raises ValueError when it cannot be one. Nothing is looked up."""
    typed = text.strip()
    if len(typed) > _MAX_EMAIL:
        raise ValueError("too long")
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError as fault:
        raise ValueError(str(fault)) from fault


def email_key(text: str) -> str:
    """What makes an address unique: its NFC form without case. Works for anything that was typed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).casefold())


def device_name(user_agent: str) -> str:
    """“Firefox, Windows” for a browser's description of itself; empty when neither is known."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)
