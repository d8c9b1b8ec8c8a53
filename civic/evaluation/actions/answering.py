"""Take in an answer to a survey, once for each person; forget it when the person asks."""

from __future__ import annotations

from civic import settings
from civic.evaluation.forms import AnswerDraft
from civic.evaluation.items import ITEMS
from civic.evaluation.policies import may_answer
from civic.evaluation.queries.surveys import (
    InvitationCard,
    SurveyCard,
    has_answered,
    invitation_of,
    pseudonym,
    stratum_of,
)
from civic.foundation import clock, database
from civic.foundation.errors import N_, Conflict
from civic.foundation.viewer import Viewer

_TWICE = N_("You have answered already. Each person answers once.")
_HOLD = "UPDATE survey SET closes_at = closes_at WHERE id = ? AND closed_at IS NULL AND closes_at > ?"
_KEEP = f"""
INSERT INTO survey_answer (survey_id, person, answered_on, category, language, channel, outcome_group,
                           {", ".join(ITEMS)})
VALUES (?, ?, ?, ?, ?, ?, ?, {", ".join("?" * len(ITEMS))})
ON CONFLICT (survey_id, person) DO NOTHING
"""  # noqa: S608 - the names of our columns
_USE_UP = "UPDATE survey_invitation SET token_hash = NULL WHERE id = ?"
_THEIRS = """
SELECT s.public_id AS survey, s.id FROM survey_invitation i JOIN survey s ON s.id = i.survey_id
WHERE i.recipient = ?
"""
_FORGET = "DELETE FROM survey_answer WHERE survey_id = ? AND person = ?"
_UNINVITE = "DELETE FROM survey_invitation WHERE recipient = ?"


async def answer_survey(
    viewer: Viewer,
    survey: SurveyCard,
    invitation: InvitationCard,
    draft: AnswerDraft,
    *,
    has_link: bool = False,
) -> None:
    """Keep what one person answers, under a name that only the key of this house can make.

    The first answer stands: the link is dead afterwards. No ledger entry and no hour is kept, so that
    nothing says whose answer it is.
    """
    async with database.transaction():
        is_open = bool(await database.execute(_HOLD, survey.id, clock.now()))
        own = await invitation_of(viewer, survey)
        may_answer(
            is_invited=has_link or (own is not None and own.id == invitation.id),
            is_open=is_open,
            has_answered=await has_answered(survey, invitation),
        ).demand()
        stratum = await stratum_of(survey, invitation)
        kept = await database.execute(
            _KEEP,
            survey.id,
            pseudonym(survey.public_id, invitation.recipient),
            clock.local_day(clock.now()),
            stratum.category,
            stratum.language,
            stratum.channel,
            stratum.outcome_group,
            *(draft.answers.get(key) for key in ITEMS),
        )
        if not kept:
            raise Conflict(_TWICE)
        await database.execute(_USE_UP, invitation.id)


async def forget_answers(recipient: str) -> int:
    """Forget what somebody ("participant/<id>") answered in every survey, and that they were invited.

    Results that were published stay as they are; the next ones are counted without them.
    """
    gone = 0
    async with database.transaction():
        for row in await database.rows(_THEIRS, recipient):
            for key in settings.current().secret_keys:
                gone += await database.execute(_FORGET, row["id"], pseudonym(row["survey"], recipient, key))
        await database.execute(_UNINVITE, recipient)
    return gone
