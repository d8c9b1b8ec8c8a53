"""Gather the icons the interface uses into one sprite.

Usage: npm pack lucide-static@1.62.0, unpack it, then
       python scripts/make_icons.py package/icons static/vendor/icons.svg
and write the new SHA-256 into static/vendor/VENDOR.toml.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

NAMES = """
accessibility archive arrow-down arrow-left arrow-right arrow-up ban bell bell-off book-open
bookmark-check building-2 calendar calendar-check calendar-clock calendar-plus chart-no-axes-column check
chevron-down chevron-left chevron-right circle circle-alert circle-check circle-dot circle-minus
circle-plus circle-question-mark circle-slash circle-x clipboard-check clipboard-list clock contrast copy
corner-down-right download external-link eye eye-off file-check file-diff file-pen file-plus file-text
flag folder gavel git-compare globe handshake history hourglass house inbox info key-round keyboard
landmark languages layers lightbulb link list list-checks list-filter list-todo lock log-in log-out mail
mail-check mail-open map map-pin map-pin-off megaphone menu message-square message-square-reply
messages-square milestone minus monitor moon notebook-pen palette paperclip pause pen pen-line pencil
phone play plus printer quote refresh-cw reply route save scale scissors search send server-crash
settings share-2 shield shield-check shield-off shuffle signature sliders-horizontal split square-check
square-pen store sun tag thumbs-up ticket trash-2 triangle-alert undo-2 unlink upload user-check user-cog
user-minus user-plus user-round user-x users vote wifi-off x
"""


def symbol(folder: Path, name: str) -> str:
    """Turn one icon file into a symbol: its drawing without its frame."""
    source = (folder / f"{name}.svg").read_text(encoding="utf-8")
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if drawing is None:
        raise SystemExit(f"{name}: not a drawing")
    inner = re.sub(r"\s+", " ", drawing.group(1)).replace("> <", "><").replace(" />", "/>").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


def main(folder: Path, target: Path) -> None:
    """Write the sprite, one symbol a line, in the order of the alphabet."""
    symbols = "\n".join(symbol(folder, name) for name in sorted(set(NAMES.split())))
    target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n', encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
