"""A union with its delegate, and statements filed in a process."""

from __future__ import annotations

from civic.foundation import clock
from civic.foundation.viewer import Viewer
from civic.organisations import actions, queries
from civic.organisations.forms import (
    AskingDraft,
    InterestsDraft,
    OrganisationDraft,
    PositionDraft,
    RulingDraft,
)
from civic.organisations.queries import OrganisationCard
from civic.organisations.sheet import Row
from civic.processes.models import Category
from civic.processes.queries import ProcessPage
from tests.cast import a_person

ROWS = (
    Row("Article 2", "te", "Deliveries before seven wake the street.", "Deliveries from 7 to 10."),
    Row("Article 5", "ed", "“Reasonable” says nothing.", "Replace by “at most ten minutes”."),
    Row("", "ge", "Drivers were not asked.", ""),
)


def an_organisation(name: str = "Drivers’ Union", category: Category = Category.UNIONS) -> OrganisationDraft:
    return OrganisationDraft(
        name, category, "Four hundred drivers of the town.", "W123", "https://union.example"
    )


async def an_administrator() -> Viewer:
    return await a_person("Root Admin", "administrator")


async def a_union(root: Viewer, *, name: str = "Drivers’ Union", category: Category = Category.UNIONS):
    """Register an organisation."""
    return await actions.register_organisation(root, an_organisation(name, category))


async def a_delegate(root: Viewer, organisation: OrganisationCard, who: str = "Dele Gate") -> Viewer:
    """Let somebody ask to speak for an organisation, and confirm them."""
    person = await a_person(who)
    await actions.ask_to_speak(person, organisation, AskingDraft("Secretary", "Call the office."))
    (waiting,) = [one for one in await queries.waiting_requests() if one.participant_id == person.participant]
    await actions.rule_on_request(root, waiting, RulingDraft(True, "Letter of the board."))
    return person


async def declare(
    delegate: Viewer, organisation: OrganisationCard, text: str = "Our members deliver here."
) -> None:
    await actions.declare_interests(delegate, organisation, InterestsDraft(text, "Fees"))


def a_statement(
    process: ProcessPage, organisation: OrganisationCard, *, rows: tuple[Row, ...] = ROWS, title: str = ""
) -> PositionDraft:
    return PositionDraft(
        organisation=organisation.public_id,
        issue=process.issues[0].public_id,
        title=title or "Let deliveries through in the morning",
        body="We ask for hours that work for the street and for drivers.",
        approved_by="General meeting",
        approved_on=clock.local_day(clock.now()),
        rows=rows,
    )
