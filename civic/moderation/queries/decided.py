"""What was decided, with its statement of reasons: whole to the author and the moderators."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.accounts import queries as accounts
from civic.contributions.policies import is_author
from civic.foundation import clock
from civic.foundation.database import rows
from civic.foundation.errors import NotFound
from civic.foundation.viewer import Viewer
from civic.moderation.policies import DecisionFacts, may_work
from civic.moderation.queries.reading import localized_of, marks, timed
from civic.moderation.queries.subjects import is_official, official_words

_DECISION = """
SELECT d.id, d.public_id, d.case_id, d.contribution_id, d.measure, d.note, d.decided_by_id, d.acted_for_id,
       d.decided_at, d.hold_until, k.subject, k.public_id AS case_public_id, p.public_id AS process, p.slug,
       p.title AS process_title, c.public_id AS contribution, c.author_id, c.language AS text_language,
       c.visibility, c.number, u.id AS undo_id, a.id AS appeal_id, a.public_id AS appeal,
       a.text AS appeal_text, a.language AS appeal_language, a.filed_at, a.due_at, g.is_upheld,
       g.reason AS ruling_reason, g.ruled_at, g.heard_by_id, w.name AS heard_by, s.public_id AS statement,
       s.number AS statement_number, s.ground, s.rule, s.rule_text, s.passage, s.facts, s.effect,
       s.territory, s.duration, s.ends_at, s.source_type, s.automated_detection, s.automated_decision,
       s.redress, s.language, m.name AS moderator, m.title AS moderator_title,
       q.id AS rephrase_id, q.suggestion, q.answered_at, v.title, v.html, v.body,
       v.number AS text_version, re.public_id AS reply, re.text AS reply_text, re.html AS reply_html,
       (SELECT ch.is_hidden FROM reply_change ch WHERE ch.reply_id = re.id ORDER BY ch.id DESC LIMIT 1)
       AS reply_is_hidden,
       EXISTS (SELECT 1 FROM moderation_decision e
               JOIN moderation_case o ON o.id = e.case_id
               LEFT JOIN measure_undo z ON z.decision_id = e.id
               WHERE o.subject = k.subject AND e.id > d.id AND z.id IS NULL) AS is_followed
FROM moderation_decision d
JOIN moderation_case k ON k.id = d.case_id
JOIN participant m ON m.id = d.decided_by_id
LEFT JOIN process p ON p.id = k.process_id
LEFT JOIN contribution c ON c.id = d.contribution_id
LEFT JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
LEFT JOIN statement_of_reasons s ON s.decision_id = d.id
LEFT JOIN measure_undo u ON u.decision_id = d.id
LEFT JOIN moderation_appeal a ON a.decision_id = d.id
LEFT JOIN moderation_ruling g ON g.appeal_id = a.id
LEFT JOIN participant w ON w.id = g.heard_by_id
LEFT JOIN rephrase_request q ON q.decision_id = d.id
LEFT JOIN reply re ON k.subject = 'reply/' || re.public_id
"""


_DECISION_BY = {
    "decision": _DECISION + " WHERE d.public_id = ?",
    "statement": _DECISION + " WHERE s.public_id = ?",
    "appeal": _DECISION + " WHERE a.public_id = ?",
    "case": _DECISION + " WHERE d.case_id = ? ORDER BY d.id DESC",
}


_TOMBS = """
SELECT d.contribution_id, s.public_id AS statement, s.rule, s.rule_text, s.language, d.decided_at, d.measure
FROM moderation_decision d
JOIN statement_of_reasons s ON s.decision_id = d.id
JOIN moderation_case k ON k.id = d.case_id AND k.subject LIKE 'contribution/%'
LEFT JOIN measure_undo u ON u.decision_id = d.id
WHERE u.id IS NULL AND d.contribution_id IN ({ids}) ORDER BY d.id
"""


_HELD_BY = """
SELECT d.public_id, d.measure, d.decided_at, d.hold_until, k.public_id AS case_public_id, v.title, v.excerpt
FROM moderation_decision d
JOIN moderation_case k ON k.id = d.case_id
LEFT JOIN measure_undo u ON u.decision_id = d.id
LEFT JOIN contribution c ON c.id = d.contribution_id
LEFT JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE d.decided_by_id = ? AND u.id IS NULL AND d.hold_until > ? ORDER BY d.id DESC LIMIT 100
"""


_OVER = """
SELECT d.public_id FROM statement_of_reasons s
JOIN moderation_decision d ON d.id = s.decision_id
JOIN moderation_case k ON k.id = d.case_id
LEFT JOIN measure_undo u ON u.decision_id = d.id
WHERE s.ends_at <= ? AND u.id IS NULL AND NOT EXISTS (
  SELECT 1 FROM moderation_decision e JOIN moderation_case o ON o.id = e.case_id
  LEFT JOIN measure_undo z ON z.decision_id = e.id
  WHERE o.subject = k.subject AND e.id > d.id AND z.id IS NULL)
ORDER BY s.ends_at, s.id LIMIT 100
"""


_EFFECT = """
SELECT 1 AS one FROM visibility_change WHERE contribution_id = ? AND because = ?
UNION ALL
SELECT 1 FROM reply_change ch JOIN reply r ON r.id = ch.reply_id WHERE r.public_id = ? AND ch.because = ?
"""


@dataclass(frozen=True)
class Decided:
    """A moderation decision with everything written about it, and the facts its policies ask for."""

    row: dict[str, Any]
    standing: DecisionFacts

    @property
    def is_in_force(self) -> bool:
        """Whether this is what keeps the text out of sight."""
        return self.row["visibility"] == "restricted" and self.standing.is_last

    def __getattr__(self, name: str) -> Any:
        try:
            return self.row[name]
        except KeyError:
            raise AttributeError(name) from None


async def visible_decision(viewer: Viewer, public_id: str, *, by: str = "decision") -> Decided:
    """Load a decision (by its own id, its statement's or its appeal's) for a moderator. Raises NotFound."""
    decided = await _decided(by, public_id)
    if not may_work(viewer, decided.row["process"]):
        raise NotFound
    return decided


async def statement(viewer: Viewer, public_id: str) -> tuple[Decided, bool]:
    """Load a statement of reasons, and whether the viewer (author, moderator) reads all of it.

    Others read rule, effect and dates once the hold has passed, never the passage or the facts.
    Raises NotFound.
    """
    decided = await _decided("statement", public_id)
    mine = is_author_of(viewer, decided)
    whole = mine or bool(may_work(viewer, decided.row["process"]))
    if not whole and (decided.standing.is_undone or decided.standing.hold_until > clock.now()):
        raise NotFound
    return decided, whole


def is_author_of(viewer: Viewer, decided: Decided) -> bool:
    """Tell whether the measure is about the viewer's own words."""
    key = decided.row["contribution"] or ""
    return is_author(viewer, public_id=key, author_id=decided.row["author_id"])


async def _decided(by: str, public_id: str) -> Decided:
    found = await rows(_DECISION_BY[by], public_id)
    if not found:
        raise NotFound
    row = timed(
        found[0], "decided_at", "hold_until", "filed_at", "due_at", "ruled_at", "ends_at", "answered_at"
    )
    row["process_title"] = localized_of(row["process_title"])
    if row["reply"] is not None:
        shown = "restricted" if row["reply_is_hidden"] else "public"
        row |= {"title": "", "html": row["reply_html"], "body": row["reply_text"], "visibility": shown}
    if official := is_official(row["subject"]):
        row |= await official_words(row["subject"])
    facts = DecisionFacts(
        process=row["process"],
        measure=row["measure"],
        decided_by=row["decided_by_id"],
        acted_for=row["acted_for_id"],
        author_id=row["author_id"],
        decided_at=row["decided_at"],
        hold_until=row["hold_until"],
        is_undone=row["undo_id"] is not None,
        has_appeal=row["appeal_id"] is not None,
        has_ruling=row["ruled_at"] is not None,
        is_last=not row["is_followed"],
        is_rewritable=row["rephrase_id"] is not None,
        is_official=official,
    )
    return Decided(row, facts)


async def took_effect(decided: Decided) -> bool:
    """Tell whether the decision itself changed who may read the text; one on a hidden text may not have."""
    because = f"moderation/{decided.row['public_id']}"
    return bool(await rows(_EFFECT, decided.row["contribution_id"], because, decided.row["reply"], because))


async def in_whose_place(viewer: Viewer, process: str | None) -> frozenset[int]:
    """Name the absent moderators whose right alone lets the viewer moderate here today."""
    held = await accounts.holders("moderator", process or "")
    if any(one.id == viewer.participant and one.stands_in_for is None for one in held):
        return frozenset()
    absent = await accounts.stands_in_for(viewer.participant or 0, "moderator", process or "")
    return frozenset(one.id for one in absent)


async def statement_of(contribution_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Give, for hidden contributions, what their tombstone says: rule, date, address of the statement."""
    ids = list(contribution_ids)
    if not ids:
        return {}
    found = await rows(_TOMBS.format(ids=marks(ids)), *ids)
    return {row["contribution_id"]: timed(row, "decided_at") for row in found}


async def in_hold(viewer: Viewer) -> list[dict[str, Any]]:
    """Give this moderator's decisions that can still be undone, the last first."""
    if viewer.participant is None:
        return []
    found = await rows(_HELD_BY, viewer.participant, clock.now())
    return [timed(one, "decided_at", "hold_until") for one in found]


async def measures_over(now: datetime) -> list[str]:
    """Name the measures in force whose time is over."""
    return [row["public_id"] for row in await rows(_OVER, now)]


async def decision_by_id(public_id: str) -> Decided:
    """Load a decision for work that nobody asks for: no viewer. Raises NotFound."""
    return await _decided("decision", public_id)


async def decisions_on(case_id: int) -> list[dict[str, Any]]:
    """Give what was decided on one case, newest first; for those who may read the case."""
    found = await rows(_DECISION_BY["case"], case_id)
    return [timed(one, "decided_at", "hold_until") for one in found]
