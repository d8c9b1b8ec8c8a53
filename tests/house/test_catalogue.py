"""Every text a person can read has its French, said once and written as French is."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from scripts import catalogue

ROOT = Path(__file__).parents[2]
ROOMS = catalogue.rooms()
NAME = re.compile(r"%\((\w+)\)[sd]")
CALLS = {"Refused", "NotFound", "Conflict", "TooLarge", "Busy", "refused", "message", "Message"}
HOW = "python scripts/catalogue.py --write <room> appends what is missing"
NBSP = "\u00a0\u202f"


def _entries():
    return [(room, key, entry) for room in ROOMS for key, entry in catalogue.catalogue_of(room).items()]


def _said(entry) -> tuple[str, ...]:
    return tuple(entry.string) if isinstance(entry.string, (tuple, list)) else (str(entry.string),)


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_of_a_room_has_its_french(room):
    missing, stale = catalogue.compare(room)
    lacking = "\n".join(f"  {text.place}: {text.forms[0]!r}" for text in missing)
    assert not missing, f"{HOW}:\n{lacking}"
    assert not stale, f"no code says these any more (--prune takes them out): {[key[1] for key in stale]}"


def test_one_sentence_has_one_translation():
    said = defaultdict(dict)
    for room, key, entry in _entries():
        said[key][room] = _said(entry)
    twice = {key[1]: rooms for key, rooms in said.items() if len(set(rooms.values())) > 1}
    assert not twice, f"say them alike, or tell them apart with a context: {twice}"


def test_nothing_is_left_fuzzy():
    fuzzy = [f"{room}: {key[1]!r}" for room, key, entry in _entries() if entry.fuzzy]
    assert not fuzzy


def test_the_french_holds_the_facts_of_the_english():
    """A fact may stay out when its form with « de » is there (`%(de_name)s` for `%(name)s`)."""
    wrong = []
    for room, key, entry in _entries():
        ids = entry.id if isinstance(entry.id, (tuple, list)) else (entry.id,)
        wanted = {name for one in ids for name in NAME.findall(one)}
        for said in _said(entry):
            given = set(NAME.findall(said))
            strange = {name for name in given - wanted if not name.startswith("de_")}
            plain = {name.removeprefix("de_") for name in given}
            lacking = wanted - plain - ({"count", "num", "n"} if len(ids) > 1 else set())
            if strange or lacking:
                wrong.append(f"{room}: {key[1]!r} -> {said!r} ({strange or lacking})")
    assert not wrong, "\n".join(wrong)


def test_french_is_written_as_french_is():
    rules = {
        r"(?<![\u00a0\u202f\s:/]) ?[;!?](?!\w)(?<=[^\u00a0\u202f?!…(][;!?])": "U+00A0 before ; ! ?",
        r" [:;!?»]": "U+00A0, not a space, before : ; ! ? »",
        r"« ": "U+00A0 after «",
        r"\w'\w": "the apostrophe is ’",
        r"\.\.\.": "the ellipsis is …",
        r"\b[tT]u\b|\b[tT]on\b|\b[tT]es\b": "we say « vous »",
    }
    wrong = [
        f"{room}: {said!r}: {why}"
        for room, _key, entry in _entries()
        for said in _said(entry)
        for pattern, why in rules.items()
        if re.search(pattern, said)
    ]
    assert not wrong, "\n".join(wrong)


def _sources():
    return [path for path in sorted((ROOT / "civic").rglob("*.py")) if "town" not in path.parts]


def test_a_sentence_for_people_is_marked_for_the_catalogues():
    """`Refused("…")` would stay English: write `Refused(N_("…"))`."""
    bare = []
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            first = node.args[0] if node.args else None
            if node.func.id in CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno} {first.value!r}")
    assert not bare, bare


def test_a_marked_sentence_is_one_literal():
    """An f-string or a sum cannot be found by the catalogues."""
    odd = []
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            is_marked = node.func.id in ("N_", "counted") and path.name != "errors.py"
            if is_marked and not isinstance(node.args[0], ast.Constant):
                odd.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not odd, odd


def test_templates_hold_no_bare_words():
    """Words between tags belong in `_()` or `{% trans %}`."""
    bare = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        source = re.sub(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", source, flags=re.DOTALL)
        source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\x00", source, flags=re.DOTALL)
        source = re.sub(r"<(script|style|svg)\b.*?</\1>", "", source, flags=re.DOTALL)
        for words in re.findall(r">([^<>\x00]*[A-Za-zÀ-ÿ]{3,}[^<>\x00]*)<", source):
            bare.append(f"{path.relative_to(ROOT)}: {words.strip()[:60]!r}")
    assert not bare, "\n".join(bare)
