"""What is particular to a situation is behind no door but its author's page and the form of the desk."""

from __future__ import annotations

from civic import settings
from civic.accounts.queries import viewer_of
from civic.contributions import actions as register
from civic.contributions.queries import contribution_by_public_id, own_words, situation_of
from civic.foundation import database as db
from tests.journeys.inside import Opened
from tests.journeys.plugin import TOWN_ON_BOTH
from tests.journeys.samples import PAGES, PRINTED, belongs, reads

ASKED, CANARY = "zanzibarine", "wobblegongs"
"""What is searched for, and what is looked for: a page that repeats a question tells nothing."""
WATCHERS = ("stranger", "bo", "cleo", "mira", "otto", "rita", "dora", "hal", "root", "otto elsewhere")
"""Everybody but the author, the official who may open it included: no address shows it."""
TOLD = {
    "situation_touches": f"The {ASKED} {CANARY} of my house.",
    "situation_helps": f"A ramp for {CANARY}.",
    "situation_audience": "deciders",
}


async def tell_it(opened: Opened) -> dict[str, str]:
    """Let Ada keep a draft, look first, then propose and tell her situation in the same form."""
    here, ada = opened.town.here, opened.visitor("ada")
    page, action = f"/processes/{here['slug']}/proposals/new", f"/processes/{here['slug']}/proposals"
    words = {"title": "A step less at the library", "body": "It is too high.", "issue": here["issue"], **TOLD}
    for button in ("draft", "preview", ""):
        values = (await ada.form(page, action)).values() | words | ({button: "1"} if button else {})
        sent = await ada.post(action, {name: given for name, given in values.items() if name != "csrf"})
        assert sent.status_code < 400, sent.text[:500]
    number = sent.headers["location"].rpartition("/")[2]
    (row,) = await db.rows("SELECT public_id FROM contribution WHERE number = ?", number)
    return {"number": number, "proposal": row["public_id"]}


def doors(opened: Opened, thing: dict[str, str], claims: list[str]) -> list[str]:
    """List the addresses through which the words could be seen, the usual pages included."""
    here = opened.town.here
    own = [
        f"/proposals/{thing['proposal']}",
        f"/proposals/{thing['proposal']}/versions",
        f"/contributions/{thing['number']}",
        f"/contributions/{thing['number']}?print=1",
        f"/contributions/{thing['number']}?share=1",
        f"/receipts/{thing['number']}",
        f"/receipts/{thing['number']}/situation",
        f"/reports/new?subject=contribution/{thing['proposal']}",
        f"/search?q={ASKED}&process={here['slug']}",
        f"/processes/{here['slug']}/proposals?sort=newest",
        f"/processes/{here['slug']}/grid.csv",
        f"/desk/decisions/{here['drafting_decision']}?state=situations",
        f"/desk/decisions/{here['drafting_decision']}/group",
    ]
    for claim in claims:
        own += [f"/desk/claims/{claim}", f"/desk/claims/{claim}/points", f"/desk/claims/{claim}/situation"]
    return own


def pages(opened: Opened, role: str) -> list[str]:
    """List every page a role may open; a printed file holds compressed words, those of its page."""
    return [
        sample.path(route, opened.town.here)
        for route in reads()
        if route.name not in PRINTED
        for sample in PAGES.get(route.name, ())
        if belongs(role, sample.opens, "here")
    ]


async def met(opened: Opened, thing: dict[str, str], claims: list[str], *, everywhere: bool) -> set[str]:
    """Name the doors at which the words are met: whole pages, and the parts htmx asks for at their own."""
    found = set()
    for role in WATCHERS:
        own = doors(opened, thing, claims)
        asked: list[tuple[str, dict[str, str]]] = [(path, {}) for path in own]
        asked += [(path, {"HX-Request": "true"}) for path in own]
        asked += [(path, {}) for path in pages(opened, role)] if everywhere else []
        for path, headers in asked:
            await opened.forgive()
            answer = await opened.visitor(role).get(path, **headers)
            assert answer.status_code < 500, (role, path)
            if CANARY in answer.text:
                found.add(f"{role} {path}")
    return found


async def cells() -> str:
    """Give every cell of every table: drafts, notices, mails, search, forms, the record."""
    if settings.current().is_sqlite:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    else:
        sql = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    return repr([await db.rows(f'SELECT * FROM "{row["name"]}"') for row in await db.rows(sql)])


@TOWN_ON_BOTH
async def test_a_situation_is_behind_no_door_but_its_authors(opened_town: Opened, caplog):
    thing = await tell_it(opened_town)
    card = await contribution_by_public_id(thing["proposal"])
    words, situation = await own_words(card.id), await situation_of(card.id)
    assert words is not None
    assert CANARY in words.touches
    assert situation is not None
    claims = [
        row["public_id"]
        for row in await db.rows("SELECT public_id FROM claim WHERE contribution_id = ?", card.id)
    ]
    assert len(claims) == 2
    assert await met(opened_town, thing, claims, everywhere=True) == set()
    otto = await viewer_of(opened_town.town.cookies["otto"])
    assert otto is not None
    opened = await register.open_situation(otto, card, situation, "To answer what she asks.")
    assert CANARY in opened.helps
    assert await met(opened_town, thing, claims, everywhere=False) == set(), "a reading opens no door"
    dump = await cells()
    assert CANARY not in dump
    assert ASKED not in dump
    assert CANARY not in caplog.text
    ada = await opened_town.visitor("ada").get(f"/receipts/{thing['number']}/situation")
    assert CANARY in ada.text, "its author reads it"
    assert "no-store" in ada.headers["cache-control"], "and no cache keeps it"
