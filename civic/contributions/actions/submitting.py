"""Take in what a person says: the words, the receipt, the point they open, the public record."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from civic.accounts import actions as accounts
from civic.accounts import names
from civic.accounts import queries as people
from civic.accounts.models import LinkPurpose
from civic.contributions import policies
from civic.contributions.actions.claims import open_claim
from civic.contributions.actions.doors import enter_search
from civic.contributions.actions.situations import seal_situation
from civic.contributions.forms import Author, Capacity, Entry, Place, SituationDraft, Words
from civic.contributions.models import (
    Channel,
    Claim,
    Contribution,
    ContributionVersion,
    Kind,
    Visibility,
    WrittenAs,
)
from civic.contributions.queries import contribution_by_id, recipient_of
from civic.foundation import clock, database, ids, text
from civic.foundation.errors import Invalid
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.processes import queries as processes

CONFIRMATION = "/confirmations/{token}"
_EXCERPT = 300
_TITLE_OF_COMMENT = 90

_NEXT_NUMBER = """
INSERT INTO receipt_counter (scope, year, last_number) VALUES (?, ?, 1)
ON CONFLICT (scope, year) DO UPDATE SET last_number = receipt_counter.last_number + 1
RETURNING last_number
"""
_NO_PROCESS = "T"


@dataclass(frozen=True)
class Receipt:
    """What a person gets for their words: the public number, and the secret code shown this once."""

    contribution: Contribution
    version: ContributionVersion
    number: str
    code: str
    claim: Claim | None

    @property
    def is_awaiting(self) -> bool:
        return self.contribution.visibility == Visibility.AWAITING


@dataclass(frozen=True)
class Source:
    """Where an imported contribution comes from."""

    name: str
    ref: str
    url: str = ""


async def render_words(words: Words) -> str:
    """Make the clean HTML of a text, before any transaction opens; headings stand under the title."""
    return await text.render(words.body, 2 if words.title else None)


async def submit(
    author: Author,
    place: Place,
    words: Words,
    *,
    rendered: str,
    capacity: Capacity | None = None,
    channel: Channel = Channel.WEB,
    consent: dict[str, object] | None = None,
    source: Source | None = None,
    at: datetime | None = None,
    code: str | None = None,
    situation: SituationDraft | None = None,
    entry: Entry | None = None,
) -> Receipt:
    """Store a contribution in the caller's transaction and give its receipt.

    A guest's words wait until the link in the mail is followed. ``code`` is the secret code when the
    caller has drawn it already, so that the same form sent twice prints the same receipt.
    """
    if not database.in_transaction():
        raise RuntimeError("A contribution is submitted in the transaction of the act.")
    await _demand_own_name(author)
    code = code or ids.secret_code()
    moment = at or clock.now()
    number = await _next_number(place.process_id, moment)
    contribution = await _keep(
        author, place, words, number, code, capacity or Capacity(), channel, consent, source, entry, moment
    )
    version = await write_version(contribution.id, 1, words, rendered, author.participant_id, moment)
    await ledger.record(
        f"{noun(place.kind)}.created",
        contribution.public_id,
        parent=await _parent_of(place),
        content=opening(words, contribution.language),
        author=author.public_id,
        ref=f"version/{contribution.public_id}/1",
    )
    claim = None
    if policies.owes_answer(place.kind, place.relation, author.written_as):
        claim = await open_claim(contribution, version)
    if situation is not None and author.written_as is WrittenAs.PARTICIPANT:
        await seal_situation(contribution, situation, by=author.public_id)
    receipt = Receipt(contribution, version, number, code, claim)
    if receipt.is_awaiting:
        await send_confirmation(receipt.contribution, code, words)
    else:
        await enter_search(contribution, version)
        await _tell_author(receipt, words)
    return receipt


def noun(kind: str) -> str:
    """Name a kind as the public record does."""
    named = (Kind.PROPOSAL, Kind.COMMENT, Kind.STATEMENT, Kind.TICKET)
    return str(Kind(kind)) if kind in named else "contribution"


def opening(words: Words, language: str) -> dict[str, object]:
    """What the record commits to: the words as written, never their HTML."""
    return {"title": words.title, "body": words.body, "language": language}


def digest_of(words: Words) -> str:
    """Tell identical texts apart from others, whatever their accents, case and spaces."""
    folded = " ".join(text.fold(f"{words.title}\n{words.body}").split())
    return hashlib.sha256(folded.encode()).hexdigest()


async def write_version(
    contribution_id: int,
    number: int,
    words: Words,
    rendered: str,
    written_by_id: int | None,
    at: datetime,
    note: str = "",
) -> ContributionVersion:
    """Add the words of one moment."""
    return await ContributionVersion.create(
        contribution_id=contribution_id,
        number=number,
        title=words.title,
        body=words.body,
        html=rendered,
        excerpt=text.excerpt(text.plain(words.body), _EXCERPT)[:400],
        digest=digest_of(words),
        written_by_id=written_by_id,
        note=note,
        written_at=at,
    )


async def send_confirmation(contribution: Contribution, code: str | None, words: Words) -> None:
    """Mail a guest the link that publishes their words, with the receipt."""
    if contribution.guest_address is None:
        raise ValueError("only a guest confirms by mail")
    title = words.title or text.excerpt(text.plain(words.body), _TITLE_OF_COMMENT)
    await accounts.send_link(
        LinkPurpose.CONFIRM_CONTRIBUTION,
        contribution.guest_address,
        contribution.language if contribution.language in ("fr", "en") else "fr",
        subject=contribution.public_id,
        notice_data={"title": title, "number": contribution.number, "code": code or ""},
        notice_kind="contribution.confirm" if code else "contribution.confirm_again",
        path_template=CONFIRMATION,
    )


async def send_confirmation_again(viewer: Viewer, contribution_id: int) -> None:
    """Mail the link once more to the guest who opened the receipt; the code is not repeated."""
    card = await contribution_by_id(contribution_id)
    mine = policies.is_author(viewer, public_id=card.public_id, author_id=card.author_id)
    policies.may_confirm(viewer, mine=mine, visibility=card.visibility).demand()
    async with database.transaction():
        row = await Contribution.get(id=contribution_id)
        await send_confirmation(row, None, Words(card.title, card.body, card.language))


async def _keep(
    author: Author,
    place: Place,
    words: Words,
    number: str,
    code: str,
    capacity: Capacity,
    channel: Channel,
    consent: dict[str, object] | None,
    source: Source | None,
    entry: Entry | None,
    at: datetime,
) -> Contribution:
    waits = author.is_guest and author.guest_address is not None and channel is Channel.WEB
    freeze = await processes.freeze_of(place.issue_id) if place.issue_id is not None else None
    return await Contribution.create(
        public_id=ids.public_id(),
        number=number,
        code_hash=ids.hash_code(code),
        process_id=place.process_id,
        issue_id=place.issue_id,
        scope_id=place.scope_id,
        kind=place.kind,
        parent_id=place.parent_id,
        relation=place.relation,
        author_id=author.participant_id,
        author_name=author.name,
        guest_address=people.address_key(author.guest_address) if author.guest_address else None,
        organisation_id=author.organisation_id,
        on_behalf_of=entry.on_behalf_of if entry else "",
        entered_by_id=entry.by if entry else None,
        read_back=entry.read_back if entry else None,
        capacity=capacity.category,
        capacity_note=capacity.note,
        written_as=author.written_as,
        channel=channel,
        language=words.language or text.detect_language(f"{words.title}\n{words.body}") or author.language,
        visibility=Visibility.AWAITING if waits else Visibility.PUBLIC,
        after_freeze=freeze is not None and freeze <= at,
        consent=consent or {},
        source=source.name if source else None,
        source_ref=source.ref if source else None,
        source_url=source.url if source else "",
        submitted_at=at,
        confirmed_at=None if waits else at,
    )


async def _demand_own_name(author: Author) -> None:
    """Refuse a guest's name that would pass for somebody who works here."""
    if author.guest_address is not None and not await people.name_is_free(author.name):
        raise Invalid({"guest_name": names.looks_official(author.name)})


async def _next_number(process_id: int | None, at: datetime) -> str:
    scope = _NO_PROCESS
    if process_id is not None:
        (found,) = await database.rows("SELECT code FROM process WHERE id = ?", process_id)
        scope = found["code"]
    return await next_number(scope, at)


async def next_number(scope: str, at: datetime) -> str:
    """Give out the next number of a process, of reports or of statements, with its check letter."""
    year = clock.local_day(at).year
    (counter,) = await database.rows(_NEXT_NUMBER, scope, year)
    body = f"{scope}-{year}-{counter['last_number']:06d}"
    return f"{body}-{ids.check_letter(body)}"


async def _parent_of(place: Place) -> str | None:
    sql, key = "SELECT public_id FROM contribution WHERE id = ?", place.parent_id
    if key is None:
        sql, key = "SELECT public_id FROM issue WHERE id = ?", place.issue_id
    if key is None:
        return None
    found = await database.rows(sql, key)
    return str(found[0]["public_id"]) if found else None


async def _tell_author(receipt: Receipt, words: Words) -> None:
    """Mail the receipt of a proposal to its author; its number only, never the code."""
    contribution = receipt.contribution
    if contribution.kind != Kind.PROPOSAL or contribution.author_id is None:
        return
    if contribution.channel != Channel.WEB:
        return
    to = await recipient_of(await contribution_by_id(contribution.id))
    if to is None:
        return
    await notices.notify(
        to,
        "contribution.received",
        about=f"contribution/{contribution.public_id}",
        data={"path": f"/receipts/{receipt.number}", "title": words.title, "number": receipt.number},
        once_key=f"contribution.received/{contribution.public_id}",
        in_app=False,
    )
