"""Who may do what, asked of the router: every person, every route, and the same on other people's things."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from civic.foundation import ids
from tests.journeys.digest import changed, contents
from tests.journeys.inside import ROLES, Opened, Towns, Visitor
from tests.journeys.posts import FORMS
from tests.journeys.samples import PAGES, Sample, audience_of, belongs, reads, writes

READS = reads()
CLOSED = {403, 404}


def test_every_page_has_a_sample():
    lacking = sorted(route.name for route in READS if route.name not in PAGES)
    assert not lacking, f"say in tests/journeys/samples.py what they show and to whom: {lacking}"
    stale = sorted(set(PAGES) - {route.name for route in READS})
    assert not stale, f"no such page any more: {stale}"


def expected(role: str, sample: Sample, place: str, audience: frozenset[str]) -> set[int]:
    """Say what somebody gets: the page, the way to sign in, or a refusal."""
    if belongs(role, sample.leads, place):
        return {303}
    if belongs(role, sample.opens, place):
        return {200}
    if role.partition(" ")[0] in ("stranger", "gus") and "everyone" not in audience:
        return {303}
    return CLOSED


async def cell(visitor: Visitor, path: str, wanted: set[int]) -> str:
    """Open one page as somebody; give what is wrong."""
    answer = await visitor.get(path)
    if answer.status_code not in wanted:
        return f"{visitor.role}: GET {path} gave {answer.status_code}, not {sorted(wanted)}"
    if wanted == {303} and visitor.role.partition(" ")[0] in ("stranger", "gus"):
        leads = answer.headers["location"]
        return "" if leads.startswith("/sign-in?next=") else f"{visitor.role}: GET {path} leads to {leads}"
    return ""


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the words of the pages out: who gets which page does not hang on them."""
    monkeypatch.setattr("jinja2.Template.render", lambda *given, **named: "")


async def test_every_page_opens_to_whom_it_says_and_to_nobody_else(opened_town: Opened, unwritten: None):
    """Both places in turn: what is of one process is tried by the people of the other."""
    wrong = []
    for route in READS:
        for sample in PAGES.get(route.name, ()):
            for place in ("here", "elsewhere"):
                path = sample.path(route, opened_town.town.place(place))
                await opened_town.forgive()
                for role in ROLES:
                    wanted = expected(role, sample, place, audience_of(route))
                    wrong.append(await cell(opened_town.visitor(role), path, wanted))
    wrong = [one for one in wrong if one]
    assert not wrong, f"{len(wrong)} cells:\n" + "\n".join(wrong)


WRITES = writes()


def test_every_change_has_a_form():
    lacking = sorted(route.name for route in WRITES if route.name not in FORMS)
    assert not lacking, f"say in tests/journeys/posts.py how they are filled in and by whom: {lacking}"
    stale = sorted(set(FORMS) - {route.name for route in WRITES})
    assert not stale, f"no such change any more: {stale}"


@pytest.mark.parametrize("route", WRITES, ids=lambda route: route.name)
async def test_who_may_not_make_a_change_leaves_no_trace(towns: Towns, town_kind: str, route: Route):
    """What one person may send, everybody else sends too."""
    change, wrong = FORMS[route.name], []
    if "everyone" in change.opens:
        return
    async with towns.open(town_kind) as opened:
        filled = await change.filled(route, opened, "here")
        before = await contents()
        for role in ROLES:
            if not belongs(role, change.opens, "here"):
                await opened.forgive()
                sent = {**filled, "form_key": ids.public_id()}
                answer = await opened.visitor(role).post(change.path(route, opened.town.here), sent)
                if answer.status_code not in CLOSED:
                    wrong.append(f"{role} gets {answer.status_code}")
        wrong += [f"{table} has changed" for table in changed(before, await contents())]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", WRITES, ids=lambda route: route.name)
async def test_who_may_make_a_change_makes_it(towns: Towns, town_kind: str, route: Route):
    """Each in a town of their own; what is open to all, a few try."""
    change, wrong = FORMS[route.name], []
    roles = [
        role for role in ROLES if belongs(role, change.opens, "here") and belongs(role, change.fits, "here")
    ]
    if change.opens & {"everyone", "signed"}:
        roles = [change.by, *(role for role in ("ada", "mira elsewhere", "root") if role in roles)]
    for role in dict.fromkeys([change.by, *roles]):
        async with towns.open(town_kind) as opened:
            given = await change.filled(route, opened, "here")
            answer = await opened.visitor(role).post(change.path(route, opened.town.here), given)
            if answer.status_code != change.answers:
                wrong.append(f"{role} gets {answer.status_code}, not {change.answers}")
    assert not wrong, "\n".join(wrong)


async def test_a_number_alone_opens_nothing_that_its_code_protects(opened_town: Opened):
    """Waiting words, reports, questions: the public number names them and opens nothing."""
    here, stranger = opened_town.town.here, opened_town.visitor("stranger")
    for role in ("stranger", "bo", "mira", "otto", "root", "gus elsewhere"):
        visitor = opened_town.visitor(role)
        receipt = await visitor.get(f"/receipts/{here['guest_number']}")
        assert "Water for the dogs" not in receipt.text, role
        assert here["guest_code"] not in receipt.text
        question = await visitor.get(f"/questions/{here['question']}")
        assert ("Which of the two corners" in question.text) <= (role == "otto"), role
        for path in (f"/contributions/{here['guest_number']}", f"/reports/{here['report']}"):
            assert (await visitor.get(path)).status_code in CLOSED, (role, path)
    await stranger.post("/receipts", {"number": here["guest_number"], "code": here["guest_public_code"]})
    assert (await stranger.get(f"/proposals/{here['guest']}/edit")).status_code == 404, "the code of another"
    await stranger.post("/receipts", {"number": here["guest_number"], "code": ""})
    assert (await stranger.get(f"/proposals/{here['guest']}/edit")).status_code == 404, "no code at all"
    await stranger.post("/receipts", {"number": here["guest_number"], "code": here["guest_code"]})
    assert (await stranger.get(f"/proposals/{here['guest']}/edit")).status_code == 200, "its own code"


async def test_guessing_a_code_is_limited_by_number_and_by_network(opened_town: Opened):
    here = opened_town.town.here
    statuses = []
    for _ in range(12):
        guesser = opened_town.visitor("stranger", fresh=True)
        sent = {"number": here["guest_number"], "code": "AAAA-BBBB-CCCCC"}
        statuses.append((await guesser.post("/receipts", sent)).status_code)
    assert statuses[0] == 422
    assert statuses[-1] == 429, "however many networks guess"
    guesser = opened_town.visitor("stranger", fresh=True)
    answers = [
        await guesser.post("/receipts", {"number": f"P9-2026-{one:06d}-A", "code": "AAAA-BBBB-CCCCC"})
        for one in range(40)
    ]
    assert answers[-1].status_code == 429, "however many numbers one network tries"
    assert int(answers[-1].headers["Retry-After"]) > 0
    right = await guesser.post(
        "/receipts", {"number": here["proposal_number"], "code": here["proposal_code"]}
    )
    assert right.status_code == 429, "the right code does not show through the limit"


async def test_a_role_taken_back_is_gone_at_the_next_page(opened_town: Opened):
    route = next(one for one in WRITES if one.name == "accounts:revocation")
    change, here = FORMS[route.name], opened_town.town.here
    otto = opened_town.visitor("otto")
    assert (await otto.get(f"/desk/processes/{here['slug']}")).status_code == 200
    sent = await opened_town.visitor("root").post(
        change.path(route, here), await change.filled(route, opened_town, "here")
    )
    assert sent.status_code == 303
    assert (await otto.get(f"/desk/processes/{here['slug']}")).status_code in (303, 403)
