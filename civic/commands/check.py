"""`civic check`: say whether this installation is sound, before people find out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import click

from civic import settings
from civic.commands.console import as_json, fail, run, say
from civic.contributions import queries as contributions
from civic.foundation import database
from civic.ledger import queries as ledger
from civic.settings import ConfigurationError


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `wrong` says what is the matter, or nothing."""

    about: str
    wrong: str


@click.command()
@as_json
def check(as_json: bool) -> None:
    """Check the configuration, the database and the ledger."""
    findings = run(_findings(), as_json=as_json)
    for finding in findings:
        if not as_json:
            click.echo(
                f"{'✗' if finding.wrong else '✓'} {finding.about}{': ' * bool(finding.wrong)}{finding.wrong}"
            )
    wrong = [finding for finding in findings if finding.wrong]
    if wrong:
        fail("; ".join(f"{finding.about}: {finding.wrong}" for finding in wrong), as_json=as_json)
    say("All is well.", {"checked": [finding.about for finding in findings]}, as_json=as_json)


async def _findings() -> list[Finding]:
    return [Finding("configuration", _configuration()), *[finding async for finding in _database()]]


def _configuration() -> str:
    try:
        settings.demand_safe_to_serve(settings.current())
    except ConfigurationError as error:
        return str(error)
    return ""


async def _database() -> AsyncIterator[Finding]:
    async with database.connect():
        try:
            wrong = await database.what_is_missing()
        except Exception as error:
            yield Finding("database", f"it does not answer ({type(error).__name__})")
            return
        yield Finding("database", wrong)
        if not wrong:
            yield Finding("stored pages and links", await _stored())
            yield Finding("ledger", await ledger.what_is_wrong())
            yield Finding("sealed statements", await _sealed())


async def _stored() -> str:
    """Let SQLite read its whole file; PostgreSQL checks its pages by itself."""
    if database.dialect() != "sqlite":
        return ""
    (answer,) = await database.rows("SELECT * FROM pragma_quick_check(1)")
    said = str(next(iter(answer.values())))
    broken = await database.rows('SELECT DISTINCT "table" AS name FROM pragma_foreign_key_check')
    if said != "ok":
        return said
    return f"rows of {', '.join(row['name'] for row in broken)} point to nothing" if broken else ""


async def _sealed() -> str:
    """Say which keys are missing for statements that are still sealed under them."""
    return "; ".join(
        f"the key {name} is missing from CIVIC_DATA_KEYS, {number} statements wait for it: put it back, "
        "then run `civic reseal`"
        for name, number in (await contributions.unreadable()).items()
    )


commands = (check,)
