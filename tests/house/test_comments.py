"""Comments say why; nothing is promised for later, nothing is left behind."""

from __future__ import annotations

import ast
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNFINISHED = re.compile(
    r"\bTODO\b|\bFIXME\b|\bXXX\b|\bHACK\b|NotImplementedError"
    r"|(?i:coming soon|not implemented|lorem ipsum|\bplaceholder text\b)"
)
PLACES = re.compile(r"(?<![\w.])/(?:work/main|work/shared|tmp/\w|root/\w|home/\w)")
SOURCES = sorted((ROOT / "civic").rglob("*.py"))
SHOWN = sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").glob("*.*")])
ROOMS = sorted(path for path in (ROOT / "civic").glob("*/__init__.py"))


def _id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [*SOURCES, *SHOWN], ids=_id)
def test_nothing_is_promised_for_later(path):
    source = path.read_text(encoding="utf-8")
    for number, line in enumerate(source.splitlines(), 1):
        assert not UNFINISHED.search(line), f"{_id(path)}:{number} {line.strip()}"
        assert not PLACES.search(line), f"{_id(path)}:{number} names a place of one machine"


@pytest.mark.parametrize("path", SOURCES, ids=_id)
def test_no_code_sleeps_in_comments(path):
    with path.open("rb") as source:
        for token in tokenize.tokenize(source.readline):
            if token.type == tokenize.COMMENT and not re.match(
                r"#\s*(noqa|type:|fmt:|ruff|mypy|!|pragma)", token.string
            ):
                assert not _is_code(token.string.lstrip("# ")), f"{_id(path)}:{token.start[0]} {token.string}"


def _is_code(words: str) -> bool:
    if not re.search(r"[=(\[]|^(?:return|import|from|raise|await|del)\b", words):
        return False
    try:
        tree = ast.parse(words)
    except SyntaxError:
        return False
    return bool(tree.body) and not isinstance(tree.body[0], ast.Expr | ast.AnnAssign)


@pytest.mark.parametrize("path", ROOMS, ids=_id)
def test_a_room_says_what_it_is_for_and_does_nothing_at_its_door(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{_id(path)} needs a docstring: purpose, terms, doors"
    if path.parent.name not in ("migrations",):
        assert len(tree.body) == 1, f"{_id(path)} holds code"


@pytest.mark.parametrize("path", [one for one in SOURCES if one.parts[-2] != "town"], ids=_id)
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), _id(path)


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "civic").glob("*/actions*/**/*.py")) + sorted((ROOT / "civic").glob("*/actions.py")),
    ids=_id,
)
def test_every_act_says_what_it_means(path):
    bare = [
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not bare, f"{_id(path)}: {bare}"
