"""Bring a grid in: all of it or nothing, twice the same, with its places, its points and its outcomes."""

from __future__ import annotations

import io

import pytest

from civic.contributions import queries as register
from civic.contributions.models import Claim, ClaimSpan, Contribution, ContributionVersion, ImportBatch
from civic.debates.models import Thread
from civic.decisions.models import ImportedOutcome
from civic.foundation import database as db
from civic.foundation import search
from civic.foundation.errors import Refused
from civic.foundation.viewer import STRANGER
from civic.ledger.queries import leaves_of
from civic.opendata import queries
from civic.opendata.actions import Imported, import_grid
from civic.opendata.grid import GridRefused, parse_mapping
from civic.processes import actions as process_acts
from civic.processes.models import Process
from civic.processes.queries import process_by_slug
from civic.synthesis.models import ThemeLink
from tests.cast import SYSTEM, a_draft_process, a_person, a_process

IDEAS = """ref,part,point,verbatim,kind,author,category,date,parent,relation,restatement,theme,outcome,reason
7,title,,School crossing,proposal,Ada Alm,neighbours,2026-03-02,,,,,,
7,text,,The lamp has been out since May.,,,,,,,,,,
7,text,1,Repair the lamp.,,,,,,,A lamp at the crossing,Light | Safety,adopted,Done in June.
7,text,1,Paint the crossing again.,,,,,,,,Safety,declined,No paint left.
8,text,,A bench under the lime tree.,proposal,,,,,,,,,
9,text,,Where do the deliveries go?,comment,Bo Birk,,2026-03-03,7,asks,,,,
10,text,,At the back.,comment,Ada Alm,,2026-03-04,9,answers,,,,
11,text,,It dazzles drivers.,comment,Cy Cole,,2026-03-05,7,objects,,,,
"""


async def bring(text: str, process: str = "green-streets", source: str = "ideas", **more) -> Imported:
    return await import_grid(SYSTEM, io.BytesIO(text.encode()), process=process, source=source, **more)


async def test_a_grid_becomes_contributions_points_and_outcomes(database):
    done = await bring(IDEAS)
    assert (done.added, done.changed, done.unchanged, done.is_new_process) == (5, 0, 0, True)
    # 7 has two points, 8 and 9 and 11 are whole, 10 only answers.
    assert (done.held.contributions, done.held.claims, done.held.outcomes) == (5, 5, 2)
    seven = await Contribution.get(source_ref="7")
    assert (seven.author_name, seven.capacity, seven.channel) == ("Ada Alm", "neighbours", "import")
    points = await register.claims_of(seven.id)
    assert [one.words for one in points] == ["Repair the lamp.", "Paint the crossing again."]
    assert points[0].restatement == "A lamp at the crossing"
    kept = await ImportedOutcome.filter(claim_id=points[1].id).get()
    assert (kept.outcome, kept.reason, kept.source) == ("declined", "No paint left.", "ideas")
    assert await ThemeLink.filter(claim_id=points[0].id).count() == 2
    numbers = [one.number for one in await Contribution.all()]
    assert len(set(numbers)) == 5


async def test_the_same_file_twice_changes_nothing(database):
    await bring(IDEAS)
    before = await everything()
    done = await bring(IDEAS)
    assert (done.added, done.changed, done.unchanged) == (0, 0, 5)
    assert (done.held.contributions, done.held.claims, done.held.outcomes) == (5, 5, 2)
    assert await everything() == before


async def everything() -> list[object]:
    """Count every table the import writes, and read the versions."""
    tables = (Contribution, ContributionVersion, Claim, ClaimSpan, ImportedOutcome, ImportBatch, ThemeLink)
    counts = [await table.all().count() for table in tables]
    versions = await Process.all().order_by("id").values_list("version", flat=True)
    threads = await Thread.all().order_by("id").values_list("version", "comment_count", "root_count")
    (leaves,) = await db.rows("SELECT count(*) AS n FROM ledger_staged")
    return [*counts, list(versions), list(threads), leaves["n"]]


async def test_one_wrong_row_stores_nothing_and_says_which(database):
    wrong = IDEAS.replace("11,text", "11,heading").replace("2026-03-03", "3/3/2026")
    with pytest.raises(GridRefused) as refusal:
        await bring(wrong)
    assert [problem.row for problem in refusal.value.problems] == [7, 9]
    assert await Contribution.all().count() == await Process.all().count() == 0


async def test_a_changed_text_is_a_new_version_and_its_points_follow(database):
    await bring(IDEAS)
    changed = IDEAS.replace("since May.", "since June.").replace("A bench under", "Two benches under")
    done = await bring(changed)
    assert (done.added, done.changed, done.unchanged) == (0, 2, 3)
    seven, eight = await Contribution.get(source_ref="7"), await Contribution.get(source_ref="8")
    assert (seven.version, eight.version) == (2, 2)
    assert [one.words for one in await register.claims_of(seven.id)] == [
        "Repair the lamp.",
        "Paint the crossing again.",
    ]
    assert (await register.claims_of(seven.id))[0].quotes[0].version == 2
    (whole,) = await register.claims_of(eight.id)
    assert whole.words == "Two benches under the lime tree."
    assert await Claim.filter(contribution_id=seven.id).count() == 2
    assert await ImportedOutcome.all().count() == 2


async def test_a_point_that_is_no_longer_in_the_file_is_retired(database):
    await bring(IDEAS)
    done = await bring(
        IDEAS.replace("7,text,1,Paint the crossing again.,,,,,,,,Safety,declined,No paint left.\n", "")
    )
    assert done.held.claims == 4
    seven = await Contribution.get(source_ref="7")
    assert [one.words for one in await register.claims_of(seven.id)] == ["Repair the lamp."]


async def test_outcomes_can_be_put_right(database):
    await bring(IDEAS)
    done = await bring(IDEAS.replace("declined,No paint left.", "partly,One half."))
    assert (done.changed, done.held.outcomes) == (1, 2)
    outcomes = await ImportedOutcome.all().order_by("outcome").values_list("outcome", flat=True)
    assert outcomes == ["adopted", "partly"]


async def test_comments_take_their_places_and_every_count_is_exact(database):
    await bring(IDEAS)
    await bring(
        "ref,verbatim,parent,relation\n"
        "12,Nobody delivers at night.,10,nuances\n"
        "13,Use a softer lamp.,11,alternative\n"
    )
    await exact()
    rows = await db.rows(
        "SELECT c.source_ref AS ref, m.path, m.depth, m.descendants, m.children FROM comment m "
        "JOIN contribution c ON c.id = m.contribution_id ORDER BY m.path"
    )
    assert [(row["ref"], row["depth"], row["descendants"]) for row in rows] == [
        ("9", 0, 2),
        ("10", 1, 1),
        ("12", 2, 0),
        ("11", 0, 1),
        ("13", 1, 0),
    ]
    assert (await Contribution.get(source_ref="7")).reply_count == 2


async def exact() -> None:
    """Recount everything threads and comments say of themselves."""
    wrong = await db.rows(
        """
        SELECT t.id FROM thread t WHERE
          t.comment_count <> (SELECT count(*) FROM comment m WHERE m.thread_id = t.id)
          OR t.root_count <> (SELECT count(*) FROM comment m WHERE m.thread_id = t.id AND m.depth = 0)
          OR t.comment_count <> coalesce(
            (SELECT sum(r.count) FROM thread_relation r WHERE r.thread_id = t.id), 0)
        """
    )
    wrong += await db.rows(
        """
        SELECT m.id FROM comment m WHERE
          m.children <> (SELECT count(*) FROM comment k WHERE k.parent_id = m.id)
          OR m.descendants <> (SELECT count(*) FROM comment k WHERE k.thread_id = m.thread_id
                               AND k.depth > m.depth AND substr(k.path, 1, length(m.path)) = m.path)
        """
    )
    wrong += await db.rows(
        """
        SELECT c.id FROM contribution c WHERE c.reply_count <>
          (SELECT count(*) FROM contribution r WHERE r.parent_id = c.id)
        """
    )
    assert not wrong


async def test_a_comment_on_the_question_itself_goes_into_its_debate(database):
    process = await a_process(slug="trams", issues=2)
    await bring("ref,verbatim,parent\n1,Which trams?,question:2\n", process="trams")
    thread = await Thread.get(subject=f"issue/{process.issues[1].public_id}")
    assert thread.comment_count == 1
    row = await Contribution.get(source_ref="1")
    assert (row.kind, row.parent_id, row.issue_id) == ("comment", None, process.issues[1].id)


async def test_a_draft_hides_what_it_holds_until_it_opens(database):
    draft = await a_draft_process(slug="trams")
    await bring("ref,verbatim\n1,A zebra crossing for the zebras.\n", process="trams")
    assert await search.find("zebra") == []
    with pytest.raises(Exception, match="does not exist"):
        await register.visible_contribution(STRANGER, (await Contribution.get(source_ref="1")).public_id)
    await process_acts.open_process(SYSTEM, draft)
    assert [hit.kind for hit in await search.find("zebra")] == ["proposal"]


async def test_one_leaf_and_one_batch_tell_of_an_import(database):
    await bring(IDEAS)
    batch = await ImportBatch.get()
    (leaf,) = await leaves_of(batch.public_id)
    assert leaf.type == "import.batch"
    assert batch.counts == {"contributions": 5, "claims": 5, "outcomes": 2}
    (staged,) = await db.rows("SELECT count(*) AS n FROM ledger_staged WHERE type NOT LIKE 'import%'")
    assert staged["n"] == 2  # the draft process and its question


async def test_a_kind_and_a_parent_never_change(database):
    await bring(IDEAS)
    with pytest.raises(GridRefused) as refusal:
        await bring("ref,verbatim,kind\n8,A bench.,statement\n")
    assert refusal.value.problems[0].row == 2
    with pytest.raises(GridRefused, match="1 problem|problem"):
        await bring("ref,verbatim,parent\n11,It dazzles drivers.,8\n")


async def test_two_sources_do_not_mix(database):
    await bring("ref,verbatim\n1,A bench.\n", source="counter")
    done = await bring("ref,verbatim\n1,A lamp.\n", source="letters")
    assert (done.added, await Contribution.all().count()) == (1, 2)


async def test_columns_are_renamed_on_the_way_in(database):
    mapping = parse_mapping(["Idea no.=ref", "What you wrote=verbatim"])
    done = await bring("Idea no.;What you wrote\n1;A bench.\n", mapping=mapping)
    assert done.held.contributions == 1


async def test_only_administrators_import(database):
    zoe = await a_person("Zoe Zhou")
    with pytest.raises(Refused):
        await import_grid(zoe, io.BytesIO(b"ref,verbatim\n1,x\n"), process="trams", source="a")


@pytest.mark.parametrize(
    ("process", "source"), [("Bad Slug", "a"), ("new", "a"), ("x" * 81, "a"), ("ok", "s" * 81)]
)
async def test_names_that_cannot_be_kept_are_refused(database, process, source):
    with pytest.raises(GridRefused):
        await bring("ref,verbatim\n1,A bench.\n", process=process, source=source)


async def test_hidden_words_do_not_come_back_with_the_file(database):
    from civic.contributions import actions as acts

    await bring(IDEAS)
    eight = await Contribution.get(source_ref="8")
    await acts.hide(eight.id, "test/1")
    done = await bring(IDEAS.replace("A bench under", "Two benches under"))
    assert done.changed == 0
    assert (await Contribution.get(source_ref="8")).visibility == "restricted"
    process = await process_by_slug("green-streets")
    assert process is not None
    sheet = await queries.sheet_for(process.id, "en", is_for_desk=True)
    refs = [one.ref async for page in queries.pages_of(sheet) for one in page]
    assert "8" not in refs
