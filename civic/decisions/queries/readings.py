"""What a second person reads at once: one answer with all the points it serves."""

from __future__ import annotations

from collections.abc import Sequence

from civic.decisions.gates import Desk, Point
from civic.decisions.models import DispositionVersion
from civic.decisions.queries.desk import PointRow, rows_of

_AT_ONCE = 2_000


async def readings_of(desk: Desk, points: Sequence[Point], most: int) -> list[list[PointRow]]:
    """Put what a second person reads at once together, up to so many points: same group, same reason.

    A sentence for one point alone is read beside that point; another outcome is read apart.
    """
    said = await _said([one.answer_id for one in points if one.group_id is not None and one.answer_id])
    found: dict[tuple[object, ...], list[Point]] = {}
    for one in points:
        key = (one.group_id, one.outcome, said.get(one.answer_id or 0)) if one.group_id else (one.claim_id,)
        found.setdefault(key, []).append(one)
    shown: list[list[Point]] = []
    for together in found.values():
        if shown and sum(map(len, shown)) + len(together) > most:
            break
        shown.append(together)
    by_claim = {
        row.point.claim_id: row for row in await rows_of(desk, [one for some in shown for one in some])
    }
    return [[by_claim[one.claim_id] for one in some if one.claim_id in by_claim] for some in shown]


async def _said(answers: Sequence[int]) -> dict[int, str]:
    """Give what makes two answers the same one, some thousands of them at a time."""
    said: dict[int, str] = {}
    for start in range(0, len(answers), _AT_ONCE):
        some = DispositionVersion.filter(id__in=list(answers[start : start + _AT_ONCE]))
        for key, sentence, rationale in await some.values_list("id", "sentence", "rationale"):
            said[key] = repr((sentence, rationale))
    return said
