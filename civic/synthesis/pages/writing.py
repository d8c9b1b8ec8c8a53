"""The desk of a synthesis: begin it, write it, see it as people will, publish it, stop it in time."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic import settings
from civic.foundation import forms
from civic.foundation.errors import N_, Conflict, Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage
from civic.synthesis import actions, queries
from civic.synthesis.forms import MAX_STATEMENT, SYNTHESIS_FIELDS, parse_synthesis
from civic.synthesis.pages.themes import WORDS, worked_process
from civic.synthesis.policies import may_publish_synthesis, may_stop_synthesis, may_theme
from civic.synthesis.queries import SynthesisCard

_LONGEST = 120


@open_to("officials")
async def new(request: Request) -> Response:
    """Show the form that begins a synthesis."""
    process = await _asked(request, forms.query(request).value("process")[:_LONGEST])
    return await _new(request, process, forms.blank(process=process.slug))


@open_to("officials")
async def create(request: Request) -> Response:
    """Begin a synthesis."""
    form = await forms.read(request, only=SYNTHESIS_FIELDS)
    process = await _asked(request, form.value("process"))

    async def act() -> str:
        draft = parse_synthesis(form, [one.public_id for one in process.issues])
        synthesis = await actions.begin_synthesis(viewer_of(request), process, draft)
        return url(request, "synthesis:synthesis_desk", id=synthesis.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _new(request, process, form.with_errors(wrong), status=422)


async def _asked(request: Request, slug: str) -> ProcessPage:
    process = await worked_process(request, slug)
    if process is None:
        raise NotFound
    return await processes.process_by_id(process.id)


async def _new(request: Request, process: ProcessPage, form: FormData, *, status: int = 200) -> Response:
    told = {issue.id for one in await queries.syntheses_of(process.id) for issue in one.issues}
    context = {
        **WORDS,
        "process": process,
        "free": [issue for issue in process.issues if issue.id not in told],
        "form": form,
        "may_theme": may_theme(viewer_of(request), process.public_id),
    }
    return await page(request, "synthesis/synthesis_new.html", context, status=status)


@open_to("officials")
async def show(request: Request) -> Response:
    """Show a synthesis as the next edition would be, with what it lacks."""
    return await _show(request, await _synthesis(request), forms.blank())


async def _show(request: Request, shown: SynthesisCard, form: FormData, *, status: int = 200) -> Response:
    viewer, process = viewer_of(request), shown.process
    draft = await queries.draft_of(shown)
    context = {
        **WORDS,
        "process": process,
        "synthesis": shown,
        "draft": draft,
        "form": form,
        "hold": settings.current().hold_seconds,
        "may_theme": may_theme(viewer, process.public_id),
        "may_stop": may_stop_synthesis(viewer, process.public_id),
        "may_publish": may_publish_synthesis(
            viewer,
            process.public_id,
            process.state,
            draft.lacks,
            themes=len(draft.themes),
            waits=shown.pending is not None,
        ),
    }
    return await page(request, "synthesis/synthesis_desk.html", context, status=status)


@open_to("officials")
async def words(request: Request) -> Response:
    """Show the title and the beginning of a synthesis, to change them."""
    shown = await _synthesis(request)
    values = {f"title_{code}": said for code, said in shown.title.items()}
    values |= {f"introduction_{code}": said for code, said in shown.introduction.items()}
    return await _words(request, shown, forms.blank(**values))


@open_to("officials")
async def save_words(request: Request) -> Response:
    """Change the title and the beginning of a synthesis; two officials never overwrite each other."""
    shown = await _synthesis(request)
    form = await forms.read(request, only=SYNTHESIS_FIELDS)

    async def act() -> str:
        expected = forms.whole(form, "expected_version", min=1, max=10**9)
        draft = parse_synthesis(form)
        await actions.rewrite_synthesis(viewer_of(request), shown, draft, expected_version=expected)
        return url(request, "synthesis:synthesis_desk", id=shown.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _words(request, shown, form.with_errors(wrong), status=422)
    except Conflict:
        now = await _synthesis(request)
        return await _words(request, now, form, theirs=now, status=409)


async def _words(
    request: Request,
    shown: SynthesisCard,
    form: FormData,
    *,
    theirs: SynthesisCard | None = None,
    status: int = 200,
) -> Response:
    context = {
        **WORDS,
        "process": shown.process,
        "synthesis": shown,
        "theirs": theirs,
        "form": form,
        "expected_version": shown.version,
        "may_theme": may_theme(viewer_of(request), shown.process.public_id),
    }
    return await page(request, "synthesis/synthesis_words.html", context, status=status)


@open_to("officials")
async def publish(request: Request) -> Response:
    """Sign an edition; it leaves when the hold is over."""
    shown = await _synthesis(request)
    form = await forms.read(request, only=("changes_*",))

    async def act() -> str:
        changes = forms.localized(
            form, "changes", max=MAX_STATEMENT, label=N_("What changed"), required=False, lines=True
        )
        form.demand()
        edition = await actions.publish_synthesis(viewer_of(request), shown, changes)
        name = "synthesis:show" if edition.released_at is not None else "synthesis:synthesis_desk"
        return url(request, name, id=shown.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _show(request, shown, form.with_errors(wrong), status=422)


@open_to("officials")
async def stop(request: Request) -> Response:
    """Stop a signed edition before it becomes public."""
    shown = await _synthesis(request)
    form = await forms.read(request, only=())

    async def act() -> str:
        await actions.stop_synthesis(viewer_of(request), shown)
        return url(request, "synthesis:synthesis_desk", id=shown.public_id)

    return see_other(await once(form.key, form.digest, act))


async def _synthesis(request: Request) -> SynthesisCard:
    return await queries.desk_synthesis(viewer_of(request), request.path_params["id"])


routes = [
    Route("/desk/syntheses", create, methods=["POST"], name="synthesis:create_synthesis"),
    Route("/desk/syntheses/new", new, name="synthesis:new_synthesis"),
    Route("/desk/syntheses/{id}", show, name="synthesis:synthesis_desk"),
    Route("/desk/syntheses/{id}/words", words, name="synthesis:synthesis_words"),
    Route("/desk/syntheses/{id}/words", save_words, methods=["POST"], name="synthesis:save_synthesis"),
    Route("/desk/syntheses/{id}/publication", publish, methods=["POST"], name="synthesis:publish"),
    Route("/desk/syntheses/{id}/publication/stop", stop, methods=["POST"], name="synthesis:stop"),
]
