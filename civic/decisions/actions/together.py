"""One answer for several points, labelled as such; a point may have a sentence or an outcome of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from civic.decisions.actions.drafting import checked, hold_point, write_provision
from civic.decisions.actions.grouping import again
from civic.decisions.actions.keeping import store_answer
from civic.decisions.forms import ProvisionDraft
from civic.decisions.models import Outcome, SharedGroup
from civic.decisions.policies import may_answer, may_answer_now, may_draft, may_group
from civic.decisions.queries.answers import AnswerCard, answers_by_id
from civic.decisions.queries.points import live_point
from civic.decisions.queries.reading import DecisionCard
from civic.decisions.rules import FIELDS, Answer
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Invalid, Message, NotFound, counted
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.ledger.actions import Entry
from civic.processes.models import Profile

_OWN_NEEDED = N_("Say in one sentence what becomes of this point: its outcome is another one.")
_OF_DECISION = """
SELECT count(*) AS n FROM claim k
JOIN contribution c ON c.id = k.contribution_id
JOIN decision_issue i ON i.issue_id = c.issue_id
WHERE i.decision_id = ? AND k.public_id IN ({marks})
"""
_DIGESTS = """
SELECT k.public_id, a.id, a.digest FROM claim k
JOIN disposition d ON d.claim_id = k.id
JOIN disposition_version a ON a.disposition_id = d.id AND a.number = d.version
WHERE k.public_id IN ({marks}) ORDER BY k.id
"""


@dataclass(frozen=True)
class Apart:
    """How one point of a group differs: another outcome, a sentence of its own."""

    outcome: Outcome | None = None
    sentence: Localized = field(default_factory=dict)


@dataclass(frozen=True)
class GroupDraft:
    """What one answer for several points is called, and which points it serves, at which version."""

    label: Localized
    points: Mapping[str, int]
    apart: Mapping[str, Apart] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """One answer of a preview, and the points that would have it."""

    answer: AnswerCard
    claims: tuple[str, ...]
    lacks: tuple[str, ...]


class _Undone(Exception):
    """Leaves a transaction without keeping anything."""


async def answer_together(
    official: Viewer,
    decision: DecisionCard,
    answer: Answer,
    group: GroupDraft,
    *,
    new_article: ProvisionDraft | None = None,
) -> SharedGroup:
    """Give several points one answer that says openly how many points it serves."""
    may_group(len(group.points)).demand()
    may_draft(official, decision.process.public_id).demand()
    async with database.transaction():
        shared = await _new_group(official, decision, group)
        if new_article is not None and "provisions" in FIELDS.get(answer.outcome, ()):
            article = await write_provision(official, decision, new_article)
            answer = replace(answer, provisions=(*answer.provisions, article.public_id))
        await _answer_each(official, decision, group, answer, shared)
    return shared


async def _answer_each(
    official: Viewer, decision: DecisionCard, group: GroupDraft, answer: Answer, shared: SharedGroup
) -> None:
    """Answer point after point; when some cannot have this answer, name them all at once ("point-<id>")."""
    entries: list[Entry] = []
    wrong: dict[str, Message] = {}
    failing: dict[str, Message] = {}
    for claim, version in sorted(group.points.items()):
        try:
            fitted, may_lack = _fitted(answer, group.apart.get(claim))
            entry = await _draft_one(
                official,
                decision,
                claim,
                fitted,
                expected_version=version,
                group_id=shared.id,
                may_lack=may_lack,
            )
            entries.append(entry)
        except Invalid as invalid:
            wrong |= invalid.errors
            failing[claim] = next(iter(invalid.errors.values()))
    if len(failing) == len(group.points):
        raise Invalid(wrong)
    if failing:
        said = counted(
            "%(count)s point of the list cannot have this answer: it is unticked. "
            "Send again for the others, or change the answer.",
            "%(count)s points of the list cannot have this answer: they are unticked. "
            "Send again for the others, or change the answer.",
            len(failing),
        )
        raise Invalid({"points": said, **{f"point-{claim}": wrong for claim, wrong in failing.items()}})
    await ledger.record_many(entries)


async def _draft_one(
    official: Viewer,
    decision: DecisionCard,
    claim_public_id: str,
    answer: Answer,
    *,
    expected_version: int,
    group_id: int,
    may_lack: bool,
) -> Entry:
    """Write the answer to one point of a group, as checked as alone; the act stages its leaf."""
    claim, contribution = await live_point(official, claim_public_id)
    process = decision.process
    may_answer(official, process.public_id, is_withdrawn=claim.reads_as_withdrawn).demand()
    state = await hold_point(claim, contribution)
    may_answer_now(full=process.profile is Profile.FULL, state=state).demand()
    answer = await checked(answer, claim, contribution, decision, may_lack=may_lack)
    _, entry = await store_answer(
        official, claim, contribution, decision, answer, expected_version, group_id, "disposition.drafted"
    )
    return entry


def _fitted(answer: Answer, apart: Apart | None) -> tuple[Answer, bool]:
    """Make the answer of one point of the group, and tell whether it may be completed later.

    Another outcome may ask for more than the group's form holds: the point is then kept as unfinished,
    and holds the publication back until somebody completes it.
    """
    if apart is None:
        return answer, False
    if apart.outcome in (None, answer.outcome):
        return replace(answer, own_sentence=apart.sentence), False
    if not apart.sentence:
        raise Invalid({"sentence": Message(_OWN_NEEDED)})
    return replace(answer, outcome=apart.outcome, sentence=apart.sentence, own_sentence={}), True


async def preview_together(
    official: Viewer,
    decision: DecisionCard,
    answer: Answer,
    group: GroupDraft,
    *,
    new_article: ProvisionDraft | None = None,
) -> list[Shown]:
    """Show what `answer_together` would keep, by doing it and keeping nothing; refused as that would be."""
    shown: list[Shown] = []
    try:
        async with database.transaction():
            await answer_together(official, decision, answer, group, new_article=new_article)
            shown = await _written(sorted(group.points))
            raise _Undone
    except _Undone:
        return shown


async def _written(keys: Sequence[str]) -> list[Shown]:
    rows = await database.rows(_DIGESTS.format(marks=", ".join("?" * len(keys))), *keys)
    alike: dict[str, list[str]] = {}
    first: dict[str, int] = {}
    for row in rows:
        alike.setdefault(row["digest"], []).append(row["public_id"])
        first.setdefault(row["digest"], row["id"])
    cards = await answers_by_id(list(first.values()))
    shown = [
        Shown(card, tuple(claims), tuple(card.answer.details.lacks.split()))
        for digest, claims in alike.items()
        for card in (cards[first[digest]],)
    ]
    return sorted(shown, key=lambda one: -len(one.claims))


async def declare_group(official: Viewer, decision: DecisionCard, group: GroupDraft) -> SharedGroup:
    """Say openly that answers already drafted are one answer to several points (R8)."""
    may_group(len(group.points)).demand()
    async with database.transaction():
        shared = await _new_group(official, decision, group)
        for claim, version in sorted(group.points.items()):
            await again(official, claim, version, "disposition.drafted", group_id=shared.id)
    return shared


async def _new_group(official: Viewer, decision: DecisionCard, group: GroupDraft) -> SharedGroup:
    """Open a group for points of this decision; a point of another one is not found."""
    keys = sorted(group.points)
    (row,) = await database.rows(_OF_DECISION.format(marks=", ".join("?" * len(keys))), decision.id, *keys)
    if int(row["n"]) != len(keys):
        raise NotFound
    return await SharedGroup.create(
        public_id=ids.public_id(),
        decision_id=decision.id,
        label=group.label,
        created_by_id=official.participant,
        created_at=clock.now(),
    )
