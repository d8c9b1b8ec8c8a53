"""Register organisations, check who speaks for them, take in what interests they declare."""

from __future__ import annotations

from collections.abc import Mapping

from civic.accounts import queries as accounts
from civic.accounts.models import Delegate, Organisation
from civic.foundation import clock, database, ids, limits
from civic.foundation.errors import N_, Invalid, Message, NotFound
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.organisations import policies
from civic.organisations.forms import AskingDraft, InterestsDraft, OrganisationDraft, RulingDraft
from civic.organisations.models import (
    DelegateEnd,
    DelegateRequest,
    DelegateRuling,
    OrganisationInterests,
)
from civic.organisations.queries import (
    DelegateCard,
    OrganisationCard,
    RequestCard,
    delegate_of,
    interests_of,
    is_waiting,
    visible_organisation,
)

TAKEN = N_("An organisation of this name is registered, or waits to be. Ask to speak for it on its page.")
_VERIFY = "UPDATE organisation SET verified_at = ? WHERE id = ? AND verified_at IS NULL"
_HOLD = "UPDATE organisation SET verified_at = verified_at WHERE id = ?"
_END = "UPDATE delegate SET until = ? WHERE id = ? AND until IS NULL"


async def register_organisation(administrator: Viewer, draft: OrganisationDraft) -> OrganisationCard:
    """Register an organisation whose papers an administrator has checked: it is public at once."""
    policies.may_verify(administrator).demand()
    async with database.transaction():
        row = await _keep(administrator, draft)
        await _verify(administrator, row)
    return await visible_organisation(administrator, row.public_id)


async def propose_organisation(
    person: Viewer, draft: OrganisationDraft, asking: AskingDraft
) -> OrganisationCard:
    """Present an organisation and ask to speak for it: nothing is public before both are checked."""
    policies.may_ask(person).demand()
    async with database.transaction():
        row = await _keep(person, draft)
        await _ask(person, row, asking)
    return await visible_organisation(person, row.public_id)


async def ask_to_speak(person: Viewer, organisation: OrganisationCard, asking: AskingDraft) -> None:
    """Ask to speak for a registered organisation."""
    async with database.transaction():
        await database.execute(_HOLD, organisation.id)
        policies.may_ask(
            person,
            is_delegate=await delegate_of(person, organisation.id) is not None,
            is_waiting=await is_waiting(person, organisation.id),
        ).demand()
        await _ask(person, await Organisation.get(id=organisation.id), asking)


async def rule_on_request(administrator: Viewer, request: RequestCard, draft: RulingDraft) -> None:
    """Confirm somebody as a delegate, and their organisation if it waits, or refuse with the reason."""
    async with database.transaction():
        await database.execute(_HOLD, request.organisation.id)
        policies.may_rule(
            administrator,
            asked_by=request.participant_id,
            is_ruled=await DelegateRuling.exists(request_id=request.id),
        ).demand()
        delegate = None
        if draft.is_confirmed:
            await _verify(administrator, await Organisation.get(id=request.organisation.id))
            delegate = await Delegate.create(
                organisation_id=request.organisation.id,
                participant_id=request.participant_id,
                since=clock.now(),
            )
        await DelegateRuling.create(
            request_id=request.id,
            delegate_id=delegate.id if delegate else None,
            reason=draft.reason,
            ruled_by_id=administrator.participant,
            ruled_at=clock.now(),
        )
        verb = "confirmed" if draft.is_confirmed else "refused"
        await ledger.record(
            f"delegate.{verb}",
            request.public_id,
            rev=2,
            parent=request.organisation.public_id,
            content={"function": request.function, "reason": draft.reason},
            author=administrator.public_id,
            ref=f"delegate_ruling/{request.public_id}",
        )
        data = {"name": request.organisation.name, "reason": draft.reason}
        await _tell(
            request.participant_id,
            f"delegate.{verb}",
            request.organisation.public_id,
            request.public_id,
            data,
        )


async def end_mandate(
    viewer: Viewer, organisation: OrganisationCard, delegate: DelegateCard, reason: str
) -> None:
    """End a mandate: by the delegate, or by an administrator; the function and the dates stay public."""
    is_own = delegate.participant_id == viewer.participant
    policies.may_end(viewer, is_own=is_own).demand()
    async with database.transaction():
        now = clock.now()
        if not await database.execute(_END, now, delegate.id):
            raise NotFound
        await DelegateEnd.create(
            delegate_id=delegate.id, reason=reason, ended_by_id=viewer.participant, ended_at=now
        )
        await ledger.record(
            "delegate.ended",
            delegate.public_id,
            rev=3,
            parent=organisation.public_id,
            content={"function": delegate.function, "reason": reason},
            author=viewer.public_id,
            ref=f"delegate_end/{delegate.public_id}",
        )
        if not is_own:
            data = {"name": organisation.name, "reason": reason}
            await _tell(
                delegate.participant_id, "delegate.ended", organisation.public_id, delegate.public_id, data
            )


async def declare_interests(viewer: Viewer, organisation: OrganisationCard, draft: InterestsDraft) -> int:
    """Declare what an organisation stands to gain or lose; gives the number of the declaration."""
    async with database.transaction():
        await database.execute(_HOLD, organisation.id)
        delegate = await delegate_of(viewer, organisation.id)
        policies.may_speak(is_delegate=delegate is not None).demand()
        if delegate is None:
            raise NotFound
        number = len(await interests_of(organisation.id)) + 1
        await OrganisationInterests.create(
            organisation_id=organisation.id,
            number=number,
            text=draft.text,
            funding=draft.funding,
            declared_by_id=delegate.id,
            declared_at=clock.now(),
        )
        await ledger.record(
            "interests.declared",
            organisation.public_id,
            rev=number + 2,
            content={"text": draft.text, "funding": draft.funding},
            author=viewer.public_id,
            ref=f"organisation_interests/{organisation.public_id}/{number}",
        )
    return number


async def _keep(viewer: Viewer, draft: OrganisationDraft) -> Organisation:
    """Keep an organisation under a name of its own; it is public once it is verified."""
    if await Organisation.exists(name=draft.name):
        raise Invalid({"name": Message(TAKEN)})
    if not await accounts.name_is_free(draft.name):
        raise Invalid({"name": Message(N_("This name could be taken for the public body’s own."))})
    row = await Organisation.create(
        public_id=ids.public_id(),
        name=draft.name,
        category=draft.category,
        mandate=draft.mandate,
        register_number=draft.register_number,
        website=draft.website,
        created_at=clock.now(),
    )
    await ledger.record(
        "organisation.proposed",
        row.public_id,
        content={
            "name": draft.name,
            "category": str(draft.category),
            "mandate": draft.mandate,
            "register_number": draft.register_number,
            "website": draft.website,
        },
        author=viewer.public_id,
    )
    return row


async def _verify(administrator: Viewer, row: Organisation) -> None:
    if await database.execute(_VERIFY, clock.now(), row.id):
        await ledger.record("organisation.verified", row.public_id, rev=2, author=administrator.public_id)


async def _ask(person: Viewer, row: Organisation, asking: AskingDraft) -> None:
    await limits.spend("delegate_request", person.public_id or "")
    asked = await DelegateRequest.create(
        public_id=ids.public_id(),
        organisation_id=row.id,
        participant_id=person.participant,
        function=asking.function,
        proof=asking.proof,
        asked_at=clock.now(),
    )
    await ledger.record(
        "delegate.asked",
        asked.public_id,
        parent=row.public_id,
        content={"function": asking.function},
        author=person.public_id,
    )
    for one in await accounts.holders("administrator", ""):
        data = {"path": "/administration/organisations", "person": person.name, "name": row.name}
        await notices.notify(
            one.recipient,
            "delegate.asked",
            about=f"delegate_request/{asked.public_id}",
            data=data,
            once_key=f"delegate.asked/{asked.public_id}/{one.public_id}",
        )


async def _tell(
    participant_id: int, kind: str, organisation: str, key: str, data: Mapping[str, object]
) -> None:
    await notices.notify(
        await accounts.recipient_of(participant_id),
        kind,
        about=f"delegate/{key}",
        data={"path": f"/organisations/{organisation}", **data},
        once_key=f"{kind}/{key}",
    )
