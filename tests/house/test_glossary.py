"""Every table, act and outcome is a word of the subject, and the glossary explains it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OUTCOMES = (
    "adopted", "adapted", "already", "partly", "declined", "deferred", "referred", "noted", "out_of_scope",
    "withdrawn",
)  # fmt: skip
RELATIONS = ("supports", "objects", "nuances", "asks", "evidence", "alternative", "experience", "answers")
ROW = re.compile(
    r"^\|\s*(?P<term>[^|]+?)\s*\|\s*(?P<meaning>[^|]+?)\s*\|\s*(?P<fr>[^|]*?)\s*\|\s*(?P<en>[^|]*?)\s*\|$"
)
ROOMS = sorted(path.parent.name for path in (ROOT / "civic").glob("*/models.py"))
ACTING = sorted({path.relative_to(ROOT / "civic").parts[0] for path in (ROOT / "civic").glob("*/actions*")})


def _rows() -> list[re.Match[str]]:
    lines = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    rows = [row for line in lines if (row := ROW.match(line))]
    return [row for row in rows if row["term"] != "Term" and not set(row["term"]) <= set("-: ")]


def _terms() -> set[str]:
    return {term for row in _rows() for term in re.findall(r"`([^`]+)`", row["term"])}


TERMS = _terms()


def _tables(room: str) -> list[str]:
    tree = ast.parse((ROOT / "civic" / room / "models.py").read_text(encoding="utf-8"))
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "Model" for base in node.bases)
    ]


def _acts(room: str) -> list[str]:
    """Name the acts a room offers: those its `actions` package re-exports, or the public ones of its file."""
    folder = ROOT / "civic" / room
    package = folder / "actions" / "__init__.py"
    if package.exists():
        tree = ast.parse(package.read_text(encoding="utf-8"))
        return [
            one.asname or one.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for one in node.names
        ]
    tree = ast.parse((folder / "actions.py").read_text(encoding="utf-8"))
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_")
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_every_table_has_an_entry(room):
    lacking = [name for name in _tables(room) if name not in TERMS]
    assert not lacking, f"add to GLOSSARY.md, section {room}: {lacking}"


@pytest.mark.parametrize("room", ACTING)
def test_every_act_has_an_entry(room):
    lacking = [name for name in _acts(room) if name[0].islower() and name not in TERMS]
    assert not lacking, f"add to GLOSSARY.md, section {room}: {lacking}"


def test_every_outcome_and_relation_has_an_entry_in_both_languages():
    rows = {term: row for row in _rows() for term in re.findall(r"`([^`]+)`", row["term"])}
    for code in (*OUTCOMES, *RELATIONS):
        assert code in rows, code
        assert rows[code]["fr"], code
        assert rows[code]["en"], code


def test_every_entry_says_something():
    assert _rows()
    empty = [row["term"] for row in _rows() if len(row["meaning"]) < 8]
    assert not empty


def test_an_entry_stands_once():
    seen = [term for row in _rows() for term in re.findall(r"`([^`]+)`", row["term"])]
    twice = {term for term in seen if seen.count(term) > 1}
    assert not twice
