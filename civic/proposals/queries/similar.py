"""Proposals that resemble a text being written: shown before it is sent, never a reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterable

from civic.foundation import database, search, text
from civic.foundation.viewer import Viewer
from civic.processes.queries import ProcessPage
from civic.proposals.queries.reading import CARD, ProposalCard, proposal_card

SHOWN = 3
_LOOKED_AT = 12
_LEAST_WORDS = 4
_LEAST_LETTERS = 4
_LEAST_SHARED = 0.25
_SIMILAR = CARD + "WHERE c.visibility = 'public' AND o.process_id = ? AND o.public_id IN ({marks})"


async def similar(
    viewer: Viewer, process: ProcessPage, title: str, body: str, *, but: str = "", limit: int = SHOWN
) -> list[ProposalCard]:
    """Find proposals of the process that say much the same: search finds them, shared words order them."""
    mine = _telling(f"{title}\n{body}")
    if len(mine) < _LEAST_WORDS:
        return []
    hits = await search.resembling(
        f"{title} {text.excerpt(body, 2_000)}",
        kinds={"proposal"},
        process=process.public_id,
        limit=_LOOKED_AT,
    )
    keys = [key for hit in hits if (key := hit.key.partition("/")[2]) != but]
    if not keys:
        return []
    found = await database.rows(_SIMILAR.format(marks=", ".join("?" * len(keys))), process.id, *keys)
    near = sorted(((_shared(mine, row), row["id"], row) for row in found), key=lambda one: (-one[0], one[1]))
    return [proposal_card(viewer, row) for share, _, row in near[:limit] if share >= _LEAST_SHARED]


def _shared(mine: frozenset[str], row: dict[str, object]) -> float:
    """Tell how much of the shorter of two texts the other holds, its title counting as much as its body."""
    body = _share(mine, _telling(f"{row['title']}\n{text.excerpt(str(row['body']), 4_000)}"))
    return max(body, _share(mine, _telling(str(row["title"]))) * 0.8)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    least = min(len(one), len(other))
    return len(one & other) / max(least, _LEAST_WORDS)


def _telling(words: str) -> frozenset[str]:
    """Keep the beginnings of the long words of a text, and every sign of scripts without spaces."""
    return frozenset(_stems(text.fold(words).split()))


def _stems(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        bare = "".join(letter for letter in word if letter.isalnum())
        if len(bare) >= _LEAST_LETTERS:
            yield bare[:6]
        elif bare and not bare.isascii():
            yield bare
