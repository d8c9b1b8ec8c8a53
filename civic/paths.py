"""Where templates, static files and migrations are: inside the wheel, or at the top of a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE / "_bundle" if (PACKAGE / "_bundle" / "templates").is_dir() else PACKAGE.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
MIGRATIONS = ROOT / "migrations"
