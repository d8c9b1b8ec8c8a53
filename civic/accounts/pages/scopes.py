"""Where roles are held, in words: the titles of processes."""

from collections.abc import Iterable

from civic.accounts.queries import GrantCard
from civic.foundation.viewer import Viewer
from civic.processes.queries import titles_of as process_titles
from civic.processes.queries import worked_on

Titles = dict[str, dict[str, str]]


async def titles_of(viewer: Viewer) -> Titles:
    """Give the titles of the processes in which a viewer holds a role."""
    return await process_titles(held.process for held in viewer.roles if held.process)


async def titles_of_grants(grants: Iterable[GrantCard]) -> Titles:
    """Give the titles of the processes some roles are about."""
    return await titles_of_scopes(grant.scope for grant in grants)


async def titles_of_scopes(scopes: Iterable[str]) -> Titles:
    """Give the titles of some processes by public id."""
    return await process_titles(scopes)


async def scopes_for(viewer: Viewer) -> Titles:
    """Give the processes an administrator may give a role in."""
    return {process.public_id: process.title for process in (await worked_on(viewer, limit=500)).processes}
