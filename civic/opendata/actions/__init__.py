"""The acts of open data: bring a grid in, and bring the answers of an exported sheet back."""

from civic.opendata.actions.importing import Imported, Progress, import_grid

__all__ = ["Imported", "Progress", "import_grid"]
