"""`civic serve`: open the house to people."""

from urllib.parse import urlsplit

import click
import uvicorn

from civic import settings
from civic.commands.console import PORT, fail, failures_in_words, run
from civic.foundation import database, logs
from civic.settings import Settings

DRAIN_SECONDS = 30


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, help="Port to listen on.  [default: the public address's, or 8000]")
def serve(host: str, port: int | None) -> None:
    """Serve pages, and do the work that is owed (mail, notices) beside them."""
    with failures_in_words():
        current = settings.current()
        settings.demand_safe_to_serve(current)
    if wrong := run(_what_is_missing()):
        fail(f"{wrong}; run `civic migrate` first.")
    logs.configure()
    uvicorn.run(
        "civic.app:serving",
        factory=True,
        host=host,
        port=port or _port(current),
        workers=current.workers,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


def _port(current: Settings) -> int:
    """Listen where a browser on this machine would look."""
    written = urlsplit(current.public_url).port
    return written if written and current.is_local else 8000


async def _what_is_missing() -> str:
    async with database.connect():
        return await database.what_is_missing()


commands = (serve,)
