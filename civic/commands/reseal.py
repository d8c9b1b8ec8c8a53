"""`civic reseal`: seal again, under the newest key, what older keys of CIVIC_DATA_KEYS sealed."""

import click

from civic.commands.console import as_json, fail, run, say
from civic.contributions.actions import seal_under_newest_key
from civic.foundation import database
from civic.foundation.sealing import CannotOpen


@click.command()
@as_json
def reseal(as_json: bool) -> None:
    """Seal private statements again under the first key. Afterwards the older keys can be dropped."""
    done = run(_reseal(), as_json=as_json)
    if isinstance(done, str):
        fail(done, as_json=as_json)
    say(f"{done} statements are sealed again under the first key.", {"resealed": done}, as_json=as_json)


async def _reseal() -> int | str:
    async with database.connect():
        try:
            return await seal_under_newest_key()
        except CannotOpen as missing:
            return str(missing)


commands = (reseal,)
