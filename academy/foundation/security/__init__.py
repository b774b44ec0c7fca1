"""Passwords, tokens, codes, signatures, and who acts."""

from academy.foundation.security.identity import ANONYMOUS, OPERATOR, SYSTEM, Grant, Identity
from academy.foundation.security.passwords import hash_password, needs_rehash, verify_password
from academy.foundation.security.places import local_path
from academy.foundation.security.tokens import (
    configure,
    fold_code,
    format_code,
    mac,
    new_code,
    new_token,
    sign,
    token_hash,
    unsign,
)

__all__ = [
    "ANONYMOUS",
    "OPERATOR",
    "SYSTEM",
    "Grant",
    "Identity",
    "configure",
    "fold_code",
    "format_code",
    "hash_password",
    "local_path",
    "mac",
    "needs_rehash",
    "new_code",
    "new_token",
    "sign",
    "token_hash",
    "unsign",
    "verify_password",
]
