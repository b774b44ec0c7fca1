"""Printing after the issue: the file is owed from the commit on and made by a job, or by the sweep.

And forgetting the wrong codes that were asked about.
"""

from __future__ import annotations

import logging
from datetime import datetime

from flask import current_app

from academy.certificates import actions, queries
from academy.foundation import db, files, jobs
from academy.foundation.pdf import CannotCompile
from academy.settings import Settings

log = logging.getLogger(__name__)


@jobs.job("certificates.print")
def print_certificate(certificate_id: int) -> None:
    """The certificate's file lies in the store, printed for the present address and layout."""
    settings: Settings = current_app.extensions["academy"]
    mark = queries.print_mark(settings.base_url)
    with db.current().read():
        certificate = queries.find_view(certificate_id)
    if certificate is None or certificate.pdf_mark == mark:
        return
    try:
        sha = files.put(queries.print_anew(certificate, base_url=settings.base_url))
    except CannotCompile:
        log.exception("certificate %s cannot be printed", certificate.number)
        return
    with db.current().write():
        actions.keep_printed(certificate_id, sha=sha, mark=mark)


@jobs.sweep("certificates.print_owed")
def print_owed(now: datetime) -> None:  # noqa: ARG001 - every sweep is given the instant
    """Prints some of what is still owed."""
    settings: Settings = current_app.extensions["academy"]
    with db.current().read():
        owed = queries.owed_prints(queries.print_mark(settings.base_url))
    for certificate_id in owed:
        print_certificate(certificate_id)


@jobs.sweep("certificates.forget_misses")
def forget_misses(now: datetime) -> None:
    """Wrong codes are forgotten as soon as they do not count any more."""
    with db.current().write():
        actions.forget_misses(now)
