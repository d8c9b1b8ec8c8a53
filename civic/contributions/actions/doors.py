"""Who may read changes in one place: search, notices and the rooms that count follow from here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from civic.contributions.models import (
    Contribution,
    ContributionVersion,
    Kind,
    Visibility,
    VisibilityChange,
)
from civic.foundation import clock, database, search, text
from civic.foundation.errors import N_, Conflict
from civic.notices import actions as notices

_TITLE_OF_COMMENT = 90
_MOVE = "UPDATE contribution SET visibility = ? WHERE id = ? AND visibility = ?"
_CONFIRM = "UPDATE contribution SET confirmed_at = ? WHERE id = ?"


@dataclass(frozen=True)
class VisibilityEvent:
    """What the rooms that keep counts are told when the readers of a contribution change."""

    contribution_id: int
    public_id: str
    kind: Kind
    process_id: int | None
    before: Visibility
    after: Visibility


Listener = Callable[[VisibilityEvent], Awaitable[None]]
LISTENERS: list[Listener] = []
"""Called in the transaction, before the row of the contribution changes (rows are locked in one order)."""


async def move(contribution: Contribution, after: Visibility, *, because: str) -> None:
    """Change who may read a contribution, everywhere at once. Raises Conflict when somebody was quicker."""
    before = Visibility(contribution.visibility)
    event = VisibilityEvent(
        contribution_id=contribution.id,
        public_id=contribution.public_id,
        kind=Kind(contribution.kind),
        process_id=contribution.process_id,
        before=before,
        after=after,
    )
    for listener in LISTENERS:
        await listener(event)
    if not await database.execute(_MOVE, after.value, contribution.id, before.value):
        raise Conflict(N_("Somebody was quicker: this text has changed meanwhile. Please read it again."))
    if before is Visibility.AWAITING and after is Visibility.PUBLIC:
        await database.execute(_CONFIRM, clock.now(), contribution.id)
    await VisibilityChange.create(
        contribution_id=contribution.id,
        before=before,
        after=after,
        because=because[:80],
        changed_at=clock.now(),
    )
    contribution.visibility = after
    await _open_or_close_doors(contribution)


async def _open_or_close_doors(contribution: Contribution) -> None:
    if contribution.visibility == Visibility.PUBLIC:
        newest = await ContributionVersion.filter(contribution_id=contribution.id).order_by("-number").first()
        if newest is not None:
            await enter_search(contribution, newest)
    else:
        await search.remove(search_key(contribution))
        await notices.retract(f"contribution/{contribution.public_id}")


async def enter_search(contribution: Contribution, version: ContributionVersion) -> None:
    """Make public words findable; a text without a title is found under its first words."""
    if contribution.visibility != Visibility.PUBLIC:
        return
    plain = text.plain(version.body)
    await search.index(
        search_key(contribution),
        kind=contribution.kind,
        process=await _process(contribution.process_id),
        language=contribution.language,
        title=version.title or text.excerpt(plain, _TITLE_OF_COMMENT),
        body=plain,
    )


def search_key(contribution: Contribution) -> str:
    """Name a contribution in the search index: "proposal/<public id>", "comment/<public id>"."""
    return f"{contribution.kind}/{contribution.public_id}"


async def _process(process_id: int | None) -> str | None:
    if process_id is None:
        return None
    (found,) = await database.rows("SELECT public_id FROM process WHERE id = ?", process_id)
    return str(found["public_id"])
