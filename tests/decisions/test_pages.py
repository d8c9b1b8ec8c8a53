"""The desk and the public pages, through the door, without JavaScript."""

from __future__ import annotations

import pytest

from civic.app import handlers
from civic.decisions.models import DecisionVersion, DispositionVersion, ProvisionVersion
from civic.foundation import queue
from civic.ledger.queries import leaves_of
from civic.notices.models import Notice
from tests.cast import after_the_freeze, sign_in
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, read, send

REFUSAL = {
    "outcome": "declined",
    "sentence_en": "No, the street stays open.",
    "sentence_fr": "Non, la rue reste ouverte.",
    "anchor": "You ask where the deliveries go.",
    "reason_codes": ["cost"],
    "cost": "about 40,000 euros",
    "rationale_en": "The bus needs this street: forty journeys a day have no other way.",
    "rationale_fr": "Le bus a besoin de cette rue : quarante trajets par jour.",
    "evidence": "Count of 12 October",
    "trigger_en": "If the bus line moves.",
    "remedies_en": "You can reply and contest.",
}


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_an_official_answers_and_publishes_and_people_read_it(app, language):
    town = await a_town()
    here, decision = f"/desk/decisions/{town.decision.public_id}", town.decision.public_id
    otto = await browser_of(app, town.otto, language)
    olga = await browser_of(app, town.olga, language)
    dora = await browser_of(app, town.dora, language)
    for page in (
        "/desk", "/desk/decisions", "/desk/decisions/new", here, f"{here}/articles", f"{here}/articles/new",
        f"{here}/promises", f"{here}/texts", f"{here}/publication", f"{here}/reviews",
        f"/desk/claims/{town.first.public_id}", f"/desk/claims/{town.first.public_id}/points",
        f"/desk/claims/{town.first.public_id}/questions",
    ):  # fmt: skip
        assert f'<html lang="{language}"' in await read(otto, page)
    with after_the_freeze(town.process):
        claim = f"/desk/claims/{town.first.public_id}"
        await sign_in(otto, town.otto)
        await sign_in(olga, town.olga)
        await sign_in(dora, town.dora)
        await send(
            otto,
            f"{claim}?outcome=adopted",
            claim,
            outcome="adopted",
            sentence_en="Yes, from March on.",
            sentence_fr="Oui, dès mars.",
            article_heading_en="Mill Street",
            article_text_en="Closed from 8 to 9.",
            article_before_en="Open all day.",
        )
        assert await DispositionVersion.all().count() == 1
        assert await ProvisionVersion.all().count() == 1
        other = f"/desk/claims/{town.second.public_id}"
        await send(otto, f"{other}?outcome=declined", other, **REFUSAL)
        assert "40,000" in await read(olga, f"{here}/reviews")
        await send(olga, other, f"{other}/review", verdict="approve")
        await send(
            otto, f"{here}/promises", f"{here}/promises", promise_en="Paint the crossing", owner="Roads",
            due_on="2027-05-01",
        )  # fmt: skip
        await send(dora, f"{here}/publication", f"{here}/publication", role="Deputy mayor", when="now")
        await queue.work_off(handlers())
        ada = await browser_of(app, town.ada, language)
        for page in (
            "/decisions", f"/decisions/{decision}", f"/decisions/{decision}/versions/1",
            f"/processes/{town.process.slug}/decisions", f"/decisions/{decision}?outcome=declined",
            f"/decisions/{decision}?article=a1", f"/decisions/{decision}?reason=cost&family=no",
            f"/decisions/{decision}?mine=1", f"/decisions/{decision}?print=1", here, "/desk",
        ):  # fmt: skip
            assert f'<html lang="{language}"' in await read(dora if page[:5] == "/desk" else ada, page)
        shown = await read(visitor(app), f"/decisions/{decision}")
        assert "No, the street stays open." in shown
        assert "Paint the crossing" in shown
        assert shown.index("No, the street stays open.") < shown.index("Yes, from March on.")
    assert await DecisionVersion.all().count() == 1
    assert await Notice.filter(kind="decision.published").count() == 2
    types = [entry.type for entry in await leaves_of(decision)]
    assert types == ["decision.drafted", "decision.published"]
