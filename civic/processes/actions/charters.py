"""Publish the charters: every version stays readable."""

from __future__ import annotations

from civic.foundation import clock, database, ids, text
from civic.foundation.errors import N_, Conflict
from civic.foundation.tables import Localized
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes.forms import CharterDraft
from civic.processes.models import CharterKind, CharterVersion
from civic.processes.policies import may_publish_charter
from civic.processes.queries.charters import CharterCard, charter_in_force, shipped

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7218)"
_NEWER = N_("Somebody published another version meanwhile. Read it before you publish yours.")


async def publish_charter(
    administrator: Viewer, kind: CharterKind, draft: CharterDraft, *, expected: int
) -> CharterCard:
    """Put a new version in force. Conflict when somebody published one since ``expected`` was read."""
    may_publish_charter(administrator).demand()
    html = {language: await text.render(source, 2) for language, source in draft.source.items()}
    async with database.transaction():
        if database.dialect() == "postgres":
            await database.rows(_ONE_AT_A_TIME)
        last = await CharterVersion.filter(kind=kind).order_by("-number").first()
        if last is None:
            last = await _keep_shipped(kind)
        if last.number != expected:
            raise Conflict(_NEWER)
        row = await CharterVersion.create(
            kind=kind,
            number=last.number + 1,
            source=draft.source,
            html=html,
            published_by_id=administrator.participant,
            published_at=clock.now(),
        )
        await _record(administrator, kind, row.number, draft.source)
    return await charter_in_force(kind)


async def _keep_shipped(kind: CharterKind) -> CharterVersion:
    """Write down the text this product came with, so that it stays readable once another replaces it."""
    card = await shipped(kind)
    return await CharterVersion.create(
        kind=kind, number=1, source=card.source, html=card.html, published_at=clock.now()
    )


async def _record(administrator: Viewer, kind: CharterKind, number: int, source: Localized) -> None:
    """The record has one object per published version, since a charter itself has no id."""
    await ledger.record(
        "rules.changed",
        ids.public_id(),
        content={"kind": kind, "number": number, "source": source},
        author=administrator.public_id,
        ref=f"charter/{kind}/{number}",
    )
