"""The figures of the public coverage board, each with its definition and with what it was counted from."""

from __future__ import annotations

import hashlib
import json

from civic import settings
from civic.evaluation import queries as evaluation
from civic.evaluation.queries import Board, Share, Waiting
from civic.evaluation.small_groups import FEWEST
from civic.evaluation.words import FIGURES, WAITS, Named
from civic.foundation import languages
from civic.foundation.errors import N_, NotFound
from civic.foundation.viewer import STRANGER
from civic.opendata import addresses
from civic.opendata.describing import plain
from civic.opendata.figures import PublicIndicators, PublicShare, PublicWait, Texts
from civic.processes import queries as processes
from civic.processes.queries import Category, ProcessPage

AT_ONCE = 3
"""Processes on a page: each is counted from all its points."""
_NO_CURSOR = N_("No list has this cursor: begin again without it.")
_RULE = N_(
    "Groups are compared on the page of the process only. A group of fewer than %(fewest)s people is not "
    "shown, nor another from which it could be found by subtraction."
)


async def public_indicators(
    slug: str | None, after: str | None
) -> tuple[tuple[PublicIndicators, ...], str | None]:
    """Give the figures of one process, or of all that are not drafts, newest first."""
    if slug is not None:
        if after is not None:
            raise NotFound(_NO_CURSOR)
        return (await _indicators(await processes.visible_process(STRANGER, slug)),), None
    if after is not None and await _is_draft(after):
        raise NotFound(_NO_CURSOR)
    found = await processes.listing(None, after=after, limit=AT_ONCE)
    return tuple([await _indicators(one) for one in found.processes]), found.after


async def _is_draft(public_id: str) -> bool:
    try:
        return (await processes.process_by_public_id(public_id)).is_draft
    except NotFound:
        raise NotFound(_NO_CURSOR) from None


async def _indicators(process: ProcessPage) -> PublicIndicators:
    board = (await evaluation.board_of_process(process)).board
    shares = tuple(_share(key, one) for key, one in board.shares.items()) if board else ()
    waits = tuple(_wait(key, one) for key, one in board.waits.items()) if board else ()
    counts = _counts(board)
    said = json.dumps(plain([process.public_id, shares, waits, counts]), sort_keys=True)
    return PublicIndicators(
        process=process.slug,
        is_counted=board is not None,
        **counts,
        absent=tuple(Category(one) for one in board.absent) if board else (),
        evenness=board.evenness if board else None,
        shares=shares,
        waits=waits,
        fewest=FEWEST,
        small_groups=_texts(_RULE, fewest=FEWEST),
        hash=hashlib.sha256(said.encode()).hexdigest(),
        url=addresses.process(process.slug) + "/evaluation",
    )


def _counts(board: Board | None) -> dict[str, int]:
    names = ("points", "contributions", "people", "withdrawn", "late")
    return {name: int(getattr(board, name)) if board else 0 for name in names}


def _share(key: str, share: Share) -> PublicShare:
    named = FIGURES[key]
    return PublicShare(
        key, _texts(named.title), _texts(named.definition), share.number, share.total, share.value
    )


def _wait(key: str, wait: Waiting) -> PublicWait:
    named: Named = WAITS[key]
    said = _texts(named.title), _texts(named.definition)
    return PublicWait(key, *said, wait.ended, wait.going_on, wait.total, wait.median, wait.p80)


def _texts(msgid: str, **values: object) -> Texts:
    return {
        language: languages.gettext(language, msgid) % values
        if values
        else languages.gettext(language, msgid)
        for language in settings.current().languages
    }
