"""Answers as a version states them that is signed and not public yet; who reads them was asked before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from civic.contributions import queries as contributions
from civic.contributions.models import ClaimKind
from civic.decisions.queries.answers import answers_by_id
from civic.decisions.queries.outcomes import (
    FIRST_STATED,
    SPEAKERS,
    OutcomeCard,
    as_stated,
    speaker_of,
    stated_of,
)
from civic.decisions.queries.reading import articles_stated, marks
from civic.foundation import database
from civic.foundation.viewer import Viewer

MOST_OWN = 200

_SIGNED = """
SELECT o.id, o.claim_id, o.disposition_version_id AS answer_id, d.public_id AS decision,
       d.id AS decision_id, p.id AS process_id, p.public_id AS process, p.slug AS process_slug,
       p.title AS process_title,
       v.title, v.id AS version_id, v.number, s.name AS signed_by, v.signed_role, f.name AS signed_for,
       v.signed_by_id AS signer_id, v.release_at AS released_at
FROM published_outcome o
JOIN decision_version v ON v.id = o.decision_version_id
JOIN decision d ON d.id = v.decision_id
JOIN process p ON p.id = d.process_id
LEFT JOIN participant s ON s.id = v.signed_by_id
LEFT JOIN participant f ON f.id = v.signed_for_id
WHERE o.decision_version_id = ? AND o.claim_id IN ({marks})
"""
_POINTS = """
SELECT o.claim_id, k.kind FROM published_outcome o
JOIN claim k ON k.id = o.claim_id
JOIN contribution c ON c.id = k.contribution_id
"""
_IN_ORDER = " ORDER BY CASE k.kind WHEN 'situation' THEN 1 ELSE 0 END, c.submitted_at, k.id LIMIT ?"
_BEHIND_LINK = f"""
{_POINTS} JOIN contribution f ON f.id = ?
WHERE o.decision_version_id = ? AND c.visibility = 'public' AND (c.author_id = f.author_id
  OR (f.author_id IS NULL AND c.author_id IS NULL AND c.guest_address = f.guest_address))
{_IN_ORDER}
"""
_OF_VIEWER = f"""
{_POINTS} WHERE o.decision_version_id = ? AND c.visibility = 'public'
  AND (c.author_id = ? OR c.public_id IN ({{marks}})) {_IN_ORDER}
"""


async def signed_cards(
    claim_ids: Collection[int], *, at_version: int, with_situations: bool = False
) -> list[OutcomeCard]:
    """Give the answers one signed version gives to some points, as they will stand when it is public."""
    wanted = sorted(set(claim_ids))
    if not wanted:
        return []
    sql_marks = marks(wanted)
    rows = await database.rows(_SIGNED.format(marks=sql_marks), at_version, *wanted)
    first = {
        (row["claim_id"], row["answer_id"]): database.moment(row["released_at"])
        for row in await database.rows(FIRST_STATED.format(marks=sql_marks), *wanted)
    }
    answers = await answers_by_id({row["answer_id"] for row in rows}, at_version=at_version)
    articles = await articles_stated([at_version])
    claims = await contributions.claims_by_id(wanted, with_situations=with_situations)
    speakers = {row["id"]: row for row in await database.rows(SPEAKERS.format(marks=sql_marks), *wanted)}
    cards = []
    for row in rows:
        if row["claim_id"] not in claims:
            continue
        claim = claims[row["claim_id"]]
        answer = as_stated(answers[row["answer_id"]], at_version, articles)
        stated = stated_of(row)
        cards.append(
            OutcomeCard(
                id=row["id"],
                public_id=answer.public_id,
                claim=replace(claim, quotes=(), restatement="") if claim.reads_as_withdrawn else claim,
                speaker=speaker_of(speakers[claim.id]),
                answer=answer,
                stated=stated,
                published_at=first.get((claim.id, row["answer_id"]), stated.released_at),
                is_in_force=False,
                reply=None,
                appeals=(),
            )
        )
    return cards


async def signed_behind(contribution_id: int, version_id: int) -> tuple[list[OutcomeCard], int]:
    """Give the answers to whoever wrote a text, and how many more a mail must not open: on situations."""
    found = await database.rows(_BEHIND_LINK, contribution_id, version_id, MOST_OWN)
    open_ones = [row["claim_id"] for row in found if row["kind"] != ClaimKind.SITUATION]
    return await _in_order(open_ones, version_id), len(found) - len(open_ones)


async def signed_for(viewer: Viewer, version_id: int) -> list[OutcomeCard]:
    """Give the answers to the points of somebody who is known here, by account or by code."""
    passes = sorted(viewer.passes)[:50]
    sql = _OF_VIEWER.format(marks=marks(passes))
    found = await database.rows(sql, version_id, viewer.participant or 0, *passes, MOST_OWN)
    return await _in_order([row["claim_id"] for row in found], version_id, with_situations=True)


async def _in_order(
    claim_ids: Collection[int], version_id: int, *, with_situations: bool = False
) -> list[OutcomeCard]:
    cards = {
        one.claim.id: one
        for one in await signed_cards(claim_ids, at_version=version_id, with_situations=with_situations)
    }
    return [cards[one] for one in claim_ids if one in cards]
