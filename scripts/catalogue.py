"""Keep the French of every room complete.

    python scripts/catalogue.py                 what is missing or stale, room by room (exit status 1 if any)
    python scripts/catalogue.py proposals       the same for one room
    python scripts/catalogue.py --write         also append the missing texts, empty, to civic/<room>/fr.po
    python scripts/catalogue.py --prune         also take the stale ones out

Texts come from `civic/<room>/**/*.py` and `templates/<room>/**/*.html`; those of `templates/base.html`,
`templates/parts/`, `civic/app.py` belong to `foundation`. In Python, mark a text with `N_("…")` or
`counted("…", "…", n)`; in templates with `_()`, `ngettext()`, `pgettext()` or `{% trans %}`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "fr"
IN_PYTHON = {
    "N_": None,
    "counted": (1, 2),
    "gettext": (2,),
    "pgettext": ((2, "c"), 3),
    "ngettext": (2, 3),
}
IN_TEMPLATES = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TRIMMED = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}

Key = tuple[str | None, str]


@dataclass(frozen=True)
class Text:
    """A text found in code: its context, its one or two forms, and where it stands."""

    context: str | None
    forms: tuple[str, ...]
    place: str

    @property
    def key(self) -> Key:
        return self.context, self.forms[0]


def main() -> int:
    """Report, and mend when asked."""
    options = _options()
    wrong = 0
    for room in options.rooms or rooms():
        missing, stale = compare(room)
        wrong += len(missing) + len(stale)
        for text in missing:
            print(f"{room}: missing  {text.forms[0]!r}  ({text.place})")
        for _context, msgid in stale:
            print(f"{room}: stale    {msgid!r}")
        if options.write and missing:
            append(room, missing)
        if options.prune and stale:
            prune(room, stale)
    print(f"{wrong} to mend." if wrong else "Every text has its French.")
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rooms", nargs="*", help="rooms to look at (all)")
    parser.add_argument("--write", action="store_true", help="append what is missing, to be filled in")
    parser.add_argument("--prune", action="store_true", help="take out what is no longer used")
    return parser.parse_args()


def rooms() -> list[str]:
    """Name the rooms that hold code or templates."""
    return sorted(path.parent.name for path in (ROOT / "civic").glob("*/__init__.py"))


def texts_of(room: str) -> dict[Key, Text]:
    """Find every text of a room."""
    found: dict[Key, Text] = {}
    for text in _extracted(room):
        kept = found.setdefault(text.key, text)
        if len(text.forms) > len(kept.forms):
            found[text.key] = text
    return found


def _extracted(room: str) -> Iterator[Text]:
    for path in _files(room):
        is_python = path.suffix == ".py"
        method = "python" if is_python else "jinja2.ext.babel_extract"
        keywords = IN_PYTHON if is_python else IN_TEMPLATES
        options = {} if is_python else TRIMMED
        with path.open("rb") as source:
            for line, ids, _comments, context in extract(method, source, keywords, (), options):
                forms = (ids,) if isinstance(ids, str) else tuple(one for one in ids if one)
                if forms and forms[0]:
                    yield Text(context, forms, f"{path.relative_to(ROOT)}:{line}")


def _files(room: str) -> Iterator[Path]:
    yield from sorted((ROOT / "civic" / room).rglob("*.py"))
    yield from sorted((ROOT / "templates" / room).rglob("*.html"))
    yield from sorted((ROOT / "templates" / room).rglob("*.txt"))
    if room == "foundation":
        yield from (ROOT / "civic" / "app.py", ROOT / "templates" / "base.html")
        yield from sorted((ROOT / "templates" / "parts").rglob("*.html"))


def catalogue_of(room: str) -> dict[Key, Message]:
    """Read the French of a room."""
    path = _path(room)
    if not path.exists():
        return {}
    with path.open("rb") as source:
        return {(one.context, _forms(one.id)[0]): one for one in read_po(source, locale=LANGUAGE) if one.id}


def _forms(ids: object) -> tuple[str, ...]:
    return tuple(map(str, ids)) if isinstance(ids, (tuple, list)) else (str(ids),)


def _path(room: str) -> Path:
    return ROOT / "civic" / room / f"{LANGUAGE}.po"


def compare(room: str) -> tuple[list[Text], list[Key]]:
    """Give the texts without French, and the French without a text."""
    texts, catalogue = texts_of(room), catalogue_of(room)
    missing = [text for key, text in texts.items() if not _is_said(catalogue.get(key), text)]
    return missing, [key for key in catalogue if key not in texts]


def _is_said(entry: Message | None, text: Text) -> bool:
    if entry is None or entry.fuzzy:
        return False
    said = _forms(entry.string) if entry.string else ()
    return len(said) == len(text.forms) and all(said) and len(_forms(entry.id)) == len(text.forms)


def append(room: str, missing: list[Text]) -> None:
    """Append texts to be filled in; what is there stays as it is written."""
    known = catalogue_of(room)
    path = _path(room)
    if not path.exists():
        path.write_text(HEADER, encoding="utf-8")
    with path.open("a", encoding="utf-8") as target:
        for text in missing:
            if text.key not in known:
                target.write(_entry(text))


HEADER = """msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"""


def _entry(text: Text) -> str:
    lines = ["", f"#: {text.place.rpartition(':')[0]}"]
    if text.context is not None:
        lines.append(f"msgctxt {_quoted(text.context)}")
    lines.append(f"msgid {_quoted(text.forms[0])}")
    if len(text.forms) > 1:
        lines += [f"msgid_plural {_quoted(text.forms[1])}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines.append('msgstr ""')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def prune(room: str, stale: list[Key]) -> None:
    """Take texts out that no code uses any more."""
    path = _path(room)
    with path.open("rb") as source:
        old = read_po(source, locale=LANGUAGE)
    kept = Catalog(locale=LANGUAGE, header_comment="", charset="utf-8")
    for one in old:
        if one.id and (one.context, _forms(one.id)[0]) not in stale:
            places = tuple((name, 0) for name, _line in one.locations)
            kept.add(one.id, one.string, places, context=one.context)
    with path.open("wb") as target:
        target.write(HEADER.encode())
        write_po(target, kept, omit_header=True, width=0, include_lineno=False)


if __name__ == "__main__":
    sys.exit(main())
