"""`civic user`: people and their roles, for whoever can run commands on the machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import click

from civic import settings
from civic.accounts import actions, queries
from civic.accounts.actions.roles import Where
from civic.accounts.forms import read_name
from civic.accounts.queries import LinkPurpose, PersonCard, Role
from civic.accounts.words import EVERYWHERE
from civic.app import subscribe
from civic.commands.console import as_json, run, say
from civic.foundation import database, forms
from civic.foundation.errors import CivicError, Invalid, Message, NotFound
from civic.foundation.viewer import Held
from civic.processes.queries import process_by_slug

LINK_LIFE = timedelta(hours=24)

_role = click.option("--role", type=click.Choice([str(role) for role in Role]), help="Role to give.")
_needed_role = click.option(
    "--role", type=click.Choice([str(role) for role in Role]), required=True, help="Which role."
)
_process = click.option("--process", metavar="SLUG", help="In this process only; everywhere without it.")
_reason = click.option("--reason", default="", metavar="TEXT", help="Why; kept in the record.")


@dataclass(frozen=True)
class Scope:
    """Where a role is held: the public id of a process, or everywhere, and its words."""

    key: str = ""
    where: Where = EVERYWHERE


@click.group()
def user() -> None:
    """Make accounts, give and take roles."""


@user.command()
@click.argument("address", required=False)
@click.option("--name", metavar="NAME", help="Name shown beside what the person writes.")
@click.option("--language", type=click.Choice(settings.LANGUAGES), help="Language of pages and messages.")
@_role
@_process
@_reason
@as_json
def create(
    address: str | None,
    name: str | None,
    language: str | None,
    role: str | None,
    process: str | None,
    reason: str,
    as_json: bool,
) -> None:
    """Make an account, give it a role if asked, and print a one-use link that signs in.

    The address and the name are asked for where they are not given.
    """
    address = address or click.prompt("E-mail address", err=True)
    name = name or click.prompt("Name shown beside what the person writes", err=True)
    work = _create(address, name, language or settings.current().languages[0], role, process, reason)
    facts = run(work, as_json=as_json)
    sentence = f"{facts['name']} has an account. One-use link, good for a day:\n{facts['link']}"
    say(sentence, facts, as_json=as_json)


@user.command()
@click.argument("address")
@_needed_role
@_process
@_reason
@as_json
def grant(address: str, role: str, process: str | None, reason: str, as_json: bool) -> None:
    """Give a role to somebody who has an account."""
    facts = run(_grant(address, role, process, reason), as_json=as_json)
    say(f"{facts['name']} now holds the role {role}.", facts, as_json=as_json)


@user.command()
@click.argument("address")
@_needed_role
@_process
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept in the record, the person reads it.")
@as_json
def revoke(address: str, role: str, process: str | None, reason: str, as_json: bool) -> None:
    """Take a role back; the person is signed out everywhere."""
    facts = run(_revoke(address, role, process, reason), as_json=as_json)
    say(f"{facts['name']} no longer holds the role {role}.", facts, as_json=as_json)


@user.command()
@click.argument("address")
@as_json
def token(address: str, as_json: bool) -> None:
    """Print a one-use link that signs somebody in, good for a day."""
    facts = run(_token(address), as_json=as_json)
    say(facts["link"], facts, as_json=as_json)


async def _create(
    address: str, name: str, language: str, role: str | None, process: str | None, reason: str
) -> dict[str, str]:
    subscribe()
    async with database.connect():
        given = _read(address, name)
        scope = await _scope(process)
        if await queries.any_person_at(given["address"]) is not None:
            raise CivicError(f"{given['address']} has an account already: use `civic user grant`.")
        async with database.transaction():
            participant = await actions.make_account(given["name"], given["address"], language)
            if role:
                await actions.grant_role(
                    None, participant.id, Role(role), scope.key, reason, where=scope.where
                )
        return await _facts(await queries.person(participant.id), link=True)


async def _grant(address: str, role: str, process: str | None, reason: str) -> dict[str, str]:
    async with database.connect():
        person, scope = await _known(address), await _scope(process)
        await actions.grant_role(None, person.id, Role(role), scope.key, reason, where=scope.where)
        return await _facts(person)


async def _revoke(address: str, role: str, process: str | None, reason: str) -> dict[str, str]:
    async with database.connect():
        person, scope = await _known(address), await _scope(process)
        held = await queries.grants_of(person.id)
        found = held.get(Held(role, scope.key or None))
        if found is None:
            raise CivicError(f"{person.name} does not hold the role {role} there.")
        await actions.revoke_role(None, found, reason, where=scope.where)
        return await _facts(person)


async def _token(address: str) -> dict[str, str]:
    async with database.connect():
        return await _facts(await _known(address), link=True)


async def _facts(person: PersonCard, *, link: bool = False) -> dict[str, str]:
    facts = {"id": person.public_id, "name": person.name, "address": person.address or ""}
    if link:
        made = await actions.make_link(
            LinkPurpose.SIGN_IN, facts["address"], participant=person.id, lifetime=LINK_LIFE
        )
        facts["link"] = f"{settings.current().public_url}/links/{made}"
    return facts


async def _known(address: str) -> PersonCard:
    person = await queries.person_at(address)
    if person is None:
        raise NotFound(f"No open account has the address {address}.")
    return person


async def _scope(slug: str | None) -> Scope:
    if not slug:
        return Scope()
    process = await process_by_slug(slug)
    if process is None:
        raise NotFound(f"There is no process {slug}.")
    return Scope(process.public_id, process.title)


def _read(address: str, name: str) -> Mapping[str, str]:
    form = forms.blank(address=address, name=name)
    given = {"address": forms.email(form, "address"), "name": read_name(form)}
    try:
        form.demand()
    except Invalid as wrong:
        said = "; ".join(f"{field}: {text}" for field, text in wrong.errors.items())
        raise CivicError(Message(said)) from wrong
    return given


commands = (user,)
