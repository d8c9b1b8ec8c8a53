"""Files and functions stay short enough to be read; what is longer is named here with its reason."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE_CAP, FUNCTION_CAP, TEMPLATE_CAP = 400, 60, 250
FILES_P90, FUNCTIONS_P90, TEMPLATES_P90 = 300, 30, 120

LONG_FILES: dict[str, str] = {
    "civic/notices/kinds.py": "sentences, one kind after another: data, not code",
    "civic/contributions/models.py": "the tables of the register, read best side by side",
    "civic/decisions/gates.py": "the conditions of a publication, one after another as the page lists them",
    "civic/decisions/rules.py": "the rules of the answers, one after another as SPEC 4.4 and 4.5 list them",
    "civic/decisions/models.py": "the tables of one chain, from article to milestone, read best side by side",
}
LONG_FUNCTIONS: dict[str, str] = {}
LONG_TEMPLATES: dict[str, str] = {}
EXAMPLE = "civic/commands/town/"
"""The example town is text, not code: its files are as long as its story."""


ORM_CLIENTS = tuple(
    f"civic/foundation/{name}" for name in ("sqlite_client", "asyncpg_client", "schema", "picture")
)
"""Where the ORM is taught what it does not know: by inheriting, as it asks for."""


def _sources() -> dict[str, str]:
    paths = sorted((ROOT / "civic").rglob("*.py"))
    found = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    return {name: source for name, source in found.items() if not name.startswith(EXAMPLE)}


SOURCES = _sources()


def _functions() -> dict[str, int]:
    return {
        f"{name}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name, source in SOURCES.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _templates() -> dict[str, int]:
    paths = sorted((ROOT / "templates").rglob("*.html"))
    return {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in paths}


def _over(sizes: dict[str, int], cap: int, excepted: dict[str, str]) -> list[str]:
    return [f"{name}: {size} lines" for name, size in sizes.items() if size > cap and name not in excepted]


def _p90(sizes: dict[str, int]) -> float:
    return statistics.quantiles(sizes.values(), n=10)[-1]


def test_files_are_short():
    sizes = {name: len(source.splitlines()) for name, source in SOURCES.items()}
    assert not _over(sizes, FILE_CAP, LONG_FILES), "split by subject, or name it with its reason"
    assert _p90(sizes) <= FILES_P90


def test_functions_are_short():
    sizes = _functions()
    assert not _over(sizes, FUNCTION_CAP, LONG_FUNCTIONS), "split, or name it with its reason"
    assert _p90(sizes) <= FUNCTIONS_P90
    assert statistics.median(sizes.values()) <= 10


def test_templates_are_short():
    sizes = _templates()
    assert not _over(sizes, TEMPLATE_CAP, LONG_TEMPLATES)
    assert _p90(sizes) <= TEMPLATES_P90


def test_the_exceptions_are_still_needed():
    sizes = {name: len(source.splitlines()) for name, source in SOURCES.items()}
    stale = [name for name in LONG_FILES if sizes.get(name, 0) <= FILE_CAP]
    stale += [name for name in LONG_FUNCTIONS if _functions().get(name, 0) <= FUNCTION_CAP]
    stale += [name for name in LONG_TEMPLATES if _templates().get(name, 0) <= TEMPLATE_CAP]
    assert not stale


def test_nothing_inherits_but_from_the_orm_and_the_language():
    """No view classes, no mixins: behaviour is functions."""
    allowed = {
        "Model", "StrEnum", "IntEnum", "Enum", "NamedTuple", "Exception", "CivicError", "TypedDict",
        "Protocol", "dict", "str", "Formatter", "Template", "Generic", "HTMLParser",
    }  # fmt: skip
    odd = []
    for name, source in SOURCES.items():
        errors = {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)}
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                bases = {_name(base) for base in node.bases} - allowed - errors
                if bases and not name.startswith(ORM_CLIENTS):
                    odd.append(f"{name}:{node.lineno} {node.name}({', '.join(sorted(bases))})")
    assert not odd, odd


def _name(base: ast.expr) -> str:
    if isinstance(base, ast.Subscript):
        return _name(base.value)
    return base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "?")
