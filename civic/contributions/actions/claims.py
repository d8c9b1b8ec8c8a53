"""Open, move and retire the point that a whole text makes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from civic.contributions.forms import OwnPoint
from civic.contributions.models import (
    CheckState,
    Claim,
    ClaimKind,
    ClaimOrigin,
    ClaimSpan,
    Contribution,
    ContributionVersion,
    Kind,
    Relation,
)
from civic.foundation import clock, database, ids
from civic.ledger import actions as ledger

_KINDS: dict[str, ClaimKind] = {
    Relation.SUPPORTS: ClaimKind.SUPPORT,
    Relation.OBJECTS: ClaimKind.OBJECTION,
    Relation.NUANCES: ClaimKind.OBJECTION,
    Relation.ASKS: ClaimKind.QUESTION,
    Relation.EVIDENCE: ClaimKind.FACT,
    Relation.ALTERNATIVE: ClaimKind.REQUEST,
    Relation.EXPERIENCE: ClaimKind.NEED,
    Relation.ANSWERS: ClaimKind.REMARK,
}
_LIVE_WHOLE = """
SELECT id, public_id FROM claim WHERE contribution_id = ? AND origin = 'whole' AND retired_at IS NULL
"""
_LAST_NUMBER = "SELECT coalesce(max(number), 0) AS last FROM claim WHERE contribution_id = ?"
_ASK_AGAIN = "UPDATE claim SET check_state = 'found' WHERE id = ? AND check_state <> 'found'"
"""What an author said of older words says nothing of the new ones."""
_RETIRE = "UPDATE claim SET retired_at = ? WHERE id = ? AND retired_at IS NULL"


def kind_of(contribution_kind: str, relation: str | None) -> ClaimKind:
    """Tell what a whole text asks of the public body."""
    if contribution_kind == Kind.PROPOSAL or relation is None:
        return ClaimKind.REQUEST if contribution_kind == Kind.PROPOSAL else ClaimKind.REMARK
    return _KINDS[relation]


async def open_claim(
    contribution: Contribution, version: ContributionVersion, *, origin: ClaimOrigin = ClaimOrigin.WHOLE
) -> Claim:
    """Open the point made by the whole text."""
    (last,) = await database.rows(_LAST_NUMBER, contribution.id)
    claim = await Claim.create(
        public_id=ids.public_id(),
        contribution_id=contribution.id,
        number=last["last"] + 1,
        kind=kind_of(contribution.kind, contribution.relation),
        origin=origin,
        found_at=clock.now(),
    )
    digests = await span_whole(claim.id, version)
    await ledger.record(
        "claim.opened",
        claim.public_id,
        parent=contribution.public_id,
        content={"kind": str(claim.kind), "version": version.number, "quotes": digests},
    )
    return claim


async def open_own_points(
    contribution: Contribution,
    version: ContributionVersion,
    points: Sequence[OwnPoint],
    *,
    author: str | None,
) -> list[Claim]:
    """Open the points an author set apart in their own text, in place of the one the whole text makes.

    Nobody has to ask whether they were understood so: these are the author's own words and cut.
    """
    await retire_whole(contribution.id)
    (last,) = await database.rows(_LAST_NUMBER, contribution.id)
    opened, entries = [], []
    for number, point in enumerate(points, last["last"] + 1):
        claim = await Claim.create(
            public_id=ids.public_id(),
            contribution_id=contribution.id,
            number=number,
            kind=point.kind,
            origin=ClaimOrigin.CONTRIBUTOR,
            check_state=CheckState.CONFIRMED,
            found_by_id=contribution.author_id,
            found_at=clock.now(),
        )
        quote = await _span(claim.id, version.id, "text", point.start, version.body[point.start : point.end])
        content = {"kind": str(claim.kind), "version": version.number, "quotes": [quote]}
        entries.append(
            ledger.Entry(
                "claim.opened", claim.public_id, parent=contribution.public_id, content=content, author=author
            )
        )
        opened.append(claim)
    await ledger.record_many(entries)
    return opened


async def span_whole(claim_id: int, version: ContributionVersion) -> list[str]:
    """Rest a point on all the words of one version; give the salted digests of what it quotes."""
    parts = (("title", version.title), ("text", version.body))
    return [await _span(claim_id, version.id, part, 0, words) for part, words in parts if words]


async def _span(claim_id: int, version_id: int, part: str, start: int, words: str) -> str:
    salt = secrets.token_hex(32)
    digest = hashlib.sha256(f"{salt}\0{words}".encode()).hexdigest()
    await ClaimSpan.create(
        claim_id=claim_id,
        version_id=version_id,
        part=part,
        start=start,
        end=start + len(words),
        salt=salt,
        digest=digest,
    )
    return digest


async def follow_newest(contribution_id: int, version: ContributionVersion) -> None:
    """Let the whole-text point rest on the newest words; what it rested on before stays written."""
    for claim in await database.rows(_LIVE_WHOLE, contribution_id):
        await span_whole(claim["id"], version)
        await database.execute(_ASK_AGAIN, claim["id"])


async def retire_whole(contribution_id: int) -> None:
    """Close the whole-text point: the words no longer ask for an answer of their own."""
    for claim in await database.rows(_LIVE_WHOLE, contribution_id):
        if await database.execute(_RETIRE, clock.now(), claim["id"]):
            await ledger.record("claim.retired", claim["public_id"])
