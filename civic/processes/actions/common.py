"""What every act on a process shares: its lock, its search row, and whoever listens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from civic import settings
from civic.foundation import database, search
from civic.foundation.errors import NotFound
from civic.foundation.tables import Localized
from civic.processes.models import PhaseAct
from civic.processes.policies import PhaseCard
from civic.processes.queries import ProcessPage, process_by_id
from civic.processes.queries.reading import IssueCard

_TOUCH = "UPDATE process SET version = version + 1 WHERE id = ?"


@dataclass(frozen=True)
class PhaseChanged:
    """A step was opened, extended or closed: people who take part are told."""

    process_id: int
    phase: PhaseCard
    act: PhaseAct
    reason: Localized
    freezes: tuple[IssueCard, ...] = ()
    """The questions whose last day moved with it."""


LISTENERS: list[Callable[[PhaseChanged], Awaitable[None]]] = []
"""Called in the transaction in which a step changes; the front door registers them."""


async def touch(process_id: int) -> None:
    """Raise the version of a process, so that nothing older of it is shown; holds its row until the end."""
    if not await database.execute(_TOUCH, process_id):
        raise NotFound


async def lock(process_id: int) -> ProcessPage:
    """Hold a process against other acts until the transaction ends, and give it as it stands."""
    await touch(process_id)
    return await process_by_id(process_id)


async def index(process: ProcessPage) -> None:
    """Make a public process and its questions findable, in every language they are written in."""
    if process.is_draft:
        return
    await search.index(
        f"process/{process.public_id}",
        kind="process",
        process=process.public_id,
        language=_main_language(process.title),
        title=_all_of(process.title),
        body=_all_of(process.summary),
    )
    for issue in process.issues:
        await _index_issue(process, issue)


async def _index_issue(process: ProcessPage, issue: IssueCard) -> None:
    await search.index(
        f"issue/{issue.public_id}",
        kind="issue",
        process=process.public_id,
        language=_main_language(issue.title),
        title=_all_of(issue.title),
        body=_all_of(issue.description),
    )


def _main_language(text: Localized) -> str:
    return next(iter(text), settings.current().languages[0])


def _all_of(text: Localized) -> str:
    return " · ".join(dict.fromkeys(text.values()))
