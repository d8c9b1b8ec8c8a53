"""What the keys of followed things name, as everybody may see them: one query per kind of thing.

A new kind of thing is one query of ``_FIND``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from civic.foundation import database
from civic.foundation.errors import N_, NotFound
from civic.foundation.ids import is_key
from civic.foundation.tables import Localized
from civic.synthesis.queries import NEWEST

_IN_FORCE = """
SELECT max(v.number) FROM decision_version v JOIN decision_release r ON r.version_id = v.id
WHERE v.decision_id = d.id
"""
_FIND = {
    "process": """
SELECT p.public_id, p.title AS name, NULL AS words, '/processes/' || p.slug AS path, '' AS number
FROM process p WHERE p.state <> 'draft' AND p.public_id IN ({marks})
""",
    "proposal": """
SELECT o.public_id, NULL AS name, v.title AS words, '/proposals/' || o.public_id AS path, '' AS number
FROM proposal o
JOIN contribution c ON c.id = o.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
JOIN process p ON p.id = o.process_id
WHERE c.visibility = 'public' AND p.state <> 'draft' AND o.public_id IN ({marks})
""",
    "provision": f"""
SELECT a.public_id, w.heading AS name, NULL AS words, '/decisions/' || d.public_id || '#' || a.eid AS path,
       substr(a.eid, 2) AS number
FROM provision a
JOIN decision d ON d.id = a.decision_id
JOIN decision_version x ON x.decision_id = d.id AND x.number = ({_IN_FORCE})
JOIN published_provision y ON y.decision_version_id = x.id
JOIN provision_version w ON w.id = y.provision_version_id AND w.provision_id = a.id
WHERE a.public_id IN ({{marks}})
""",  # noqa: S608 - constants only
    "theme": f"""
SELECT t.public_id, v.title AS name, NULL AS words, '/themes/' || t.public_id AS path, '' AS number
FROM theme t
JOIN theme_version v ON v.theme_id = t.id
JOIN synthesis_theme y ON y.theme_version_id = v.id
JOIN synthesis_edition e ON e.id = y.edition_id
WHERE t.public_id IN ({{marks}}) AND {NEWEST} ORDER BY e.signed_at
""",  # noqa: S608 - constants only
    "milestone": """
SELECT m.public_id, m.promise AS name, NULL AS words, '/decisions/' || d.public_id || '#promises' AS path,
       '' AS number
FROM milestone m
JOIN decision d ON d.id = m.decision_id
WHERE m.public_id IN ({marks}) AND EXISTS (
  SELECT 1 FROM decision_version v JOIN decision_release r ON r.version_id = v.id WHERE v.decision_id = d.id)
""",
}

KINDS: dict[str, str] = {
    "process": N_("Process"),
    "proposal": N_("Proposal"),
    "provision": N_("Article"),
    "milestone": N_("Promise"),
    "theme": N_("Theme"),
}
"""What kind of thing it is, in the words of the page."""


@dataclass(frozen=True)
class Subject:
    """A thing that can be followed: its name in every language, or as its author wrote it, and its page."""

    kind: str
    public_id: str
    name: Localized | str
    path: str
    number: str = ""
    """The number of an article, which stands before its heading."""

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.public_id}"


async def subjects_of(keys: Iterable[str]) -> dict[str, Subject]:
    """Give what several keys name; what is not public, or no longer shown, is missing."""
    wanted: dict[str, list[str]] = {kind: [] for kind in _FIND}
    for key in keys:
        kind, _, public_id = key.partition("/")
        if kind in wanted and is_key(public_id):
            wanted[kind].append(public_id)
    found: dict[str, Subject] = {}
    for kind, ids in wanted.items():
        if not ids:
            continue
        marks = ", ".join("?" for _ in ids)
        for row in await database.rows(_FIND[kind].format(marks=marks), *ids):
            name = row["words"] if row["name"] is None else _texts(row["name"])
            one = Subject(kind, row["public_id"], name, row["path"], row["number"])
            found[one.key] = one
    return found


async def subject(key: str) -> Subject | None:
    """Give what a key names, or None when it is not shown to all."""
    return (await subjects_of([key])).get(key)


async def visible_subject(kind: str, public_id: str) -> Subject:
    """Give a public thing that can be followed. Raises NotFound for what is not public to all."""
    found = await subject(f"{kind}/{public_id}")
    if found is None:
        raise NotFound
    return found


def _texts(value: object) -> Localized:
    texts: Localized = json.loads(value) if isinstance(value, str) else value  # type: ignore[assignment]
    return texts
