"""Report a text: one open case per text, one receipt per report."""

from dataclasses import dataclass
from datetime import datetime

from civic.contributions import actions as contributions
from civic.foundation import clock, database, ids, limits
from civic.foundation.database import transaction
from civic.foundation.errors import Busy
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.moderation import queries
from civic.moderation.actions.telling import tell_moderators, tell_reporter
from civic.moderation.forms import ReportDraft
from civic.moderation.models import Report
from civic.moderation.queries import Subject
from civic.moderation.rules import RISK

_OPEN_CASE = """
INSERT INTO moderation_case (public_id, subject, contribution_id, process_id, risk, report_count, version,
                             opened_at)
VALUES (?, ?, ?, ?, 0, 0, 1, ?)
ON CONFLICT (subject) WHERE closed_at IS NULL DO NOTHING
"""


_ADD_REPORT = """
UPDATE moderation_case SET report_count = report_count + 1,
       risk = CASE WHEN risk > ? THEN risk ELSE ? END, version = version + 1
WHERE subject = ? AND closed_at IS NULL RETURNING id, public_id
"""


_TRIES = 3


@dataclass(frozen=True)
class ReportReceipt:
    """What somebody gets for a report: its number, and the secret code that opens its result."""

    public_id: str
    number: str
    code: str


async def report(
    viewer: Viewer, subject: Subject, draft: ReportDraft, *, network: str, code: str, language: str
) -> ReportReceipt:
    """Report a text, with or without an account; the reporter hears the result."""
    await limits.spend("report_network", network)
    if viewer.participant is not None:
        await limits.spend("report_person", str(viewer.participant))
    async with transaction():
        now = clock.now()
        case_id, case = await _join_case(subject, RISK[draft.ground], now)
        number = await contributions.next_number("R", now)
        row = await Report.create(
            public_id=ids.public_id(),
            case_id=case_id,
            number=number,
            code_hash=ids.hash_code(code),
            ground=draft.ground,
            explanation=draft.explanation,
            reporter_id=viewer.participant,
            reporter_name=draft.name or viewer.name,
            reporter_address=draft.email or None,
            language=language,
            reported_at=now,
        )
        await ledger.record(
            "report.received",
            row.public_id,
            parent=subject.public_id,
            content={"ground": str(draft.ground), "explanation": draft.explanation},
            author=viewer.public_id,
            ref=f"report/{row.public_id}",
        )
        alone = await queries.waits_alone(case_id, subject.process_id)
        await tell_moderators(subject, case, draft.ground, waits_alone=alone)
        await tell_reporter(row)
    return ReportReceipt(row.public_id, number, code)


async def _join_case(subject: Subject, risk: int, now: datetime) -> tuple[int, str]:
    """Find or open the one open case of a text, and count the report on it.

    A moderator may close the case that was found before it is counted on: then another is opened.
    """
    for _ in range(_TRIES):
        await database.execute(
            _OPEN_CASE, ids.public_id(), subject.key, subject.contribution_id, subject.process_id, now
        )
        if found := await database.rows(_ADD_REPORT, risk, risk, subject.key):
            return found[0]["id"], found[0]["public_id"]
    raise Busy
