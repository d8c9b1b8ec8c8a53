"""Contest a measure, hear the appeal, write a text another way."""

from civic.accounts import queries as accounts
from civic.contributions import actions as contributions
from civic.contributions import queries as register
from civic.contributions.forms import Words
from civic.foundation import clock, database, ids
from civic.foundation.database import transaction
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.moderation import policies, queries
from civic.moderation.actions.deciding import REOPEN, lift
from civic.moderation.actions.telling import author_of_measure, tell_of_new_words, tell_of_ruling
from civic.moderation.forms import RulingDraft
from civic.moderation.models import Appeal, RephraseRequest, Ruling
from civic.moderation.queries import Decided
from civic.notices import actions as notices
from civic.notices.actions import Recipient


async def appeal(viewer: Viewer, decided: Decided, text: str) -> Appeal:
    """Contest a measure: somebody else than the first moderator hears it."""
    mine = queries.is_author_of(viewer, decided)
    policies.may_appeal(mine=mine, decision=decided.standing, now=clock.now()).demand()
    async with transaction():
        now = clock.now()
        filed = await Appeal.create(
            public_id=ids.public_id(),
            decision_id=decided.id,
            text=text,
            language=decided.text_language or viewer.language or "fr",
            filed_at=now,
            due_at=now + policies.RULING_TIME,
        )
        await ledger.record(
            "appeal.filed",
            filed.public_id,
            parent=decided.public_id,
            content={"text": text},
            author=viewer.public_id,
            ref=f"moderation_appeal/{filed.public_id}",
        )
        data = {"path": f"/moderation/appeals/{filed.public_id}", "due": filed.due_at}
        for person in await accounts.holders("moderator", decided.process or ""):
            if person.id not in (decided.standing.decided_by, decided.standing.acted_for):
                to = Recipient(f"participant/{person.public_id}", person.address, person.language)
                await notices.notify(
                    to, "moderation.appeal_waiting", about=f"appeal/{filed.public_id}", data=data
                )
        if to_author := await author_of_measure(decided):
            path = f"/moderation/statements/{decided.statement}"
            await notices.notify(
                to_author,
                "moderation.appeal_received",
                about=f"appeal/{filed.public_id}",
                data={"path": path, "due": filed.due_at},
            )
    return filed


async def rule(moderator: Viewer, decided: Decided, draft: RulingDraft) -> Ruling:
    """Hear an appeal: uphold it (the text comes back, with its counts) or dismiss it, with the reason.

    A text that another measure holds by now stays as that one left it.
    """
    place = await queries.in_whose_place(moderator, decided.process)
    policies.may_rule(moderator, decided.standing, in_place_of=place).demand()
    async with transaction():
        ruling = await Ruling.create(
            appeal_id=decided.appeal_id,
            heard_by_id=moderator.participant,
            is_upheld=draft.is_upheld,
            reason=draft.reason,
            ruled_at=clock.now(),
        )
        await ledger.record(
            "appeal.decided",
            decided.appeal,
            rev=2,
            parent=decided.public_id,
            content={"upheld": draft.is_upheld, "reason": draft.reason},
            author=moderator.public_id,
        )
        if draft.is_upheld and decided.is_in_force:
            await lift(decided, draft.reason, by=moderator.participant, author=moderator.public_id)
        await tell_of_ruling(decided, draft)
    return ruling


async def rewrite(viewer: Viewer, decided: Decided, words: Words, *, expected_version: int) -> None:
    """Send another wording of a text that was set aside; a moderator reads it before it is shown."""
    mine = queries.is_author_of(viewer, decided)
    answered = decided.answered_at is not None
    policies.may_rewrite(mine=mine, decision=decided.standing, answered=answered).demand()
    rendered = await contributions.render_words(words)
    async with transaction():
        card = await register.visible_contribution(viewer, decided.contribution)
        version = await contributions.revise(
            viewer, card, words, expected_version=expected_version, rendered=rendered, is_asked=True
        )
        await RephraseRequest.filter(decision_id=decided.id).update(
            answered_version=version.number, answered_at=clock.now()
        )
        await database.execute(REOPEN, decided.case_id)
        await tell_of_new_words(decided)
        await ledger.record(
            "moderation.rephrased",
            decided.public_id,
            rev=2,
            parent=decided.contribution,
            author=viewer.public_id,
        )
