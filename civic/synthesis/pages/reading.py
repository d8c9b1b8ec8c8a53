"""The synthesis as everybody reads it: the document, its editions and what changed, one theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.foundation import forms, instance, languages, printing, text
from civic.foundation.errors import NotFound
from civic.foundation.filters import localized
from civic.foundation.printing import Paper
from civic.foundation.rendering import page, pieces
from civic.foundation.tables import Localized
from civic.foundation.text import DiffPart
from civic.foundation.web import open_to, url, viewer_of
from civic.processes import queries as processes
from civic.synthesis import queries
from civic.synthesis.pages.themes import WORDS
from civic.synthesis.queries import EditionCard, SynthesisCard, ThemeShown
from civic.synthesis.rules import Stance

_LAST = 2**53


@dataclass(frozen=True)
class Difference:
    """What an edition says otherwise than the one before it, text by text."""

    theme: ThemeShown | None
    is_new: bool
    parts: tuple[list[DiffPart], ...]


@open_to("everyone")
async def of_process(request: Request) -> Response:
    """Show the syntheses of a process, or say that there is none yet."""
    process = await processes.visible_process(viewer_of(request), request.path_params["slug"])
    context = {
        **WORDS,
        "process": process,
        "syntheses": await queries.published_syntheses(process.id),
        "nav": "synthesis",
    }
    return await page(request, "synthesis/of_process.html", context)


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show a synthesis as its newest edition tells it."""
    synthesis = await queries.visible_synthesis(viewer_of(request), request.path_params["id"])
    if synthesis.in_force is None:
        raise NotFound
    return await _edition(request, synthesis, synthesis.in_force)


@open_to("everyone")
async def edition(request: Request) -> Response:
    """Show a synthesis as one of its editions told it, and what changed from the one before."""
    return await _edition(request, *await _asked(request))


async def _asked(request: Request) -> tuple[SynthesisCard, EditionCard]:
    synthesis = await queries.visible_synthesis(viewer_of(request), request.path_params["id"])
    number = request.path_params["number"]
    found = next((one for one in synthesis.released if one.number == number), None)
    if found is None:
        raise NotFound
    return synthesis, found


async def _edition(request: Request, synthesis: SynthesisCard, shown: EditionCard) -> Response:
    themes = await queries.themes_shown(shown.id)
    before = next((one for one in synthesis.released if one.number < shown.number), None)
    older = await queries.themes_shown(before.id) if before else []
    path = url(request, "synthesis:edition_pdf", id=synthesis.public_id, number=shown.number)
    context = {
        **_document(synthesis, shown, themes),
        "pdf": f"{path}?language={request.state.language}",
        "before": before,
        "differences": _differences(request, themes, older) if before else [],
        "gone": [one for one in older if one.theme_id not in {now.theme_id for now in themes}],
        "nav": "synthesis",
    }
    return await page(request, "synthesis/show.html", context)


def _document(synthesis: SynthesisCard, shown: EditionCard, themes: list[ThemeShown]) -> dict[str, Any]:
    return {
        **WORDS,
        "process": synthesis.process,
        "synthesis": synthesis,
        "edition": shown,
        "themes": themes,
    }


@open_to("everyone")
async def edition_pdf(request: Request) -> Response:
    """Send an edition as a tagged PDF, in the language the address asks for."""
    language = await printing.ordered(request)
    synthesis, shown = await _asked(request)
    context = _document(synthesis, shown, await queries.themes_shown(shown.id))
    (html,) = await pieces(request, "synthesis/show.html", [context], block="document", language=language)
    with languages.speaking(language):
        title = str(localized(shown.title))
    told = languages.gettext(language, "edition %(number)s of %(date)s") % {
        "number": shown.number,
        "date": languages.date(language, shown.released_at or shown.signed_at),
    }
    ours = await instance.current()
    said = f"{languages.gettext(language, 'Synthesis')}{languages.gettext(language, ': ')}{title}"
    paper = Paper(
        title=said,
        html=html,
        language=language,
        author=ours.body or ours.name,
        on=shown.released_at or shown.signed_at,
        foot=f"{title}, {told}",
    )
    name = f"synthesis-{synthesis.public_id}-{shown.number}-{language}.pdf"
    return printing.response(request, await printing.printed(paper), name, is_public=True)


def _differences(request: Request, themes: list[ThemeShown], older: list[ThemeShown]) -> list[Difference]:
    """Put beside each theme what changed in its words; those that stayed as they were are left out."""
    known = {one.theme_id: one for one in older}
    found = []
    for one in themes:
        was = known.get(one.theme_id)
        if was is None:
            found.append(Difference(one, True, ()))
        elif was.theme_version_id != one.theme_version_id:
            pairs = [(getattr(was, name), getattr(one, name)) for name in ("title", "concern", "minority")]
            changed = [_diff(request, old, new) for old, new in pairs if old != new]
            found.append(Difference(one, False, tuple(changed)))
    return found


def _diff(request: Request, old: Localized, new: Localized) -> list[DiffPart]:
    language = request.state.language
    spoken = language if new.get(language) else next(iter(new), language)
    return text.diff(old.get(spoken, ""), new.get(spoken, ""))


@open_to("everyone")
async def theme(request: Request) -> Response:
    """Show a theme of a published synthesis, with the points everybody can read."""
    found = await queries.public_theme(request.path_params["id"])
    asked = forms.query(request)
    stance = forms.option(asked, "side", Stance, required=False)
    after = forms.whole(asked, "after", min=1, max=_LAST, required=False) or 0
    points, more = await queries.public_points(found.theme, stance=str(stance or ""), after=after)
    context = {
        **WORDS,
        "process": found.synthesis.process,
        "found": found,
        "theme": found.theme,
        "stance": stance,
        "points": points,
        "more": more,
        "is_paged": bool(after),
        "others": [
            one
            for one in await queries.themes_shown(found.edition.id)
            if one.theme_id != found.theme.theme_id
        ],
        "nav": "synthesis",
    }
    return await page(request, "synthesis/public_theme.html", context)


routes = [
    Route("/processes/{slug}/synthesis", of_process, name="synthesis:of_process"),
    Route("/syntheses/{id}", show, name="synthesis:show"),
    Route("/syntheses/{id}/editions/{number:int}", edition, name="synthesis:edition"),
    Route("/syntheses/{id}/editions/{number:int}/edition.pdf", edition_pdf, name="synthesis:edition_pdf"),
    Route("/themes/{id}", theme, name="synthesis:public_theme"),
]
