"""Tell everybody who took part in a process that the dates of a step have changed."""

from __future__ import annotations

from typing import Any

from civic.contributions.models import Contribution
from civic.foundation import clock, database, queue
from civic.foundation.errors import N_, Message
from civic.notices.actions import News, Recipient, Touch, announce, notify, retract
from civic.notices.content import packed
from civic.processes.actions import PhaseChanged
from civic.processes.policies import last_day
from civic.processes.queries import name_of, process_by_id

TELL = "contributions.tell_of_step"
BATCH = 200
_STEP = N_("%(what)s: %(step)s. Last day: %(last)s. Reason: %(reason)s")
_AND_QUESTIONS = N_(
    "%(what)s: %(step)s. Last day: %(last)s. Also the last day to change: %(questions)s. Reason: %(reason)s"
)

_PARTICIPANTS = """
SELECT p.id, p.public_id, p.address, p.language FROM participant p
WHERE p.id > ? AND p.disabled_at IS NULL AND p.erased_at IS NULL
  AND EXISTS (SELECT 1 FROM contribution c
              WHERE c.author_id = p.id AND c.process_id = ? AND c.visibility <> 'awaiting')
ORDER BY p.id LIMIT ?
"""
_GUESTS = """
SELECT c.guest_address AS address, min(c.public_id) AS public_id, min(c.language) AS language
FROM contribution c
WHERE c.guest_address > ? AND c.process_id = ? AND c.author_id IS NULL AND c.visibility <> 'awaiting'
GROUP BY c.guest_address ORDER BY c.guest_address LIMIT ?
"""


async def phase_changed(event: PhaseChanged) -> None:
    """Owe the news to everybody concerned; the last change of a step replaces news not read yet."""
    about = f"phase/{event.phase.public_id}"
    await retract(about)
    process = await process_by_id(event.process_id)
    news = packed(
        {
            "process": process.title,
            "step": Message(name_of(event.phase.kind)),
            "what": Message(name_of(event.act)),
            "last": last_day(event.phase.over_at),
            "reason": event.reason,
            "path": f"/processes/{process.slug}",
            "questions": [one.title for one in event.freezes],
        }
    )
    owed = {"process": process.id, "about": about, "version": process.version, "news": news, "after": 0}
    await queue.later(TELL, owed)


async def tell_of_step(owed: dict[str, Any]) -> None:
    """Tell so many people, and owe the rest: participants by number, then guests by address.

    Those who follow the process hear of it last: who was told personally is not told twice.
    """
    after, process_id = owed["after"], owed["process"]
    sql = _PARTICIPANTS if isinstance(after, int) else _GUESTS
    found = await database.rows(sql, after, process_id, BATCH)
    for row in found:
        key = f"participant/{row['public_id']}" if "id" in row else f"guest/{row['public_id']}"
        await notify(
            Recipient(key, row["address"], row["language"]),
            "phase.changed",
            about=owed["about"],
            data=owed["news"],
            once_key=f"{owed['about']}/{owed['version']}/{key}",
            hold=clock.hold(),
        )
    if len(found) == BATCH:
        last = found[-1]
        await queue.later(TELL, {**owed, "after": last["id"] if "id" in last else last["address"]})
    elif isinstance(after, int):
        await queue.later(TELL, {**owed, "after": ""})
    else:
        await _announce(owed)


async def _announce(owed: dict[str, Any]) -> None:
    process, said = await process_by_id(owed["process"]), owed["news"]
    words = Message(_AND_QUESTIONS if said["questions"] else _STEP, said)
    touch = Touch(f"process/{process.public_id}", process.title, words, said["path"])
    told = f"{owed['about']}/{owed['version']}"
    await announce(News(owed["about"], f"news/{told}", process.title, (touch,), told), hold=clock.hold())


async def announce_withdrawal(proposal: Contribution) -> None:
    """Announce to those who follow a proposal that its author took it back; its words are not repeated."""
    key = proposal.public_id
    name = Message(N_("Proposal %(number)s"), {"number": proposal.number})
    words = Message(N_("Its author withdrew this proposal. The page says why."))
    touch = Touch(f"proposal/{key}", name, words, f"/proposals/{key}")
    await announce(News(f"withdrawal/{key}", f"news/withdrawal/{key}", name, (touch,)))
