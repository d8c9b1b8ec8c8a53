"""The reading desk: which texts to cut, to read a second time, and to check with their authors."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import queries as contributions
from civic.contributions.queries import ClaimCard
from civic.decisions import queries as decisions
from civic.foundation import forms, languages
from civic.foundation.errors import N_, Conflict, Invalid, Message, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import RoleLink, open_to, see_other, url, viewer_of
from civic.notices.queries import when_asked
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage
from civic.synthesis import actions, queries
from civic.synthesis.forms import MAX_RESTATEMENT, READING_FIELDS, parse_reading, parse_restatement
from civic.synthesis.policies import may_cut, may_read_second, may_reword, may_send_check
from civic.synthesis.queries import TextDesk, TextState
from civic.synthesis.rules import KIND_WORDS

LABELS = {
    TextState.RETURNED: N_("To cut again"),
    TextState.UNCUT: N_("To cut"),
    TextState.UNREAD: N_("To read a second time"),
    TextState.IMPORTED: N_("Imported points"),
    TextState.TO_CHECK: N_("To check with the author"),
    TextState.ASKED: N_("Waiting for the author"),
}
WORKERS = ("official", "reviewer", "decision_maker")
_LAST = 2**53


@open_to("officials")
async def texts(request: Request) -> Response:
    """List the texts of a process by what is left to do with them."""
    return await _texts(request, forms.query(request))


async def _texts(request: Request, form: FormData, *, status: int = 200) -> Response:
    viewer = viewer_of(request)
    worked = await decisions.worked_processes(viewer)
    chosen = await _chosen(worked, forms.query(request).value("process"))
    context: dict[str, object] = {"worked": worked, "process": chosen, "labels": LABELS, "form": form}
    if chosen is not None:
        asked = forms.query(request)
        counts = await queries.counts_of_texts(chosen.id, decisions.SETTLED)
        first = next((one for one in TextState if counts[one]), TextState.UNCUT)
        state = forms.option(asked, "state", TextState, required=False) or first
        after = forms.whole(asked, "after", min=1, max=_LAST, required=False) or 0
        rows, more = await queries.texts_of(chosen.id, state, settled=decisions.SETTLED, after=after)
        mine, team = await queries.rates_of(chosen.id, viewer.participant)
        context |= {
            "counts": counts,
            "state": state,
            "rows": rows,
            "more": more,
            "is_paged": bool(after),
            "mine": mine,
            "team": team,
        }
    return await page(request, "synthesis/texts.html", context, status=status)


async def _chosen(worked: list[ProcessPage], slug: str) -> ProcessPage | None:
    """Give the process of the address, or the first; one where the viewer does not work is not found."""
    found = next((one for one in worked if one.slug == slug), None)
    if slug and found is None:
        raise NotFound
    return found or next(iter(worked), None)


@open_to("officials")
async def send_several(request: Request) -> Response:
    """Ask the ticked authors whether their points are right."""
    form = await forms.read(request, only=("text", "process"))
    viewer = viewer_of(request)
    process = await _chosen(await decisions.worked_processes(viewer), form.value("process"))
    if process is None:
        raise NotFound
    back = url(request, "synthesis:texts") + f"?process={process.slug}&state={TextState.TO_CHECK}"

    async def act() -> str:
        chosen = [await _text(request, one) for one in form.all("text")[: actions.MOST_CHECKS]]
        if not chosen:
            raise Invalid({"text": Message(N_("Tick the texts whose authors you ask."))})
        await actions.send_checks(viewer, [one.contribution for one in chosen])
        return back

    return see_other(await once(form.key, form.digest, act))


@open_to("officials")
async def show(request: Request) -> Response:
    """Show a text with its points: who cut it, who read it, what its author said."""
    return await _show(request, await _text(request, request.path_params["id"]), forms.blank())


async def _text(request: Request, public_id: str) -> TextDesk:
    return await queries.text_desk(viewer_of(request), public_id)


@open_to("officials")
async def read_second(request: Request) -> Response:
    """Confirm the points somebody else cut, or send them back."""
    desk = await _text(request, request.path_params["id"])
    form = await forms.read(request, only=READING_FIELDS)

    async def act() -> str:
        draft = parse_reading(form)
        await actions.read_second(viewer_of(request), desk.contribution, draft, seen=form.value("points"))
        following = await queries.next_text(
            desk.contribution.process_id or 0,
            TextState.UNREAD,
            after=desk.contribution.id,
            settled=decisions.SETTLED,
        )
        shown = following.public_id if following and draft.is_confirmed else desk.contribution.public_id
        return url(request, "synthesis:text", id=shown)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _show(request, desk, form.with_errors(wrong), status=422)
    except Conflict as conflict:
        form.values["points"] = ()
        return await _show(request, await _fresh(request), form, conflict=conflict, status=409)


async def _fresh(request: Request) -> TextDesk:
    return await _text(request, request.path_params["id"])


@open_to("officials")
async def send(request: Request) -> Response:
    """Ask the author whether the points of their text are right."""
    desk = await _text(request, request.path_params["id"])
    form = await forms.read(request, only=())

    async def act() -> str:
        await actions.send_check(viewer_of(request), desk.contribution)
        return url(request, "synthesis:text", id=desk.contribution.public_id)

    return see_other(await once(form.key, form.digest, act))


@open_to("officials")
async def point(request: Request) -> Response:
    """Show how a point is understood, to put it better."""
    desk, claim = await _point(request)
    form = forms.blank(restatement=claim.restatement, expected_version=claim.restatement_number)
    return await _reworded(request, desk, claim, form)


@open_to("officials")
async def reword(request: Request) -> Response:
    """Keep how a point is understood now, as a new version."""
    desk, claim = await _point(request)
    form = await forms.read(request, only=("restatement", "expected_version"))

    async def act() -> str:
        expected = forms.whole(form, "expected_version", min=0, max=10**6)
        said = parse_restatement(form)
        await actions.reword(viewer_of(request), claim, desk.contribution, said, expected=expected)
        return url(request, "synthesis:text", id=desk.contribution.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _reworded(request, desk, claim, form.with_errors(wrong), status=422)
    except Conflict as conflict:
        return await _reworded(request, desk, claim, form, conflict=conflict, status=409)


async def _point(request: Request) -> tuple[TextDesk, ClaimCard]:
    claim = await contributions.claim_by_public_id(request.path_params["id"])
    if claim is None:
        raise NotFound
    contribution = await contributions.contribution_by_id(claim.contribution_id)
    return await _text(request, contribution.public_id), claim


async def _reworded(
    request: Request,
    desk: TextDesk,
    claim: ClaimCard,
    form: FormData,
    *,
    conflict: Conflict | None = None,
    status: int = 200,
) -> Response:
    process = desk.contribution.process or ""
    withdrawn, state = claim.reads_as_withdrawn, claim.check_state
    context = {
        "process": await processes.process_by_public_id(process),
        "desk": desk,
        "claim": claim,
        "most": MAX_RESTATEMENT,
        "conflict": conflict.message if conflict else None,
        "may_reword": may_reword(viewer_of(request), process, is_withdrawn=withdrawn, state=state),
        "form": form,
    }
    return await page(request, "synthesis/point.html", context, status=status)


async def _show(
    request: Request,
    desk: TextDesk,
    form: FormData,
    *,
    conflict: Conflict | None = None,
    status: int = 200,
) -> Response:
    viewer, contribution = viewer_of(request), desk.contribution
    process = await processes.process_by_public_id(contribution.process or "")
    here, withdrawn = process.public_id, not contribution.is_public
    is_full = process.profile is processes.Profile.FULL
    waiting = await _waiting(desk)
    context = {
        "kinds": KIND_WORDS,
        "process": process,
        "desk": desk,
        "said": await queries.understanding_of([one.id for one in desk.claims]),
        "check": waiting,
        "asks_at": await when_asked(f"check/{waiting.public_id}") if waiting else None,
        "is_full": is_full,
        "conflict": conflict.message if conflict else None,
        "may_cut": may_cut(viewer, here, is_withdrawn=withdrawn),
        "may_read": may_read_second(viewer, here, cut_by=desk.cut_by_id, has_points=bool(desk.to_read)),
        "may_send": may_send_check(
            viewer,
            here,
            is_withdrawn=withdrawn,
            is_waiting=desk.is_waiting,
            unread=len(desk.unread) if is_full else 0,
            to_ask=len(desk.to_ask),
        ),
        "can_be_told": await contributions.recipient_of(contribution) is not None,
        "form": form,
    }
    return await page(request, "synthesis/text.html", context, status=status)


async def _waiting(desk: TextDesk) -> queries.CheckCard | None:
    """Give the check the author is being asked, if they are."""
    if not desk.is_waiting:
        return None
    try:
        return (await queries.open_check_of(desk.contribution.id))[0]
    except NotFound:
        return None


async def role_links(request: Request) -> list[RoleLink]:
    """Give the reading desk to those who work on answers."""
    if not viewer_of(request).holds_somewhere(*WORKERS):
        return []
    path = url(request, "synthesis:texts")
    label = languages.gettext(request.state.language, N_("Reading"))
    return [RoleLink(label, path, is_current=request.scope["path"].startswith(path))]


routes = [
    Route("/desk/texts", texts, name="synthesis:texts"),
    Route("/desk/texts/checks", send_several, methods=["POST"], name="synthesis:send_several"),
    Route("/desk/texts/{id}", show, name="synthesis:text"),
    Route("/desk/texts/{id}/readings", read_second, methods=["POST"], name="synthesis:read_second"),
    Route("/desk/texts/{id}/check", send, methods=["POST"], name="synthesis:send_check"),
    Route("/desk/points/{id}", point, name="synthesis:point"),
    Route("/desk/points/{id}", reword, methods=["POST"], name="synthesis:reword"),
]
