"""The real thing: `civic serve` in a process of its own, and a mail server that keeps what it is given."""

from __future__ import annotations

import asyncio
import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import httpx
from aiosmtpd.controller import Controller

from civic.settings import Settings

PATIENCE = 120.0
"""Seconds until something counts as broken: far more than it needs, for machines that do much else."""


@dataclass
class Post:
    """A mail server that takes everything and loses nothing."""

    mails: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    async def handle_DATA(self, server, session, envelope) -> str:
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        """Give the mails of an address, oldest first."""
        return [mail for mail in self.mails if address.casefold() in str(mail["To"]).casefold()]

    async def wait_for(self, address: str, count: int = 1) -> list[EmailMessage]:
        """Wait until an address has so many mails."""
        until = time.monotonic() + PATIENCE
        while len(self.to(address)) < count:
            assert time.monotonic() < until, f"no mail number {count} came to {address}"
            await asyncio.sleep(0.1)
        return self.to(address)


def text_of(mail: EmailMessage) -> str:
    """Read the plain part of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage, start: str) -> str:
    """Find the path of a link in a mail by how it starts."""
    found = re.search(rf"https?://[^/\s]+({re.escape(start)}[^\s>)\"]*)", text_of(mail))
    assert found, f"no link to {start} in: {text_of(mail)}"
    return found[1]


@contextmanager
def post_office() -> Iterator[Post]:
    """Open the mail server."""
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        controller.stop()


@dataclass(frozen=True)
class House:
    """A running instance: where it answers, where its database is, where its mails go."""

    origin: str
    settings: Settings
    post: Post


@contextmanager
def serving(database_url: str, files: Path, log: Path, **variables: str) -> Iterator[House]:
    """Run the command that a town would run, on a database of its own, behind a proxy it trusts."""
    with post_office() as post:
        port = free_port()
        origin = f"http://127.0.0.1:{port}"
        given = {
            "CIVIC_DATABASE_URL": database_url,
            "CIVIC_PUBLIC_URL": origin,
            "CIVIC_SMTP_URL": f"smtp://127.0.0.1:{post.port}?starttls=never",
            "CIVIC_MAIL_FROM": "civic@town.example",
            "CIVIC_PROXIES": "127.0.0.1/32",
            "CIVIC_HOLD_SECONDS": "0",
            "CIVIC_FILES": str(files),
            **variables,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CIVIC_")}
        with log.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "civic", "serve"],
                env={**kept, **given},
                stdout=written,
                stderr=written,
            )
            try:
                _wait_until_ready(process, origin, log)
                settings = Settings(
                    database_url=database_url,
                    public_url=origin,
                    smtp_url=given["CIVIC_SMTP_URL"],
                    mail_from=given["CIVIC_MAIL_FROM"],
                    proxies=("127.0.0.1/32",),
                    hold_seconds=int(given["CIVIC_HOLD_SECONDS"]),
                    files=files,
                )
                yield House(origin, settings, post)
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(10)
    faults = [line for line in log.read_text(errors="replace").splitlines() if "civic.faults" in line]
    assert not faults, "the house had faults:\n" + "\n".join(faults)


def _wait_until_ready(process: subprocess.Popen[bytes], origin: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if httpx.get(f"{origin}/readyz", trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        assert process.poll() is None, log.read_text(errors="replace")
        assert time.monotonic() < until, "the house does not open: " + log.read_text(errors="replace")
        time.sleep(0.1)


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
