"""Write to the people concerned before a signed decision is public: one message each, with their own link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from civic.contributions import queries as contributions
from civic.decisions.actions.embargo import key_of
from civic.decisions.actions.telling import AT_ONCE, PEOPLE, concerned_by, points, spoken
from civic.decisions.models import AdvanceGiving, AdvanceLink, AdvanceNotice, DecisionVersion
from civic.decisions.queries.embargo import AdvanceCard, advance_by_id, advance_of, views_of
from civic.decisions.queries.reading import DecisionCard, VersionCard, decision_by_id
from civic.foundation import clock, database, ids, queue
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.notices.actions import Recipient

_HOLD = "UPDATE decision SET version = version WHERE id = ?"


@dataclass
class Person:
    """Somebody to tell: by which of their texts they are known, and how many of their points are answered."""

    to: Recipient
    contribution_id: int
    receipt: str
    has_account: bool
    points: int = 0


async def tell_first(public_id: str, after: str = "") -> None:
    """Hand over the advance notices, some people at a time; the moment of the last is kept.

    Nobody is told of a version that was stopped, put off or is public already: then the moment is never
    kept, and no embargoed view can be given.
    """
    row = await AdvanceNotice.get_or_none(public_id=public_id).select_related("version")
    if row is None:
        return
    async with database.transaction():
        await database.execute(_HOLD, row.version.decision_id)
        decision = await decision_by_id(row.version.decision_id)
        version = next(one for one in decision.versions if one.id == row.version_id)
        advance = await advance_by_id(row.id)
        if not _stands(advance, version):
            return
        people = await _people(decision, version)
        waiting = sorted(key for key in people if key > after)
        now = waiting[:AT_ONCE]
        for key in now:
            await _tell(decision, version, advance, people[key])
        if len(waiting) > AT_ONCE:
            await queue.later("decisions.tell_first", {"advance": public_id, "after": now[-1]})
        else:
            await _given(decision, advance, len(people))


def _stands(advance: AdvanceCard, version: VersionCard) -> bool:
    is_awaited = advance.stopped_at is None and advance.given_at is None
    return is_awaited and version.is_pending and clock.now() < version.release_at


async def _people(decision: DecisionCard, version: VersionCard) -> Mapping[str, Person]:
    """Gather who is told, each person once; of a correction, those whose answer it changes."""
    concerned = await concerned_by(decision, version)
    people: dict[str, Person] = {}
    for row in await database.rows(PEOPLE, version.id):
        if concerned is not None and row["answer_id"] not in concerned:
            continue
        has_account = row["person"] is not None
        if has_account:
            key = f"participant/{row['person']}"
            to = Recipient(key, row["address"], row["speaks"])
        else:
            key = f"guest {row['guest_address']}"
            to = Recipient(f"guest/{row['contribution']}", row["guest_address"], spoken(row["language"]))
        found = people.setdefault(key, Person(to, row["contribution_id"], row["receipt"], has_account))
        found.points += 1
    return people


async def _tell(decision: DecisionCard, version: VersionCard, advance: AdvanceCard, person: Person) -> None:
    """Mail the link, which alone opens the page; an account also finds it in its list, without the link."""
    token = ids.token()
    await AdvanceLink.create(
        advance_id=advance.id,
        contribution_id=person.contribution_id,
        token_hash=ids.hash_token(token),
        given_at=clock.now(),
    )
    about = f"advance/{advance.public_id}"
    data = {
        "process": decision.process.title,
        "points": points(person.points),
        "until": version.release_at,
    }
    await notices.notify(
        person.to,
        "advance.link",
        about=about,
        data={**data, "path": f"/advance/{token}"},
        once_key=f"advance.link/{advance.public_id}/{person.to.key}",
        in_app=False,
    )
    if person.has_account:
        await notices.notify(
            person.to,
            "advance.sent",
            about=about,
            data={**data, "path": f"/contributions/{person.receipt}/advance"},
            once_key=f"advance.sent/{advance.public_id}/{person.to.key}",
            mail=False,
        )


async def _given(decision: DecisionCard, advance: AdvanceCard, people: int) -> None:
    """Keep the moment from which everybody concerned was told, and say so in the record."""
    now = clock.now()
    await AdvanceGiving.create(advance_id=advance.id, people=people, given_at=now)
    await ledger.record(
        "advance.given",
        advance.public_id,
        rev=2,
        **ledger.under(decision.public_id, {"people": people, "at": now.isoformat()}, is_private=True),
        ref=f"advance/{advance.public_id}",
    )


async def put_off(version_public_id: str, after: int = 0) -> None:
    """Tell everybody who was told early that the publication was stopped, some people at a time."""
    version = await DecisionVersion.get_or_none(public_id=version_public_id)
    advance = await advance_of(version.id) if version else None
    if version is None or advance is None:
        return
    decision = await decision_by_id(version.decision_id)
    async with database.transaction():
        if not after:
            await notices.retract(f"advance/{advance.public_id}")
            await _tell_readers(decision, advance)
        links = await AdvanceLink.filter(advance_id=advance.id, id__gt=after).order_by("id").limit(AT_ONCE)
        for link in links:
            await _tell_put_off(decision, advance, link)
        if len(links) == AT_ONCE:
            await queue.later("decisions.put_off", {"version": version_public_id, "after": links[-1].id})


async def _tell_put_off(decision: DecisionCard, advance: AdvanceCard, link: AdvanceLink) -> None:
    contribution = await contributions.contribution_by_id(link.contribution_id)
    to = await contributions.recipient_of(contribution)
    if to is not None:
        await notices.notify(
            to,
            "advance.put_off",
            about=f"advance/{advance.public_id}/off",
            data={"path": f"/contributions/{contribution.number}", "process": decision.process.title},
            once_key=f"advance.put_off/{advance.public_id}/{to.key}",
        )


async def _tell_readers(decision: DecisionCard, advance: AdvanceCard) -> None:
    for one in await views_of(advance.id):
        if one.ended_at is None:
            await notices.retract(key_of(one.public_id))
            await notices.notify(
                Recipient(key_of(one.public_id), one.address, one.language),
                "embargo.put_off",
                about=key_of(one.public_id),
                data={"path": f"/processes/{decision.process.slug}", "process": decision.process.title},
                once_key=f"embargo.put_off/{one.public_id}",
            )
