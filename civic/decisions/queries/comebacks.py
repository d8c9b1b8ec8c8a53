"""Points that were put off or passed on: when they come back, and what the other body has said since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from civic.decisions.models import Comeback, Outcome, PointReopening, ReferralNews
from civic.decisions.queries.reading import marks, read_json
from civic.decisions.rules import unpacked
from civic.foundation import database
from civic.foundation.tables import Localized


@dataclass(frozen=True)
class Reopening:
    """A point came back: why, for which day, and what happened."""

    cause: Comeback
    due_on: date
    note: Localized
    reopened_at: datetime


@dataclass(frozen=True)
class News:
    """What the other body said, and when it is asked again."""

    acknowledged_on: date | None
    follow_up_on: date | None
    note: Localized
    said_at: datetime


@dataclass(frozen=True)
class Later:
    """What happened to one answer that put a point off, or passed it on, since it was published."""

    reopenings: tuple[Reopening, ...] = ()
    news: tuple[News, ...] = ()

    @property
    def reopened(self) -> Reopening | None:
        """The coming back that still waits: nothing was said of it since."""
        last = self.reopenings[-1] if self.reopenings else None
        if last and any(one.said_at >= last.reopened_at for one in self.news):
            return None
        return last

    @property
    def acknowledged_on(self) -> date | None:
        return next((one.acknowledged_on for one in reversed(self.news) if one.acknowledged_on), None)

    @property
    def next_on(self) -> date | None:
        """The newest follow-up date given since the publication."""
        return self.news[-1].follow_up_on if self.news else None


@dataclass(frozen=True)
class PutOff:
    """A published answer that put a point off or passed it on, and the day it comes back, if one is known."""

    answer_id: int
    disposition: str
    number: int
    claim: str
    decision_id: int
    outcome: Outcome
    sentence: Localized
    who: str
    comes_back_on: date | None
    later: Later
    is_situation: bool

    @property
    def is_referred(self) -> bool:
        return self.outcome is Outcome.REFERRED

    @property
    def is_back(self) -> bool:
        return self.later.reopened is not None

    def is_due(self, today: date) -> bool:
        """Tell whether its day has come and it did not come back for that day yet."""
        return (
            self.comes_back_on is not None
            and self.comes_back_on <= today
            and all(one.due_on != self.comes_back_on for one in self.later.reopenings)
        )


_PUT_OFF = """
SELECT a.id AS answer_id, d.public_id AS disposition, a.number, k.public_id AS claim, v.decision_id,
       k.kind = 'situation' AS is_situation,
       a.outcome, a.reopens_on, a.details, a.sentence
FROM disposition_version a
JOIN published_outcome o ON o.disposition_version_id = a.id
JOIN decision_version v ON v.id = o.decision_version_id
JOIN decision e ON e.id = v.decision_id
JOIN disposition d ON d.id = a.disposition_id
JOIN claim k ON k.id = o.claim_id
JOIN contribution c ON c.id = k.contribution_id
WHERE a.outcome IN ('deferred', 'referred') AND c.visibility = 'public' AND k.retired_at IS NULL
  AND v.number = (SELECT max(w.number) FROM decision_version w
                  JOIN decision_release s ON s.version_id = w.id WHERE w.decision_id = v.decision_id)
  AND {only}
ORDER BY a.id
"""
_EVERYWHERE = _PUT_OFF.format(only="1 = 1")
_UNTOUCHED = "e.process_id IN ({marks}) AND d.version = a.number"
_OF_CLAIM = _PUT_OFF.format(only="k.public_id = ?")


async def put_off_everywhere() -> list[PutOff]:
    """List every answer in force that put a point off or passed it on: for the job that reopens them."""
    return await _put_off(_EVERYWHERE)


async def put_off_in(process_ids: Collection[int]) -> list[PutOff]:
    """List those of some processes for which no new answer is being written."""
    ids = list(process_ids)
    return await _put_off(_PUT_OFF.format(only=_UNTOUCHED.format(marks=marks(ids))), *ids)


async def put_off_point(claim: str) -> PutOff | None:
    """Give the answer in force that put this point off or passed it on, if there is one."""
    found = await _put_off(_OF_CLAIM, claim)
    return found[0] if found else None


async def later_of(answer_ids: Collection[int]) -> Mapping[int, Later]:
    """Tell what happened to some answers since they were published; two queries, whatever their number."""
    ids = list(answer_ids)
    if not ids:
        return {}
    reopenings: dict[int, list[Reopening]] = defaultdict(list)
    for one in await PointReopening.filter(answer_id__in=ids).order_by("id"):
        row = Reopening(Comeback(one.cause), one.due_on, one.note, one.reopened_at)
        reopenings[one.answer_id].append(row)
    news: dict[int, list[News]] = defaultdict(list)
    for said in await ReferralNews.filter(answer_id__in=ids).order_by("id"):
        news[said.answer_id].append(News(said.acknowledged_on, said.follow_up_on, said.note, said.said_at))
    return {
        one: Later(tuple(reopenings[one]), tuple(news[one])) for one in ids if reopenings[one] or news[one]
    }


async def _put_off(sql: str, *values: object) -> list[PutOff]:
    rows = await database.rows(sql, *values)
    later = await later_of([row["answer_id"] for row in rows])
    return [_card(row, later.get(row["answer_id"], Later())) for row in rows]


def _card(row: dict[str, Any], later: Later) -> PutOff:
    details = unpacked(read_json(row["details"]))
    outcome = Outcome(row["outcome"])
    if outcome is Outcome.DEFERRED:
        day = _maybe_day(row["reopens_on"])
    elif later.news:
        day = later.next_on
    else:
        day = None if details.acknowledged_on else details.follow_up_on
    return PutOff(
        answer_id=row["answer_id"],
        disposition=row["disposition"],
        number=row["number"],
        claim=row["claim"],
        decision_id=row["decision_id"],
        outcome=outcome,
        sentence=read_json(row["sentence"]),
        who=details.body or details.owner,
        comes_back_on=day,
        later=later,
        is_situation=bool(row["is_situation"]),
    )


def _maybe_day(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))
