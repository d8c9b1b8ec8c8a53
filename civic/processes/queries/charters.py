"""The charters in force and their former versions; until somebody writes another, the texts shipped here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from civic.foundation import text
from civic.foundation.errors import NotFound
from civic.foundation.tables import Localized
from civic.processes.models import CharterKind, CharterVersion

_TEXTS = Path(__file__).parent.parent / "texts"
_rendered: dict[CharterKind, Localized] = {}


@dataclass(frozen=True)
class CharterCard:
    """One version of a charter; the one shipped with the product has no date."""

    kind: CharterKind
    number: int
    source: Localized
    html: Localized
    published_at: datetime | None


async def charter_in_force(kind: CharterKind) -> CharterCard:
    """Give the newest version of a charter."""
    row = await CharterVersion.filter(kind=kind).order_by("-number").first()
    return _card(row) if row else await shipped(kind)


async def charter_version(kind: CharterKind, number: int) -> CharterCard:
    """Give one version of a charter."""
    row = await CharterVersion.get_or_none(kind=kind, number=number)
    if row is None:
        if number == 1 and not await CharterVersion.filter(kind=kind).exists():
            return await shipped(kind)
        raise NotFound
    return _card(row)


async def charter_versions(kind: CharterKind) -> tuple[CharterCard, ...]:
    """Give every version of a charter, newest first."""
    rows = await CharterVersion.filter(kind=kind).order_by("-number")
    return tuple(_card(row) for row in rows) or (await shipped(kind),)


async def shipped(kind: CharterKind) -> CharterCard:
    """Give the text this product comes with."""
    source = dict(_shipped_source(kind))
    if kind not in _rendered:
        _rendered[kind] = {language: await text.render(words, 2) for language, words in source.items()}
    return CharterCard(kind, 1, source, dict(_rendered[kind]), None)


@lru_cache(maxsize=4)
def _shipped_source(kind: CharterKind) -> tuple[tuple[str, str], ...]:
    files = sorted(_TEXTS.glob(f"{kind}.*.md"))
    return tuple((file.suffixes[0][1:], file.read_text(encoding="utf-8").strip()) for file in files)


def _card(row: CharterVersion) -> CharterCard:
    return CharterCard(CharterKind(row.kind), row.number, row.source, row.html, row.published_at)
