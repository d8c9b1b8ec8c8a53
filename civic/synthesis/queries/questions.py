"""Read the sentences of a text, the questions put to its author, and who is waited for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.contributions import queries as contributions
from civic.contributions.queries import ContributionCard
from civic.foundation import clock, database, text
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.synthesis.policies import works_here


@dataclass(frozen=True)
class Sentence:
    """One sentence of a version: where it stands in its title or text, and its words."""

    number: int
    part: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class CutText:
    """A version of a contribution as sentences to tick."""

    version_id: int
    version: int
    sentences: tuple[Sentence, ...]
    title: str = ""
    body: str = ""

    def words(self, part: str) -> str:
        """Give the words of a part as they were written."""
        return self.title if part == "title" else self.body


@dataclass(frozen=True)
class QuestionCard:
    """A clarifying question, and the author's answer when there is one."""

    id: int
    public_id: str
    claim_id: int
    claim: str
    contribution_id: int
    text: str
    language: str
    asked_by: str
    asked_by_title: str
    asked_by_id: int
    asked_at: datetime
    due_at: datetime
    answer: str | None
    answered_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    def waits_for(self, now: datetime) -> str:
        """Name who is waited for: the author until the time is over, then the city."""
        return "author" if self.is_open and now < self.due_at else "city"


_DUE_VERSION = """
SELECT v.id, v.number, v.title, v.body
FROM contribution c
LEFT JOIN issue i ON i.id = c.issue_id
JOIN contribution_version v ON v.contribution_id = c.id
WHERE c.id = ? AND v.number = coalesce(
    (SELECT max(w.number) FROM contribution_version w WHERE w.contribution_id = c.id
     AND (i.freeze_at IS NULL OR w.written_at <= i.freeze_at)), 1)
"""
_QUESTION = """
SELECT q.id, q.public_id, q.claim_id, k.public_id AS claim, k.contribution_id, q.text, q.language,
       p.name AS asked_by, p.title AS asked_by_title, q.asked_by_id, q.asked_at, q.due_at,
       a.text AS answer, a.answered_at
FROM clarifying_question q
JOIN claim k ON k.id = q.claim_id
JOIN participant p ON p.id = q.asked_by_id
LEFT JOIN clarification a ON a.question_id = q.id
"""
_OF_CLAIMS = _QUESTION + "WHERE q.claim_id IN ({marks}) ORDER BY q.id"
_BY_PUBLIC_ID = _QUESTION + "WHERE q.public_id = ?"
_ASKED = """
SELECT DISTINCT q.claim_id FROM clarifying_question q
LEFT JOIN clarification a ON a.question_id = q.id
WHERE q.claim_id IN ({marks}) AND (a.id IS NOT NULL OR q.due_at <= ?)
"""


async def sentences_of(contribution_id: int) -> CutText:
    """Cut the words that owe an answer (the newest written before the freeze) into sentences."""
    found = await database.rows(_DUE_VERSION, contribution_id)
    if not found:
        raise NotFound
    row = found[0]
    sentences: list[Sentence] = []
    for part, words in (("title", row["title"]), ("text", row["body"])):
        for span in text.sentences(words):
            said = words[span.start : span.end]
            sentences.append(Sentence(len(sentences), part, span.start, span.end, said))
    return CutText(row["id"], row["number"], tuple(sentences), row["title"], row["body"])


async def questions_of(claim_ids: Collection[int]) -> dict[int, list[QuestionCard]]:
    """Give the questions put about some points, oldest first."""
    found: dict[int, list[QuestionCard]] = defaultdict(list)
    if claim_ids:
        sql = _OF_CLAIMS.format(marks=", ".join("?" * len(claim_ids)))
        for row in await database.rows(sql, *claim_ids):
            found[row["claim_id"]].append(_question(row))
    return found


async def question_by_public_id(public_id: str) -> QuestionCard:
    """Give a question whoever asks: for acts, which have asked their policy."""
    found = await database.rows(_BY_PUBLIC_ID, public_id)
    if not found:
        raise NotFound
    return _question(found[0])


async def visible_question(viewer: Viewer, public_id: str) -> tuple[QuestionCard, ContributionCard]:
    """Give a question to the author it was put to and to the officials of the process."""
    question = await question_by_public_id(public_id)
    contribution = await contributions.contribution_by_id(question.contribution_id)
    mine = contributions.is_author(viewer, contribution)
    if not mine and not works_here(viewer, contribution.process or ""):
        raise NotFound
    return question, contribution


async def was_asked(claim_ids: Collection[int]) -> frozenset[int]:
    """Name the points whose author was asked and answered, or had time to (R6)."""
    if not claim_ids:
        return frozenset()
    sql = _ASKED.format(marks=", ".join("?" * len(claim_ids)))
    return frozenset(row["claim_id"] for row in await database.rows(sql, *claim_ids, clock.now()))


async def waiting_for(claim_id: int) -> str:
    """Name who is waited for on a point: "author" while a question gives time, "city" otherwise."""
    now = clock.now()
    questions = (await questions_of([claim_id])).get(claim_id, [])
    return "author" if any(one.waits_for(now) == "author" for one in questions) else "city"


def _question(row: dict[str, Any]) -> QuestionCard:
    return QuestionCard(
        **{
            **row,
            "asked_at": database.moment(row["asked_at"]),
            "due_at": database.moment(row["due_at"]),
            "answered_at": database.moment(row["answered_at"]) if row["answered_at"] else None,
        }
    )
