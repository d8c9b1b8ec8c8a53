"""All a page needs to show a debate: its window, what the reader asked for, and who may write."""

from __future__ import annotations

from dataclasses import dataclass

from civic.accounts import queries as accounts
from civic.contributions import queries as said
from civic.contributions.models import Relation
from civic.debates import policies
from civic.debates.queries.orders import Order
from civic.debates.queries.reading import ThreadCard
from civic.debates.queries.window import FIRST, OTHERS, ThreadWindow, window
from civic.foundation import clock, database, forms
from civic.foundation.errors import Verdict
from civic.foundation.formdata import FormData
from civic.foundation.viewer import Viewer
from civic.processes.policies import Act, phase_opens
from civic.processes.queries import IssueCard, ProcessPage


@dataclass(frozen=True)
class Asked:
    """What a reader asked of a debate, as its address says."""

    order: Order = Order.BALANCED
    relation: str = ""
    after: str = ""


@dataclass(frozen=True)
class Chip:
    """One filter: a relation (or "" for all, "other" for the rest) and how many comments have it."""

    relation: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Speaker:
    """What the reader would sign with when speaking for the public body."""

    name: str
    title: str


@dataclass(frozen=True)
class Debate:
    """A debate ready to be shown."""

    process: ProcessPage
    issue: IssueCard | None
    window: ThreadWindow
    may_comment: Verdict
    may_argue: Verdict
    may_mark: bool
    speaker: Speaker | None
    composer: FormData

    @property
    def thread(self) -> ThreadCard | None:
        return self.window.thread

    @property
    def count(self) -> int:
        return self.thread.comment_count if self.thread else 0

    @property
    def chips(self) -> list[Chip]:
        """The filters worth showing: those that would keep something, or that are chosen."""
        counts, chosen = self.window.counts, self.window.relation
        rest = sum(counts.get(one, 0) for one in OTHERS)
        given = [("", self.count), *((one.value, counts.get(one, 0)) for one in FIRST), ("other", rest)]
        return [Chip(one, n, one == chosen) for one, n in given if n or one == chosen or not one]


_LAST_CAPACITY = """
SELECT capacity, capacity_note FROM contribution
WHERE author_id = ? AND process_id = ? AND written_as = 'participant' ORDER BY id DESC LIMIT 1
"""


def asked(query: FormData) -> Asked:
    """Read what a reader asked for; what is unknown asks for nothing."""
    order, relation = query.value("order"), query.value("relation")
    return Asked(
        order=Order(order) if order in set(Order) else Order.BALANCED,
        relation=relation if relation in {*Relation, "other"} else "",
        after=query.value("after")[:120],
    )


async def debate_on(
    viewer: Viewer,
    process: ProcessPage,
    issue_id: int | None,
    thread: ThreadCard | None,
    wish: Asked,
    *,
    is_shown: bool = True,
) -> Debate:
    """Give a debate whose subject was obtained already, and whether that subject is shown to everybody."""
    now = clock.now()
    issue = next((one for one in process.issues if one.id == issue_id), None)
    page = await window(thread, viewer, order=wish.order, relation=wish.relation, after=wish.after)
    may_comment = policies.may_comment(process.phases, now, closed_at=thread.closed_at if thread else None)
    return Debate(
        process=process,
        issue=issue,
        window=page,
        may_comment=may_comment,
        may_argue=may_comment and policies.may_argue(is_shown=is_shown),
        may_mark=viewer.is_signed_in and phase_opens(Act.MARK, process.phases, now).allowed,
        speaker=await speaker(viewer, process),
        composer=await begun(viewer, process, draft_place(thread, issue)),
    )


async def begun(viewer: Viewer, process: ProcessPage, place: str) -> FormData:
    """Fill a composer with what the viewer has begun there, and the capacity they last wrote in here."""
    if viewer.participant is None:
        return forms.blank()
    found = await database.rows(_LAST_CAPACITY, viewer.participant, process.id)
    kept = await said.draft_of(viewer, place)
    return forms.blank(**(found[0] if found else {}), **(kept.words if kept else {}))


def draft_place(thread: ThreadCard | None, issue: IssueCard | None, parent: str = "") -> str:
    """Name where the draft of a comment is kept: under a comment, a thread, or a question."""
    if parent:
        return f"comment/{parent}"
    if thread is not None and thread.subject_kind != "issue":
        return f"debate/{thread.public_id}"
    return f"issue/{issue.public_id if issue else thread.subject_key if thread else ''}"


async def speaker(viewer: Viewer, process: ProcessPage) -> Speaker | None:
    """Tell what a viewer would sign with when speaking for the public body, if they may."""
    if viewer.participant is None or not policies.may_speak_officially(viewer, process.public_id):
        return None
    person = await accounts.person(viewer.participant)
    return Speaker(person.name, person.title)
