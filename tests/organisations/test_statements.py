"""A position statement goes the way of everybody's words: receipt, points, desk, answer, grid."""

from __future__ import annotations

import pytest

from civic.contributions.models import Claim, Contribution
from civic.contributions.queries import claims_of, counts, people_by_category
from civic.decisions import actions as decisions
from civic.decisions.forms import PublicationDraft, ReviewDraft
from civic.decisions.queries import desk_decision
from civic.foundation.errors import Refused
from civic.organisations import actions
from civic.organisations.models import PositionStatement, StatementPoint
from civic.processes.models import Category
from tests import cast
from tests.decisions.desk import a_town, browser_of, read
from tests.organisations.scene import a_delegate, a_statement, a_union, an_administrator, declare

pytestmark = pytest.mark.usefixtures("database")


async def a_scene(**options):
    town = await a_town(**options)
    root = await an_administrator()
    union = await a_union(root)
    dele = await a_delegate(root, union)
    return town, root, union, dele


async def test_rows_become_points_of_their_author_that_are_owed_an_answer(app):
    town, _, union, dele = await a_scene()
    await declare(dele, union)
    receipt = await actions.file_statement(dele, town.process, a_statement(town.process, union))
    row = await Contribution.get(id=receipt.contribution.id)
    assert (row.kind, row.author_name, row.capacity) == ("proposal", union.name, "unions")
    assert row.organisation_id == union.id
    claims = await claims_of(row.id)
    assert [(one.origin, one.kind, one.number) for one in claims] == [
        ("contributor", "request", 1),
        ("contributor", "request", 2),
        ("contributor", "remark", 3),
    ]
    assert "Deliveries from 7 to 10." in claims[0].words
    assert "Article 2" in claims[0].words
    assert "Article 5" not in claims[0].words
    assert await Claim.filter(contribution_id=row.id, origin="whole", retired_at=None).count() == 0
    assert await StatementPoint.filter(claim_id__in=[one.id for one in claims]).count() == 3
    owed = await read(await browser_of(app, town.otto), f"/desk/decisions/{town.decision.public_id}")
    assert "Deliveries before seven" in owed
    assert await cast.recorded(row.public_id) == ["proposal.created", "position.mandated"]


async def test_without_rows_the_whole_text_is_the_point(app):
    town, _, union, dele = await a_scene()
    await declare(dele, union)
    receipt = await actions.file_statement(dele, town.process, a_statement(town.process, union, rows=()))
    assert [one.origin for one in await claims_of(receipt.contribution.id)] == ["whole"]


async def test_who_may_file_and_when(app):
    town, root, union, dele = await a_scene()
    draft = a_statement(town.process, union)
    with pytest.raises(Refused, match="Declare the interests"):
        await actions.file_statement(dele, town.process, draft)
    await declare(dele, union)
    for person in (town.ada, root):
        with pytest.raises(Refused, match="verified delegates"):
            await actions.file_statement(person, town.process, draft)
    with cast.after_the_freeze(town.process, 40), pytest.raises(Refused):
        await actions.file_statement(dele, town.process, draft)
    assert await PositionStatement.all().count() == 0
    assert await Contribution.filter(organisation_id=union.id).count() == 0


async def test_two_delegates_of_one_organisation_are_one_voice(app):
    town, root, union, dele = await a_scene()
    await declare(dele, union)
    other = await a_delegate(root, union, "Second Delegate")
    before = await counts(town.process.id)
    await actions.file_statement(dele, town.process, a_statement(town.process, union))
    await actions.file_statement(other, town.process, a_statement(town.process, union, title="Also at night"))
    after = await counts(town.process.id)
    assert after.received == before.received + 2
    assert after.people == before.people + 1
    assert (await people_by_category(town.process.id))[Category.UNIONS] == 1


async def a_published_statement(town, union, dele):
    """File a statement, answer its points, publish: the first refused, the others noted."""
    await declare(dele, union)
    receipt = await actions.file_statement(dele, town.process, a_statement(town.process, union))
    keys = [one.public_id for one in await claims_of(receipt.contribution.id)]
    with cast.after_the_freeze(town.process):
        refused = [keys[0]]
        for key in [town.first.public_id, town.second.public_id, *keys]:
            is_note = key in (town.second.public_id, keys[2])
            answer = cast.a_note() if is_note else cast.a_refusal(f"The bus needs this street ({key[:6]}).")
            await decisions.draft_answer(town.otto, key, answer, expected_version=0)
            if not is_note:
                await decisions.review(town.olga, key, ReviewDraft(True, ""), expected_version=1)
        await decisions.publish(
            town.dora,
            await desk_decision(town.dora, town.decision.public_id),
            PublicationDraft("Mayor", None, False, {}),
        )
    return receipt, keys, refused
