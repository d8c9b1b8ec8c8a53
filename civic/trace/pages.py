"""What became of a contribution, and everything a person wrote."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import queries as contributions
from civic.decisions import queries as decisions
from civic.decisions.policies import may_appeal, may_reply
from civic.decisions.queries import OutcomeCard
from civic.decisions.words import SPOKEN
from civic.foundation import clock, forms, instance, languages, preferences, printing
from civic.foundation.printing import Paper
from civic.foundation.rendering import page, pieces
from civic.foundation.viewer import STRANGER
from civic.foundation.web import open_to, url, viewer_of
from civic.moderation import queries as moderation
from civic.trace import queries
from civic.trace.queries import Show, Trace

_LAST = 2**53
_PLACES = {"proposal": "proposals:show", "comment": "debates:comment"}


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show what became of a contribution. Shared, it names nobody; printed, it is a letter."""
    number = _number(request)
    is_shared = _is_shared(request)
    is_printed = request.query_params.get("print") == "1"
    visit = f"t-{number}"
    since = None if is_shared else preferences.last_visit(request, visit)
    context = await _context(request, number, is_shared=is_shared, since=since)
    response = await page(request, "trace/show.html", context)
    if not (is_shared or is_printed):
        preferences.remember_visit(request, response, visit)
    return response


@open_to("everyone")
async def letter(request: Request) -> Response:
    """Send the letter as a PDF: what its reader may read on the page, in the language of the address."""
    language = await printing.ordered(request)
    context = await _context(request, _number(request), is_shared=_is_shared(request), since=None)
    card = context["card"]
    (html,) = await pieces(request, "trace/show.html", [context], block="main", language=language)
    ours, title = await instance.current(), languages.gettext(language, "What became of a contribution")
    today = clock.local_day(clock.now())
    paper = Paper(
        title=f"{title} {card.number}",
        html=html,
        language=language,
        author=ours.body or ours.name,
        on=clock.end_of_day(today - timedelta(days=1)),
        foot=f"{title} {card.number}, {languages.date(language, today)}",
    )
    made = await printing.printed(paper, is_public=not context["trace"].is_author)
    return printing.response(request, made, f"letter-{card.number}.pdf", is_public=False)


def _number(request: Request) -> str:
    return str(request.path_params["number"]).upper()


def _is_shared(request: Request) -> bool:
    return request.query_params.get("share") == "1"


async def _context(
    request: Request, number: str, *, is_shared: bool, since: datetime | None
) -> dict[str, Any]:
    found = await queries.trace(STRANGER if is_shared else viewer_of(request), number, since=since)
    return {
        **SPOKEN,
        "trace": found,
        "card": found.card,
        "rights": {point.number: _rights(found, point.outcome) for point in found.points if point.outcome},
        **(await _situation(found, is_shared=is_shared)),
        "early": await decisions.told_early(found.card.id) if found.is_author and not is_shared else None,
        "since": since,
        "is_shared": is_shared,
        "place": None if is_shared else _place(request, found),
        "tomb": (await moderation.statement_of([found.card.id])).get(found.card.id),
        "nav": "mine" if found.is_author else "",
        "now": clock.now(),
    }


async def _situation(found: Trace, *, is_shared: bool) -> dict[str, Any]:
    """Give the author their statement with its answer; everybody the words that were told to everybody."""
    context: dict[str, Any] = {"situation": None, "situation_outcome": None, "shown_situation": None}
    if found.is_author and not is_shared:
        told = context["situation"] = await contributions.situation_of(found.card.id)
        if told is not None and not told.is_erased:
            answers = await decisions.outcomes_of_claims([told.claim_id], with_situations=True)
            context["situation_outcome"] = answers.get(told.claim_id)
    elif found.card.is_public and not is_shared:
        context["shown_situation"] = await contributions.words_for_everyone(found.card.id)
    return context


def _rights(found: Trace, outcome: OutcomeCard | None) -> dict[str, Any]:
    """Say what the author can still do about an answer, and until when."""
    if outcome is None or not found.is_author or outcome.is_withdrawn or not found.card.is_public:
        return {"reply": False, "appeal": False}
    now = clock.now()
    return {
        "reply": bool(
            may_reply(
                is_author=True, has_replied=outcome.reply is not None, until=outcome.reply_until, now=now
            )
        ),
        "appeal": bool(
            may_appeal(
                is_author=True, has_appealed=bool(outcome.appeals), until=outcome.appeal_until, now=now
            )
        ),
    }


def _place(request: Request, found: Trace) -> str | None:
    """Give the page where the words stand among the others."""
    name = _PLACES.get(found.card.kind)
    is_placed = name is not None and name in request.app.state.routes and not found.card.is_awaiting
    return url(request, name, id=found.card.public_id) if name and is_placed else None


@open_to("everyone")
async def mine(request: Request) -> Response:
    """List what the viewer wrote, with where each point stands and what waits for them."""
    form = forms.query(request)
    show = forms.option(form, "show", Show, required=False) or Show.ALL
    before = forms.whole(form, "before", min=1, max=_LAST, required=False)
    found = await queries.mine(viewer_of(request), show=show, before=before)
    context = {"mine": found, "show": show, "paged": before is not None, "nav": "mine", "now": clock.now()}
    return await page(request, "trace/mine.html", {**context, "form": forms.blank()})


routes = [
    Route("/contributions/{number}", show, name="trace:show"),
    Route("/contributions/{number}/letter.pdf", letter, name="trace:letter"),
    Route("/mine", mine, name="trace:mine"),
]
