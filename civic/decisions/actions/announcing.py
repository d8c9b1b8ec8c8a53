"""Announce to those who follow it what a decision says, and how far its promises have come."""

from __future__ import annotations

from civic.decisions.models import Progress
from civic.decisions.queries.by_theme import themes_answered
from civic.decisions.queries.milestones import MilestoneCard
from civic.decisions.queries.reading import ArticleCard, DecisionCard, VersionCard, articles_of
from civic.foundation import database
from civic.foundation.errors import N_, Message
from civic.notices import actions as notices
from civic.notices.actions import News, Touch

_ANSWERED = """
SELECT DISTINCT c.public_id, v.title
FROM published_outcome o
JOIN claim k ON k.id = o.claim_id AND k.kind <> 'situation'
JOIN contribution c ON c.id = k.contribution_id
JOIN contribution_version v ON v.contribution_id = c.id AND v.number = c.version
WHERE o.decision_version_id = ? AND c.kind = 'proposal' AND c.visibility = 'public'
  AND NOT EXISTS (SELECT 1 FROM published_outcome b
                  WHERE b.decision_version_id = ? AND b.disposition_version_id = o.disposition_version_id)
"""
_HOW_FAR = {
    Progress.PLANNED: N_("The promise is planned again."),
    Progress.UNDER_WAY: N_("The promise is under way."),
    Progress.DONE: N_("The promise is kept: see the proof."),
    Progress.ABANDONED: N_("The promise is abandoned: read the reason."),
}
_STEPS = {
    "promise.made": N_("A new promise: “%(promise)s”, by %(date)s."),
    "promise.moved": N_("“%(promise)s”: the new date is %(date)s."),
}
_PROGRESS = N_("“%(promise)s”: %(what)s")


async def announce_publication(decision: DecisionCard, version: VersionCard) -> None:
    """Announce a publication, once everybody concerned was told personally: they do not hear it twice."""
    before = next((one for one in decision.released if one.number < version.number), None)
    said = N_("A correction of the decision “%(decision)s” is published.")
    first = N_("The decision “%(decision)s” is published, with the answers.")
    page = f"/decisions/{decision.public_id}"
    words = Message(said if before else first, {"decision": version.title})
    touches = [Touch(_process(decision), decision.process.title, words, page)]
    touches += await _articles(page, version, before)
    for row in await database.rows(_ANSWERED, version.id, before.id if before else 0):
        answered = Message(N_("An answer to this proposal is published."))
        key = row["public_id"]
        subject, about = f"proposal/{key}", f"contribution/{key}"
        touches.append(Touch(subject, row["title"], answered, f"/proposals/{key}", about))
    for theme, title in (await themes_answered(version.id)).items():
        answered = Message(N_("A decision answers the points of this theme."))
        touches.append(Touch(f"theme/{theme}", title, answered, f"{page}?by=theme"))
    await notices.announce(
        News(
            about=f"decision/{decision.public_id}",
            once_key=f"news/decision/{version.public_id}",
            title=version.title,
            touches=tuple(touches),
            told=f"decision/{version.public_id}",
        )
    )


async def _articles(page: str, version: VersionCard, before: VersionCard | None) -> list[Touch]:
    """Say which articles have new words, and which are gone."""
    old = {one.public_id: one for one in (await articles_of(before.id) if before else ())}
    now = await articles_of(version.id)
    kept = {one.public_id for one in now}
    changed = [one for one in now if one.public_id in old and old[one.public_id].version_id != one.version_id]
    touches = [_article(page, one, N_("A new version of this article is published.")) for one in changed]
    gone = [one for key, one in old.items() if key not in kept]
    return touches + [_article(page, one, N_("This article was taken out of the decision.")) for one in gone]


def _article(page: str, article: ArticleCard, words: str) -> Touch:
    return Touch(f"provision/{article.public_id}", article_name(article), Message(words), page)


def article_name(article: ArticleCard) -> Message:
    """Name an article by its number and its heading."""
    return Message(
        N_("Article %(number)s: %(heading)s"), {"number": article.number, "heading": article.heading}
    )


async def announce_step(decision: DecisionCard, card: MilestoneCard, kind: str, revision: int) -> None:
    """Announce a step of a promise to those who follow it, its article or the process.

    ``kind`` names the notice that those concerned had first, if any: they do not hear it twice. Of what a
    draft promises nobody is told.
    """
    if decision.in_force is None:
        return
    said = {"promise": card.promise, "date": card.due_on, "what": Message(_HOW_FAR[card.progress])}
    words = Message(_STEPS.get(kind, _PROGRESS), said)
    page = f"/promises/{card.public_id}"
    touches = [
        Touch(f"milestone/{card.public_id}", card.promise, words, page),
        Touch(_process(decision), decision.process.title, words, page),
    ]
    for article in await articles_of(decision.in_force.id):
        if article.provision_id == card.provision_id:
            touches.append(Touch(f"provision/{article.public_id}", article_name(article), words, page))
    await notices.announce(
        News(
            about=f"decision/{decision.public_id}",
            once_key=f"news/milestone/{card.public_id}/{revision}",
            title=decision.in_force.title,
            touches=tuple(touches),
            told=f"{kind}/{card.public_id}/{revision}" if kind else "",
        )
    )


def _process(decision: DecisionCard) -> str:
    return f"process/{decision.process.public_id}"
