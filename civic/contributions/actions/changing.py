"""Correct, withdraw, confirm, hide and restore what somebody said."""

from __future__ import annotations

from civic.accounts import queries as people
from civic.contributions import policies
from civic.contributions.actions.claims import follow_newest, open_claim, retire_whole
from civic.contributions.actions.doors import enter_search, move
from civic.contributions.actions.submitting import noun, opening, render_words, write_version
from civic.contributions.actions.telling import announce_withdrawal
from civic.contributions.forms import Words
from civic.contributions.models import (
    Contribution,
    ContributionVersion,
    Kind,
    Relation,
    Visibility,
    Withdrawal,
)
from civic.contributions.queries import ContributionCard, is_author
from civic.foundation import clock, database, limits
from civic.foundation.errors import N_, Conflict, Verdict
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes import queries as processes
from civic.processes.models import ProcessState

_NEXT_VERSION = "UPDATE contribution SET version = version + 1 WHERE id = ? AND version = ?"
_RELATE = "UPDATE contribution SET relation = ? WHERE id = ?"
_COME_LATE = "UPDATE contribution SET after_freeze = ? WHERE id = ?"
_HAS_POINTS = (
    "SELECT id FROM claim WHERE contribution_id = ? AND retired_at IS NULL AND kind <> 'situation' LIMIT 1"
)
_STALE = N_("This text was changed meanwhile. Please read the newest version and try again.")
_NOT_PUBLIC = N_("This text is no longer public.")
_NOT_HIDDEN = N_("This text is not hidden.")


async def revise(
    viewer: Viewer,
    contribution: ContributionCard,
    words: Words,
    *,
    expected_version: int,
    note: str = "",
    rendered: str | None = None,
    is_asked: bool = False,
) -> ContributionVersion:
    """Add a version. Before the freeze the whole-text point follows it; after, points stay as they were.

    A hidden text is written again only when its author ``is_asked`` to, and a moderator reads it first; its
    point follows even after the freeze, because the words it rested on are not shown any more.
    """
    (await may_revise(viewer, contribution, is_asked=is_asked)).demand()
    rendered = await render_words(words) if rendered is None else rendered
    async with database.transaction():
        await limits.spend("revise_text", contribution.public_id)
        if not await database.execute(_NEXT_VERSION, contribution.id, expected_version):
            raise Conflict(_STALE)
        row = await Contribution.get(id=contribution.id)
        (await may_revise(viewer, contribution, visibility=row.visibility, is_asked=is_asked)).demand()
        version = await write_version(
            row.id, row.version, words, rendered, viewer.participant, clock.now(), note
        )
        if row.visibility == Visibility.RESTRICTED or not await _is_frozen(row.issue_id):
            await follow_newest(row.id, version)
        await enter_search(row, version)
        await ledger.record(
            f"{noun(row.kind)}.edited",
            row.public_id,
            rev=row.version,
            content=opening(words, row.language),
            author=viewer.public_id,
            ref=f"version/{row.public_id}/{row.version}",
        )
    return version


async def may_revise(
    viewer: Viewer, contribution: ContributionCard, *, visibility: str = "", is_asked: bool = False
) -> Verdict:
    """Answer whether this viewer can correct this text, or why not; ``visibility`` is what it is by now."""
    return policies.may_revise(
        viewer,
        mine=is_author(viewer, contribution),
        visibility=visibility or contribution.visibility,
        closed=await _is_closed(contribution.process_id),
        is_asked=is_asked,
    )


async def withdraw(viewer: Viewer, contribution: ContributionCard, reason: str) -> None:
    """Take one's words back: they are no longer shown, the place and the reason stay."""
    mine = is_author(viewer, contribution)
    policies.may_withdraw(viewer, mine=mine, visibility=contribution.visibility).demand()
    async with database.transaction():
        row = await Contribution.get(id=contribution.id)
        policies.may_withdraw(viewer, mine=mine, visibility=row.visibility).demand()
        await move(row, Visibility.WITHDRAWN, because=f"withdrawal/{row.public_id}")
        await Withdrawal.create(
            contribution_id=row.id,
            withdrawn_by_id=viewer.participant,
            reason=reason,
            withdrawn_at=clock.now(),
        )
        await ledger.record(
            f"{noun(row.kind)}.withdrawn",
            row.public_id,
            rev=row.version,
            content={"reason": reason},
            author=viewer.public_id,
        )
        if row.kind == Kind.PROPOSAL:
            await announce_withdrawal(row)


async def confirm(contribution_id: int) -> Contribution:
    """Publish a guest's words: the link in the mail was followed, or their account proves the address.

    They are received now: what is confirmed after the freeze is answered with what came after the freeze.
    Who has an account with the address is its author from now on, and is told of it once.
    """
    async with database.transaction():
        row = await Contribution.get(id=contribution_id)
        if row.visibility != Visibility.AWAITING:
            return row
        await move(row, Visibility.PUBLIC, because=f"confirmation/{row.public_id}")
        if not row.after_freeze and await _is_frozen(row.issue_id):
            row.after_freeze = True
            await database.execute(_COME_LATE, True, row.id)
        await ledger.record(f"{noun(row.kind)}.confirmed", row.public_id, rev=row.version)
        known = await people.person_at(row.guest_address) if row.guest_address and not row.author_id else None
        if known is not None:
            await _give_to(known.id, row)
    return row


async def confirm_own(viewer: Viewer, contribution: ContributionCard) -> None:
    """Publish one's own waiting words from the account that holds their confirmed address."""
    own = viewer.participant is not None and contribution.author_id == viewer.participant
    policies.may_confirm(viewer, mine=own, visibility=contribution.visibility).demand()
    await confirm(contribution.id)


async def hide(contribution_id: int, because: str) -> None:
    """Restrict a public text, because of the record of this key. The statement of reasons is moderation's."""
    async with database.transaction():
        row = await Contribution.get(id=contribution_id)
        if row.visibility != Visibility.PUBLIC:
            raise Conflict(_NOT_PUBLIC)
        await move(row, Visibility.RESTRICTED, because=because)


async def restore(contribution_id: int, because: str) -> None:
    """Show a hidden text again, because of the record of this key."""
    async with database.transaction():
        row = await Contribution.get(id=contribution_id)
        if row.visibility != Visibility.RESTRICTED:
            raise Conflict(_NOT_HIDDEN)
        await move(row, Visibility.PUBLIC, because=because)


async def relate(viewer: Viewer, contribution: ContributionCard, relation: Relation | None) -> bool:
    """Say what a comment does, after it was written: its point opens or closes with it. False: no change."""
    frozen_at = await processes.freeze_of(contribution.issue_id) if contribution.issue_id else None
    policies.may_relate(
        viewer,
        mine=is_author(viewer, contribution),
        kind=contribution.kind,
        visibility=contribution.visibility,
        frozen_at=frozen_at,
        now=clock.now(),
    ).demand()
    async with database.transaction():
        row = await Contribution.get(id=contribution.id)
        if row.relation == relation:
            return False
        await database.execute(_RELATE, relation.value if relation else None, row.id)
        row.relation = relation.value if relation else None
        await retire_whole(row.id)
        is_cut = bool(await database.rows(_HAS_POINTS, row.id))
        if not is_cut and policies.owes_answer(row.kind, row.relation, row.written_as):
            version = await ContributionVersion.get(contribution_id=row.id, number=row.version)
            await open_claim(row, version)
        await ledger.record(
            f"{noun(row.kind)}.edited",
            row.public_id,
            rev=row.version,
            content={"relation": row.relation or ""},
            author=viewer.public_id,
        )
    return True


async def claim_guest_contributions(participant_id: int, address: str) -> None:
    """Give an account what was written before with its confirmed address; what waits goes on waiting."""
    async with database.transaction():
        key = people.address_key(address)
        found = await Contribution.filter(guest_address=key, author_id=None).order_by("id")
        for row in found:
            await _give_to(participant_id, row)


async def _give_to(participant_id: int, row: Contribution) -> None:
    row.author_id = participant_id
    await row.save(update_fields=["author_id"])
    await ledger.record("contribution.claimed", row.public_id, rev=row.version)


async def _is_frozen(issue_id: int | None) -> bool:
    freeze = await processes.freeze_of(issue_id) if issue_id is not None else None
    return freeze is not None and freeze <= clock.now()


async def _is_closed(process_id: int | None) -> bool:
    if process_id is None:
        return False
    return (await processes.process_by_id(process_id)).state is ProcessState.CLOSED
