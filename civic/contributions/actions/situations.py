"""What is particular to somebody's situation: told, corrected, opened with a reason, let go."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta

from civic.accounts import queries as people
from civic.contributions import policies
from civic.contributions.forms import ContactDraft, SituationDraft, SituationWords
from civic.contributions.models import (
    CheckState,
    Claim,
    ClaimKind,
    ClaimOrigin,
    Contribution,
    SituationContact,
    SituationOpening,
    SituationStatement,
    Visibility,
)
from civic.contributions.queries import (
    ContributionCard,
    Situation,
    contribution_by_id,
    is_author,
    read_words,
    recipient_of,
)
from civic.foundation import clock, database, ids, limits, sealing
from civic.foundation.errors import N_, Conflict, Refused, Verdict
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.processes import queries as processes
from civic.processes.models import ProcessState

KEPT = timedelta(days=183)
"""How long a statement is kept after the end of its process, unless its author wants it kept."""
AT_ONCE = 200

_LAST_NUMBER = "SELECT coalesce(max(number), 0) AS last FROM claim WHERE contribution_id = ?"
_HOLD = "UPDATE contribution SET version = version WHERE id = ?"
_RETIRE = """
UPDATE claim SET retired_at = ? WHERE id = ? AND retired_at IS NULL
AND NOT EXISTS (SELECT 1 FROM published_outcome o WHERE o.claim_id = claim.id)
"""
_REOPEN = "UPDATE claim SET retired_at = NULL WHERE id = ?"
_ERASE = """
UPDATE situation_statement SET sealed = ?, key_id = '', erased_at = ? WHERE id = ? AND erased_at IS NULL
"""
_WIPE_NOTES = "UPDATE situation_contact SET note = '' WHERE statement_id = ?"
_OVER = """
SELECT s.id, s.public_id, s.claim_id FROM situation_statement s
JOIN contribution c ON c.id = s.contribution_id
JOIN process p ON p.id = c.process_id
WHERE s.erased_at IS NULL AND NOT s.kept_longer AND p.closed_at < ? ORDER BY s.id LIMIT ?
"""
_OLD_KEY = """
SELECT id, public_id, sealed, key_id FROM situation_statement
WHERE erased_at IS NULL AND key_id <> ? AND id > ? ORDER BY id LIMIT ?
"""
_AGAIN = "UPDATE situation_statement SET sealed = ?, key_id = ? WHERE id = ? AND sealed = ?"
_GONE = N_("This statement was erased by its author.")
_NO_KEY = N_(
    "These words cannot be opened now: the key they were sealed with is missing. "
    "Please tell whoever runs this site: “civic check” names the key."
)
_QUICKER = N_("This statement was changed meanwhile. Please read it again.")


async def seal_situation(contribution: Contribution, draft: SituationDraft, *, by: str | None) -> None:
    """Seal what somebody told of their situation, in the caller's transaction, and open its point.

    The public record gets a salted commitment, and no link to the text or to the person.
    """
    key = ids.public_id()
    sealed, key_id, commitment = _sealed(draft.words, key)
    (last,) = await database.rows(_LAST_NUMBER, contribution.id)
    now = clock.now()
    claim = await Claim.create(
        public_id=ids.public_id(),
        contribution_id=contribution.id,
        number=last["last"] + 1,
        kind=ClaimKind.SITUATION,
        origin=ClaimOrigin.CONTRIBUTOR,
        check_state=CheckState.CONFIRMED,  # these are the author's own words: nobody restates them
        found_at=now,
    )
    await SituationStatement.create(
        public_id=key,
        contribution_id=contribution.id,
        claim_id=claim.id,
        audience=draft.audience,
        sealed=sealed,
        key_id=key_id,
        kept_longer=draft.kept_longer,
        written_at=now,
    )
    await ledger.record("situation.sealed", key, content={"commitment": commitment}, author=by)


async def tell_situation(viewer: Viewer, contribution: ContributionCard, draft: SituationDraft) -> None:
    """Tell, or correct, what is particular to one's situation; what was said before is gone."""
    (await may_tell_situation(viewer, contribution)).demand()
    async with database.transaction():
        await limits.spend("revise_text", contribution.public_id)
        await database.execute(_HOLD, contribution.id)
        fresh = await contribution_by_id(contribution.id)
        (await may_tell_situation(viewer, fresh)).demand()
        row = await Contribution.get(id=contribution.id)
        kept = await SituationStatement.get_or_none(contribution_id=row.id)
        if kept is None:
            await seal_situation(row, draft, by=viewer.public_id)
        else:
            await _seal_again(viewer, kept, draft)


async def _seal_again(viewer: Viewer, kept: SituationStatement, draft: SituationDraft) -> None:
    kept.sealed, kept.key_id, commitment = _sealed(draft.words, kept.public_id)
    kept.audience, kept.kept_longer = draft.audience, draft.kept_longer
    kept.written_at, kept.erased_at = clock.now(), None
    await kept.save(update_fields=["sealed", "key_id", "audience", "kept_longer", "written_at", "erased_at"])
    await database.execute(_REOPEN, kept.claim_id)
    await ledger.record(
        "situation.corrected", kept.public_id, content={"commitment": commitment}, author=viewer.public_id
    )


async def erase_situation(viewer: Viewer, contribution: ContributionCard) -> None:
    """Erase one's statement: the words and their salt are gone, the fact that there was one stays."""
    policies.may_erase_situation(mine=is_author(viewer, contribution)).demand()
    async with database.transaction():
        kept = await SituationStatement.get_or_none(contribution_id=contribution.id)
        if kept is not None and kept.erased_at is None:
            await _erase(kept.id, kept.public_id, kept.claim_id, by=viewer.public_id)


async def _erase(key: int, public_id: str, claim_id: int | None, *, by: str | None = None) -> None:
    if not await database.execute(_ERASE, b"", clock.now(), key):
        return
    await database.execute(_WIPE_NOTES, key)
    if claim_id is not None:
        await database.execute(_RETIRE, clock.now(), claim_id)
    await ledger.record("situation.erased", public_id, author=by)


async def open_situation(
    official: Viewer, contribution: ContributionCard, situation: Situation, reason: str
) -> SituationWords:
    """Read a statement as one of the people its author chose: the reason is kept, and told to the author."""
    policies.may_open_situation(official, contribution.process or "", situation.audience).demand()
    async with database.transaction():
        await limits.spend("open_situation", official.public_id or "")
        await database.execute(_HOLD, contribution.id)
        kept = await SituationStatement.get(id=situation.id)
        if kept.erased_at is not None:
            raise Refused(_GONE)
        policies.may_open_situation(official, contribution.process or "", kept.audience).demand()
        if (await contribution_by_id(contribution.id)).visibility is not Visibility.PUBLIC:
            raise Conflict(_QUICKER)
        words = _opened(kept)
        opening = await SituationOpening.create(
            statement_id=kept.id, opened_by_id=official.participant, reason=reason, opened_at=clock.now()
        )
        await ledger.record("situation.opened", kept.public_id, author=official.public_id)
        await _tell_opened(official, contribution, reason, opening.id)
    return words


def _opened(kept: SituationStatement) -> SituationWords:
    try:
        return read_words(kept.public_id, kept.sealed, kept.key_id)
    except sealing.CannotOpen as missing:
        raise Conflict(_NO_KEY) from missing


async def _tell_opened(official: Viewer, contribution: ContributionCard, reason: str, key: int) -> None:
    to = await recipient_of(contribution)
    if to is None:
        return
    await notices.notify(
        to,
        "situation.opened",
        about=f"situation/{contribution.public_id}",
        data={
            "path": f"/receipts/{contribution.number}/situation",
            "name": (await people.person(official.participant or 0)).name,
            "reason": reason,
        },
        once_key=f"situation.opened/{contribution.public_id}/{key}",
    )


async def log_contact(
    official: Viewer, contribution: ContributionCard, situation: Situation, draft: ContactDraft
) -> None:
    """Log that the author was called before a refusal, or why they could not be (R13)."""
    policies.may_call(official, contribution.process or "").demand()
    async with database.transaction():
        kept = await SituationStatement.get(id=situation.id)
        if kept.erased_at is not None:
            raise Refused(_GONE)
        await SituationContact.create(
            statement_id=kept.id,
            made_by_id=official.participant,
            way=draft.way,
            note=draft.note,
            made_at=clock.now(),
        )


async def let_go() -> None:
    """Erase the statements of processes that ended long ago, unless their authors want them kept."""
    for row in await database.rows(_OVER, clock.now() - KEPT, AT_ONCE):
        async with database.transaction():
            await _erase(row["id"], row["public_id"], row["claim_id"])


async def seal_under_newest_key() -> int:
    """Seal again what an older key of CIVIC_DATA_KEYS sealed; give how many. The words do not change.

    Raises CannotOpen once the rest is done, when a key is missing.
    """
    done, last = 0, 0
    wrong: sealing.CannotOpen | None = None
    while found := await database.rows(_OLD_KEY, sealing.current_key_id(), last, AT_ONCE):
        for row in found:
            last = row["id"]
            before = bytes(row["sealed"])
            try:
                words = sealing.unseal(before, row["key_id"], about=row["public_id"])
            except sealing.CannotOpen as missing:
                wrong = missing
                continue
            sealed, key_id = sealing.seal(words, about=row["public_id"])
            done += await database.execute(_AGAIN, sealed, key_id, last, before)
    if wrong is not None:
        raise wrong
    return done


async def keep_keys_fresh() -> None:
    """Do by and by what `civic reseal` does at once."""
    await seal_under_newest_key()


def _sealed(words: SituationWords, key: str) -> tuple[bytes, str, str]:
    """Seal words with their own salt and commit to both: once both are destroyed the digest means nothing."""
    said = json.dumps({"salt": secrets.token_hex(32), **words.said()}, sort_keys=True, ensure_ascii=False)
    sealed, key_id = sealing.seal(said.encode(), about=key)
    return sealed, key_id, hashlib.sha256(said.encode()).hexdigest()


async def may_tell_situation(viewer: Viewer, contribution: ContributionCard) -> Verdict:
    """Answer whether this viewer can tell, or correct, what is particular to their situation here."""
    state = None
    if contribution.process_id is not None:
        state = (await processes.process_by_id(contribution.process_id)).state
    return policies.may_tell_situation(
        mine=is_author(viewer, contribution),
        visibility=contribution.visibility,
        closed=state is ProcessState.CLOSED,
    )
