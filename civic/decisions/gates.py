"""Where each point of a decision stands, and what holds a publication back (R1). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from civic.decisions.deadlines import last_day
from civic.decisions.models import Outcome
from civic.decisions.rules import needs_second_reader
from civic.foundation.errors import N_, Message, counted

_NAMED = N_("The person who decides is named.")
_NOBODY = N_("Nobody is named yet as the person who decides.")
_NO_NEWS = N_("Nothing differs from the version in force: a correction would say nothing new.")


class PointState(StrEnum):
    """Where a point stands on the desk."""

    UNANSWERED = "unanswered"
    UNFINISHED = "unfinished"
    AGAIN = "again"
    REOPENED = "reopened"
    CHANGED = "changed"
    RETURNED = "returned"
    REVIEW = "review"
    SIGNATURE = "signature"
    GENERIC = "generic"
    UNLINKED = "unlinked"
    CALL = "call"
    READY = "ready"
    WITHDRAWN = "withdrawn"


WORKING = frozenset(PointState) - {PointState.UNANSWERED, PointState.READY, PointState.WITHDRAWN}
"""States of a point that has a draft which cannot be published yet."""

CAME_BACK = frozenset({PointState.UNFINISHED, PointState.CHANGED, PointState.RETURNED})
"""States of an answer that came back to whoever writes it."""


@dataclass(frozen=True)
class Point:
    """What is known of one point of a decision: facts only, read in one query for all of them."""

    claim_id: int
    public_id: str
    contribution: str
    issue_id: int
    is_withdrawn: bool
    is_late: bool
    author_id: int | None = None
    due_version: int = 1
    answer_id: int | None = None
    answer_version: int = 0
    outcome: Outcome | None = None
    for_version: int = 1
    group_id: int | None = None
    drafted_by: int | None = None
    is_approved: bool | None = None
    is_signed: bool = False
    is_unfinished: bool = False
    """The answer came back in a sheet without all that its outcome requires."""
    is_back: bool = False
    """The answer put the point off, or passed it on, and the day to look at it again has come."""
    contested_at: datetime | None = None
    """When an appeal against this very answer was upheld."""
    published_id: int | None = None
    published_outcome: Outcome | None = None
    published_contested: bool = False
    assigned_to: str | None = None
    """The public id of the colleague this point was given to."""
    waits_until: datetime | None = None
    """Until when a clarifying question leaves its author time to answer."""
    is_situation: bool = False
    """It answers a situation statement: private, and counted nowhere in public."""
    was_reworded: bool = False
    """The statement was corrected after its answer was written."""
    is_uncalled: bool = False
    """A refusal hits a situation statement whose author nobody called yet (R13)."""


@dataclass(frozen=True)
class Desk:
    """The points of a decision with what holds their answers back."""

    points: tuple[Point, ...]
    full: bool = False
    generic: Mapping[int, int] = field(default_factory=dict)
    """Answers that could be addressed to anybody, and the answer each repeats (R8)."""
    unlinked: frozenset[int] = frozenset()
    """Answers that say yes and whose articles no longer show what changes."""

    def state(self, point: Point) -> PointState:
        """Tell where a point stands: what is to be done first."""
        return self.states(point)[0]

    def states(self, point: Point) -> tuple[PointState, ...]:
        """List all that holds a point back, what its writer mends before what somebody else reads."""
        if point.is_withdrawn:
            return (PointState.WITHDRAWN,)
        if point.answer_id is None or point.outcome is None:
            return (PointState.UNANSWERED,)
        return tuple(state for is_so, state in self._obstacles(point) if is_so) or (PointState.READY,)

    def _obstacles(self, point: Point) -> Iterable[tuple[bool, PointState]]:
        outcome = point.outcome or Outcome.NOTED
        needs_reader = needs_second_reader(outcome, full=self.full)
        yield point.is_unfinished, PointState.UNFINISHED
        yield point.contested_at is not None, PointState.AGAIN
        yield point.is_back, PointState.REOPENED
        yield point.for_version < point.due_version or point.was_reworded, PointState.CHANGED
        yield point.is_approved is False, PointState.RETURNED
        yield self.full and point.is_uncalled and outcome is Outcome.DECLINED, PointState.CALL
        yield point.answer_id in self.generic, PointState.GENERIC
        yield point.answer_id in self.unlinked, PointState.UNLINKED
        yield point.is_approved is False or (needs_reader and not point.is_approved), PointState.REVIEW
        yield is_second_deferral(point) and not point.is_signed, PointState.SIGNATURE

    def effective(self, point: Point) -> int | None:
        """Give the answer a publication would state: the draft when ready, or else the one in force."""
        if point.is_withdrawn:
            return None
        if self.state(point) is PointState.READY:
            return point.answer_id
        return None if point.published_contested else point.published_id

    @property
    def owed(self) -> tuple[Point, ...]:
        """The points the gate counts: received before the freeze, and not withdrawn or hidden."""
        return tuple(one for one in self.points if not one.is_late and not one.is_withdrawn)

    @property
    def unanswered(self) -> tuple[Point, ...]:
        """The points that a publication now would leave without an answer."""
        return tuple(one for one in self.owed if self.effective(one) is None)

    def stated(self, *, with_late: bool) -> dict[int, int]:
        """The answer each point would get; points made after the freeze wait for a superseding version."""
        points = [one for one in self.points if with_late or not one.is_late]
        stated = ((one.claim_id, self.effective(one)) for one in points)
        return {claim: answer for claim, answer in stated if answer is not None}


def is_second_deferral(point: Point) -> bool:
    """Tell whether a point that was put off once would be put off again (4.4)."""
    return (
        point.outcome is Outcome.DEFERRED
        and point.published_outcome is Outcome.DEFERRED
        and point.published_id != point.answer_id
    )


@dataclass(frozen=True)
class Coverage:
    """How far the answers have come; withdrawn and late points are counted apart."""

    total: int
    ready: int
    working: int
    unanswered: int
    withdrawn: int
    late: int
    late_ready: int
    waiting: int

    @property
    def treated(self) -> int:
        return self.ready + self.working


def coverage(desk: Desk, now: datetime) -> Coverage:
    """Count where the points stand."""
    states = Counter(desk.state(one) for one in desk.owed)
    late = [one for one in desk.points if one.is_late and not one.is_withdrawn]
    return Coverage(
        total=len(desk.owed),
        ready=states[PointState.READY],
        working=sum(states[state] for state in WORKING),
        unanswered=states[PointState.UNANSWERED],
        withdrawn=sum(one.is_withdrawn for one in desk.points),
        late=len(late),
        late_ready=sum(desk.state(one) is PointState.READY for one in late),
        waiting=sum(one.waits_until is not None and one.waits_until > now for one in desk.owed),
    )


class Condition(StrEnum):
    """What a publication waits for; also the place where it is mended."""

    FREEZE = "freeze"
    MAKER = "maker"
    PENDING = "pending"
    ARTICLES = "articles"
    ANSWERED = "answered"
    FINISHED = "finished"
    CHANGED = "changed"
    REVIEW = "review"
    SIGNATURE = "signature"
    GENERIC = "generic"
    LINKS = "links"
    CALL = "call"
    SITUATIONS = "situations"
    NEWS = "news"
    LANGUAGES = "languages"
    INTERESTS = "interests"
    SYNTHESIS = "synthesis"
    WINDOW = "window"
    REACTIONS = "reactions"


WAIVED_BY_BANNER = frozenset(
    {
        Condition.ANSWERED,
        Condition.FINISHED,
        Condition.CHANGED,
        Condition.REVIEW,
        Condition.SIGNATURE,
        Condition.GENERIC,
        Condition.LINKS,
        Condition.CALL,
    }
)
"""Conditions about single points: with the banner those points are published as not answered."""

OF_A_DRAFT = frozenset(
    {
        Condition.FREEZE,
        Condition.PENDING,
        Condition.ARTICLES,
        Condition.ANSWERED,
        Condition.FINISHED,
        Condition.CHANGED,
        Condition.REVIEW,
        Condition.GENERIC,
        Condition.LINKS,
        Condition.SITUATIONS,
    }
)
"""What a draft waits for before it is opened for reactions: the rules of the light profile, no signature."""


@dataclass(frozen=True)
class GateItem:
    """One condition of a publication, in words; one that does not block is a warning."""

    condition: Condition
    met: bool
    text: Message
    detail: Message | None = None
    blocks: bool = True


@dataclass(frozen=True)
class GateFacts:
    """All that the gate looks at."""

    desk: Desk
    now: datetime
    freezes: tuple[datetime | None, ...]
    has_maker: bool
    is_pending: bool = False
    empty_articles: int = 0
    missing_languages: int = 0
    undeclared: int = 0
    is_correction: bool = False
    has_news: bool = True
    untold: int = 0
    """Questions with points that no published synthesis tells of; asked in the full profile only."""
    reactions_until: datetime | None = None
    """When the last window of reactions closes; None while no draft was opened."""
    unread_reactions: int = 0


def gate(facts: GateFacts) -> list[GateItem]:
    """List every condition of a publication, unmet ones first."""
    items = [
        _frozen(facts),
        GateItem(Condition.MAKER, facts.has_maker, Message(_NAMED if facts.has_maker else _NOBODY)),
        *_points(facts.desk),
        *_situations(facts.desk),
        _articles(facts),
        _languages(facts),
        _interests(facts),
        *_told(facts),
        *_reacted(facts),
    ]
    if facts.is_pending:
        waits = Message(N_("A publication is waiting to leave: stop it first, or let it leave."))
        items.append(GateItem(Condition.PENDING, False, waits))
    if facts.is_correction:
        news = Message(N_("Something differs from the version in force.") if facts.has_news else _NO_NEWS)
        items.append(GateItem(Condition.NEWS, facts.has_news, news))
    return sorted(items, key=lambda item: (item.met, not item.blocks))


def _frozen(facts: GateFacts) -> GateItem:
    passed = all(freeze is not None and freeze <= facts.now for freeze in facts.freezes)
    last = max((freeze for freeze in facts.freezes if freeze is not None), default=None)
    if passed:
        return GateItem(Condition.FREEZE, True, Message(N_("The questions are frozen.")))
    if last is None or None in facts.freezes:
        text = Message(N_("A question has no freeze date yet."))
    else:
        day = last_day(last)
        text = Message(N_("The questions are still open: they freeze at the end of %(date)s."), {"date": day})
    return GateItem(Condition.FREEZE, False, text)


def _points(desk: Desk) -> Iterable[GateItem]:
    """Say what the points without a publishable answer wait for; one may wait for several things."""
    states = Counter(state for one in desk.unanswered for state in desk.states(one))
    yield from _written(states)
    yield from _read(states)


def _told(facts: GateFacts) -> Iterable[GateItem]:
    """In the full profile people read what was said before they read what is decided."""
    if facts.desk.full and not facts.is_correction and facts.desk.owed:
        yield _counted(
            Condition.SYNTHESIS,
            facts.untold,
            Message(N_("The synthesis is published.")),
            counted(
                "%(count)s question without a published synthesis",
                "%(count)s questions without a published synthesis",
                facts.untold,
            ),
            Message(N_("People read what was said, theme by theme, before what is decided.")),
        )


def _reacted(facts: GateFacts) -> Iterable[GateItem]:
    """In the full profile people react to what is proposed before it is decided.

    In the light one nobody has to ask them; whoever did is reminded while they can still react.
    """
    is_public = any(not one.is_situation for one in facts.desk.owed)
    until, is_asked = facts.reactions_until, facts.desk.full
    if facts.is_correction or not is_public or (until is None and not is_asked):
        return
    yield replace(_window(until, facts.now), blocks=is_asked)
    if until is not None:
        n = facts.unread_reactions
        item = _counted(
            Condition.REACTIONS,
            n,
            Message(N_("Every reaction was considered.")),
            counted("%(count)s reaction to consider", "%(count)s reactions to consider", n),
            Message(N_("Read each one, answer shortly or mark it as considered.")),
        )
        yield replace(item, blocks=is_asked)


def _window(until: datetime | None, now: datetime) -> GateItem:
    if until is None:
        text = Message(N_("The proposed outcomes were not open for reactions yet."))
        return GateItem(Condition.WINDOW, False, text, Message(N_("For fourteen days at least.")))
    if until > now:
        text = Message(N_("Reactions are open until the end of %(date)s."), {"date": last_day(until)})
        return GateItem(
            Condition.WINDOW, False, text, Message(N_("The window is kept open to its last day."))
        )
    return GateItem(Condition.WINDOW, True, Message(N_("The proposed outcomes were open for reactions.")))


def _written(states: Mapping[PointState, int]) -> Iterable[GateItem]:
    missing = states[PointState.UNANSWERED] + states[PointState.AGAIN]
    yield _counted(
        Condition.ANSWERED,
        missing,
        Message(N_("Every point has an answer.")),
        counted("%(count)s point to answer", "%(count)s points to answer", missing),
        Message(N_("Or publish with the banner that says how many are missing.")),
    )
    unfinished = states[PointState.UNFINISHED]
    if unfinished:
        yield _counted(
            Condition.FINISHED,
            unfinished,
            Message(N_("No answer lacks what its outcome requires.")),
            counted("%(count)s answer to complete", "%(count)s answers to complete", unfinished),
            Message(N_("Brought back in a sheet: open it and fill in what is missing.")),
        )
    changed = states[PointState.CHANGED]
    yield _counted(
        Condition.CHANGED,
        changed,
        Message(N_("No text changed after its answer was written.")),
        counted("%(count)s answer to confirm", "%(count)s answers to confirm", changed),
        Message(N_("The author changed the text after the answer was written.")),
    )


def _read(states: Mapping[PointState, int]) -> Iterable[GateItem]:
    review = states[PointState.REVIEW]
    yield _counted(
        Condition.REVIEW,
        review,
        Message(N_("A second person read the answers that need it.")),
        counted(
            "%(count)s answer to be read by a second person",
            "%(count)s answers to be read by a second person",
            review,
        ),
        Message(N_("By somebody who did not write it.")),
    )
    signature = states[PointState.SIGNATURE]
    if signature:
        yield _counted(
            Condition.SIGNATURE,
            signature,
            Message(N_("Every second postponement is signed.")),
            counted(
                "%(count)s second postponement to sign", "%(count)s second postponements to sign", signature
            ),
            Message(N_("Only the decision maker can sign it.")),
        )
    generic = states[PointState.GENERIC]
    yield _counted(
        Condition.GENERIC,
        generic,
        Message(N_("No answer is too much like another.")),
        counted("%(count)s answer too much like another", "%(count)s answers too much like another", generic),
        Message(N_("Add a sentence for this point, or declare one answer for several points.")),
    )
    unlinked = states[PointState.UNLINKED]
    if unlinked:
        yield _counted(
            Condition.LINKS,
            unlinked,
            Message(N_("Every answer that says yes shows what changes.")),
            counted(
                "%(count)s answer whose article changes nothing",
                "%(count)s answers whose article changes nothing",
                unlinked,
            ),
            Message(N_("Write the change in the article, or choose another answer.")),
        )


def _situations(desk: Desk) -> Iterable[GateItem]:
    """Whoever told their situation has an answer: even the banner, which counts in public, waits for it."""
    missing = sum(one.is_situation for one in desk.unanswered)
    if any(one.is_situation for one in desk.owed):
        yield _counted(
            Condition.SITUATIONS,
            missing,
            Message(N_("Every person who told their situation has an answer of their own.")),
            counted("%(count)s situation to answer", "%(count)s situations to answer", missing),
            Message(N_("One by one. The banner does not replace these answers.")),
        )
    uncalled = sum(PointState.CALL in desk.states(one) for one in desk.unanswered)
    if uncalled:
        yield _counted(
            Condition.CALL,
            uncalled,
            Message(N_("Every person was called before a refusal.")),
            counted(
                "%(count)s person to call before a refusal",
                "%(count)s people to call before a refusal",
                uncalled,
            ),
            Message(N_("They told what is particular to their situation.")),
        )


def _counted(condition: Condition, number: int, met: Message, unmet: Message, detail: Message) -> GateItem:
    return GateItem(condition, not number, unmet if number else met, detail if number else None)


def _articles(facts: GateFacts) -> GateItem:
    empty = facts.empty_articles
    return _counted(
        Condition.ARTICLES,
        empty,
        Message(N_("No article is empty.")),
        counted("%(count)s article without words", "%(count)s articles without words", empty),
        Message(N_("Write it, or take it out of the decision.")),
    )


def _languages(facts: GateFacts) -> GateItem:
    missing = facts.missing_languages
    said = counted(
        "%(count)s text is missing in a language", "%(count)s texts are missing in a language", missing
    )
    met = Message(N_("Every text is written in every language."))
    detail = Message(N_("The other language will be shown, with a note."))
    return replace(_counted(Condition.LANGUAGES, missing, met, said, detail), blocks=False)


def _interests(facts: GateFacts) -> GateItem:
    n = facts.undeclared
    said = counted(
        "%(count)s person has not declared interests", "%(count)s people have not declared interests", n
    )
    met = Message(N_("Whoever writes, reads or signs the answers has declared interests."))
    detail = Message(N_("Those who write, read or sign say beforehand whether they have an interest."))
    return replace(_counted(Condition.INTERESTS, n, met, said, detail), blocks=False)


def holding_back(items: Iterable[GateItem], *, with_banner: bool) -> list[GateItem]:
    """Keep the conditions that hold this publication back."""
    return [
        item
        for item in items
        if not item.met and item.blocks and not (with_banner and item.condition in WAIVED_BY_BANNER)
    ]
