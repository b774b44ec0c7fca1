"""All that changes courses."""

from academy.courses.actions.importing import ImportReport, import_package, keep_media
from academy.courses.actions.publishing import archive, prepare_edition, publish, stage
from academy.courses.actions.units import record_texts

__all__ = [
    "ImportReport",
    "archive",
    "import_package",
    "keep_media",
    "prepare_edition",
    "publish",
    "record_texts",
    "stage",
]
