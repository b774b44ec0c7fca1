"""Random tokens and codes, and short signed values."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from itertools import pairwise

from itsdangerous import BadSignature, URLSafeTimedSerializer

# Crockford base32 (https://www.crockford.com/base32.html): no I, L, O, U.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 26  # 130 bits, of which 128 are random
# Letters that look like a Crockford character: Cyrillic ones typed for Latin, and Crockford's own substitutions.
_LOOK_ALIKES = str.maketrans("АВСЕНІЈКМОРЅТХУILO", "ABCEH1JKM0PSTXY110")

_key = b""


def configure(secret_key: str) -> None:
    """Sets the key for all signatures of this process."""
    global _key  # noqa: PLW0603 - one key per process, set once at start
    _key = secret_key.encode()


def new_token() -> str:
    """43 URL-safe characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """The hex SHA-256 under which a token is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """26 Crockford base32 characters that carry 128 random bits."""
    number = secrets.randbits(128)
    return "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_CODE_LENGTH)))


def format_code(code: str) -> str:
    """The code in groups for people: 4-4-4-4-5-5."""
    cuts = (0, 4, 8, 12, 16, 21, 26)
    return "-".join(code[a:b] for a, b in pairwise(cuts) if code[a:b])


def fold_code(typed: str, *, length: int = _CODE_LENGTH) -> str | None:
    """The code that was meant: case, blanks, hyphens and look-alike letters folded; None when it cannot be one."""
    if len(typed) > 4 * length:
        return None
    text = unicodedata.normalize("NFKC", typed).upper().translate(_LOOK_ALIKES)
    folded = "".join(c for c in text if c.isalnum())
    return folded if len(folded) == length and all(c in _ALPHABET for c in folded) else None


def mac(value: str, *, purpose: str) -> bytes:
    """HMAC-SHA256 of the value for one purpose."""
    return hmac.new(_key, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_key, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})


def sign(value: str, *, purpose: str) -> str:
    """The value with a dated signature, safe in addresses and cookies. Readable by anyone."""
    return str(_serializer(purpose).dumps(value))


def unsign(signed: str, *, purpose: str, max_age: int | None = None) -> str | None:
    """The value that was signed for this purpose, at most *max_age* seconds ago; None when it was not."""
    try:
        value = _serializer(purpose).loads(signed, max_age=max_age)
    except BadSignature:
        return None
    return value if isinstance(value, str) else None
