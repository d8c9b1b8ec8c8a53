"""Templates keep to their room, name routes that exist, and mark nothing safe."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import nodes

from civic import app
from civic.foundation import rendering

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
SHARED = {"parts", "foundation"}
ALL = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*")
    if path.suffix in (".html", ".txt")
)
ROOMS = {path.parent.name for path in (ROOT / "civic").glob("*/__init__.py")}
NAMES = {route.name for route in app.all_routes()}
FORBIDDEN = {
    r"\|\s*safe\b": "only foundation.text marks text as safe: use |stored",
    r"\bMarkup\b": "only foundation.text marks text as safe",
    r"<script(?![^>]*\bsrc=)": "no script in a page: the policy forbids it",
    r"\sstyle\s*=\s*[\"']": "no style attribute: the policy forbids it",
    r"\son[a-z]+\s*=\s*[\"']": "no on… attribute: the policy forbids it",
    r"\bjavascript:": "no javascript: address",
    r"\bhref=[\"']#[\"']": "a link leads somewhere",
    r"\bautoescape\s+false": "what is shown is escaped",
}


def _tree(name: str) -> nodes.Template:
    return rendering.environment().parse((TEMPLATES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ALL)
def test_a_template_can_be_compiled(name):
    rendering.environment().get_template(name)


def test_every_folder_is_a_room():
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    assert folders <= ROOMS | SHARED, f"no such room: {folders - ROOMS - SHARED}"


@pytest.mark.parametrize("name", ALL)
def test_a_template_takes_only_shared_parts_and_parts_of_other_rooms(name):
    """Another room's template may be included when its name starts with "_"."""
    room = name.split("/")[0]
    for node in _tree(name).find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        if not isinstance(node.template, nodes.Const):
            continue
        for taken in [node.template.value] if isinstance(node.template.value, str) else node.template.value:
            folder, _, file = taken.rpartition("/")
            is_ours = folder in ("", room, "parts") or (room == "parts" and folder == "parts")
            assert is_ours or file.startswith("_"), f"{name} takes {taken}"
            assert (TEMPLATES / taken).exists(), f"{name} takes {taken}, which is not there"


@pytest.mark.parametrize("name", ALL)
def test_every_route_a_template_names_exists(name):
    """`url_or_none` may name a route of a later room; `url` may not."""
    missing = [route for route in _routes_named(name, "url") if route not in NAMES]
    assert not missing, f"{name} links to {missing}"


def _routes_named(name: str, function: str) -> list[str]:
    return [
        call.args[0].value
        for call in _tree(name).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == function
        if call.args and isinstance(call.args[0], nodes.Const)
    ]


@pytest.mark.parametrize("name", ALL)
def test_a_template_composes_no_route_name(name):
    for call in _tree(name).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("url", "url_or_none"):
            assert isinstance(call.args[0], nodes.Const), f"{name}:{call.lineno} composes the name of a route"


@pytest.mark.parametrize("name", ALL)
def test_a_template_holds_nothing_the_policies_forbid(name):
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    bare = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    found = [why for pattern, why in FORBIDDEN.items() if re.search(pattern, bare)]
    assert not found, f"{name}: {found}"


@pytest.mark.parametrize("name", ALL)
def test_every_form_that_changes_something_carries_its_token(name):
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    for form in re.findall(r"<form\b.*?</form>", source, flags=re.DOTALL | re.IGNORECASE):
        if re.search(r"method=[\"']post", form, re.IGNORECASE):
            assert "csrf_field()" in form, f"{name} has a form without csrf_field()"


@pytest.mark.parametrize("name", ALL)
def test_what_htmx_does_a_link_or_a_form_does_too(name):
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    for tag in re.findall(r"<[a-z]+\b[^>]*\bhx-(?:get|post|put|patch|delete)=[^>]*>", source):
        assert re.search(r"\b(?:href|action)=", tag), f"{name}: {tag[:120]} does nothing without a script"


def _pages() -> list[Path]:
    return sorted([*(ROOT / "civic").glob("*/pages.py"), *(ROOT / "civic").glob("*/pages/*.py")])


@pytest.mark.parametrize("path", _pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_shows_templates_of_its_own_room(path):
    room = path.relative_to(ROOT / "civic").parts[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.fullmatch(r"[\w/-]+\.(html|txt)", node.value)
        ):
            assert node.value.startswith(f"{room}/"), f"{path.name} shows {node.value}"
            assert node.value in ALL, f"{path.name} shows {node.value}, which is not there"


@pytest.mark.parametrize("path", _pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_route_a_page_names_exists(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "url"
            and len(node.args) > 1
        ):
            name = node.args[1]
            if isinstance(name, ast.Constant):
                assert name.value in NAMES, f"{path.name}:{node.lineno} names {name.value}"


def test_only_one_file_marks_text_as_safe():
    guilty = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "civic").rglob("*.py")
        if path.name != "text.py"
        and re.search(r"\bMarkup\(|mark_safe|\|\s*safe\b", path.read_text(encoding="utf-8"))
    ]
    assert not guilty


def test_a_block_shown_alone_brings_its_own_macros():
    """A block served to htmx does not see what is imported above it."""
    for name in ALL:
        tree = _tree(name)
        outside = {node.target for node in tree.body if isinstance(node, nodes.Import)} | {
            node.target
            for output in tree.find_all(nodes.Block)
            for node in output.body
            if isinstance(node, nodes.Import) and output.name not in ("main",)
        }
        for block in tree.find_all(nodes.Block):
            if block.name in (
                "title",
                "main",
                "subnav",
                "crumbs",
                "body_class",
                "main_class",
                "head",
                "scripts",
            ):
                continue
            brought = {node.target for node in block.find_all(nodes.Import)}
            used = {one.name for one in block.find_all(nodes.Name) if one.ctx == "load"}
            lacking = (outside & used) - brought
            assert not lacking, f"{name}: block {block.name} uses {lacking} without importing it inside"
