"""Reading surveys: who may answer, what was published, and nothing that says who answered what."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from civic import settings
from civic.decisions.models import Outcome
from civic.decisions.queries import DecisionCard
from civic.decisions.queries.reading import maybe_moment, read_json
from civic.evaluation.items import DAYS_BEFORE, DAYS_OPEN
from civic.evaluation.results import Result, results, unpacked
from civic.foundation import clock, database, ids
from civic.foundation.errors import NotFound
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer

_MET = 2 / 3
_SURVEY = "SELECT s.id, s.public_id, s.decision_id, s.opened_at, s.closes_at, s.closed_at FROM survey s "
_INVITATION = """
SELECT i.id, i.recipient, i.contribution_id, c.public_id AS contribution, c.author_id
FROM survey_invitation i JOIN contribution c ON c.id = i.contribution_id
"""
_OF_LINK = _INVITATION + "WHERE i.token_hash = ?"
_SURVEY_OF_LINK = _SURVEY + "JOIN survey_invitation i ON i.survey_id = s.id WHERE i.token_hash = ?"
_OF_PERSON = (
    _INVITATION + "WHERE i.survey_id = ? AND (i.recipient = ? OR c.author_id = ?) ORDER BY i.id LIMIT 1"
)
_OF_TEXT = _INVITATION + "WHERE i.survey_id = ? AND c.author_id IS NULL AND c.public_id IN ({marks}) LIMIT 1"
_ANSWERED = "SELECT id FROM survey_answer WHERE survey_id = ? AND person IN ({marks})"
_RELEASE = """
SELECT number, invited, answered, cells, published_at FROM survey_release
WHERE survey_id = ? ORDER BY number DESC LIMIT 1
"""
_INVITED = "SELECT count(*) AS n FROM survey_invitation WHERE survey_id = ?"
_SPOKE = "SELECT capacity, language, channel FROM contribution WHERE id = ?"
_OUTCOMES = """
SELECT a.outcome, count(*) AS n
FROM contribution f
JOIN contribution c ON c.author_id = f.author_id
  OR (f.author_id IS NULL AND c.author_id IS NULL AND c.guest_address = f.guest_address)
JOIN claim k ON k.contribution_id = c.id AND k.kind <> 'situation'
JOIN published_outcome o ON o.claim_id = k.id
JOIN disposition_version a ON a.id = o.disposition_version_id
WHERE f.id = ? AND o.decision_version_id = (
    SELECT r.version_id FROM decision_release r JOIN decision_version v ON v.id = r.version_id
    WHERE v.decision_id = ? ORDER BY v.number DESC LIMIT 1)
GROUP BY a.outcome
"""
_TO_WRITE = """
SELECT s.id, s.public_id, s.closes_at, s.closed_at, d.public_id AS decision, p.address, p.language AS speaks,
       p.id AS participant, p.disabled_at, p.erased_at, c.guest_address, c.language, i.id AS invitation,
       i.recipient,
       (SELECT v.title FROM decision_version v JOIN decision_release r ON r.version_id = v.id
        WHERE v.decision_id = d.id ORDER BY v.number DESC LIMIT 1) AS title
FROM survey_invitation i
JOIN survey s ON s.id = i.survey_id
JOIN decision d ON d.id = s.decision_id
JOIN contribution c ON c.id = i.contribution_id
LEFT JOIN participant p ON i.recipient = 'participant/' || p.public_id
"""
_BY_RECIPIENT = _TO_WRITE + "WHERE s.public_id = ? AND i.recipient = ?"
_NEXT = _TO_WRITE + "WHERE s.public_id = ? AND i.id > ? ORDER BY i.id LIMIT ?"


@dataclass(frozen=True)
class SurveyCard:
    """The survey of a decision."""

    id: int
    public_id: str
    decision_id: int
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.closes_at > clock.now()


@dataclass(frozen=True)
class InvitationCard:
    """Somebody who may answer."""

    id: int
    recipient: str
    contribution_id: int
    contribution: str
    author_id: int | None


@dataclass(frozen=True)
class Stratum:
    """In what groups somebody who answers is counted: what the index weighs by."""

    category: str
    language: str
    channel: str
    outcome_group: str


@dataclass(frozen=True)
class Letter:
    """What is needed to write to somebody who may answer."""

    invitation: int
    survey_id: int
    survey: str
    decision: str
    title: Localized
    closes_at: datetime
    recipient: str
    address: str | None
    language: str
    is_over: bool
    """Whether there is nobody to write to, or nothing to answer any more."""

    @property
    def has_account(self) -> bool:
        return self.recipient.startswith("participant/")


@dataclass(frozen=True)
class ResultsPage:
    """The results of a survey as they were last published."""

    number: int
    invited: int
    answered: int
    published_at: datetime
    results: tuple[Result, ...]


async def survey_of(decision_id: int) -> SurveyCard | None:
    """Give the survey of a decision, once it was opened."""
    found = await database.rows(_SURVEY + "WHERE s.decision_id = ?", decision_id)
    return _survey(found[0]) if found else None


async def survey_of_id(survey_id: int) -> SurveyCard:
    """Give a survey, whoever asks: for acts."""
    return _survey((await database.rows(_SURVEY + "WHERE s.id = ?", survey_id))[0])


async def decision_of(survey: SurveyCard) -> str:
    """Give the public id of the decision a survey is about."""
    found = await database.rows("SELECT public_id FROM decision WHERE id = ?", survey.decision_id)
    return str(found[0]["public_id"])


def opens_at(decision: DecisionCard) -> datetime | None:
    """Tell when the survey of a decision that has none yet opens; None when its time is over."""
    first = decision.first_released_at
    if first is None or first + timedelta(days=DAYS_OPEN) <= clock.now():
        return None
    return first + timedelta(days=DAYS_BEFORE)


async def survey_of_link(token: str) -> tuple[SurveyCard, InvitationCard]:
    """Give what a mailed link opens. Raises NotFound once it was used or the survey is closed."""
    digest = ids.hash_token(token)
    surveys = await database.rows(_SURVEY_OF_LINK, digest)
    found = await database.rows(_OF_LINK, digest)
    if not surveys or not found:
        raise NotFound
    survey, invitation = _survey(surveys[0]), InvitationCard(**found[0])
    if not survey.is_open or await has_answered(survey, invitation):
        raise NotFound
    return survey, invitation


async def invitation_of(viewer: Viewer, survey: SurveyCard) -> InvitationCard | None:
    """Give one's own invitation: by account, or by a text this browser opened with its code."""
    if viewer.participant is not None:
        key = f"participant/{viewer.public_id}"
        found = await database.rows(_OF_PERSON, survey.id, key, viewer.participant)
    elif viewer.passes:
        passes = sorted(viewer.passes)
        sql = _OF_TEXT.format(marks=", ".join("?" * len(passes)))
        found = await database.rows(sql, survey.id, *passes)
    else:
        found = []
    return InvitationCard(**found[0]) if found else None


async def has_answered(survey: SurveyCard, invitation: InvitationCard) -> bool:
    """Whether an answer of this person is kept; nothing but the key can tell."""
    people = [
        pseudonym(survey.public_id, invitation.recipient, key) for key in settings.current().secret_keys
    ]
    sql = _ANSWERED.format(marks=", ".join("?" * len(people)))
    return bool(await database.rows(sql, survey.id, *people))


def pseudonym(survey: str, recipient: str, secret: str | None = None) -> str:
    """Name a person inside one survey: the same twice, another in every survey, nothing without the key."""
    key = settings.current().secret_key if secret is None else secret
    return hmac.digest(key.encode(), f"survey\0{survey}\0{recipient}".encode(), "sha256").hex()


async def stratum_of(survey: SurveyCard, invitation: InvitationCard) -> Stratum:
    """Tell in what groups a person is counted: how they first spoke here, and how far they got their way."""
    (spoke,) = await database.rows(_SPOKE, invitation.contribution_id)
    rows = await database.rows(_OUTCOMES, invitation.contribution_id, survey.decision_id)
    counts = {Outcome(row["outcome"]): int(row["n"]) for row in rows}
    return Stratum(spoke["capacity"] or "", spoke["language"], spoke["channel"], outcome_group(counts))


def outcome_group(counts: dict[Outcome, int]) -> str:
    """Name the outcome group of a person: mostly adopted, mixed, mostly not; empty when nothing was asked.

    A point adopted in part counts half; what asked for nothing, and what was withdrawn, does not count.
    """
    met = {Outcome.ADOPTED: 1.0, Outcome.ADAPTED: 1.0, Outcome.ALREADY: 1.0, Outcome.PARTLY: 0.5}
    beside = (Outcome.NOTED, Outcome.WITHDRAWN)
    total = sum(count for outcome, count in counts.items() if outcome not in beside)
    if not total:
        return ""
    share = sum(met.get(outcome, 0.0) * count for outcome, count in counts.items()) / total
    if share >= _MET:
        return "adopted"
    return "not" if share <= 1 - _MET else "mixed"


async def results_of(survey: SurveyCard) -> ResultsPage | None:
    """Give the results as they were last published; None as long as too few people answered."""
    found = await database.rows(_RELEASE, survey.id)
    if not found:
        return None
    row = found[0]
    cells = unpacked(read_json(row["cells"]))
    published_at = database.moment(row["published_at"])
    return ResultsPage(row["number"], row["invited"], row["answered"], published_at, results(cells))


async def invited_to(survey: SurveyCard) -> int:
    """Count who may answer."""
    (row,) = await database.rows(_INVITED, survey.id)
    return int(row["n"])


async def letter_of(survey: str, recipient: str) -> Letter | None:
    """Give what is needed to write to one person, whoever asks: for acts."""
    found = await database.rows(_BY_RECIPIENT, survey, recipient)
    return _letter(found[0]) if found else None


async def next_letters(survey: str, after: int, limit: int) -> list[Letter]:
    """Give the next people to write to, whoever asks: for acts."""
    return [_letter(row) for row in await database.rows(_NEXT, survey, after, limit)]


def _survey(row: dict[str, Any]) -> SurveyCard:
    return SurveyCard(
        **{
            **row,
            "opened_at": database.moment(row["opened_at"]),
            "closes_at": database.moment(row["closes_at"]),
            "closed_at": maybe_moment(row["closed_at"]),
        }
    )


def _letter(row: dict[str, Any]) -> Letter:
    closes_at = database.moment(row["closes_at"])
    has_account = row["recipient"].startswith("participant/")
    gone = has_account and (row["participant"] is None or row["disabled_at"] or row["erased_at"])
    spoken = row["speaks"] if has_account else row["language"]
    return Letter(
        invitation=row["invitation"],
        survey_id=row["id"],
        survey=row["public_id"],
        decision=row["decision"],
        title=read_json(row["title"]),
        closes_at=closes_at,
        recipient=row["recipient"],
        address=row["address"] if has_account else row["guest_address"],
        language=spoken if spoken in settings.current().languages else settings.current().languages[0],
        is_over=bool(gone) or row["closed_at"] is not None or closes_at <= clock.now(),
    )
