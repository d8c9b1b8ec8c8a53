"""The people and things of the tests: small functions that act as people would, through the acts."""

from __future__ import annotations

import html
import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import httpx

from civic.accounts import actions as accounts
from civic.accounts import queries as seen
from civic.accounts.models import Participant, Role
from civic.contributions import queries as register
from civic.contributions.actions import Receipt
from civic.contributions.forms import Author, author_from
from civic.contributions.models import Relation
from civic.contributions.queries import ClaimCard
from civic.debates import actions as debates
from civic.debates.forms import CommentDraft
from civic.debates.queries import thread_on
from civic.decisions import actions as decisions
from civic.decisions.forms import DecisionDraft, ProvisionDraft
from civic.decisions.models import Outcome, ReasonCode
from civic.decisions.queries import ArticleCard, DecisionCard
from civic.decisions.rules import Answer, Details
from civic.foundation import clock, cookies, database
from civic.foundation.viewer import Held, Viewer
from civic.processes import actions as processes
from civic.processes.forms import (
    DateDraft,
    IssueDraft,
    PhaseDraft,
    ProcessDraft,
    ScopeDraft,
    ScopeLineDraft,
    StakeholderDraft,
)
from civic.processes.models import Category, DateKind, PhaseKind, Profile, Promise, Standing
from civic.processes.queries import ProcessPage, process_by_id
from civic.proposals import actions as proposals
from civic.proposals.forms import ProposalDraft
from civic.proposals.queries import ProposalCard, visible_proposal

SYSTEM = Viewer(roles=frozenset({Held("administrator")}))
"""Whoever works without an account: the command line."""

PASSWORD = "a river in the morning, 7 swans"
"""What everybody of the cast signs in with."""

_numbers = itertools.count(1)


async def a_person(name: str, *roles: str, process: str = "", language: str = "en") -> Viewer:
    """Make an account that is confirmed, with roles in a process (its public id) or everywhere."""
    address = f"{name.split()[0].lower()}-{next(_numbers)}@town.example"
    async with database.transaction():
        person = await accounts.make_account(name, address, language)
        for role in roles:
            await accounts.grant_role(None, person.id, Role(role), process, "for the test")
    return await as_viewer(person.id)


async def as_viewer(participant_id: int) -> Viewer:
    """Look with somebody's eyes: a new session of theirs, as the pages would read it."""
    token = await a_session(participant_id)
    viewer = await seen.viewer_of(token)
    assert viewer is not None
    return viewer


async def a_session(participant_id: int) -> str:
    """Sign somebody in and give the token their browser would keep."""
    return await accounts.open_session(await Participant.get(id=participant_id), "test")


async def sign_in(browser: httpx.AsyncClient, viewer: Viewer) -> httpx.AsyncClient:
    """Sign a browser in as somebody."""
    assert viewer.participant is not None
    browser.cookies.set(cookies.SESSION, await a_session(viewer.participant))
    return browser


async def fill(browser: httpx.AsyncClient, page: str, action: str, **fields: object) -> httpx.Response:
    """Open a page, fill in the form that goes to an address, and send it with its tokens."""
    shown = await browser.get(page)
    assert shown.status_code == 200, (page, shown.status_code)
    form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', shown.text, re.S)
    assert form, f"no form to {action} on {page}"
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[1]))
    given = {name: value for name, value in {**hidden, **fields}.items() if value is not None}
    return await browser.post(action, data={name: html.unescape(str(v)) for name, v in given.items()})


def in_days(days: int, start: datetime | None = None) -> date:
    """Name the local day so many days from now."""
    return clock.local_day((start or clock.now()) + timedelta(days=days))


async def a_draft_process(
    *,
    by: Viewer = SYSTEM,
    slug: str | None = None,
    code: str | None = None,
    issues: int = 1,
    freeze_in: int = 22,
    debate: tuple[int, int] = (-10, 22),
    profile: Profile = Profile.LIGHT,
    is_example: bool = False,
) -> ProcessPage:
    """Prepare a process that lacks nothing: days are counted from now."""
    number = next(_numbers)
    process = await processes.create_process(
        by,
        ProcessDraft(
            slug=slug or f"trams-and-lanes-{number}",
            code=code or f"P{number}",
            title={"fr": f"Se déplacer, volet {number}", "en": f"Getting around, part {number}"},
            summary={
                "fr": "Quelle place pour chacun dans la rue ?",
                "en": "Who gets which part of the street?",
            },
            profile=profile,
        ),
        is_example=is_example,
    )
    for place in range(1, issues + 1):
        await processes.add_issue(by, process, an_issue(place, freeze_in))
    await processes.set_phases(
        by,
        process,
        [
            PhaseDraft(PhaseKind.DELIBERATION, in_days(debate[0]), in_days(debate[1])),
            PhaseDraft(PhaseKind.DECISION, in_days(debate[1] + 30), in_days(debate[1] + 90)),
        ],
    )
    await processes.publish_scope(by, process, a_scope())
    await processes.set_stakeholders(by, process, a_stakeholder_map())
    date_of_meeting = DateDraft(
        DateKind.MEETING,
        {"fr": "Réunion publique", "en": "Public meeting"},
        clock.now() + timedelta(days=5),
        "Salle des fêtes",
    )
    await processes.add_date(by, process, date_of_meeting)
    return await process_by_id(process.id)


async def a_process(
    *,
    by: Viewer = SYSTEM,
    slug: str | None = None,
    code: str | None = None,
    issues: int = 1,
    freeze_in: int = 22,
    debate: tuple[int, int] = (-10, 22),
    profile: Profile = Profile.LIGHT,
    is_example: bool = False,
) -> ProcessPage:
    """Open a process whose debate is running: `process.issues[0]` is its first question."""
    draft = await a_draft_process(
        by=by,
        slug=slug,
        code=code,
        issues=issues,
        freeze_in=freeze_in,
        debate=debate,
        profile=profile,
        is_example=is_example,
    )
    return await processes.open_process(by, draft)


def an_issue(number: int = 1, freeze_in: int | None = 22) -> IssueDraft:
    """Write a question."""
    return IssueDraft(
        {"fr": f"Question {number} : qui circule ici ?", "en": f"Question {number}: who drives here?"},
        {"fr": "Vélos, bus, livraisons.", "en": "Bicycles, buses, deliveries."},
        in_days(freeze_in) if freeze_in is not None else None,
    )


def a_scope(*, promise: Promise = Promise.CONSULT) -> ScopeDraft:
    """Write a room for influence with a line of each standing."""
    return ScopeDraft(
        promise=promise,
        decision_maker={"fr": "Le conseil municipal", "en": "The town council"},
        decides_on=in_days(80),
        lines=(
            ScopeLineDraft(Standing.OPEN, {"fr": "La vitesse au centre", "en": "Speed in the centre"}, {}),
            ScopeLineDraft(
                Standing.FIXED,
                {"fr": "Le budget", "en": "The budget"},
                {"fr": "Voté le 30 juin", "en": "Voted on 30 June"},
            ),
            ScopeLineDraft(
                Standing.ELSEWHERE, {"fr": "Les trains", "en": "Trains"}, {}, "https://region.example"
            ),
        ),
    )


def a_stakeholder_map() -> list[StakeholderDraft]:
    """Answer for the seven categories: all expected but the unions."""
    return [
        StakeholderDraft(
            category,
            category is not Category.UNIONS,
            {"fr": "Affiches et courrier", "en": "Posters and letters"},
            {"fr": "Aucun emploi touché", "en": "No job concerned"},
        )
        for category in Category
    ]


async def a_proposal(
    by: Viewer,
    process: ProcessPage,
    *,
    title: str = "Close Mill Street to through traffic",
    body: str = "Children cross it four times a day. There is no other way to school.",
) -> ProposalCard:
    """Submit a proposal on the first question of a process."""
    draft = ProposalDraft(title, body, process.issues[0].public_id)
    receipt = await proposals.submit_proposal(author_from(by), process, draft)
    return await visible_proposal(by, receipt.contribution.public_id)


async def a_comment(
    by: Viewer,
    on: ProposalCard,
    body: str = "Where do the deliveries go?",
    *,
    relation: Relation | None = Relation.ASKS,
    to: str | None = None,
) -> Receipt:
    """Post a comment under a proposal, or under one of its comments."""
    thread = await thread_on(f"proposal/{on.public_id}")
    assert thread is not None
    return await debates.post_comment(author_from(by), thread, CommentDraft(body, relation, to))


@contextmanager
def after_the_freeze(process: ProcessPage, days: int = 1) -> Iterator[datetime]:
    """Hold the clock after every question of a process is frozen."""
    freezes = [issue.freeze_at for issue in process.issues if issue.freeze_at is not None]
    moment = max(freezes) + timedelta(days=days)
    with clock.at(moment):
        yield moment


async def a_decision(by: Viewer, process: ProcessPage, *, maker: Viewer | None = None) -> DecisionCard:
    """Begin the decision that settles every question of a process."""
    return await decisions.create_decision(
        by,
        process,
        DecisionDraft(
            title={"fr": "Rue du Moulin", "en": "Mill Street"},
            summary={"fr": "La rue ferme aux heures d’école.", "en": "The street closes at school hours."},
            decision_maker=maker.public_id or "" if maker else "",
            issues=tuple(issue.public_id for issue in process.issues),
        ),
    )


async def an_article(by: Viewer, decision: DecisionCard, *, before: str = "Open all day.") -> ArticleCard:
    """Write an article that changes something."""
    return await decisions.write_provision(
        by,
        decision,
        ProvisionDraft(
            heading={"fr": "Rue du Moulin", "en": "Mill Street"},
            text={"fr": "Fermée de 8 h à 9 h.", "en": "Closed from 8 to 9."},
            plain={},
            before={"fr": "Ouverte.", "en": before} if before else {},
        ),
    )


def a_refusal(why: str = "The bus needs this street: forty journeys a day have no other way.") -> Answer:
    """Write a complete refusal."""
    return Answer(
        outcome=Outcome.DECLINED,
        sentence={"fr": "Non, la rue reste ouverte.", "en": "No, the street stays open."},
        rationale={"en": why},
        reason_codes=(ReasonCode.FEASIBILITY,),
        evidence="Count of 12 October",
        details=Details(
            anchor="You ask to close Mill Street.",
            trigger={"en": "If the bus line moves."},
            remedies={"en": "You can reply, and contest how your point was treated."},
        ),
    )


def a_note(how: str = "Your account of the crossing is quoted in article 1.") -> Answer:
    """Write an answer to a point that asks for no change."""
    return Answer(outcome=Outcome.NOTED, sentence={"fr": "Pris en note.", "en": how})


def an_adoption(article: ArticleCard) -> Answer:
    """Write an answer that says yes."""
    return Answer(
        outcome=Outcome.ADOPTED,
        sentence={"fr": "Oui, à partir de mars.", "en": "Yes, from March on."},
        provisions=(article.public_id,),
    )


async def claim_of(contribution: str) -> ClaimCard:
    """Give the first live point of a contribution, by its public id."""
    card = await register.contribution_by_public_id(contribution)
    return (await register.claims_of(card.id))[0]


def a_guest(name: str = "Zoé L.", address: str = "zoe@town.example") -> Author:
    """Write without an account: the mailed link will confirm."""
    return Author(None, None, name, address, "en")


async def mailed_path(kind: str) -> str:
    """Give the address of the link in the newest mail of a kind."""
    found = await database.rows("SELECT data FROM notice WHERE kind = ? ORDER BY id DESC LIMIT 1", kind)
    assert found, f"no mail of kind {kind}"
    data = found[0]["data"]
    return str((json.loads(data) if isinstance(data, str) else data)["path"])


async def recorded(public_id: str) -> list[str]:
    """Name the acts the public record holds of a thing, in their order."""
    sql = "SELECT type FROM ledger_staged WHERE object = ? ORDER BY id"
    return [row["type"] for row in await database.rows(sql, public_id)]


async def told(viewer: Viewer) -> list[str]:
    """Name the kinds of notice somebody has, in their order."""
    sql = "SELECT kind FROM notice WHERE recipient = ? AND retracted_at IS NULL ORDER BY id"
    return [row["kind"] for row in await database.rows(sql, f"participant/{viewer.public_id}")]
