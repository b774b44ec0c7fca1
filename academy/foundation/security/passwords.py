"""Password hashes: Argon2id in the PHC string form (RFC 9106); 12 MiB, 3 passes, 1 lane.

The parameters are among those that OWASP ASVS 5.0, appendix C, accepts. A hash takes about 20 ms of one core, so it is
never made inside a unit of work.
"""

from __future__ import annotations

import os
import re
import unicodedata

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_MEMORY_KIB, _PASSES, _LANES = 12 * 1024, 3, 1
_CURRENT = re.compile(rf"^\$argon2id\$v=19\$m={_MEMORY_KIB},t={_PASSES},p={_LANES}\$")


def _bytes(text: str) -> bytes:
    return unicodedata.normalize("NFC", text).encode()


def hash_password(text: str) -> str:
    """A new salted hash of the NFC form of *text*."""
    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB)
    return kdf.derive_phc_encoded(_bytes(text))


def verify_password(stored: str, text: str) -> bool:
    """Whether *text* is the password of the *stored* hash; False for a hash that cannot be read."""
    try:
        Argon2id.verify_phc_encoded(_bytes(text), stored)
    except (InvalidKey, ValueError):
        return False
    return True


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    return _CURRENT.match(stored) is None
