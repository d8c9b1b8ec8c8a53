"""Open a survey some days after a decision, and invite who took part, within their contact budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from civic.evaluation.items import DAYS_BEFORE, DAYS_OPEN, LAST_DAYS
from civic.evaluation.models import SurveyInvitation
from civic.evaluation.queries.surveys import (
    InvitationCard,
    Letter,
    has_answered,
    letter_of,
    next_letters,
    survey_of_id,
)
from civic.foundation import clock, database, ids, queue
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.notices.actions import Kept, Recipient, Wish
from civic.notices.models import Request

INVITE = "evaluation.invite"
AT_ONCE = 100

_TO_OPEN = """
SELECT d.id, d.public_id FROM decision d
JOIN decision_version v ON v.decision_id = d.id JOIN decision_release r ON r.version_id = v.id
WHERE NOT EXISTS (SELECT 1 FROM survey s WHERE s.decision_id = d.id)
GROUP BY d.id, d.public_id HAVING min(r.released_at) <= ? AND min(r.released_at) > ?
ORDER BY d.id LIMIT 20
"""
_OPEN = """
INSERT INTO survey (public_id, decision_id, opened_at, closes_at) VALUES (?, ?, ?, ?)
ON CONFLICT (decision_id) DO NOTHING RETURNING id, public_id
"""
_WHO_TOOK_PART = """
SELECT g.contribution_id, g.person, c.public_id AS contribution FROM (
    SELECT min(c.id) AS contribution_id, p.public_id AS person
    FROM contribution c
    JOIN decision_issue x ON x.issue_id = c.issue_id
    LEFT JOIN participant p ON p.id = coalesce(c.author_id,
        (SELECT q.id FROM participant q WHERE q.address = lower(c.guest_address)))
    WHERE x.decision_id = ? AND c.visibility IN ('public', 'restricted') AND c.written_as = 'participant'
      AND (p.id IS NOT NULL OR c.guest_address IS NOT NULL)
      AND p.erased_at IS NULL AND p.disabled_at IS NULL
    GROUP BY p.public_id, CASE WHEN p.id IS NULL THEN lower(c.guest_address) END
) g JOIN contribution c ON c.id = g.contribution_id
ORDER BY g.contribution_id
"""
_GIVE_LINK = "UPDATE survey_invitation SET token_hash = ? WHERE id = ?"


async def open_surveys() -> int:
    """Open the survey of each decision published some days ago; tell how many."""
    now = clock.now()
    latest, earliest = now - timedelta(days=DAYS_BEFORE), now - timedelta(days=DAYS_OPEN)
    found = await database.rows(_TO_OPEN, latest, earliest)
    opened = 0
    for row in found:
        async with database.transaction():
            opened += await _open(row["id"], row["public_id"])
    return opened


async def _open(decision_id: int, decision: str) -> bool:
    """Open one survey and write down who may answer; the messages follow, some people at a time."""
    now = clock.now()
    closes_at = clock.end_of_day(clock.local_day(now) + timedelta(days=DAYS_OPEN))
    made = await database.rows(_OPEN, ids.public_id(), decision_id, now, closes_at)
    if not made:
        return False
    survey, key = made[0]["id"], made[0]["public_id"]
    people = await database.rows(_WHO_TOOK_PART, decision_id)
    await SurveyInvitation.bulk_create(
        [
            SurveyInvitation(
                survey_id=survey,
                contribution_id=row["contribution_id"],
                recipient=f"participant/{row['person']}" if row["person"] else f"guest/{row['contribution']}",
            )
            for row in people
        ],
        batch_size=200,
    )
    content = {"invited": len(people), "closes_at": closes_at.isoformat()}
    await ledger.record("survey.opened", key, parent=decision, content=content)
    await queue.later(INVITE, {"survey": key, "after": 0})
    return True


async def invite_some(survey: str, after: int) -> None:
    """Want to write to the next people who took part: each is asked when their budget allows it."""
    letters = await next_letters(survey, after, AT_ONCE)
    if not letters:
        return
    async with database.transaction():
        wishes = [
            Wish(_recipient(one), f"survey/{survey}", one.closes_at - timedelta(days=LAST_DAYS))
            for one in letters
            if not one.is_over
        ]
        await notices.ask(Request.SURVEY, wishes, tell_surveys)
        await queue.later(INVITE, {"survey": survey, "after": letters[-1].invitation})


async def ask_kept_surveys() -> int:
    """Invite those whose contact budget allows it by now."""
    return await notices.ask_waiting(Request.SURVEY, tell_surveys)


async def tell_surveys(kept: Sequence[Kept]) -> frozenset[str]:
    """Write to one person about a survey they may answer; give what was really said."""
    said = set()
    for one in kept:
        letter = await letter_of(one.about.removeprefix("survey/"), one.recipient)
        if letter is not None and not letter.is_over and not await _has_answered(letter):
            await _tell(letter)
            said.add(one.about)
    return frozenset(said)


async def _has_answered(letter: Letter) -> bool:
    survey = await survey_of_id(letter.survey_id)
    return await has_answered(survey, InvitationCard(letter.invitation, letter.recipient, 0, "", None))


def _recipient(letter: Letter) -> Recipient:
    return Recipient(letter.recipient, letter.address, letter.language)


async def _tell(letter: Letter) -> None:
    """Mail the link; an account also finds the survey in its list, without the link."""
    token = ids.token()
    await database.execute(_GIVE_LINK, ids.hash_token(token), letter.invitation)
    data = {"decision": letter.title, "until": letter.closes_at - timedelta(minutes=1)}
    about, to = f"survey/{letter.survey}", _recipient(letter)
    await notices.notify(
        to,
        "survey.link",
        about=about,
        data={**data, "path": f"/surveys/{token}"},
        once_key=f"survey.link/{letter.survey}/{to.key}",
        in_app=False,
    )
    if letter.has_account:
        await notices.notify(
            to,
            "survey.invited",
            about=about,
            data={**data, "path": f"/decisions/{letter.decision}/survey/answer"},
            once_key=f"survey.invited/{letter.survey}/{to.key}",
            mail=False,
        )
