"""What the API gives: the public facts of each thing, without names of contributors. Pure.

Official texts hold one text per language. Words that were withdrawn or hidden are empty; that they were is
said by `visibility`. Public identifiers never change and are never given to anything else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from civic.contributions.models import ClaimKind, Kind, Relation, Visibility, WrittenAs
from civic.decisions.models import AppealGround, Effect, Finding, Outcome, Progress, ReasonCode
from civic.decisions.rules import Family
from civic.moderation.models import Measure
from civic.processes.models import Category, PhaseKind, ProcessState, Profile

Texts: TypeAlias = Annotated[dict[str, str], "One text per language; a language may be missing."]
Url: TypeAlias = Annotated[str, "The page people read."]


@dataclass(frozen=True)
class PublicPhase:
    """A step of a process."""

    kind: PhaseKind
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_open: bool


@dataclass(frozen=True)
class PublicIssue:
    """A question put to people; after `freeze_at` its options no longer change."""

    id: str
    number: int
    title: Texts
    description: Texts
    freeze_at: dt.datetime | None
    url: Url


@dataclass(frozen=True)
class PublicProcess:
    """A participatory process."""

    id: str
    slug: str
    code: Annotated[str, "The first part of the receipt numbers given out here."]
    title: Texts
    summary: Texts
    state: ProcessState
    profile: Profile
    is_example: Annotated[bool, "Whether this process is made up, to show how things work."]
    opened_at: dt.datetime | None
    closed_at: dt.datetime | None
    phases: tuple[PublicPhase, ...]
    issues: Annotated[tuple[PublicIssue, ...], "Left empty in lists."]
    url: Url


@dataclass(frozen=True)
class PublicProposal:
    """A proposal with its current words."""

    id: str
    number: Annotated[str, "The public number of its receipt: the key of its trace."]
    process: Annotated[str, "The slug of its process."]
    issue: Annotated[str, "The id of its question."]
    debate: Annotated[str, "The id of the debate on it."]
    title: str
    text: str
    language: str
    category: Annotated[Category | None, "In what capacity its author writes."]
    organisation: Annotated[str | None, "The id of the organisation whose position statement it is."]
    written_as: WrittenAs
    visibility: Visibility
    version: int
    after_freeze: Annotated[bool, "Whether it came after its question was frozen."]
    endorsements: int
    comments: int
    submitted_at: dt.datetime
    written_at: Annotated[dt.datetime, "When these words were written."]
    source_url: Annotated[str, "Where it stands at its source, if it was imported."]
    url: Url
    trace_url: Annotated[str, "What became of it."]


@dataclass(frozen=True)
class PublicComment:
    """A place in a debate, with its words while they are shown."""

    id: str
    number: Annotated[str, "The public number of its receipt: the key of its trace."]
    parent: Annotated[str | None, "The id of the comment above it."]
    depth: int
    relation: Annotated[Relation | None, "What it does to what it answers."]
    text: str
    language: str
    category: Category | None
    written_as: WrittenAs
    visibility: Visibility
    version: int
    after_freeze: bool
    insights: Annotated[int, "How many people found it insightful; this orders nothing."]
    submitted_at: dt.datetime
    written_at: dt.datetime
    url: Url
    trace_url: str


@dataclass(frozen=True)
class PublicPart:
    """One part of a point that was partly adopted."""

    text: Texts
    is_adopted: bool
    reason_codes: tuple[ReasonCode, ...]
    reason: Texts


@dataclass(frozen=True)
class PublicReply:
    """The contributor's reply to an answer; its words are empty when it is hidden."""

    text: str
    language: str
    is_hidden: bool
    written_at: dt.datetime


@dataclass(frozen=True)
class PublicAppeal:
    """How the treatment of a point was contested, and what was found."""

    ground: AppealGround
    filed_at: dt.datetime
    due_at: dt.datetime
    finding: Finding | None
    reason: Texts
    ruled_at: dt.datetime | None


@dataclass(frozen=True)
class PublicOutcome:
    """The answer to one point, as one version of a decision states it."""

    id: Annotated[str, "Stays the same in every version."]
    version: Annotated[int, "The version of the decision that states it."]
    is_in_force: bool
    decision: Annotated[str, "The id of the decision."]
    contribution: Annotated[str, "The public number of the receipt."]
    point: Annotated[int, "Which point of the contribution, from 1."]
    words: Annotated[str, "The point in the words of its author."]
    language: str
    restatement: Annotated[str, "The point in neutral words, where somebody wrote them."]
    kind: ClaimKind
    category: Category | None
    after_freeze: bool
    outcome: Outcome
    family: Family
    sentence: Annotated[Texts, "The answer in one sentence."]
    reason_codes: tuple[ReasonCode, ...]
    reason: Texts
    is_value_choice: bool
    evidence: str
    effects: tuple[Effect, ...]
    parts: tuple[PublicPart, ...]
    articles: Annotated[tuple[str, ...], "The articles that carry it, by `eid`."]
    group_size: Annotated[int, "How many points this one answer serves; 1 where it is their own."]
    submitted_at: dt.datetime
    published_at: Annotated[dt.datetime, "When this answer was first published."]
    signed_by: str
    signed_role: str
    reply: PublicReply | None
    appeals: tuple[PublicAppeal, ...]
    url: Annotated[str, "The permanent address of this version of the answer."]


@dataclass(frozen=True)
class PublicArticle:
    """An article as one version of the decision states it, beside the text in force before."""

    eid: str
    number: str
    heading: Texts
    text: Texts
    plain: Texts
    before: Texts
    is_repealed: bool


@dataclass(frozen=True)
class PublicDate:
    """A date that was given for a promise; a changed date is added, none is overwritten."""

    due_on: dt.date
    reason: Texts
    given_at: dt.datetime


@dataclass(frozen=True)
class PublicMilestone:
    """A promise made in a decision."""

    id: str
    promise: Texts
    owner: str
    state: Progress
    is_late: bool
    due_on: dt.date
    dates: tuple[PublicDate, ...]
    proof: Texts
    moved_at: dt.datetime | None


@dataclass(frozen=True)
class PublicReader:
    """Somebody outside who could read a version before it was public; never named."""

    organisation: str
    reason: Texts
    given_at: dt.datetime
    first_opened_at: dt.datetime | None
    taken_back_at: dt.datetime | None


@dataclass(frozen=True)
class PublicVersion:
    """A version of a decision that was published."""

    number: int
    released_at: dt.datetime
    signed_by: str
    signed_role: str
    signed_for: str | None
    correction: Texts
    told_first: Annotated[int | None, "How many people it answers were told before it was public."]
    told_first_at: dt.datetime | None
    read_early: tuple[PublicReader, ...]
    url: Url


@dataclass(frozen=True)
class PublicCoverage:
    """How far a decision answers what was received. Points withdrawn or hidden are left out of `points`."""

    received: Annotated[int, "Points received before the freeze."]
    distinct: Annotated[int, "Different points among them: identical texts count once."]
    published: Annotated[int, "Points whose words are public."]
    people: Annotated[int, "How many people they come from."]
    points: Annotated[int, "Points this version answers, withdrawn ones left out."]
    unanswered: Annotated[int, "Points without an answer: the number on the permanent banner."]
    traced_into_text: Annotated[int, "Points whose answer can be read in an article."]
    adopted: Annotated[int, "Points adopted, adopted another way, or partly adopted."]
    outcomes: Annotated[dict[str, int], "Points by outcome, `withdrawn` among them."]
    reasons: Annotated[dict[str, int], "Points by reason given, refused parts included."]


@dataclass(frozen=True)
class PublicDecision:
    """A published decision, in short."""

    id: str
    process: Annotated[str, "The slug of its process."]
    title: Texts
    summary: Texts
    version: int
    released_at: dt.datetime
    signed_by: str
    signed_role: str
    unanswered: int
    url: Url


@dataclass(frozen=True)
class PublicOutcomes:
    """A page of answers; `next` is the cursor of the one after it."""

    data: tuple[PublicOutcome, ...]
    next: str | None


@dataclass(frozen=True)
class PublicWholeDecision:
    """A published decision as its version in force states it, with its coverage and its first answers."""

    id: str
    process: str
    issues: tuple[PublicIssue, ...]
    title: Texts
    summary: Texts
    version: int
    released_at: dt.datetime
    signed_by: str
    signed_role: str
    versions: tuple[PublicVersion, ...]
    articles: tuple[PublicArticle, ...]
    milestones: tuple[PublicMilestone, ...]
    coverage: PublicCoverage
    outcomes: Annotated[PublicOutcomes, "The first page of `/decisions/{id}/outcomes`."]
    url: Url
    csv_url: Annotated[str, "Every answer as a spreadsheet."]


@dataclass(frozen=True)
class PublicTheme:
    """A theme that a point belongs to."""

    id: str
    title: Texts
    concern: Texts
    points: int
    objections: int


@dataclass(frozen=True)
class PublicImport:
    """What became of a point elsewhere, as an import said: not decided here, and never counted."""

    outcome: Outcome | None
    reason: str
    provision: str
    milestone: str
    source: str


@dataclass(frozen=True)
class PublicPoint:
    """One point of a contribution and what became of it."""

    number: int
    kind: ClaimKind
    words: str
    restatement: str
    standing: Annotated[str, "The code of its outcome, `withdrawn`, or `none` while nothing is published."]
    themes: tuple[PublicTheme, ...]
    outcome: PublicOutcome | None
    imported: PublicImport | None
    milestones: tuple[PublicMilestone, ...]
    url: Url


@dataclass(frozen=True)
class PublicEvent:
    """Something that happened to a contribution."""

    at: dt.datetime
    what: Texts
    points: tuple[int, ...]


@dataclass(frozen=True)
class PublicContribution:
    """A contribution with its whole public trace."""

    number: str
    id: str
    kind: Kind
    process: str | None
    issue: str | None
    title: str
    text: str
    language: str
    category: Category | None
    written_as: WrittenAs
    visibility: Visibility
    version: int
    after_freeze: bool
    submitted_at: dt.datetime
    promised_on: Annotated[dt.date | None, "The day by which an answer was promised."]
    answers: Annotated[str | None, "The number of the contribution it answers."]
    came_from: Annotated[str | None, "The number of the contribution it was made from."]
    led_to: tuple[str, ...]
    statement_url: Annotated[str | None, "The statement of reasons, when a moderator hid it."]
    points: tuple[PublicPoint, ...]
    events: tuple[PublicEvent, ...]
    url: Url
    provenance_url: Annotated[str, "The same trace as PROV-O in JSON-LD."]


@dataclass(frozen=True)
class PublicMeasure:
    """What moderators decided, without names and without the text."""

    measure: Measure
    decided_at: dt.datetime
    process: str | None
    kind: Annotated[Kind | None, "What the text was."]
    rule: Annotated[str | None, "The article of the charter it rests on."]
    effect: str | None
    duration: str | None
    source: Annotated[str | None, "How moderators came to look at it."]
    statement_url: str | None
    appealed_at: dt.datetime | None
    appeal_is_upheld: bool | None
    ruled_at: dt.datetime | None
