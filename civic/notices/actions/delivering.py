"""Carry mail out: one lease per mail, one Message-ID for ever, and patience with the server.

A mail is taken by moving its lease, in one statement. A worker that dies before the server accepted lets
the lease run out and another sends it; one that dies after may send it again under the same Message-ID,
which mail programs show once. Refusals for good (5xx about this mail) end it; anything else waits longer
each time.
"""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from civic import settings
from civic.foundation import clock, database
from civic.notices.actions.stopping import stop_token
from civic.notices.kinds import ALWAYS, KINDS
from civic.notices.letters import compose
from civic.settings import Settings

log = logging.getLogger("civic.mail")

LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 45
"""About three days of trying."""
SECONDS_PER_MAIL = 60
SECONDS_PER_COMMAND = 20
SECONDS_PER_ROUND = 30
_LONGEST_WAIT = timedelta(hours=2)

_DUE = """
  SELECT id FROM mail
  WHERE state = 'waiting' AND not_before <= ? AND (lease_until IS NULL OR lease_until < ?)
  ORDER BY not_before, id LIMIT 1
"""
_TAKE = "UPDATE mail SET lease_until = ?, attempts = attempts + 1 WHERE id"
_TAKEN = "RETURNING id, notice_id, message_id, attempts, lease_until"
_CLAIM = {
    "sqlite": f"{_TAKE} IN ({_DUE}) {_TAKEN}",
    # An array is chosen once; a subquery may be run again for each row, and then takes more than one.
    "postgres": f"{_TAKE} = ANY (ARRAY({_DUE} FOR UPDATE SKIP LOCKED)) {_TAKEN}",
}
_NOTICE = """
SELECT n.public_id, n.address, n.language, n.kind, n.data, n.created_at, n.retracted_at,
  EXISTS (SELECT 1 FROM mail_stop s WHERE s.address = n.address AND s."group" = ?) AS stopped
FROM notice n WHERE n.id = ?
"""
_KIND = "SELECT kind FROM notice WHERE id = ?"
_SETTLE = """
UPDATE mail SET state = ?, sent_at = ?, last_error = ?, lease_until = NULL
WHERE id = ? AND state = 'waiting' AND lease_until = ?
"""
_AGAIN = """
UPDATE mail SET not_before = ?, last_error = ?, lease_until = NULL
WHERE id = ? AND state = 'waiting' AND lease_until = ?
"""
_WIPE = "UPDATE notice SET data = '{}' WHERE id = ?"


class Refused(Exception):
    """The server does not want this mail, now or ever."""


class _Terminal:
    """A mail server that is this terminal: `CIVIC_SMTP_URL=terminal:`, for trying things out."""

    is_connected = True

    async def connect(self) -> None:
        """Need nothing."""

    async def send_message(self, message: EmailMessage) -> None:
        """Print the text part."""
        part = message.get_body(("plain",))
        words = part.get_content().strip() if part else ""
        sys.stdout.write(f"\n--- mail to {message['To']}: {message['Subject']}\n{words}\n---\n")
        sys.stdout.flush()

    async def quit(self) -> None:
        """Need nothing."""

    def close(self) -> None:
        """Need nothing."""


Server = aiosmtplib.SMTP | _Terminal


@dataclass
class _Line:
    """A connection to the mail server, opened when the first mail needs it."""

    settings: Settings
    client: Server | None = None


async def deliver_due(given: Settings | None = None, *, limit: int = 200) -> int:
    """Send the mails that are due; tell how many left. Without a mail server they wait."""
    current = given or settings.current()
    if not current.smtp_url:
        return 0
    sent, began = 0, asyncio.get_running_loop().time()
    async with _line(current) as line:
        for _ in range(limit):
            mail = await _next()
            if mail is None:
                break
            sent += await _deliver(line, mail)
            if asyncio.get_running_loop().time() - began > SECONDS_PER_ROUND:
                break
    return sent


async def _next() -> dict[str, Any] | None:
    now = clock.now()
    taken = await database.rows(_CLAIM[database.dialect()], now + LEASE, now, now)
    return taken[0] if taken else None


async def _deliver(line: _Line, mail: dict[str, Any]) -> int:
    kind = (await database.rows(_KIND, mail["notice_id"]))[0]["kind"]
    notice = (await database.rows(_NOTICE, KINDS[kind].group, mail["notice_id"]))[0]
    reason = _why_not(notice)
    if reason:
        await _settle(mail, "retracted", reason)
        return 0
    try:
        async with asyncio.timeout(SECONDS_PER_MAIL):
            await _send(line, mail, notice)
    except Refused as error:
        log.warning("Mail %s was refused: %s", mail["id"], error)
        await _settle(mail, "failed", str(error))
    except (aiosmtplib.SMTPException, OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        await _hang_up(line)
        await _try_later(mail, error)
    else:
        await _settle(mail, "sent", None)
        return 1
    return 0


def _why_not(notice: dict[str, Any]) -> str:
    """Say why a mail that was owed does not leave after all."""
    if notice["retracted_at"] is not None:
        return "retracted"
    if notice["stopped"] and KINDS[notice["kind"]].group != ALWAYS:
        return "stopped by its reader"
    return "its link is over" if KINDS[notice["kind"]].secret and _is_over(_data(notice)) else ""


def _is_over(data: dict[str, Any]) -> bool:
    until = data.get("until")
    moment = until.get("moment") if isinstance(until, dict) else None
    return moment is not None and datetime.fromisoformat(str(moment)) <= clock.now()


async def _send(line: _Line, mail: dict[str, Any], notice: dict[str, Any]) -> None:
    kind = KINDS[notice["kind"]]
    stop_path = None if kind.group == ALWAYS else f"/notices/stop/{stop_token(notice['public_id'])}"
    try:
        message = await compose(
            to=notice["address"],
            language=notice["language"],
            kind=notice["kind"],
            data=_data(notice),
            message_id=mail["message_id"],
            date=format_datetime(database.moment(notice["created_at"])),
            stop_path=stop_path,
        )
    except ValueError as error:
        raise Refused(f"it cannot be written: {error}") from error
    client = await _connected(line)
    try:
        await client.send_message(message)
    except aiosmtplib.SMTPRecipientsRefused as error:
        _raise_for(error.recipients[0], error)
    except aiosmtplib.SMTPDataError as error:
        _raise_for(error, error)


def _raise_for(reply: aiosmtplib.SMTPResponseException, error: Exception) -> None:
    """Part what will never be taken from what may be taken later."""
    if 500 <= reply.code < 600:
        raise Refused(f"{reply.code} {reply.message}"[:300]) from error
    raise error


async def _connected(line: _Line) -> Server:
    if line.client is None or not line.client.is_connected:
        line.client = _client(line.settings.smtp_url or "")
        await line.client.connect()
    return line.client


def _client(url: str) -> Server:
    """Read `smtp://name:password@host:port` (or `smtps://`); `?starttls=always|never`, or when offered."""
    parts = urlsplit(url)
    if parts.scheme == "terminal":
        return _Terminal()
    wanted = parse_qs(parts.query).get("starttls", ["offered"])[0]
    return aiosmtplib.SMTP(
        hostname=parts.hostname or "127.0.0.1",
        port=parts.port or (465 if parts.scheme == "smtps" else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=parts.scheme == "smtps",
        start_tls={"always": True, "never": False}.get(wanted),
        timeout=SECONDS_PER_COMMAND,
    )


@asynccontextmanager
async def _line(current: Settings) -> AsyncIterator[_Line]:
    line = _Line(current)
    try:
        yield line
    finally:
        await _hang_up(line, politely=True)


async def _hang_up(line: _Line, *, politely: bool = False) -> None:
    client, line.client = line.client, None
    if client is None:
        return
    if politely and client.is_connected:
        with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            async with asyncio.timeout(5):
                await client.quit()
    client.close()


async def _settle(mail: dict[str, Any], state: str, error: str | None) -> None:
    """Write down how a mail ended; what opened something is forgotten with it."""
    sent_at = clock.now() if state == "sent" else None
    lease = database.moment(mail["lease_until"])
    async with database.transaction():
        if await database.execute(_SETTLE, state, sent_at, error, mail["id"], lease):
            kind = (await database.rows(_KIND, mail["notice_id"]))[0]["kind"]
            if KINDS[kind].secret:
                await database.execute(_WIPE, mail["notice_id"])


async def _try_later(mail: dict[str, Any], error: Exception) -> None:
    said = f"{type(error).__name__}: {error}"[:300]
    log.warning("Mail %s did not leave, attempt %s: %s", mail["id"], mail["attempts"], said)
    if mail["attempts"] >= MOST_ATTEMPTS:
        await _settle(mail, "failed", said)
        return
    wait = min(timedelta(seconds=15 * 2 ** min(mail["attempts"], 12)), _LONGEST_WAIT)
    lease = database.moment(mail["lease_until"])
    await database.execute(_AGAIN, clock.now() + wait, said, mail["id"], lease)


def _data(notice: dict[str, Any]) -> dict[str, Any]:
    data = notice["data"]
    read: dict[str, Any] = json.loads(data) if isinstance(data, str) else data
    return read
