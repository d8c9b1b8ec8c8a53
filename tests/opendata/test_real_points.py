"""An official answers twenty real points of Moers, with every outcome, and publishes the decision."""

import html
import io
import random
import re
import runpy
from datetime import timedelta
from pathlib import Path

import pytest

from civic import paths
from civic.contributions.models import ClaimKind
from civic.contributions.queries import counts
from civic.decisions.actions import cut_into_points
from civic.decisions.models import Outcome
from civic.decisions.queries import decisions_of, desk_of, tally
from civic.foundation import clock
from civic.foundation.database import rows
from civic.opendata.actions import import_grid
from civic.processes import actions as processes
from civic.processes.forms import DateDraft, PhaseDraft, ProcessDraft
from civic.processes.models import DateKind, PhaseKind
from civic.processes.queries import process_by_id, process_by_slug
from civic.synthesis.forms import PointDraft
from civic.synthesis.queries import sentences_of
from tests.cast import (
    SYSTEM,
    a_decision,
    a_person,
    a_scope,
    a_stakeholder_map,
    after_the_freeze,
    an_article,
    an_issue,
    fill,
    in_days,
    sign_in,
)
from tests.conftest import visitor
from tests.opendata.independent_counts import ABSENT, MOERS, cimt_counts

pytestmark = [pytest.mark.data, pytest.mark.skipif(not MOERS.exists(), reason=ABSENT)]

ROUND = [one for one in Outcome if one is not Outcome.WITHDRAWN]
"""The nine outcomes, taken in turn: twenty points meet each of them at least twice."""

VOCABULARY = """
kerb lane signal bridge tunnel gravel asphalt hedge ditch lamp bench school
bakery market station platform garage cellar meadow canal lock weir mill church
tower library stadium pool clinic harbour depot tram bus taxi lorry van
pram scooter wheelchair drain gutter puddle frost salt snow leaf root oak
birch willow poplar survey budget tender contractor crossing island bollard mirror camera
ramp
"""


def specifics(number: int) -> str:
    """Say what only this answer says, so that no two of them could be sent to anybody."""
    return " ".join(random.Random(number).sample(VOCABULARY.split(), 18))


REASON = {
    Outcome.ADOPTED: "Die Markierung kommt mit der Erneuerung der Strecke von {title}.",
    Outcome.ADAPTED: "Statt eines Schildes wird die Fläche rot markiert: {title}.",
    Outcome.PARTLY: "Der Teil an der Kreuzung wird gebaut, der Rest bleibt: {title}.",
    Outcome.DECLINED: "Die Straße ist an dieser Stelle vier Meter breit, gemessen für {title}.",
    Outcome.DEFERRED: "Die Zählung im Mai entscheidet über {title}.",
    Outcome.REFERRED: "Diese Straße gehört dem Land, das {title} prüft.",
    Outcome.ALREADY: "Der Plan von 2015 sagt es für {title}.",
    Outcome.OUT_OF_SCOPE: "Züge entscheidet die Region, {title} gehört dazu.",
}


def grid_of(city: Path = MOERS) -> io.BytesIO:
    """Turn the file of a city into a grid, by the documented script."""
    script = runpy.run_path(str(paths.ROOT / "scripts" / "cimt_to_grid.py"))
    out = io.StringIO(newline="")
    script["write"](script["grid_rows"](city), out)
    return io.BytesIO(out.getvalue().encode())


async def the_process_of(city: Path = MOERS, name: str = "moers"):
    """Import the real proposals into a draft, finish the draft as an official would, and open it."""
    done = await import_grid(SYSTEM, grid_of(city), process=name, source=name)
    process = await process_by_slug(name)
    assert process is not None
    texts = {"fr": f"Le vélo à {name.title()}", "en": f"Cycling in {name.title()}"}
    await processes.edit_process(SYSTEM, process, ProcessDraft(name, process.code, texts, texts))
    await processes.edit_issue(SYSTEM, process, process.issues[0].public_id, an_issue(1, 5))
    await processes.set_phases(
        SYSTEM,
        process,
        [
            PhaseDraft(PhaseKind.DELIBERATION, in_days(-10), in_days(5)),
            PhaseDraft(PhaseKind.DECISION, in_days(6), in_days(60)),
        ],
    )
    await processes.publish_scope(SYSTEM, process, a_scope())
    await processes.set_stakeholders(SYSTEM, process, a_stakeholder_map())
    meeting = DateDraft(DateKind.MEETING, {"fr": "Réunion", "en": "Meeting"}, clock.now() + timedelta(days=3))
    await processes.add_date(SYSTEM, process, meeting)
    return done, await processes.open_process(SYSTEM, await process_by_id(process.id))


def fields_for(outcome: Outcome, article: str, title: str, number: int) -> dict[str, object]:
    """Fill the answer form as its outcome requires."""
    own = specifics(number)
    reason = f"{REASON.get(outcome, '').format(title=title)} {own}"
    common = {"outcome": outcome, "sentence_en": f"{outcome}: {own}"[:290], "rationale_en": reason}
    needed: dict[Outcome, dict[str, object]] = {
        Outcome.ADOPTED: {"provisions": article},
        Outcome.ADAPTED: {
            "provisions": article,
            "differs_en": "Colour instead of a sign.",
            "reason_codes": "feasibility",
            "evidence": "Measured on site",
        },
        Outcome.PARTLY: {
            "part1_is": "adopted",
            "part1_text_en": "The crossing",
            "part2_is": "refused",
            "part2_text_en": "The rest of the street",
            "part2_reasons": "feasibility",
            "part2_rationale_en": "Too narrow.",
            "evidence": "Measured on site",
            "trigger_en": "When the street is rebuilt.",
            "remedies_en": "You can reply and contest.",
        },
        Outcome.DECLINED: {
            "reason_codes": "feasibility",
            "evidence": "Measured on site",
            "trigger_en": "When the street is rebuilt.",
            "remedies_en": "You can reply and contest.",
        },
        Outcome.DEFERRED: {
            "reason_codes": "evidence",
            "evidence": "Count planned in May",
            "reopens_on": in_days(200).isoformat(),
            "owner": "Mobility service",
        },
        Outcome.REFERRED: {
            "body": "The region",
            "sent_on": in_days(0).isoformat(),
            "follow_up_on": in_days(60).isoformat(),
        },
        Outcome.ALREADY: {"quotation": "Cycle lanes are red.", "in_force_on": "2015-03-01"},
        Outcome.OUT_OF_SCOPE: {"scope_line": "3", "where_en": "Write to the region."},
        Outcome.NOTED: {},
    }
    return {**common, **needed[outcome]}


async def as_a_remark(official, claim: str) -> str:
    """Read a text that makes one point as a remark, so that it can be noted; gives the new point."""
    (row,) = await rows("SELECT contribution_id FROM claim WHERE public_id = ?", claim)
    text = await sentences_of(row["contribution_id"])
    whole = PointDraft(tuple(range(len(text.sentences))), ClaimKind.REMARK)
    (made,) = await cut_into_points(official, claim, [whole], version=text.version)
    return str(made.public_id)


async def twenty_points(decision) -> list[tuple[str, bool]]:
    """Give twenty points in the order of the desk, each with whether its text makes no other."""
    found = await rows(
        "SELECT k.public_id, (SELECT count(*) FROM claim o WHERE o.contribution_id = k.contribution_id "
        "AND o.retired_at IS NULL) AS points FROM claim k JOIN contribution c ON c.id = k.contribution_id "
        "WHERE k.retired_at IS NULL ORDER BY c.submitted_at, k.id LIMIT 60"
    )
    return [(row["public_id"], row["points"] == 1) for row in found]


def first(pattern: str, page: str) -> str:
    """Give what a pattern finds on a page, or nothing."""
    found = re.search(pattern, page, re.S)
    return html.unescape(found[1]) if found else ""


async def answer(browser, claim: str, outcome: Outcome, article: str, number: int) -> None:
    """Open the editor of a point, fill in what the outcome asks, and save."""
    page = f"/desk/claims/{claim}"
    shown = await browser.get(f"{page}?outcome={outcome}")
    title = re.sub(r"<[^>]+>|\s+", " ", first(r"<h1[^>]*>(.*?)</h1>", shown.text)).strip()[:80]
    anchor = first(r'name="anchor"[^>]*>\s*([^<]*)<', shown.text)
    own_words = anchor.strip() or title
    fields = {"anchor": own_words, **fields_for(outcome, article, title, number)}
    saved = await fill(browser, f"{page}?outcome={outcome}", page, **fields)
    assert saved.status_code == 303, (outcome, re.findall(r'class="err"[^>]*>.*?</p>', saved.text, re.S))


async def answer_twenty(desk, second, official, decision, article: str) -> None:
    """Answer twenty points, the outcomes in turn; a second person reads what refuses something."""
    waiting = await twenty_points(decision)
    for number in range(20):
        outcome = ROUND[number % len(ROUND)]
        if outcome is Outcome.NOTED:
            alone = next(one for one in waiting if one[1])
            waiting.remove(alone)
            claim = await as_a_remark(official, alone[0])
        else:
            claim = waiting.pop(0)[0]
        await answer(desk, claim, outcome, article, number)
        if outcome in (Outcome.DECLINED, Outcome.PARTLY, Outcome.OUT_OF_SCOPE):
            page = f"/desk/claims/{claim}"
            read = await fill(second, page, f"{page}/review", verdict="approve")
            assert read.status_code == 303


async def test_twenty_real_points_meet_every_outcome_and_the_decision_is_published(app):
    done, process = await the_process_of()
    counted = cimt_counts(MOERS)
    assert (done.held.contributions, done.held.claims) == (counted.contributions, counted.claims)

    here = {"process": process.public_id}
    otto = await a_person("Otto", "official", **here)
    olga = await a_person("Olga", "official", "reviewer", **here)
    dora = await a_person("Dora", "decision_maker", **here)
    with after_the_freeze(process):
        decision = await a_decision(otto, process, maker=dora)
        article = (await an_article(otto, decision)).public_id
        points = (await desk_of(decision)).points
        assert len(points) == counted.claims
        async with visitor(app) as desk, visitor(app) as second, visitor(app) as maker, visitor(app) as zoe:
            await sign_in(desk, otto)
            await sign_in(second, olga)
            await sign_in(maker, dora)
            await answer_twenty(desk, second, otto, decision, article)
            publication = f"/desk/decisions/{decision.public_id}/publication"
            signed = await fill(
                maker, publication, publication, role="Deputy mayor", with_banner="1", when="now"
            )
            assert signed.status_code == 303, signed.text[:3000]
            shown = await zoe.get(f"/decisions/{decision.public_id}")
    assert shown.status_code == 200
    left = counted.claims - 20
    said = " ".join(re.sub(r"<[^>]+>", " ", shown.text).split())
    assert f"{left} points without an answer" in said, re.findall(r".{60}without.{60}", said)
    (published,) = [one for one in await decisions_of(process.id) if one.in_force]
    outcomes = await tally(published.in_force.id)
    assert sum(outcomes.values()) == 20
    assert set(outcomes) == {str(one) for one in ROUND}
    assert (await counts(process.id)).received == counted.contributions
