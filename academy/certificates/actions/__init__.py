"""All that changes certificates: each leaves an event, an audit entry and, where the holder should know, a mail."""

from academy.certificates.actions.correcting import (
    ask_for_correction,
    checked_names,
    decline_correction,
    replace,
    revoke,
)
from academy.certificates.actions.issuing import issue, issue_if_automatic, issue_owed, keep_printed, set_issuer

__all__ = [
    "ask_for_correction",
    "checked_names",
    "decline_correction",
    "issue",
    "issue_if_automatic",
    "issue_owed",
    "keep_printed",
    "replace",
    "revoke",
    "set_issuer",
]
