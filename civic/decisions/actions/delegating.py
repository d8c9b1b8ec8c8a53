"""Let an official sign in a decision maker's name, for a time, and take that back. Both stay readable."""

from __future__ import annotations

from civic.accounts import queries as accounts
from civic.decisions.models import SignatureDelegation, SignatureRevocation
from civic.decisions.policies import may_delegate, may_revoke_delegation
from civic.decisions.promise_forms import DelegationDraft
from civic.decisions.queries.delegations import DelegationCard, decision_makers, possible_delegates
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Conflict, NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.processes import actions as processes
from civic.processes.queries import ProcessPage


async def delegate_signature(maker: Viewer, process: ProcessPage, draft: DelegationDraft) -> str:
    """Let a named official sign the decisions of a process on some days; gives its public id."""
    makers = await decision_makers(process.public_id)
    may_delegate(is_maker=maker.participant in {one.id for one in makers}).demand()
    possible = {one.public_id: one for one in await possible_delegates(maker, process.public_id)}
    delegate = possible.get(draft.delegate)
    if delegate is None:
        raise NotFound
    async with database.transaction():
        await processes.lock(process.id)
        row = await SignatureDelegation.create(
            public_id=ids.public_id(),
            process_id=process.id,
            given_by_id=maker.participant or 0,
            given_to_id=delegate.id,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            reason=draft.reason,
            given_at=clock.now(),
        )
        await ledger.record(
            "delegation.given",
            row.public_id,
            parent=process.public_id,
            content={
                "giver": maker.public_id,
                "delegate": delegate.public_id,
                "from": draft.starts_on.isoformat(),
                "to": draft.ends_on.isoformat(),
                "reason": draft.reason,
            },
            author=maker.public_id,
            ref=f"delegation/{row.public_id}",
        )
        await notices.notify(
            delegate.recipient,
            "signature.delegated",
            about=f"delegation/{row.public_id}",
            data={
                "maker": maker.name,
                "process": process.title,
                "from": draft.starts_on,
                "to": draft.ends_on,
                "path": f"/processes/{process.slug}/signatures",
            },
        )
    return str(row.public_id)


async def revoke_signature(
    viewer: Viewer, process: ProcessPage, delegation: DelegationCard, reason: Localized
) -> None:
    """Take a delegated signature back from now on; what was signed by it stands."""
    may_revoke_delegation(viewer, given_by=delegation.given_by_id).demand()
    async with database.transaction():
        await processes.lock(process.id)
        today = clock.local_day(clock.now())
        known = await SignatureRevocation.filter(delegation_id=delegation.id).exists()
        if known or delegation.is_over(today):
            raise Conflict(N_("This delegated signature is over already."))
        await SignatureRevocation.create(
            delegation_id=delegation.id,
            reason=reason,
            revoked_by_id=viewer.participant,
            revoked_at=clock.now(),
        )
        await ledger.record(
            "delegation.revoked",
            delegation.public_id,
            rev=2,
            parent=process.public_id,
            content={"reason": reason},
            author=viewer.public_id,
        )
        await notices.notify(
            await accounts.recipient_of(delegation.given_to_id),
            "signature.revoked",
            about=f"delegation/{delegation.public_id}",
            data={
                "maker": delegation.giver,
                "process": process.title,
                "path": f"/processes/{process.slug}/signatures",
            },
        )
