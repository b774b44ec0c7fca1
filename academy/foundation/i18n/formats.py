"""Numbers, dates and lengths of time as the running language writes them."""

from __future__ import annotations

from datetime import date, datetime

from babel import dates, numbers

from academy.foundation.i18n.language import gettext, language
from academy.settings import zone

NBSP = "\u00a0"


def format_date(day: date) -> str:
    """“9 March 2026”, «9 марта 2026 г.»."""
    if language() == "ru":
        return dates.format_date(day, "d MMMM y", locale="ru").replace(" ", NBSP, 1) + f"{NBSP}г."
    return dates.format_date(day, "d MMMM y", locale=_locale())


def format_time(at: datetime, time_zone: str = "UTC") -> str:
    """“14:02” in that zone."""
    return at.astimezone(zone(time_zone)).strftime("%H:%M")


def format_datetime(at: datetime, time_zone: str = "UTC") -> str:
    """Day and time with the zone named: “9 March 2026, 14:02 (Europe/Vienna)”."""
    local = at.astimezone(zone(time_zone))
    return f"{format_date(local.date())}, {local:%H:%M} ({time_zone})"


def format_number(number: float) -> str:
    """At most two decimals, with the language's decimal sign."""
    return numbers.format_decimal(number, "#,##0.##", locale=_locale())


def format_percent(share: float) -> str:
    """0.7 → “70%”, «70 %»; whole per cent, rounded down, so that a pass mark is never shown as reached before it is."""
    whole = int(share * 100 + 1e-9)
    return f"{whole}{NBSP}%" if language() == "ru" else f"{whole}%"


def format_minutes(minutes: int) -> str:
    """70 → “1 h 10 min”, «1 ч 10 мин»."""
    hours, rest = divmod(max(0, int(minutes)), 60)
    if not hours:
        return gettext("%(minutes)s min", minutes=rest)
    if not rest:
        return gettext("%(hours)s h", hours=hours)
    return gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)


def format_hours(minutes: int) -> str:
    """150 → “2.5 h”, «2,5 ч»; to the nearest quarter of an hour."""
    return gettext("%(hours)s h", hours=format_number(round(minutes / 15) / 4))


def format_bytes(size: int) -> str:
    """“14 KB”, “1.8 MB”; one KB is 1,000 bytes, as on packages that people buy."""
    if size < 1_000_000:
        return gettext("%(size)s KB", size=format_number(max(1, round(size / 1000))))
    return gettext("%(size)s MB", size=format_number(round(size / 1_000_000, 1)))


def _locale() -> str:
    return {"en": "en_GB"}.get(language(), language().replace("-", "_"))
