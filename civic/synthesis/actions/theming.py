"""Begin a theme, put its words better, put points in and take them out. Nothing is overwritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from civic.contributions.queries import ClaimCard
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Conflict
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes.queries import ProcessPage
from civic.synthesis.forms import ThemeDraft
from civic.synthesis.models import Theme, ThemeLink, ThemeVersion
from civic.synthesis.policies import may_theme
from civic.synthesis.queries.numbers import COUNTED
from civic.synthesis.queries.themes import ThemeCard, theme_by_public_id, theme_titles, themes_of_claims
from civic.synthesis.rules import Stance

QUICKER = N_("Somebody was quicker: this was changed meanwhile. Your words are below; nothing is lost.")

_NEXT = "UPDATE theme SET version = version + 1 WHERE id = ? AND version = ?"
_HOLD = "UPDATE theme SET version = version WHERE id = ?"
_UNLINK = """
UPDATE theme_link SET unlinked_by_id = ?, unlinked_at = ?
WHERE theme_id = ? AND unlinked_at IS NULL AND claim_id IN ({marks})
"""
_UNDER = """
SELECT t.public_id AS theme, l.stance, l.claim_id FROM theme_link l JOIN theme t ON t.id = l.theme_id
WHERE l.unlinked_at IS NULL AND l.claim_id IN ({marks}) ORDER BY t.id, l.id
"""
_FITTING = f"""
SELECT k.id, k.public_id, l.id AS link_id, l.stance
FROM claim k
JOIN contribution c ON c.id = k.contribution_id
LEFT JOIN theme_link l ON l.claim_id = k.id AND l.theme_id = ? AND l.unlinked_at IS NULL
WHERE k.public_id IN ({{marks}}) AND c.process_id = ? AND {COUNTED}
ORDER BY k.id
"""  # noqa: S608 - constants only


@dataclass(frozen=True)
class Moved:
    """How many points went into a theme, or came out of it."""

    points: int


async def begin_theme(official: Viewer, process: ProcessPage, draft: ThemeDraft) -> ThemeCard:
    """Begin a theme of a process."""
    may_theme(official, process.public_id).demand()
    async with database.transaction():
        row = await Theme.create(
            public_id=ids.public_id(),
            process_id=process.id,
            title=draft.title,
            concern=draft.concern,
            minority=draft.minority,
            created_by_id=official.participant,
            created_at=clock.now(),
        )
        await _write(official, row.id, row.public_id, process.public_id, draft, 1)
        return await theme_by_public_id(row.public_id)


async def rewrite_theme(
    official: Viewer, theme: ThemeCard, draft: ThemeDraft, *, expected_version: int
) -> ThemeCard:
    """Write the next version of the words of a theme. Raises Conflict when somebody did so meanwhile."""
    may_theme(official, theme.process).demand()
    async with database.transaction():
        if not await database.execute(_NEXT, theme.id, expected_version):
            raise Conflict(QUICKER)
        await Theme.filter(id=theme.id).update(
            title=draft.title, concern=draft.concern, minority=draft.minority
        )
        await _write(official, theme.id, theme.public_id, theme.process, draft, expected_version + 1)
        return await theme_by_public_id(theme.public_id)


async def _write(
    official: Viewer, theme_id: int, public_id: str, process: str, draft: ThemeDraft, number: int
) -> None:
    await ThemeVersion.create(
        theme_id=theme_id,
        number=number,
        title=draft.title,
        concern=draft.concern,
        minority=draft.minority,
        written_by_id=official.participant,
        written_at=clock.now(),
    )
    await ledger.record(
        "theme.written",
        public_id,
        rev=number,
        parent=process,
        content={"title": draft.title, "concern": draft.concern, "minority": draft.minority},
        author=official.public_id,
    )


async def put_in(
    official: Viewer, theme: ThemeCard, points: Sequence[str], stance: Stance | None = None
) -> Moved:
    """Put points in a theme; one that is in it already changes only the side it stands on.

    Points of other processes, withdrawn words and particular situations are left out.
    """
    may_theme(official, theme.process).demand()
    async with database.transaction():
        await database.execute(_HOLD, theme.id)
        wanted = str(stance or "")
        found = [one for one in await _fitting(theme, points) if one["stance"] != wanted]
        await _unlink(official, theme, [one["id"] for one in found if one["link_id"] is not None])
        await ThemeLink.bulk_create(
            [
                ThemeLink(
                    theme_id=theme.id,
                    claim_id=one["id"],
                    stance=wanted,
                    linked_by_id=official.participant,
                    linked_at=clock.now(),
                )
                for one in found
            ]
        )
        await _record(official, theme, "theme.put_in", [one["public_id"] for one in found], wanted)
    return Moved(len(found))


async def take_out(official: Viewer, theme: ThemeCard, points: Sequence[str]) -> Moved:
    """Take points out of a theme; that they were in it, and who took them out, stays written."""
    may_theme(official, theme.process).demand()
    async with database.transaction():
        await database.execute(_HOLD, theme.id)
        found = [one for one in await _fitting(theme, points) if one["link_id"] is not None]
        await _unlink(official, theme, [one["id"] for one in found])
        await _record(official, theme, "theme.taken_out", [one["public_id"] for one in found], "")
    return Moved(len(found))


async def inherit(official: Viewer, heirs: Mapping[int, Sequence[str]]) -> None:
    """Leave the points of a new cut in the themes of the points whose words they share, on the same side.

    `heirs` gives, by the id of each point that was cut again, the public ids of the points that follow it.
    """
    if not heirs:
        return
    themed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in await database.rows(_UNDER.format(marks=", ".join("?" * len(heirs))), *heirs):
        themed[row["theme"], row["stance"]] += heirs[row["claim_id"]]
    for (theme, stance), points in themed.items():
        if points:
            await put_in(
                official, await theme_by_public_id(theme), points, Stance(stance) if stance else None
            )


async def sort_point(
    official: Viewer, process: ProcessPage, claim: ClaimCard, wanted: Collection[str]
) -> None:
    """Put one point in just these themes of its process, and take it out of the others."""
    may_theme(official, process.public_id).demand()
    async with database.transaction():
        now = {one.public_id for one in (await themes_of_claims([claim.id])).get(claim.id, ())}
        for theme in await theme_titles(process.id):
            if theme.public_id in wanted and theme.public_id not in now:
                await put_in(official, theme, [claim.public_id])
            elif theme.public_id in now and theme.public_id not in wanted:
                await take_out(official, theme, [claim.public_id])


async def _fitting(theme: ThemeCard, points: Sequence[str]) -> list[dict[str, object]]:
    wanted = list(dict.fromkeys(points))
    if not wanted:
        return []
    sql = _FITTING.format(marks=", ".join("?" * len(wanted)))
    return await database.rows(sql, theme.id, *wanted, theme.process_id)


async def _unlink(official: Viewer, theme: ThemeCard, claims: Sequence[object]) -> None:
    if claims:
        sql = _UNLINK.format(marks=", ".join("?" * len(claims)))
        await database.execute(sql, official.participant, clock.now(), theme.id, *claims)


async def _record(official: Viewer, theme: ThemeCard, kind: str, points: list[object], stance: str) -> None:
    if points:
        content = {"points": points, "stance": stance} if stance else {"points": points}
        await ledger.record(
            kind, theme.public_id, rev=theme.version, content=content, author=official.public_id
        )
