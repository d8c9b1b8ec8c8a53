"""Texts that say nearly the same as another: proposed to who cuts it, never acted upon (R14)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from civic.contributions import queries as contributions
from civic.contributions.models import ClaimOrigin, Kind
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.decisions.similarity import CONTAINMENT, JACCARD, compare
from civic.foundation import search

MOST = 5
SETTLED = """EXISTS (SELECT 1 FROM published_outcome o JOIN claim j ON j.id = o.claim_id
  WHERE j.contribution_id = c.id AND j.kind <> 'situation')"""
"""When a text ``c`` has a published answer: it can no longer be cut."""
LOOKED_AT = 12
"""Texts that share the most telling words, compared word run by word run."""


@dataclass(frozen=True)
class NearText:
    """A text nearly the same as the one being cut, with its points."""

    contribution: ContributionCard
    claims: tuple[ClaimCard, ...]
    percent: int
    """Runs of three words the two share, of a hundred."""

    @property
    def is_cut(self) -> bool:
        return any(one.origin is not ClaimOrigin.WHOLE for one in self.claims)


async def near_texts(contribution: ContributionCard) -> list[NearText]:
    """Find the texts of the same question that say nearly the same, the nearest first."""
    said = f"{contribution.title}\n{contribution.body}"
    hits = await search.resembling(
        said,
        kinds=[str(kind) for kind in Kind],
        process=contribution.process,
        limit=LOOKED_AT,
    )
    found = []
    for hit in hits:
        other = await _other(hit.key, contribution)
        if other is None:
            continue
        likeness = await asyncio.to_thread(compare, said, f"{other.title}\n{other.body}")
        if likeness.jaccard >= JACCARD or likeness.containment >= CONTAINMENT:
            claims = tuple(await contributions.claims_of(other.id))
            found.append(NearText(other, claims, round(100 * likeness.jaccard)))
    return sorted(found, key=lambda one: -one.percent)[:MOST]


async def _other(key: str, contribution: ContributionCard) -> ContributionCard | None:
    """Give another public text on the same question, by its key in the search."""
    public_id = key.partition("/")[2]
    if public_id == contribution.public_id:
        return None
    other = await contributions.contribution_by_public_id(public_id)
    return other if other.is_public and other.issue_id == contribution.issue_id else None
