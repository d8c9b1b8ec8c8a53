"""The page where an author tells, reads, corrects and erases what is particular to their situation."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import actions, queries
from civic.contributions.forms import SITUATION_FIELDS, SituationWords, parse_situation
from civic.contributions.queries import Audience, ContactWay, ContributionCard, Situation
from civic.foundation import forms
from civic.foundation.errors import N_, Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of

_AUDIENCES = {
    Audience.HANDLING: N_("Read by you and the officials who handle it."),
    Audience.DECIDERS: N_("Read by you, the officials and those who decide."),
    Audience.ANONYMOUS: N_("Read by everyone, without your name, once five people agreed to the same."),
    Audience.EVERYONE: N_("Read by everyone, below your text."),
}
_WAYS = {
    ContactWay.PHONE: N_("called you by telephone"),
    ContactWay.MEETING: N_("met you"),
    ContactWay.MAIL: N_("wrote to you by e-mail"),
    ContactWay.LETTER: N_("wrote you a letter"),
    ContactWay.NONE: N_("could not reach you"),
}


@open_to("everyone")
async def situation(request: Request) -> Response:
    """Show an author what they told, who read it, and the form to tell or correct it."""
    card = await _own(request)
    found = await queries.situation_of(card.id)
    told = await queries.own_words(card.id)
    return await _page(request, card, _filled(found, told), found, told)


@open_to("everyone")
async def tell(request: Request) -> Response:
    """Keep what an author tells, sealed."""
    card = await _own(request)
    form = await forms.read(request, only=SITUATION_FIELDS)

    async def act() -> str:
        await actions.tell_situation(viewer_of(request), card, parse_situation(form))
        return url(request, "contributions:situation", number=card.number) + "?kept=1"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        found, told = await queries.situation_of(card.id), await queries.own_words(card.id)
        return await _page(request, card, form.with_errors(wrong), found, told, status=422)


@open_to("everyone")
async def erase(request: Request) -> Response:
    """Erase what an author told."""
    card = await _own(request)
    form = await forms.read(request, only=())

    async def act() -> str:
        await actions.erase_situation(viewer_of(request), card)
        return url(request, "contributions:situation", number=card.number) + "?erased=1"

    return see_other(await once(form.key, form.digest, act))


def _filled(found: Situation | None, told: SituationWords | None) -> FormData:
    """Fill the form with what was told, to correct it."""
    if found is None or told is None:
        return forms.blank()
    values = {f"situation_{name}": said for name, said in told.said().items()}
    kept_longer = "1" if found.kept_longer else ""
    return forms.blank(situation_audience=found.audience, situation_kept_longer=kept_longer, **values)


async def _own(request: Request) -> ContributionCard:
    """Give the contribution to its author alone: for others this page does not exist."""
    card = await queries.contribution_behind_code(request.path_params["number"])
    if card is None or not queries.is_author(viewer_of(request), card):
        raise NotFound
    return card


async def _page(
    request: Request,
    card: ContributionCard,
    form: FormData,
    found: Situation | None,
    told: SituationWords | None,
    *,
    status: int = 200,
) -> Response:
    context = {
        "card": card,
        "form": form,
        "situation": found,
        "told": told,
        "audience": _AUDIENCES[found.audience] if found else "",
        "ways": _WAYS,
        "may_tell": await actions.may_tell_situation(viewer_of(request), card),
        "was_kept": request.query_params.get("kept") == "1",
        "was_erased": request.query_params.get("erased") == "1",
        "nav": "mine",
    }
    return await page(request, "contributions/situation.html", context, status=status)


routes = [
    Route("/receipts/{number}/situation", situation, name="contributions:situation"),
    Route("/receipts/{number}/situation", tell, methods=["POST"], name="contributions:tell_situation"),
    Route(
        "/receipts/{number}/situation/erasure",
        erase,
        methods=["POST"],
        name="contributions:erase_situation",
    ),
]
