"""What everybody reads of a process is whole, true, and costs the same whatever was said in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from civic.contributions.forms import author_from
from civic.contributions.models import Contribution, ContributionVersion, Relation, WrittenAs
from civic.debates.actions import post_comment
from civic.debates.forms import CommentDraft
from civic.debates.queries import thread_on
from civic.foundation import clock, database, ids
from civic.processes.models import CalendarDate, Phase, Process, ScopeItem, ScopeVersion
from tests import cast
from tests.conftest import visitor


async def test_the_home_of_a_process_says_all_it_must(client):
    dora = await cast.a_person("Dora", "decision_maker")
    otto = await cast.a_person("Otto", "official")
    process = await cast.a_process(by=otto, issues=2)
    shown = (await client.get(f"/processes/{process.slug}")).text
    for words in (
        "Debate open",
        "Open to your proposals",
        "Speed in the centre",
        "Already fixed",
        "Voted on 30 June",
        "https://region.example",
        "The town council",
        "Dora",
        "Otto",
        "To consult",
        "Last day to change the question",
        "Public meeting",
        "Salle des fêtes",
        "Trade unions",
        "No job concerned",
        "People who use the service",
        "Question 2: who drives here?",
        "Your rights at this stage",
        "2 questions under debate",
    ):
        assert words in shown, words
    assert dora.name == "Dora"


async def test_a_text_in_the_other_language_says_so(client):
    process = await cast.a_process()
    await Process.filter(id=process.id).update(title={"fr": "Se déplacer"}, summary={"fr": "Qui passe ?"})
    shown = (await client.get(f"/processes/{process.slug}")).text
    assert '<h1 dir="auto" lang="fr">Se déplacer</h1>' in shown
    assert "(not translated yet)" in shown
    french = (await client.get(f"/processes/{process.slug}", headers={"Accept-Language": "fr"})).text
    assert "(pas encore traduit)" not in french


@pytest.mark.parametrize("path", ["", "/scope", "/issues/" + "0" * 26])
async def test_what_is_not_there_is_not_found(client, path):
    assert (await client.get(f"/processes/nothing{path}")).status_code == 404
    process = await cast.a_process()
    if "issues" in path:
        assert (await client.get(f"/processes/{process.slug}{path}")).status_code == 404


async def test_figures_stand_together_and_hidden_texts_are_not_published(client):
    process = await cast.a_process()
    await many(process, 10)
    await Contribution.filter(number="X-3").update(visibility="restricted")
    await Contribution.filter(number="X-4").update(visibility="awaiting")
    shown = (await client.get(f"/processes/{process.slug}")).text
    figures = shown.split('class="three"')[1].split("</dl>")[0]
    assert [piece.split("<")[0] for piece in figures.split("<dd>")[1:]] == ["9", "9", "8"]
    assert "8 proposals" in shown.split('id="questions"')[1]


async def test_those_heard_are_counted_by_category(client):
    process = await cast.a_process()
    await many(process, 6, capacity="neighbours")
    shown = (await client.get(f"/processes/{process.slug}")).text
    card = shown.split("Neighbours and people affected nearby")[1].split("</li>")[0]
    assert "6 people spoke" in card
    assert "without saying in what capacity" not in shown
    assert "Nobody of them has spoken yet" in shown.split("Trade unions")[1].split("</li>")[0]


async def test_the_map_of_people_adds_up_to_everybody_heard(client):
    process = await cast.a_process()
    await many(process, 6, capacity="neighbours")
    proposal = await cast.a_proposal(await cast.a_person("Ada"), process)
    otto = await cast.a_person("Otto", "official", process=process.public_id)
    thread = await thread_on(f"proposal/{proposal.public_id}")
    official = author_from(otto, written_as=WrittenAs.OFFICIAL)
    await post_comment(official, thread, CommentDraft("The counts are on file.", Relation.EVIDENCE, None))
    shown = (await client.get(f"/processes/{process.slug}")).text
    assert "from 8 people" in shown
    assert "1 other person spoke without saying in what capacity." in shown
    assert "1 wrote in the name of the public body." in shown


async def test_steps_to_come_open_by_themselves_at_the_morning_of_the_town(client):
    process = await cast.a_process(debate=(2, 20), freeze_in=18)
    assert "Opens soon" in (await client.get("/")).text
    assert process.slug in (await client.get("/processes?show=coming")).text
    assert process.slug not in (await client.get("/processes?show=open")).text
    phase = process.phases[0]
    with clock.at(phase.starts_at):
        assert "Debate open" in (await client.get(f"/processes/{process.slug}")).text
        assert process.slug in (await client.get("/processes?show=open")).text
    with clock.at(phase.ends_at - timedelta(seconds=1)):
        assert "Debate open" in (await client.get(f"/processes/{process.slug}")).text
    with clock.at(phase.ends_at):
        shown = (await client.get(f"/processes/{process.slug}")).text
        assert "Debate open" not in shown
        assert "The debate ended on" in shown


async def test_an_empty_house_says_so(client):
    shown = (await client.get("/")).text
    assert "No process is open at the moment" in shown
    assert "No process has been opened yet." in (await client.get("/processes")).text
    assert "No process has been announced." in (await client.get("/processes?show=coming")).text


async def test_a_list_goes_on_page_by_page(client):
    await processes(45)
    seen: list[str] = []
    path = "/processes"
    for _ in range(4):
        shown = (await client.get(path)).text
        seen += re.findall(r'href="/processes/list-(\d+)"', shown)
        if 'rel="next"' not in shown:
            break
        path = shown.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert len(set(seen)) == 45
    assert (await client.get("/processes?after=" + "0" * 26)).status_code == 200
    assert (await client.get("/processes?show=nonsense&after=%00")).status_code == 200


async def test_hostile_words_are_shown_as_words(client):
    process = await cast.a_process()
    hostile = '<svg onload=alert(1)>"&'
    await Process.filter(id=process.id).update(title={"en": hostile}, summary={"en": hostile})
    await ScopeItem.filter(scope__process_id=process.id).update(text={"en": hostile}, where=hostile)
    for path in ("/", "/processes", f"/processes/{process.slug}", f"/processes/{process.slug}/scope"):
        shown = (await client.get(path)).text
        assert "<svg onload" not in shown
        assert "&lt;svg onload=alert(1)&gt;" in shown


async def test_reading_changes_nothing(client):
    process = await cast.a_process()
    versions = await Process.get(id=process.id).values("version")
    for path in ("/", "/processes", f"/processes/{process.slug}", "/rights", "/respect"):
        await client.get(path)
    assert await Process.get(id=process.id).values("version") == versions


# --- what it costs -------------------------------------------------------------------------------


async def many(process, count: int, *, capacity: str | None = None, start: int = 0) -> None:
    """Write so many public proposals straight into the register."""
    now = clock.now()
    issue = process.issues[0].id
    rows = [
        Contribution(
            public_id=ids.public_id(),
            number=f"X-{number}",
            code_hash="x",
            process_id=process.id,
            issue_id=issue,
            kind="proposal",
            author_name=f"Person {number}",
            capacity=capacity,
            language="en",
            visibility="public",
            submitted_at=now,
        )
        for number in range(start, start + count)
    ]
    async with database.transaction():
        await Contribution.bulk_create(rows)
        kept = await Contribution.filter(process_id=process.id, number__startswith="X-").values(
            "id", "number"
        )
        known = set(await ContributionVersion.all().values_list("contribution_id", flat=True))
        await ContributionVersion.bulk_create(
            [
                ContributionVersion(
                    contribution_id=row["id"],
                    number=1,
                    title="t",
                    body="b",
                    html="b",
                    digest=row["number"],
                    written_at=now,
                )
                for row in kept
                if row["id"] not in known
            ]
        )


async def processes(count: int) -> None:
    """Write so many open processes, with a debate and a scope each, straight into the tables."""
    now = clock.now()
    start = await Process.all().count()
    async with database.transaction():
        for number in range(start, start + count):
            row = await Process.create(
                public_id=ids.public_id(),
                slug=f"list-{number}",
                code=f"L{number}",
                title={"en": f"Process {number}"},
                summary={"en": "Words"},
                state="open",
                created_at=now,
                opened_at=now - timedelta(minutes=number),
            )
            await Phase.create(
                public_id=ids.public_id(),
                process_id=row.id,
                kind="deliberation",
                starts_at=now - timedelta(days=1),
                ends_at=now + timedelta(days=number + 1),
                opened_at=now,
            )
            scope = await ScopeVersion.create(
                process_id=row.id, number=1, promise="consult", published_at=now - timedelta(seconds=1)
            )
            await ScopeItem.create(scope_id=scope.id, position=1, standing="open", text={"en": "A thing"})


async def test_a_process_page_costs_the_same_with_10_and_2000_contributions(client, count_queries):
    process = await cast.a_process(issues=2)
    await many(process, 10)
    paths = [
        f"/processes/{process.slug}",
        f"/processes/{process.slug}/issues/{process.issues[0].public_id}",
        f"/processes/{process.slug}/scope",
    ]
    before = [await cost(client, count_queries, path) for path in paths]
    await many(process, 1990, start=10)
    for number in range(30):
        await CalendarDate.create(
            public_id=ids.public_id(),
            process_id=process.id,
            kind="other",
            title={"en": str(number)},
            at=clock.now(),
        )
    assert [await cost(client, count_queries, path) for path in paths] == before
    assert max(before) <= 30


async def test_lists_cost_the_same_with_2_and_200_processes(client, count_queries):
    nina = await cast.a_person("Nina", "administrator")
    async with visitor(client._transport.app) as desk:
        await cast.sign_in(desk, nina)
        await processes(2)
        paths = ["/", "/processes", "/processes?show=open"]
        before = [await cost(client, count_queries, path) for path in paths]
        at_desk = await cost(desk, count_queries, "/desk/processes")
        await processes(198)
        assert [await cost(client, count_queries, path) for path in paths] == before
        assert await cost(desk, count_queries, "/desk/processes") == at_desk
    assert max(before) <= 20


async def cost(browser, count_queries, path: str) -> int:
    """Count the statements of a page once it is warm."""
    await browser.get(path)
    with count_queries() as seen:
        assert (await browser.get(path)).status_code == 200
    return seen.count


@pytest.mark.parametrize(
    "path",
    [
        "/processes/a%00b",
        "/processes/%ED%A0%80",
        f"/processes/{'x' * 3000}",
        "/processes?after=" + "x" * 3000,
        "/processes?after=%00&show=%ED%A0%80",
        "/rights/versions/99999999999999999999",
        "/desk/processes?after=" + "x" * 300,
        "/desk/processes/a%00b/steps/%00/opening",
    ],
)
async def test_an_address_nobody_wrote_is_no_fault(client, path):
    nina = await cast.a_person("Nina", "administrator")
    await cast.sign_in(client, nina)
    assert (await client.get(path)).status_code in (200, 404)


async def test_a_published_decision_and_the_proposals_are_on_the_home_of_its_process(client):
    from civic.decisions import actions as decisions
    from civic.decisions.forms import PublicationDraft

    process = await cast.a_process()
    otto = await cast.a_person("Otto", "official", process=process.public_id)
    dora = await cast.a_person("Dora", "decision_maker", process=process.public_id)
    await cast.a_proposal(await cast.a_person("Ada"), process, title="Close the street")
    shown = (await client.get(f"/processes/{process.slug}")).text
    assert "Close the street" in shown
    assert "What was decided" not in shown
    issue = f"/processes/{process.slug}/issues/{process.issues[0].public_id}"
    assert "Close the street" in (await client.get(issue)).text
    decision = await cast.a_decision(otto, process, maker=dora)
    with cast.after_the_freeze(process):
        await cast.an_article(otto, decision)
        await decisions.publish(dora, decision, PublicationDraft("Mayor", None, True, {}))
        for path in ("/", f"/processes/{process.slug}"):
            assert f"/decisions/{decision.public_id}" in (await client.get(path)).text
        page = (await client.get(issue)).text
        assert f"/decisions/{decision.public_id}" in page
        assert "stand as they were" in page
        assert "labelled “after the freeze”" not in page
