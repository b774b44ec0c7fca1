"""The certificate as a PDF file: from the file store when it was printed before, else printed now."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from academy.certificates.formats.paper import TEMPLATE, paper, qr_svg
from academy.certificates.formats.snapshot import LAYOUT
from academy.certificates.queries.register import CertificateView
from academy.foundation import files
from academy.foundation.errors import NotFound
from academy.foundation.pdf import compile_pdf


@lru_cache(maxsize=8)
def print_mark(base_url: str) -> str:
    """What a file depends on besides its certificate: layout, template, line work and address, as 16 hex digits."""
    digest = hashlib.sha256(f"{LAYOUT}\0{base_url}".encode())
    for path in sorted(TEMPLATE.parent.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def printed(certificate: CertificateView, *, base_url: str) -> bytes:
    """The PDF file, the same bytes at each call. Slow: outside a unit of work."""
    if certificate.pdf_sha is not None and certificate.pdf_mark == print_mark(base_url):
        try:
            return files.read(certificate.pdf_sha)
        except NotFound:
            pass  # the store lost it; what it held can be made again
    return print_anew(certificate, base_url=base_url)


def print_anew(certificate: CertificateView, *, base_url: str) -> bytes:
    """The PDF file made from the frozen row. Slow: outside a unit of work."""
    data = paper(
        certificate.snapshot,
        name_latin=certificate.name_latin,
        name_cyrillic=certificate.name_cyrillic,
        number=certificate.number,
        code=certificate.code,
        issued_on=certificate.issued_at.date(),
        base_url=base_url,
    )
    return compile_pdf(TEMPLATE, data, files={"qr.svg": qr_svg(data["link"])}, at=certificate.issued_at)
