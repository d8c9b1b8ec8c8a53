"""A decision maker lets a named official sign: in public, for some days, never the official's own answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civic.app import handlers
from civic.contributions.queries import contribution_by_public_id
from civic.decisions import actions, queries
from civic.decisions.models import DelegatedSignature, SignatureDelegation
from civic.decisions.promise_forms import DelegationDraft
from civic.evaluation.queries import Share, presence_of
from civic.foundation import clock, database, queue
from civic.foundation.errors import Conflict, NotFound, Refused
from tests.cast import a_person, after_the_freeze, in_days, recorded, told
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, read, send
from tests.decisions.test_publication import SIGNED, answered

pytestmark = pytest.mark.usefixtures("database")
WHY = {"fr": "En mission.", "en": "On a mission abroad."}


def for_days(delegate, first: int = 0, last: int = 60) -> DelegationDraft:
    return DelegationDraft(delegate.public_id or "", in_days(first), in_days(last), WHY)


async def the_delegation(town):
    (found,) = await queries.delegations_of(town.process.id)
    return found


async def test_an_official_signs_by_delegation_and_every_place_says_so(app):
    town = await a_town()
    await answered(town)
    key = await actions.delegate_signature(town.dora, town.process, for_days(town.olga_as_official))
    assert (await told(town.olga_as_official))[-1] == "signature.delegated"
    with after_the_freeze(town.process):
        olaf = await browser_of(app, town.olga_as_official)
        page = f"/desk/decisions/{town.decision.public_id}/publication"
        shown = await read(olaf, page)
        assert "signs for Dora Diaz" in shown
        await send(olaf, page, page, role="Head of streets", when="now")
        await queue.work_off(handlers())
        public = await read(visitor(app), f"/decisions/{town.decision.public_id}")
        assert "Olaf Orr, Head of streets, for Dora Diaz, by delegation of" in public
        assert (await presence_of(town.process)).signed == Share(0, 2), "not signed in person"
    signature = await DelegatedSignature.get().select_related("delegation")
    assert signature.delegation.public_id == key
    number = (await contribution_by_public_id(town.proposal)).number
    provenance = (await visitor(app).get(f"/contributions/{number}/prov.json")).json()
    assert provenance["actedOnBehalfOf"], "programs read for whom it was signed"
    assert await recorded(key) == ["delegation.given"]


async def test_who_wrote_or_read_an_answer_does_not_sign_it_for_somebody_else(database):
    town = await a_town()
    await answered(town)
    await actions.delegate_signature(town.dora, town.process, for_days(town.otto))
    with after_the_freeze(town.process), pytest.raises(Refused, match="You wrote or read an answer"):
        await actions.publish(town.otto, town.decision, SIGNED)


async def test_a_delegation_holds_on_its_days_until_it_is_taken_back(app):
    town = await a_town()
    await answered(town)
    olaf = town.olga_as_official
    await actions.delegate_signature(town.dora, town.process, for_days(olaf, 30, 40))
    with after_the_freeze(town.process), pytest.raises(Refused, match="Only the decision maker"):
        await actions.publish(olaf, town.decision, SIGNED)
    found = await the_delegation(town)
    with pytest.raises(Refused, match="Only the person who delegated"):
        await actions.revoke_signature(olaf, town.process, found, WHY)
    await actions.revoke_signature(town.dora, town.process, found, {"en": "Back early."})
    with pytest.raises(Conflict):
        await actions.revoke_signature(town.dora, town.process, found, WHY)
    with clock.at(clock.now() + timedelta(days=35)), pytest.raises(Refused, match="Only the decision"):
        await actions.publish(olaf, town.decision, SIGNED)
    shown = await read(visitor(app), f"/processes/{town.process.slug}/signatures")
    for said in ("Olaf Orr signs for Dora Diaz", "On a mission abroad.", "Taken back", "Back early."):
        assert said in shown
    assert await recorded(found.public_id) == ["delegation.given", "delegation.revoked"]
    assert (await told(olaf))[-2:] == ["signature.delegated", "signature.revoked"]
    with pytest.raises(Exception, match="refused"):
        await database.execute("UPDATE signature_delegation SET ends_on = starts_on")


async def test_only_who_decides_delegates_and_only_to_another_official(app):
    town = await a_town()
    for person in (town.otto, town.ada):
        with pytest.raises(Refused, match="Only the decision makers"):
            await actions.delegate_signature(person, town.process, for_days(town.otto))
    dan = await a_person("Dan Dale", "decision_maker", process=town.process.public_id)
    for person in (town.olga, town.ada, dan, town.dora):
        with pytest.raises(NotFound):
            await actions.delegate_signature(town.dora, town.process, for_days(person))
    dora = await browser_of(app, town.dora)
    page = f"/desk/processes/{town.process.slug}/signatures"
    fields = {"delegate": town.otto.public_id, "from": in_days(2), "to": in_days(1), "reason_en": "Away."}
    await send(dora, page, page, 422, **fields)
    await send(dora, page, page, **{**fields, "to": in_days(9)})
    end = f"{page}/{(await the_delegation(town)).public_id}/end"
    await send(dora, page, end, 422, because_en="")
    await send(dora, page, end, because_en="Not away after all.")
    assert (await the_delegation(town)).revoked_at is not None
    assert await SignatureDelegation.all().count() == 1
    assert (await (await browser_of(app, town.otto)).get(page)).status_code == 403
