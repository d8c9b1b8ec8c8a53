"""Tell everyone whose points a draft answers that they can react: one message per person and edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from civic.decisions.deadlines import last_day
from civic.decisions.models import DraftInvitation
from civic.decisions.queries.reading import DecisionCard, decision_by_id
from civic.decisions.queries.windows import EditionCard, edition_by_public_id, editions_of
from civic.foundation import clock, database, ids, queue
from civic.foundation.errors import N_, Message, counted
from civic.notices import actions as notices
from civic.notices.actions import News, Recipient, Touch

AT_ONCE = 50
MOST_LINKS = 20

_PEOPLE = """
SELECT c.id AS contribution_id, c.public_id AS contribution, c.number AS receipt, c.guest_address,
       c.language, p.public_id AS person, p.address, p.language AS speaks, count(*) AS points
FROM draft_outcome o
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation' AND k.retired_at IS NULL
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN participant p ON p.id = c.author_id
LEFT JOIN draft_outcome b ON b.claim_id = o.claim_id AND b.edition_id = ?
WHERE o.edition_id = ? AND c.visibility = 'public' AND (p.id IS NOT NULL OR c.guest_address IS NOT NULL)
  AND (b.id IS NULL OR b.disposition_version_id <> o.disposition_version_id)
GROUP BY c.id, c.public_id, c.number, c.guest_address, c.language, c.submitted_at, p.id, p.public_id,
         p.address, p.language
ORDER BY c.submitted_at, c.id
"""
_OPENED = N_("The outcomes proposed by “%(decision)s” can be read: those they answer react until %(date)s.")


@dataclass
class Letter:
    """What one person is told: their texts, and how many of their points a draft answers."""

    to: Recipient
    is_guest: bool
    texts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(int(one["points"]) for one in self.texts)


async def tell_draft(public_id: str, after: str = "") -> None:
    """Write to those whose points an edition answers, some people at a time.

    Of a second edition only those hear for whom it proposes something else; nobody hears of one that was
    replaced before it was told, or whose window is over.
    """
    edition = await edition_by_public_id(public_id)
    earlier = await editions_of([edition.decision_id])
    if earlier[0].id != edition.id or not edition.is_open(clock.now()):
        return
    decision = await decision_by_id(edition.decision_id)
    before = next((one.id for one in earlier if one.number < edition.number), 0)
    letters = await _letters(edition, before)
    waiting = sorted(key for key in letters if key > after)
    async with database.transaction():
        for key in waiting[:AT_ONCE]:
            await _write(decision, edition, letters[key])
        if len(waiting) > AT_ONCE:
            last = waiting[AT_ONCE - 1]
            await queue.later("decisions.tell_draft", {"edition": public_id, "after": last})
        else:
            await _announce(decision, edition)


async def _letters(edition: EditionCard, before: int) -> Mapping[str, Letter]:
    letters: dict[str, Letter] = {}
    for row in await database.rows(_PEOPLE, before, edition.id):
        if row["person"]:
            key = f"participant/{row['person']}"
            letter = Letter(Recipient(key, row["address"], row["speaks"]), is_guest=False)
        else:
            key = f"guest {row['guest_address']}"
            spoken = row["language"] if row["language"] in ("fr", "en") else "fr"
            letter = Letter(
                Recipient(f"guest/{row['contribution']}", row["guest_address"], spoken), is_guest=True
            )
        letters.setdefault(key, letter).texts.append(row)
    return letters


async def _write(decision: DecisionCard, edition: EditionCard, letter: Letter) -> None:
    """Mail the links, which alone open the texts; an account also finds them in its list, without a link."""
    links = await _links(edition, letter.texts[:MOST_LINKS])
    if not links:
        return
    about = f"draft/{edition.public_id}"
    data = {
        "process": decision.process.title,
        "points": counted("%(count)s point", "%(count)s points", letter.points),
        "until": last_day(edition.closes_at),
    }
    key = f"draft/{edition.public_id}/{letter.to.key}"
    items = [{"text": number, "label": "", "path": path} for number, path in links]
    await notices.notify(
        letter.to,
        "draft.link",
        about=about,
        data={**data, "path": links[0][1], "items": items if len(items) > 1 else []},
        once_key=key,
        in_app=False,
    )
    if not letter.is_guest:
        await notices.notify(
            letter.to,
            "draft.opened",
            about=about,
            data={**data, "path": f"/decisions/{decision.public_id}/drafts/{edition.number}?mine=1"},
            once_key=f"draft.opened/{edition.public_id}/{letter.to.key}",
            mail=False,
        )


async def _links(edition: EditionCard, texts: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Make a link for each text, which opens that text alone; those who have one get no second."""
    known = await DraftInvitation.filter(
        edition_id=edition.id, contribution_id__in=[one["contribution_id"] for one in texts]
    )
    invited = {one.contribution_id for one in known}
    made = []
    for one in texts:
        if one["contribution_id"] not in invited:
            token = ids.token()
            await DraftInvitation.create(
                edition_id=edition.id,
                contribution_id=one["contribution_id"],
                token_hash=ids.hash_token(token),
                invited_at=clock.now(),
            )
            made.append((one["receipt"], f"/drafts/{token}"))
    return made


async def _announce(decision: DecisionCard, edition: EditionCard) -> None:
    """Announce it to those who follow the process, once those concerned were told personally."""
    page = f"/decisions/{decision.public_id}/drafts/{edition.number}"
    words = Message(_OPENED, {"decision": edition.title, "date": last_day(edition.closes_at)})
    await notices.announce(
        News(
            about=f"draft/{edition.public_id}",
            once_key=f"news/draft/{edition.public_id}",
            title=edition.title,
            touches=(Touch(f"process/{decision.process.public_id}", decision.process.title, words, page),),
            told=f"draft/{edition.public_id}",
        )
    )
