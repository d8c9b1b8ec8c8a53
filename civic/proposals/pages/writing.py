"""Write a proposal: one page, with what resembles it, a preview, and a draft that is kept."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.contributions import slips
from civic.foundation import clock, forms, ids, limits, text
from civic.foundation.errors import Invalid
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.viewer import Viewer
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage
from civic.proposals import actions, policies, queries
from civic.proposals.forms import FIELDS, KEPT_FIELDS, ProposalDraft, parse_author, parse_proposal


@open_to("everyone")
async def new(request: Request) -> Response:
    """Show the form, with the draft that was kept; or why proposals are closed."""
    viewer = viewer_of(request)
    process = await processes.visible_process(viewer, request.path_params["slug"])
    kept = await said.draft_of(viewer, place_of(process))
    words = {"issue": request.query_params.get("issue", "")[:26], **(kept.words if kept else {})}
    context = {"saved_at": kept.saved_at if kept else None, "look": True}
    return await _form_page(request, process, forms.blank(**words), context)


@open_to("everyone")
async def create(request: Request) -> Response:
    """Receive a proposal; or show its preview, or keep it as a draft."""
    viewer, network = viewer_of(request), slips.network_of(request)
    process = await processes.visible_process(viewer, request.path_params["slug"])
    form = await forms.read(request, only=FIELDS)
    if form.value("draft") and viewer.is_signed_in:
        return await _keep(request, process, form)
    if form.value("write"):
        return await _form_page(request, process, form, {})
    try:
        draft = parse_proposal(form, [issue.public_id for issue in process.issues])
        if form.value("preview"):
            form.demand()
            return await _preview(request, process, form, draft)
        author = parse_author(form, viewer, language=request.state.language)
        form.demand()
        if author.guest_address:
            await limits.spend("confirm_address", author.guest_address)
            await limits.spend("confirm_network", network)
        code = ids.code_of_form(form.key)
        rendered = await register.render_words(draft.words)

        async def act() -> str:
            await limits.demand("post_network", network)
            if form.value("look"):
                await _look_first(viewer, process, draft)
            receipt = await actions.submit_proposal(author, process, draft, code=code, rendered=rendered)
            await register.drop_draft(viewer, place_of(process))
            await limits.spend("post_network", network)  # Last: neighbours wait for each other from here.
            return receipt.number

        number = await once(form.key, form.digest, act)
    except Invalid as wrong:
        return await _form_page(request, process, form.with_errors(wrong), {}, status=422)
    except _Resembling:
        return await _preview(request, process, form, draft)
    response = see_other(url(request, "contributions:receipt", number=number))
    return await slips.hand_over(request, response, await slips.made(number, code), code)


@open_to("everyone")
async def resembling(request: Request) -> Response:
    """Show the proposals that resemble what is being written, and keep the draft of who is signed in."""
    viewer = viewer_of(request)
    process = await processes.visible_process(viewer, request.path_params["slug"])
    form = await forms.read(request, only=FIELDS)
    await limits.spend("preview_network", slips.network_of(request))
    title, body = form.value("title")[:200], form.value("body")[:20_000]
    if viewer.is_signed_in and (title or body):
        await register.keep_draft(viewer, place_of(process), _words(form))
    context = {
        "process": process,
        "near": await queries.similar(viewer, process, title, body),
        "look": False,
        "kept_at": clock.now() if viewer.is_signed_in and (title or body) else None,
    }
    return await page(request, "proposals/similar.html", context, block="near")


class _Resembling(Exception):
    """What is being sent resembles proposals that its author was not shown yet."""


async def _look_first(viewer: Viewer, process: ProcessPage, draft: ProposalDraft) -> None:
    """Stop, once, a text that resembles others: a form without scripts showed none while it was written.

    Asked inside the act, so that a form sent twice never finds its own proposal.
    """
    if await queries.similar(viewer, process, draft.title, draft.body):
        raise _Resembling


async def _keep(request: Request, process: ProcessPage, form: FormData) -> Response:
    """Keep what was written so far, however unfinished."""
    await register.keep_draft(viewer_of(request), place_of(process), _words(form))
    return see_other(url(request, "proposals:new", slug=process.slug) + "?kept=1")


def _words(form: FormData) -> dict[str, str]:
    return {name: form.value(name)[:120_000] for name in KEPT_FIELDS}


async def _preview(request: Request, process: ProcessPage, form: FormData, draft: ProposalDraft) -> Response:
    """Show a proposal as everybody will read it, with what resembles it; nothing is published yet."""
    viewer = viewer_of(request)
    policies.may_submit(process.phases, clock.now(), has_issues=bool(process.issues)).demand()
    context = {
        "preview": draft,
        "preview_html": await register.render_words(draft.words),
        "preview_language": text.detect_language(f"{draft.title}\n{draft.body}"),
        "near": await queries.similar(viewer, process, draft.title, draft.body),
        "was_stopped": not form.value("preview"),
        "look": False,
    }
    return await _form_page(request, process, form, context)


def place_of(process: ProcessPage) -> str:
    """Name where the draft of a proposal to a process is kept."""
    return f"proposal/{process.public_id}"


async def _form_page(
    request: Request,
    process: ProcessPage,
    form: FormData,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> Response:
    now = clock.now()
    return await page(
        request,
        "proposals/new.html",
        {
            "nav": "processes",
            "process": process,
            "form": form,
            "may_submit": policies.may_submit(process.phases, now, has_issues=bool(process.issues)),
            "preview": None,
            "near": [],
            "look": bool(form.value("look")),
            "was_stopped": False,
            "kept_at": None,
            "saved_at": None,
            "was_kept": request.query_params.get("kept") == "1",
            "closes_at": policies.closes_at(process.phases, now),
            **context,
        },
        block="form",
        status=status,
    )


routes = [
    Route("/processes/{slug}/proposals/new", new, name="proposals:new"),
    Route("/processes/{slug}/proposals", create, methods=["POST"], name="proposals:create"),
    Route("/processes/{slug}/proposals/similar", resembling, methods=["POST"], name="proposals:similar"),
]
