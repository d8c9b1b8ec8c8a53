"""The reasons of a decision as a document of its own: to read, to print, and as a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import queries
from civic.decisions.deadlines import appeal_until, reply_until
from civic.decisions.pages.showing import WORDS
from civic.decisions.queries import DecisionCard, ReasonsPart, VersionCard
from civic.foundation import forms, instance, languages, printing
from civic.foundation.errors import NotFound
from civic.foundation.filters import localized
from civic.foundation.printing import Paper
from civic.foundation.rendering import page, pieces
from civic.foundation.web import open_to, url, viewer_of
from civic.processes import queries as processes

_MOST_PARTS = 100_000


@dataclass(frozen=True)
class Document:
    """What a part of the reasons says, in one language."""

    decision: DecisionCard
    version: VersionCard
    part: ReasonsPart
    language: str
    context: dict[str, Any]


@open_to("everyone")
async def reasons(request: Request) -> Response:
    """Show the reasons of one version of a decision, every answer with its signatures and remedies."""
    found = await _document(request, request.state.language)
    paper = await _paper(request, found)
    known = printing.known(paper)
    context = {
        **found.context,
        "process": await processes.process_by_id(found.decision.process.id),
        "fingerprint": known.sha256 if known else None,
        "most": queries.PART,
        "nav": "decisions",
    }
    return await page(request, "decisions/reasons.html", context)


@open_to("everyone")
async def reasons_pdf(request: Request) -> Response:
    """Send the same document as a tagged PDF, in the language the address asks for."""
    found = await _document(request, await printing.ordered(request))
    made = await printing.printed(await _paper(request, found))
    name = (
        f"reasons-{found.decision.public_id}-v{found.version.number}-{found.part.number}-{found.language}.pdf"
    )
    return printing.response(request, made, name, is_public=True)


async def _document(request: Request, language: str) -> Document:
    decision = await queries.visible_decision(viewer_of(request), request.path_params["id"])
    number = request.path_params["number"]
    version = next((one for one in decision.released if one.number == number), None)
    asked = forms.query(request)
    wanted = forms.whole(asked, "part", min=1, max=_MOST_PARTS, required=False) or 1
    if version is None or version.released_at is None:
        raise NotFound
    articles = await queries.articles_of(version.id)
    part = await queries.reasons_part(version.id, articles, wanted)
    if part is None:
        raise NotFound
    sections = [{**WORDS, "section": one, "is_linked": True} for one in part.sections]
    path = url(request, "decisions:reasons_pdf", id=decision.public_id, number=number)
    context = {
        **WORDS,
        "decision": decision,
        "version": version,
        "part": part,
        "articles": articles,
        "tally": await queries.tally(version.id),
        "by_issue": await queries.tally_of_issues(version.id),
        "numbers": version.counts if "people" in version.counts else await queries.numbers_of(decision.id),
        "situation_effects": queries.effects_considered(version.counts),
        "situations_told": await queries.told_without_names(version.id),
        "reply_until": reply_until(version.released_at),
        "appeal_until": appeal_until(version.released_at),
        "written": await pieces(request, "decisions/_reasons.html", sections, language=language),
        "pdf": f"{path}?language={language}" + (f"&part={part.number}" if part.number > 1 else ""),
    }
    return Document(decision, version, part, language, context)


async def _paper(request: Request, found: Document) -> Paper:
    (html,) = await pieces(
        request, "decisions/reasons.html", [found.context], block="document", language=found.language
    )
    ours = await instance.current()
    with languages.speaking(found.language):
        title = str(localized(found.version.title))
    said = languages.gettext(found.language, "Reasons for the decision")
    version = languages.gettext(found.language, "Version %(number)s of %(date)s") % {
        "number": found.version.number,
        "date": languages.date(found.language, found.version.released_at or found.version.signed_at),
    }
    parts = f" ({found.part.number}/{found.part.parts})" if found.part.parts > 1 else ""
    return Paper(
        title=f"{said}{languages.gettext(found.language, ': ')}{title}{parts}",
        html=html,
        language=found.language,
        author=ours.body or ours.name,
        on=found.version.released_at or found.version.signed_at,
        foot=f"{title}. {version}{parts}",
    )


routes = [
    Route("/decisions/{id}/versions/{number:int}/reasons", reasons, name="decisions:reasons"),
    Route("/decisions/{id}/versions/{number:int}/reasons.pdf", reasons_pdf, name="decisions:reasons_pdf"),
]
