"""What a password must be: a passphrase in any script, long enough, and none of those that everybody tries first."""

from __future__ import annotations

import unicodedata

from academy.foundation.errors import Words
from academy.foundation.i18n import lazy_gettext as _l

MIN_PASSWORD = 10
MAX_PASSWORD = 1024
_FEW_CHARACTERS = 4

# From the tops of published lists of leaked passwords: only those of ten characters and more, compared without case,
# blanks and signs.
_LISTED = (
    "1234567890 0987654321 0123456789 12345678910 123456789a 1234567891 12345678900 987654321a 1q2w3e4r5t "
    "1q2w3e4r5t6y 1qaz2wsx3edc q1w2e3r4t5 q1w2e3r4t5y6 qwerty1234 qwerty12345 qwerty123456 qwertyuiop "
    "qwertyuiop123 1234qwerty 12345qwert 123456qwerty qazwsxedcrfv asdfghjkl1 asdfghjkl123 zxcvbnm123 "
    "zaq12wsxcde3 password12 password123 password1234 passw0rd123 p4ssword123 mypassword mypassword1 "
    "letmein123 welcome123 welcome1234 iloveyou123 iloveyou12 sunshine123 princess123 football123 baseball123 "
    "superman123 dragon12345 monkey12345 trustno1trustno1 changeme123 administrator admin12345 admin123456 "
    "administrator1 testtest123 abcdefghij abcdefghijk abc1234567 abcd123456 abcde12345 a123456789 aa12345678 "
    "aa123456789 google12345 computer123 internet123 парольпароль пароль1234 пароль12345 пароль123456 "
    "йцукенгшщз йцукенгшщзх йцукенгшщзхъ фывапролдж фывапролджэ ячсмитьбюё йцукен12345 йцукен123456 "
    "1234567890йцукен привет12345 привет123456 любимая123 наташа12345 марина12345 администратор "
    "correcthorsebatterystaple "
)
_COMMON = frozenset(_LISTED.split())


def password_faults(password: str, *, email: str = "", name: str = "") -> list[Words]:
    """What is wrong with a password; lengths count the characters of its NFC form."""
    plain = unicodedata.normalize("NFC", password)
    if len(plain) < MIN_PASSWORD:
        return [
            _l(
                "The password is too short: write at least %(least)s characters. Several words are best.",
                least=MIN_PASSWORD,
            )
        ]
    if len(plain) > MAX_PASSWORD:
        return [_l("The password is too long: write at most %(most)s characters.", most=MAX_PASSWORD)]
    folded = _folded(plain)
    if folded in _COMMON or len(set(plain)) < _FEW_CHARACTERS:
        return [_l("This password is one of the first that a stranger would try. Choose another.")]
    if folded in {_folded(text) for text in (email, email.partition("@")[0], name) if text}:
        return [_l("The password must not be your name or your e-mail address.")]
    return []


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFC", text).casefold() if c.isalnum())
