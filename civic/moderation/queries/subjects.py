"""The texts that can be reported: participants' words, a reply, or official ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civic.contributions.policies import is_author
from civic.foundation.database import rows
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.moderation.policies import may_work
from civic.moderation.queries.reading import localized_of

_CONTRIBUTION_SUBJECT = """
SELECT c.id AS contribution_id, c.public_id, c.number, c.kind, c.visibility, c.author_id, c.author_name,
       coalesce(p.state, '') AS state,
       c.written_as, c.language, c.process_id, p.public_id AS process, p.slug, v.title, v.html, v.body,
       v.excerpt, v.number AS version, pr.public_id AS proposal, co.public_id AS comment,
       pv.excerpt AS parent_excerpt,
       parent.author_name AS parent_author
FROM contribution c
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
LEFT JOIN process p ON p.id = c.process_id
LEFT JOIN proposal pr ON pr.contribution_id = c.id
LEFT JOIN comment co ON co.contribution_id = c.id
LEFT JOIN contribution parent ON parent.id = c.parent_id AND parent.visibility = 'public'
LEFT JOIN contribution_version pv ON pv.contribution_id = parent.id AND pv.number = parent.version
"""


_BY_KEY = {
    "contribution": _CONTRIBUTION_SUBJECT + " WHERE c.public_id = ?",
    "proposal": _CONTRIBUTION_SUBJECT + " WHERE pr.public_id = ?",
    "comment": _CONTRIBUTION_SUBJECT + " WHERE co.public_id = ?",
}


_BY_ID = _CONTRIBUTION_SUBJECT + " WHERE c.id = ?"


_OFFICIAL = {
    "outcome": """
SELECT di.public_id, de.public_id AS decision, p.id AS process_id, p.public_id AS process, p.slug,
       dv.drafted_by_id AS author_id, dv.rationale AS words
FROM disposition di
JOIN claim cl ON cl.id = di.claim_id AND cl.kind <> 'situation'
JOIN published_outcome po ON po.claim_id = di.claim_id
JOIN disposition_version dv ON dv.id = po.disposition_version_id
JOIN decision_release r ON r.version_id = po.decision_version_id
JOIN decision de ON de.id = di.decision_id
JOIN process p ON p.id = de.process_id
WHERE di.public_id = ? ORDER BY r.id DESC LIMIT 1
""",
    "decision": """
SELECT de.public_id, de.public_id AS decision, p.id AS process_id, p.public_id AS process, p.slug,
       dv.signed_by_id AS author_id, dv.summary AS words
FROM decision de
JOIN decision_version dv ON dv.decision_id = de.id
JOIN decision_release r ON r.version_id = dv.id
JOIN process p ON p.id = de.process_id
WHERE de.public_id = ? ORDER BY r.id DESC LIMIT 1
""",
    "reply": """
SELECT re.public_id, de.public_id AS decision, p.id AS process_id, p.public_id AS process, p.slug,
       c.author_id, c.id AS contribution_id, c.public_id AS contribution, re.text AS words, re.language,
       c.visibility AS of_text,
       (SELECT ch.is_hidden FROM reply_change ch WHERE ch.reply_id = re.id ORDER BY ch.id DESC LIMIT 1)
       AS is_hidden
FROM reply re
JOIN published_outcome po ON po.id = re.outcome_id
JOIN claim cl ON cl.id = po.claim_id AND cl.kind <> 'situation'
JOIN contribution c ON c.id = cl.contribution_id
JOIN decision_version dv ON dv.id = po.decision_version_id
JOIN decision de ON de.id = dv.decision_id
JOIN process p ON p.id = de.process_id
WHERE re.public_id = ?
""",
    "process": """
SELECT p.public_id, NULL AS decision, p.id AS process_id, p.public_id AS process, p.slug,
       p.created_by_id AS author_id, p.summary AS words
FROM process p WHERE p.public_id = ? AND p.state <> 'draft'
""",
}


def is_official(key: str) -> bool:
    """Tell whether a subject is words of the public body itself, by its stable key."""
    return key.partition("/")[0] in ("outcome", "decision", "process")


@dataclass(frozen=True)
class Subject:
    """A text somebody may report: participants' words, or official ones (which are never hidden)."""

    key: str
    kind: str
    public_id: str
    process_id: int | None
    process: str | None
    slug: str | None
    author_id: int | None
    contribution_id: int | None = None
    contribution: str | None = None
    visibility: str | None = None
    title: str = ""
    html: str = ""
    words: object = ""
    language: str | None = None
    author_name: str = ""
    parent_excerpt: str | None = None
    parent_author: str | None = None
    proposal: str | None = None
    comment: str | None = None
    decision: str | None = None
    version: int = 0
    """Which version of a contribution's words this is; 0 for words that never change."""

    @property
    def is_official(self) -> bool:
        """Words of the public body itself."""
        return is_official(self.key)


async def visible_subject(viewer: Viewer, key: str) -> Subject:
    """Load a text by its stable key, if the viewer may read it. Raises NotFound."""
    kind, _, public_id = key.partition("/")
    if kind in _BY_KEY:
        found = await rows(_BY_KEY[kind], public_id)
        if found and (_is_public(found[0]) or _reads_hidden(viewer, found[0])):
            return _contribution_subject(found[0])
    elif kind in _OFFICIAL:
        found = await rows(_OFFICIAL[kind], public_id)
        if found and not found[0].get("is_hidden") and found[0].get("of_text", "public") == "public":
            return _official_subject(key, kind, found[0])
    raise NotFound


def _is_public(row: Mapping[str, Any]) -> bool:
    return bool(row["visibility"] == "public" and row["state"] != "draft")


def _reads_hidden(viewer: Viewer, row: Mapping[str, Any]) -> bool:
    if row["visibility"] != "restricted":
        return False
    mine = is_author(viewer, public_id=row["public_id"], author_id=row["author_id"])
    return mine or bool(may_work(viewer, row["process"]))


def _contribution_subject(row: Mapping[str, Any]) -> Subject:
    return Subject(
        key=f"contribution/{row['public_id']}",
        kind=row["kind"],
        public_id=row["public_id"],
        process_id=row["process_id"],
        process=row["process"],
        slug=row["slug"],
        author_id=row["author_id"],
        contribution_id=row["contribution_id"],
        contribution=row["public_id"],
        visibility=row["visibility"],
        title=row["title"],
        html=row["html"],
        words=row["body"],
        language=row["language"],
        author_name=row["author_name"],
        parent_excerpt=row["parent_excerpt"],
        parent_author=row["parent_author"],
        proposal=row["proposal"],
        comment=row["comment"],
        version=row["version"],
    )


def _official_subject(key: str, kind: str, row: Mapping[str, Any]) -> Subject:
    return Subject(
        key=key,
        kind=kind,
        public_id=row["public_id"],
        process_id=row["process_id"],
        process=row["process"],
        slug=row["slug"],
        author_id=row["author_id"],
        contribution_id=row.get("contribution_id"),
        contribution=row.get("contribution"),
        visibility="restricted" if row.get("is_hidden") else "public",
        words=row["words"] if kind == "reply" else localized_of(row["words"]),
        language=row.get("language"),
        decision=row["decision"],
    )


async def official_words(key: str) -> dict[str, Any]:
    """Give the official words a measure is about, and whose they are."""
    kind, _, public_id = key.partition("/")
    found = await rows(_OFFICIAL[kind], public_id)
    if not found:
        return {"official": None}
    return {"author_id": found[0]["author_id"], "official": localized_of(found[0]["words"])}


async def subject_of_case(row: Mapping[str, Any]) -> Subject:
    kind, _, public_id = row["subject"].partition("/")
    if kind == "contribution":
        return _contribution_subject((await rows(_BY_ID, row["contribution_id"]))[0])
    found = await rows(_OFFICIAL[kind], public_id)
    if not found:
        raise NotFound
    return _official_subject(row["subject"], kind, found[0])
