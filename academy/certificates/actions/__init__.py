"""All that changes certificates: each leaves an event, an audit entry and, where the holder should know, a mail."""

from academy.certificates.actions.correcting import (
    ask_for_correction,
    checked_names,
    decline_correction,
    replace,
    revoke,
)
from academy.certificates.actions.issuing import issue, issue_if_automatic, issue_owed, keep_printed, set_issuer
from academy.certificates.actions.traces import forget_misses, note_access, note_miss

__all__ = [
    "ask_for_correction",
    "checked_names",
    "decline_correction",
    "forget_misses",
    "issue",
    "issue_if_automatic",
    "issue_owed",
    "keep_printed",
    "note_access",
    "note_miss",
    "replace",
    "revoke",
    "set_issuer",
]
