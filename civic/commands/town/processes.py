"""The processes of the town: prepared, opened, extended, and talked about."""

from dataclasses import dataclass, field
from typing import Any

from civic import app
from civic.commands.town.reading import day, moment, on
from civic.contributions.actions import Capacity, Receipt, author_from
from civic.contributions.forms import Words
from civic.contributions.models import Relation, WrittenAs
from civic.contributions.queries import visible_contribution
from civic.debates import actions as debates
from civic.debates.forms import CommentDraft
from civic.debates.queries import thread_on
from civic.foundation import queue
from civic.foundation.viewer import Viewer
from civic.processes import actions as processes
from civic.processes.forms import (
    DateDraft,
    IssueDraft,
    PhaseChangeDraft,
    PhaseDraft,
    ProcessDraft,
    ScopeDraft,
    ScopeLineDraft,
    StakeholderDraft,
)
from civic.processes.models import Category, DateKind, PhaseKind, Profile, Promise, Standing
from civic.processes.queries import ProcessPage, process_by_id
from civic.proposals import actions as proposals
from civic.proposals.forms import ProposalDraft, ProposalEdit
from civic.proposals.queries import visible_proposal


@dataclass
class Story:
    """What has been told of one process so far: who, where, and every text by the key of the files."""

    people: dict[str, Viewer]
    process: ProcessPage
    issues: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)

    def author(self, one: dict[str, Any]) -> Viewer:
        return self.people[one["by"]]


async def open_process(said: dict[str, Any], people: dict[str, Viewer]) -> Story:
    """Prepare a process as its official did, and open it on its day."""
    official = people["otto"]
    with on(said["created_at"]):
        process = await processes.create_process(
            official,
            ProcessDraft(
                said["slug"], said["code"], said["title"], said["summary"], Profile(said["profile"])
            ),
            is_example=True,
        )
        issues = {
            one["key"]: (await processes.add_issue(official, process, _issue(one))).public_id
            for one in said["issues"]
        }
        await processes.set_phases(official, process, [_phase(one, said) for one in said["phases"]])
        await processes.publish_scope(official, process, _scope(said))
        await processes.set_stakeholders(
            official, process, [_stakeholder(one) for one in said["stakeholders"]]
        )
        for one in said["dates"]:
            await processes.add_date(official, process, _date(one))
    with on(said["opened_at"]):
        process = await processes.open_process(official, await process_by_id(process.id))
    return Story(people, process, issues)


async def extend(story: Story, said: dict[str, Any]) -> None:
    """Give a step more time, with the public reason."""
    with on(said["at"]):
        change = PhaseChangeDraft(said["reason"], day(said["ends_at"]), tuple(story.issues.values()))
        await processes.extend_phase(story.people["otto"], story.process, PhaseKind(said["phase"]), change)
        story.process = await process_by_id(story.process.id)
        while await queue.run_due(app.handlers()):
            pass


async def propose(story: Story, one: dict[str, Any]) -> None:
    """Submit a proposal, correct it, endorse it, take it back."""
    author = story.author(one)
    with on(one["at"]):
        draft = ProposalDraft(one["title"], one["body"].strip(), story.issues[one["issue"]], _capacity(one))
        story.receipts[one["key"]] = receipt = await proposals.submit_proposal(
            author_from(author), story.process, draft
        )
    key = receipt.contribution.public_id
    for edit in one.get("edits", ()):
        with on(edit["at"]):
            words = Words(one["title"], edit["body"].strip())
            card = await visible_proposal(author, key)
            await proposals.revise_proposal(author, card, ProposalEdit(words, "", card.version))


async def endorse(story: Story, one: dict[str, Any]) -> None:
    """Let the people named stand behind a proposal, the day after it was submitted."""
    with on(one["endorsed_at"]):
        viewer = story.people[one["who"]]
        key = story.receipts[one["on"]].contribution.public_id
        await proposals.endorse(viewer, await visible_proposal(viewer, key))


async def withdraw(story: Story, one: dict[str, Any]) -> None:
    """Take a proposal back, with the reason its author gave."""
    with on(one["at"]):
        author = story.people[one["by"]]
        key = story.receipts[one["on"]].contribution.public_id
        await proposals.withdraw_proposal(author, await visible_proposal(author, key), one["reason"])


async def comment(story: Story, one: dict[str, Any]) -> None:
    """Post a comment under a proposal, or under another comment."""
    with on(one["at"]):
        subject = story.receipts[one["on"]].contribution.public_id
        thread = await thread_on(f"proposal/{subject}")
        if thread is None:
            raise LookupError(f"nothing to answer: {one['on']}")
        parent = story.receipts[one["parent"]].contribution.public_id if "parent" in one else None
        role = WrittenAs.OFFICIAL if one.get("as") == "official" else WrittenAs.PARTICIPANT
        draft = CommentDraft(one["body"], Relation(one["relation"]), parent, _capacity(one))
        story.receipts[one["key"]] = await debates.post_comment(
            author_from(story.author(one), written_as=role), thread, draft
        )


async def current(story: Story, key: str) -> Any:
    """Give a text of the story as its author reads it now."""
    receipt = story.receipts[key]
    author = Viewer(participant=receipt.contribution.author_id)
    return await visible_contribution(author, receipt.contribution.public_id)


def _capacity(one: dict[str, Any]) -> Capacity:
    category = Category(one["capacity"]) if "capacity" in one else None
    return Capacity(category, one.get("note", ""))


def _issue(one: dict[str, Any]) -> IssueDraft:
    return IssueDraft(one["title"], one["description"], day(one["freeze_at"]))


def _phase(one: dict[str, Any], said: dict[str, Any]) -> PhaseDraft:
    """Give a step with the end it was announced with, before any extension."""
    extension = said.get("extension")
    ends = extension["was"] if extension and extension["phase"] == one["kind"] else one["ends_at"]
    return PhaseDraft(PhaseKind(one["kind"]), day(one["starts_at"]), day(ends))


def _scope(said: dict[str, Any]) -> ScopeDraft:
    lines = tuple(
        ScopeLineDraft(Standing(one["standing"]), one["text"], one.get("why", {}), one.get("where", ""))
        for one in said["scope"]
    )
    return ScopeDraft(Promise(said["promise"]), said["decision_maker"], day(said["decides_on"]), lines)


def _stakeholder(one: dict[str, Any]) -> StakeholderDraft:
    expected = "outreach" in one
    return StakeholderDraft(
        Category(one["category"]), expected, one.get("outreach", {}), one.get("reason", {})
    )


def _date(one: dict[str, Any]) -> DateDraft:
    return DateDraft(DateKind(one["kind"]), one["title"], moment(one["at"]), one["place"])
