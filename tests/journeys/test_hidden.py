"""A hidden text is absent from every door, and comes back through each when it is restored."""

from __future__ import annotations

import re

from civic.accounts.queries import viewer_of
from civic.foundation import database as db
from civic.moderation import actions as moderation
from civic.moderation import queries as desk
from civic.moderation.forms import MeasureDraft, StatementDraft
from civic.moderation.models import Measure
from tests.journeys.inside import Opened, shown_as
from tests.journeys.plugin import TOWN_ON_BOTH
from tests.journeys.samples import PAGES, belongs, reads

ASKED, CANARY = "zanzibarine", "wobblegongs"
"""What is searched for, and what is looked for: a page that repeats a question tells nothing."""
WATCHERS = ("stranger", "ada", "cleo", "otto", "root")
"""Who must not meet it: strangers, the author of the text it answers, officials, administrators."""
REASONS = StatementDraft("3", f"{CANARY}, thieves", "Calls people thieves.", "lasting")


def doors(opened: Opened, thing: dict[str, str]) -> list[str]:
    """List the addresses through which the text could be seen, the usual pages included."""
    here = opened.town.here
    own = [
        f"/proposals/{thing['proposal']}",
        f"/proposals/{thing['proposal']}/versions",
        f"/contributions/{thing['proposal_number']}",
        f"/contributions/{thing['proposal_number']}?print=1",
        f"/contributions/{thing['proposal_number']}?share=1",
        f"/receipts/{thing['proposal_number']}",
        f"/reports/new?subject=contribution/{thing['proposal']}",
        f"/reports/new?subject=proposal/{thing['proposal']}",
        f"/comments/{thing['comment']}",
        f"/comments/{thing['comment']}/versions",
        f"/comments/{thing['comment']}/reply",
        f"/comments/{here['comment']}",
        f"/contributions/{thing['comment_number']}",
        f"/debates/{here['thread']}?order=newest",
        f"/processes/{here['slug']}/proposals?q={ASKED}",
        f"/processes/{here['slug']}/proposals?sort=newest",
        f"/search?q={ASKED}",
        f"/search?q={ASKED[:6]}&process={here['slug']}",
        f"/processes/{here['slug']}/grid.csv",
        f"/api/v1/proposals/{thing['proposal']}",
        f"/api/v1/proposals?process={here['slug']}",
        f"/api/v1/debates/{here['thread']}/comments?limit=100",
        f"/api/v1/contributions/{thing['proposal_number']}",
        f"/api/v1/contributions/{thing['comment_number']}",
        f"/contributions/{thing['proposal_number']}/prov.jsonld",
        f"/contributions/{thing['proposal_number']}/prov.json",
        f"/contributions/{thing['comment_number']}/prov.jsonld",
        "/notices",
        "/mine",
    ]
    for key in ("claim", "proposal_claim"):
        if key in thing:
            own += [f"/desk/claims/{thing[key]}", f"/desk/claims/{thing[key]}/points"]
    own += [f"/desk/decisions/{here['drafting_decision']}?q={ASKED}", f"/administration/people?q={ASKED}"]
    return own


async def met(opened: Opened, thing: dict[str, str], *, everywhere: bool) -> set[str]:
    """Name the doors at which the words are met, by watcher; whole pages, and the parts htmx asks for."""
    found = set()
    for role in WATCHERS:
        paths = doors(opened, thing)
        if everywhere:
            for route in reads():
                paths += [
                    sample.path(route, opened.town.here)
                    for sample in PAGES.get(route.name, ())
                    if belongs(role, sample.opens, "here")
                ]
        for path in paths:
            await opened.forgive()
            for headers in ({}, {"HX-Request": "true"}):
                answer = await opened.visitor(role).get(path, **headers)
                assert answer.status_code < 500, (role, path)
                if CANARY in answer.text:
                    found.add(f"{role} {path.partition('?')[0]}")
    return found


async def say_it(opened: Opened) -> dict[str, str]:
    """Let Bo say it: in a proposal, and in a comment that answers Ada."""
    here, bo = opened.town.here, opened.visitor("bo")
    page, action = f"/processes/{here['slug']}/proposals/new", f"/processes/{here['slug']}/proposals"
    values = (await bo.form(page, action)).values() | {
        "title": f"Against the {ASKED} {CANARY}",
        "body": f"They are {ASKED} {CANARY}, thieves.",
        "issue": here["issue"],
    }
    sent = await bo.post(action, {name: given for name, given in values.items() if name != "csrf"})
    number = sent.headers["location"].rpartition("/")[2]
    comments = f"/debates/{here['thread']}/comments"
    values = (await bo.form(f"/comments/{here['answer']}/reply", comments)).values() | {
        "body": f"All of them {ASKED} {CANARY}, thieves.",
        "relation": "objects",
    }
    posted = await bo.post(comments, {name: given for name, given in values.items() if name != "csrf"})
    comment = re.search(r"/comments/([0-9a-z]{26})", posted.headers["location"])
    assert comment, posted.headers
    made = {"comment": comment[1], "proposal_number": number}
    rows = await db.rows(
        "SELECT c.public_id, c.number, c.kind, k.public_id AS claim FROM contribution c "
        "LEFT JOIN claim k ON k.contribution_id = c.id WHERE c.number = ? OR c.public_id = ?",
        number,
        comment[1],
    )
    for row in rows:
        made[f"{row['kind']}"] = row["public_id"]
        made[f"{row['kind']}_number"] = row["number"]
        made["proposal_claim" if row["kind"] == "proposal" else "claim"] = row["claim"]
    return made


async def hide(opened: Opened, thing: dict[str, str]) -> None:
    """Report both texts and hide them."""
    mira = await viewer_of(opened.town.cookies["mira"])
    assert mira is not None
    for kind in ("proposal", "comment"):
        case = await case_of(opened, mira, thing[kind])
        await moderation.decide(mira, case, MeasureDraft(Measure.HIDE, case.version, "", "", REASONS))


async def restore(opened: Opened, thing: dict[str, str]) -> None:
    """Show both texts again."""
    mira = await viewer_of(opened.town.cookies["mira"])
    assert mira is not None
    for kind in ("proposal", "comment"):
        (row,) = await db.rows(
            "SELECT d.public_id FROM moderation_decision d JOIN contribution c ON c.id = d.contribution_id "
            "WHERE c.public_id = ?",
            thing[kind],
        )
        decided = await desk.visible_decision(mira, row["public_id"])
        await moderation.restore(mira, decided, "It named nobody after all.")


async def case_of(opened: Opened, mira, public_id: str):
    """Find the case of a text, reported first if need be."""
    found = await db.rows(
        "SELECT public_id FROM moderation_case WHERE subject = ? ORDER BY id DESC",
        f"contribution/{public_id}",
    )
    if not found:
        zoe = opened.visitor("stranger", fresh=True)
        form = await zoe.form(f"/reports/new?subject=contribution/{public_id}", "/reports")
        sent = form.values() | {"ground": "insult", "explanation": "An insult.", "good_faith": "1"}
        answer = await zoe.post("/reports", {name: given for name, given in sent.items() if name != "csrf"})
        assert answer.status_code == 200
        return await case_of(opened, mira, public_id)
    return await desk.visible_case(mira, found[0]["public_id"])


@TOWN_ON_BOTH
async def test_a_hidden_text_is_absent_from_every_door_until_it_is_restored(opened_town: Opened):
    thing = await say_it(opened_town)
    shown = await met(opened_town, thing, everywhere=False)
    for door in ("/search", f"/proposals/{thing['proposal']}", f"/comments/{thing['comment']}", "/notices",
                 f"/contributions/{thing['proposal_number']}", f"/desk/claims/{thing['claim']}",
                 f"/api/v1/proposals/{thing['proposal']}", "/api/v1/proposals",
                 f"/api/v1/debates/{opened_town.town.here['thread']}/comments",
                 f"/api/v1/contributions/{thing['comment_number']}",
                 f"/contributions/{thing['proposal_number']}/prov.jsonld"):  # fmt: skip
        assert any(one.endswith(f" {door}") for one in shown), f"before, {door} shows it: {sorted(shown)}"
    await hide(opened_town, thing)
    assert await met(opened_town, thing, everywhere=True) == set()
    waiting = await db.rows(
        "SELECT n.data, m.state FROM notice n JOIN mail m ON m.notice_id = n.id "
        "WHERE m.state = 'waiting' AND n.recipient NOT LIKE ? AND n.kind NOT LIKE 'moderation.%'",
        f"participant/{opened_town.town.here['bo_person']}",
    )
    assert CANARY not in repr(waiting), "no mail that waits carries it, but the author's own"
    bo = await opened_town.visitor("bo").get(f"/contributions/{thing['proposal_number']}")
    assert CANARY in bo.text, "its author still reads it"
    await restore(opened_town, thing)
    again = await met(opened_town, thing, everywhere=False)
    assert {one for one in shown if "/notices" not in one} <= again, (
        "restored, it is back at each of its doors"
    )


@TOWN_ON_BOTH
async def test_a_text_hidden_after_its_answer_was_published_is_absent_there_too(opened_town: Opened):
    here, mira = opened_town.town.here, await viewer_of(opened_town.town.cookies["mira"])
    assert mira is not None
    words = await db.rows(
        "SELECT v.title, v.body FROM contribution c JOIN contribution_version v ON v.contribution_id = c.id "
        "AND v.number = c.version WHERE c.public_id = ?",
        here["settled"],
    )
    said = [words[0]["title"], *re.split(r"(?<=[.?!]) ", words[0]["body"])[:2]]
    said += ["I still think one bench would do.", "I spoke of one bench."]
    before = await met_words(opened_town, said)
    assert {f"/decisions/{here['settled_decision']}", f"/outcomes/{here['outcome']}"} <= before, before
    case = await case_of(opened_town, mira, here["settled"])
    await moderation.decide(mira, case, MeasureDraft(Measure.HIDE, case.version, "", "", REASONS))
    assert await met_words(opened_town, said) == set()


async def met_words(opened: Opened, said: list[str]) -> set[str]:
    """Name the pages everybody reads on which one of the sentences stands."""
    found = set()
    for route in reads():
        for sample in PAGES.get(route.name, ()):
            if not belongs("stranger", sample.opens, "here"):
                continue
            await opened.forgive()
            path = sample.path(route, opened.town.here)
            answer = await opened.visitor("stranger").get(path)
            assert answer.status_code < 500, path
            if any(shown_as(one) in answer.text for one in said):
                found.add(path.partition("?")[0])
    return found
