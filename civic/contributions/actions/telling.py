"""Tell everybody who took part in a process that the dates of a step have changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from civic import settings
from civic.foundation import database, queue
from civic.foundation.errors import Message
from civic.notices.actions import Recipient, notify, retract
from civic.notices.content import packed
from civic.processes.actions import PhaseChanged
from civic.processes.policies import last_day
from civic.processes.queries import name_of, process_by_id

TELL = "contributions.tell_of_step"
BATCH = 200

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
        }
    )
    common = {"process": process.id, "about": about, "version": process.version, "news": news}
    await queue.later(TELL, {**common, "after": 0})
    await queue.later(TELL, {**common, "after": ""})


async def tell_of_step(owed: dict[str, Any]) -> None:
    """Tell so many people, and owe the rest; a number goes on with participants, an address with guests."""
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
            hold=timedelta(seconds=settings.current().hold_seconds),
        )
    if len(found) == BATCH:
        last = found[-1]
        await queue.later(TELL, {**owed, "after": last["id"] if "id" in last else last["address"]})
