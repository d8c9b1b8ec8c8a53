"""A real mail server for tests, with the moods of real ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass
class Office:
    """What a mail server took in, and how it answers; an answer is taken off the list at each step."""

    at_recipient: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)
    hangs: bool = False
    letters: list[EmailMessage] = field(default_factory=list)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if self.at_recipient:
            return self.at_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.hangs:
            self.waiting.set()
            await asyncio.sleep(600)
        if self.at_data:
            return self.at_data.pop(0)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@asynccontextmanager
async def post_office(**given: Any) -> AsyncIterator[Office]:
    """Open a mail server on a free port of this machine."""
    mood: dict[str, Any] = {
        name: value[:] if isinstance(value, list) else value for name, value in given.items()
    }
    office = Office(**mood)
    make: Callable[[], SMTP] = lambda: SMTP(office, enable_SMTPUTF8=True)  # noqa: E731
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    office.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}?starttls=never"
    try:
        yield office
    finally:
        server.close()
        for task in asyncio.all_tasks():
            if "_handle_client" in repr(task):
                task.cancel()
        await asyncio.sleep(0)
