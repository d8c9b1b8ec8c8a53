"""A trade union speaks: it asks, is checked, declares interests, files its points, takes the grid away."""

from __future__ import annotations

import csv
import io

import pytest

from civic.contributions.queries import claims_of
from civic.decisions import actions as decisions
from civic.decisions.forms import PublicationDraft, ReviewDraft
from civic.decisions.queries import desk_decision
from civic.foundation import clock
from civic.organisations.models import PositionStatement
from tests import cast
from tests.journeys.browsers import Look
from tests.journeys.people import cookie_of, errors_of, faults_of, fill_in, in_language, send
from tests.journeys.plugin import LOOKING
from tests.journeys.stories import a_debate

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SHEET = (
    "Clause;Type of comment;Comment;Proposed change\r\n"
    "Article 1;te;Vans cannot stop before eight.;Let them stop from seven on.\r\n"
    "Article 4;ed;“Soon” says nothing.;Name a month.\r\n"
)
ANSWER = {"fr": "Non, la rue reste ouverte.", "en": "No, the street stays open."}
WRONG = SHEET + "Article 5;zz;Too dark.;\r\n"


async def _ask(windows, look, person, name: str) -> str:
    """Present the union and ask to speak for it; gives the address of its page."""
    async with windows(look, await cookie_of(person)) as dele:
        await dele.open("/organisations")
        await dele.click_through('main a[href="/organisations/new"]')
        await send(dele, "/organisations/new")
        assert await errors_of(dele)
        words = {"name": name, "category": "unions", "mandate": "Forty drivers."}
        await fill_in(dele, "/organisations/new", {**words, "function": "Secretary", "proof": "Call us."})
        assert await faults_of(dele) == []
        await send(dele, "/organisations/new")
        assert not await errors_of(dele)
        assert await faults_of(dele) == []
        return str(dele.path)


async def _check(windows, look, root, union: str) -> None:
    async with windows(look, await cookie_of(root)) as admin:
        await admin.open("/administration")
        await admin.click_through('main a[href="/administration/organisations"]')
        assert await faults_of(admin) == []
        row = admin.page.locator(f'main li:has(a[href="{union}"])')
        if not await row.locator("details[open]").count():
            await row.locator("summary").click()
        action = str(await row.locator("form").get_attribute("action"))
        await fill_in(admin, action, {"verdict": "confirm", "reason": "The letter is in order."})
        await send(admin, action)
        assert not await errors_of(admin)


async def _file(windows, look, person, union: str, process, sheet) -> str:
    """Declare the interests, bring the points from a sheet, and file; gives the number of the receipt."""
    page = f"/processes/{process.slug}/statements/new"
    async with windows(look, await cookie_of(person)) as dele:
        await dele.open(union)
        await dele.click_through(f'main a[href="{union}/interests"]')
        await fill_in(dele, f"{union}/interests", {"interests": "Our members deliver here."})
        assert await faults_of(dele) == []
        await send(dele, f"{union}/interests")
        await dele.open(f"/processes/{process.slug}")
        await dele.click_through(f'main a[href^="{page}"]')
        assert await faults_of(dele) == []
        said = {"title": "Room for vans", "approved_by": "The board"}
        await fill_in(dele, page, {**said, "approved_on": clock.local_day(clock.now()).isoformat()})
        for words, is_right in ((WRONG, False), (SHEET, True)):
            sheet.write_text(words, "utf-8")
            await dele.page.locator('input[name="file"]').set_input_files(sheet)
            await send(dele, page, 'button[name="read"]')
            assert await faults_of(dele) == []
            assert bool(await errors_of(dele)) is not is_right
            assert await dele.page.locator('input[name="title"]').input_value() == "Room for vans"
            await fill_in(dele, page, {})
        assert not await PositionStatement.exists(contribution__process_id=process.id)
        await send(dele, page)
        assert not await errors_of(dele)
        return str(dele.path)


@LOOKING
async def test_a_union_asks_files_its_points_and_takes_the_grid_away(acting, windows, look: Look, tmp_path):
    story = await a_debate(look.language)
    person, root = story.people["bo"], await cast.a_person("Root", "administrator", language=look.language)
    union = await _ask(windows, look, person, f"Union of the drivers, {look}")
    await _check(windows, look, root, union)
    await _file(windows, look, person, union, story.process, tmp_path / "points.csv")
    (statement,) = await PositionStatement.filter(contribution__process_id=story.process.id)
    page = f"/statements/{statement.public_id}"
    await _co_sign(windows, look, story.people["cleo"], page)
    first = await _answered(story, statement)
    async with windows(look, await cookie_of(person)) as dele:
        await dele.open(union)
        await dele.click_through(f'main a[href="{page}"]')
        assert await faults_of(dele) == []
        words = await dele.words()
        assert ANSWER[look.language] in words
        async with dele.page.expect_download() as waiting:
            await dele.page.locator(f'a[href="{page}/points.csv"]').click()
        path = await (await waiting.value).path()
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
        assert [row["clause"] for row in rows] == ["Article 1", "Article 4"]
        assert (rows[0]["point_ref"], rows[0]["outcome"], rows[1]["outcome"]) == (first, "declined", "")


async def _co_sign(windows, look, person, page: str) -> None:
    act = page.replace("statements", "proposals") + "/endorsement"
    async with windows(look, await cookie_of(person)) as cleo:
        await cleo.open(page)
        await send(cleo, act, "button")
        await cleo.open(page)
        assert in_language(look, "I no longer co-sign") in await cleo.words()


async def _answered(story, statement) -> str:
    """Refuse the first point of a statement and publish with the others unanswered."""
    claims = await claims_of(statement.contribution_id)
    otto, rita, dora = (story.people[name] for name in ("otto", "rita", "dora"))
    with cast.after_the_freeze(story.process):
        decision = await cast.a_decision(otto, story.process, maker=dora)
        await decisions.draft_answer(otto, claims[0].public_id, cast.a_refusal(), expected_version=0)
        await decisions.review(rita, claims[0].public_id, ReviewDraft(True, ""), expected_version=1)
        card = await desk_decision(dora, decision.public_id)
        await decisions.publish(dora, card, PublicationDraft("Mayor", None, True, {}))
    return str(claims[0].public_id)
