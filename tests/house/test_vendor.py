"""Vendored files are exactly the ones that were looked at: listed, licensed, unchanged."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
LIST = tomllib.loads((VENDOR / "VENDOR.toml").read_text(encoding="utf-8"))["file"]


def test_each_vendored_file_is_unchanged() -> None:
    assert LIST
    for entry in LIST:
        content = (VENDOR / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["file"]


def test_each_entry_says_where_it_comes_from_and_carries_its_licence() -> None:
    for entry in LIST:
        assert entry["name"], entry
        assert entry["licence"], entry
        assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"]), entry
        assert (VENDOR / entry["licence_text"]).read_text(encoding="utf-8").strip(), entry


def test_no_vendored_file_is_unlisted() -> None:
    listed = {"VENDOR.toml"} | {e["file"] for e in LIST} | {e["licence_text"] for e in LIST}
    found = {str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.is_file()}
    assert found == listed


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (VENDOR / "icons.svg").read_text(encoding="utf-8")))
    named: set[str] = set()
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        named |= set(re.findall(r'\bicon\("([a-z0-9-]+)"', text))
        named |= set(re.findall(r'\bicon=(?:none or )?"([a-z0-9-]+)"', text))
    assert named, "templates name icons"
    assert named <= sprite, sorted(named - sprite)


def _zipped(name: str) -> int:
    return len(gzip.compress((STATIC / name).read_bytes(), 9))


def test_what_every_page_loads_stays_small() -> None:
    assert _zipped("civic.css") + _zipped("components.css") <= 14_000
    assert _zipped("civic.js") <= 4_000
    assert _zipped("vendor/icons.svg") <= 7_000


def test_styles_stay_within_the_rules_of_the_policy() -> None:
    for name in ("civic.css", "components.css"):
        css = (STATIC / name).read_text(encoding="utf-8")
        assert "http" not in css.replace('a[href^="http"]', ""), "no third party"
        assert "@import" not in css
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        if "mail" in template.name or "/mail/" in template.as_posix():
            continue
        assert not re.search(r"<[a-z][^>]*\sstyle=", text), template
        assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text), template
        assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", text), template


def test_both_dark_blocks_are_equal() -> None:
    css = (STATIC / "civic.css").read_text(encoding="utf-8")
    blocks = re.findall(r"\{\s*color-scheme: dark;(.*?)\}", css, re.DOTALL)
    assert len(blocks) == 2
    assert blocks[0].split() == blocks[1].split()
