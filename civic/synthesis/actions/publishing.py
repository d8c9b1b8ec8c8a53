"""Write a synthesis, sign an edition of it, let it leave after its hold, stop it in time."""

from __future__ import annotations

from datetime import timedelta

from civic import settings
from civic.foundation import clock, database, ids, queue
from civic.foundation.errors import N_, Conflict, Invalid, Message
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.notices.actions import News, Touch
from civic.processes.queries import ProcessPage
from civic.synthesis.actions.theming import QUICKER
from civic.synthesis.forms import SynthesisDraft
from civic.synthesis.models import (
    Synthesis,
    SynthesisEdition,
    SynthesisRelease,
    SynthesisStop,
    SynthesisTheme,
    ThemeVersion,
)
from civic.synthesis.policies import may_publish_synthesis, may_stop_synthesis, may_theme
from civic.synthesis.queries.documents import (
    EditionCard,
    SynthesisCard,
    numbers_of_synthesis,
    synthesis_by_id,
    synthesis_by_public_id,
    themes_shown,
)
from civic.synthesis.queries.drafts import DraftTheme, draft_of

_TAKEN = N_("A synthesis already tells of one of these questions.")
_NOTHING_WAITS = N_("No publication is waiting: it has left already, or it was stopped.")
_WHAT_CHANGED = N_("Say what changed since the edition that people can read.")
_CHOOSE = N_("Choose at least one question.")

_TELL_OF = """
INSERT INTO synthesis_issue (synthesis_id, issue_id) VALUES (?, ?) ON CONFLICT (issue_id) DO NOTHING
"""
_NEXT = "UPDATE synthesis SET version = version + 1 WHERE id = ? AND version = ?"
_HOLD = "UPDATE synthesis SET version = version WHERE id = ?"


async def begin_synthesis(official: Viewer, process: ProcessPage, draft: SynthesisDraft) -> SynthesisCard:
    """Begin the synthesis of one or more questions; a question is told in one synthesis only."""
    may_theme(official, process.public_id).demand()
    chosen = [issue for issue in process.issues if issue.public_id in draft.issues]
    if not chosen or len(chosen) != len(draft.issues):
        raise Invalid({"issues": _CHOOSE})
    async with database.transaction():
        row = await Synthesis.create(
            public_id=ids.public_id(),
            process_id=process.id,
            title=draft.title,
            introduction=draft.introduction,
            created_by_id=official.participant,
            created_at=clock.now(),
        )
        for issue in chosen:
            if not await database.execute(_TELL_OF, row.id, issue.id):
                raise Conflict(_TAKEN)
        await _drafted(official, row.public_id, process.public_id, draft, 1)
        return await synthesis_by_id(row.id)


async def rewrite_synthesis(
    official: Viewer, synthesis: SynthesisCard, draft: SynthesisDraft, *, expected_version: int
) -> SynthesisCard:
    """Change the title and the beginning of a synthesis; its editions stay as they were signed."""
    may_theme(official, synthesis.process.public_id).demand()
    async with database.transaction():
        if not await database.execute(_NEXT, synthesis.id, expected_version):
            raise Conflict(QUICKER)
        await Synthesis.filter(id=synthesis.id).update(title=draft.title, introduction=draft.introduction)
        process = synthesis.process.public_id
        await _drafted(official, synthesis.public_id, process, draft, expected_version + 1)
        return await synthesis_by_id(synthesis.id)


async def _drafted(official: Viewer, key: str, process: str, draft: SynthesisDraft, number: int) -> None:
    await ledger.record(
        "synthesis.drafted",
        key,
        rev=number,
        parent=process,
        content={"title": draft.title, "introduction": draft.introduction},
        author=official.public_id,
    )


async def publish_synthesis(
    official: Viewer, synthesis: SynthesisCard, changes: Localized | None = None
) -> EditionCard:
    """Sign an edition: its words, its themes and their numbers are frozen as they stand.

    It becomes public when the hold is over. An edition that follows another says what changed.
    """
    async with database.transaction():
        await database.execute(_HOLD, synthesis.id)
        current = await synthesis_by_public_id(synthesis.public_id)
        draft = await draft_of(current)
        may_publish_synthesis(
            official,
            current.process.public_id,
            current.process.state,
            draft.lacks,
            themes=len(draft.themes),
            waits=current.pending is not None,
        ).demand()
        said = {code: words for code, words in (changes or {}).items() if words.strip()}
        if current.in_force is not None and not said:
            raise Invalid({f"changes_{settings.current().languages[0]}": _WHAT_CHANGED})
        edition = await _sign(official, current, draft.themes, said if current.in_force else {})
        if edition.release_at <= clock.now():
            await _release(current, edition)
        else:
            await queue.later("synthesis.release", {"edition": edition.public_id}, at=edition.release_at)
        return await _card(edition)


async def _sign(
    official: Viewer, synthesis: SynthesisCard, themes: tuple[DraftTheme, ...], changes: Localized
) -> SynthesisEdition:
    now = clock.now()
    numbers, without_theme = await numbers_of_synthesis(synthesis.id)
    edition = await SynthesisEdition.create(
        public_id=ids.public_id(),
        synthesis_id=synthesis.id,
        number=max((one.number for one in synthesis.editions), default=0) + 1,
        title=synthesis.title,
        introduction=synthesis.introduction,
        changes=changes,
        counts={**vars(numbers), "without_theme": without_theme},
        signed_by_id=official.participant,
        signed_at=now,
        release_at=now + timedelta(seconds=settings.current().hold_seconds),
    )
    ids_of = [one.card.id for one in themes]
    words = {
        (one.theme_id, one.number): one.id for one in await ThemeVersion.filter(theme_id__in=ids_of or [0])
    }
    await SynthesisTheme.bulk_create(
        [
            SynthesisTheme(
                edition_id=edition.id,
                theme_version_id=words[one.card.id, one.card.version],
                position=place,
                counts=one.card.numbers.packed,
            )
            for place, one in enumerate(themes, 1)
        ]
    )
    return edition


async def release_synthesis_due(public_id: str) -> bool:
    """Let a signed edition become public when its time has come; one that was stopped is let be."""
    found = await SynthesisEdition.get_or_none(public_id=public_id)
    if found is None:
        return False
    async with database.transaction():
        await database.execute(_HOLD, found.synthesis_id)
        card = await _card(found)
        if not card.is_pending or card.release_at > clock.now():
            return False
        await _release(await synthesis_by_id(found.synthesis_id), found)
        return True


async def _release(synthesis: SynthesisCard, edition: SynthesisEdition) -> None:
    """Make an edition public: the record, and the people who follow the process or a theme of it."""
    await SynthesisRelease.create(edition_id=edition.id, released_at=clock.now())
    themes = await themes_shown(edition.id)
    await ledger.record(
        "synthesis.published",
        synthesis.public_id,
        rev=edition.number,
        parent=synthesis.process.public_id,
        content={
            "edition": edition.public_id,
            "title": edition.title,
            "introduction": edition.introduction,
            "changes": edition.changes,
            "counts": edition.counts,
            "themes": [
                {
                    "id": one.public_id,
                    "title": one.title,
                    "concern": one.concern,
                    "minority": one.minority,
                    "counts": one.numbers.packed,
                }
                for one in themes
            ],
        },
        ref=f"synthesis/{edition.public_id}",
    )
    page = f"/syntheses/{synthesis.public_id}"
    first = N_("The synthesis “%(synthesis)s” is published.")
    again = N_("A new edition of the synthesis “%(synthesis)s” is published.")
    words = Message(again if synthesis.in_force else first, {"synthesis": edition.title})
    touches = [Touch(f"process/{synthesis.process.public_id}", synthesis.process.title, words, page)]
    touches += [
        Touch(f"theme/{one.public_id}", one.title, words, f"/themes/{one.public_id}") for one in themes
    ]
    await notices.announce(
        News(
            about=f"synthesis/{synthesis.public_id}",
            once_key=f"news/synthesis/{edition.public_id}",
            title=edition.title,
            touches=tuple(touches),
        )
    )


async def stop_synthesis(official: Viewer, synthesis: SynthesisCard) -> EditionCard:
    """Stop a signed edition before it becomes public. Raises Conflict once it has left."""
    may_stop_synthesis(official, synthesis.process.public_id).demand()
    async with database.transaction():
        await database.execute(_HOLD, synthesis.id)
        pending = (await synthesis_by_public_id(synthesis.public_id)).pending
        if pending is None:
            raise Conflict(_NOTHING_WAITS)
        await SynthesisStop.create(
            edition_id=pending.id, stopped_by_id=official.participant, stopped_at=clock.now()
        )
        await ledger.record(
            "synthesis.stopped",
            synthesis.public_id,
            rev=pending.number,
            content={"edition": pending.public_id},
            author=official.public_id,
        )
        stopped = await synthesis_by_public_id(synthesis.public_id)
        return next(one for one in stopped.editions if one.id == pending.id)


async def _card(edition: SynthesisEdition) -> EditionCard:
    card = await synthesis_by_id(edition.synthesis_id)
    return next(one for one in card.editions if one.id == edition.id)
