"""The acts of open data: bring a grid in, and bring the answers of an exported sheet back."""

from civic.opendata.actions.answering import (
    Brought,
    Plan,
    bring_answers,
    bring_sheet,
    is_returning,
    read_sheet,
    try_sheet,
)
from civic.opendata.actions.importing import Imported, Progress, import_grid

__all__ = [
    "Brought",
    "Imported",
    "Plan",
    "Progress",
    "bring_answers",
    "bring_sheet",
    "import_grid",
    "is_returning",
    "read_sheet",
    "try_sheet",
]
