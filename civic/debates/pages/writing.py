"""Write in a debate: under its subject, or in reply to a comment."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import actions as register
from civic.contributions import slips
from civic.contributions.forms import Author, Capacity, Words
from civic.contributions.queries import WrittenAs
from civic.debates import actions, queries
from civic.debates.forms import COMMENT_FIELDS, DRAFT_FIELDS, CommentDraft, parse_author, parse_comment
from civic.debates.pages.reading import Subject, issue_of, subject_of, tombs_of
from civic.debates.policies import may_answer
from civic.debates.queries import Asked, CommentView, Speaker, ThreadCard
from civic.foundation import clock, database, forms, ids, limits
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.processes.queries import IssueCard, ProcessPage


@open_to("everyone")
async def reply(request: Request) -> Response:
    """Show where to reply to a comment."""
    viewer = viewer_of(request)
    place = await queries.visible_place(viewer, request.path_params["id"])
    may_answer(is_public=place.visibility == "public").demand()
    thread = await queries.thread_by_id(place.thread_id)
    process = await processes.process_by_id(thread.process_id)
    form = await queries.begun(viewer, process, queries.draft_place(thread, None, place.public_id))
    form.values["parent"] = (place.public_id,)
    subject = await subject_of(request, process, thread)
    return await _write_page(request, process, thread, subject, form)


@open_to("everyone")
async def post(request: Request) -> Response:
    """Receive a comment in a debate."""
    thread = await queries.visible_thread(viewer_of(request), request.path_params["id"])
    process = await processes.process_by_id(thread.process_id)
    subject = await subject_of(request, process, thread)
    return await _receive(request, process, thread, subject)


@open_to("everyone")
async def post_on_issue(request: Request) -> Response:
    """Receive a comment on a question, whose debate it may begin."""
    process, issue = await issue_of(request)
    thread = await queries.thread_on(f"issue/{issue.public_id}")
    subject = await subject_of(request, process, thread, issue)
    return await _receive(request, process, thread, subject)


@open_to("participants")
async def keep(request: Request) -> Response:
    """Keep what has been written so far, while it is being written."""
    viewer, form = viewer_of(request), await forms.read(request, only=COMMENT_FIELDS)
    thread = await queries.visible_thread(viewer, request.path_params["id"])
    issue = await _issue(thread)
    parent = form.value("parent")
    if parent and await queries.comment_in(viewer, thread.id, parent) is None:
        raise NotFound
    return await _kept(request, form, queries.draft_place(thread, issue, parent))


@open_to("participants")
async def keep_on_issue(request: Request) -> Response:
    """Keep what has been written so far on a question."""
    _, issue = await issue_of(request)
    form = await forms.read(request, only=COMMENT_FIELDS)
    return await _kept(request, form, queries.draft_place(None, issue))


async def _kept(request: Request, form: FormData, place: str) -> Response:
    words = {name: form.value(name)[:25_000] for name in DRAFT_FIELDS}
    await register.keep_draft(viewer_of(request), place, words)
    return await page(request, "debates/kept.html", {"at": clock.now()}, block="line")


async def _issue(thread: ThreadCard) -> IssueCard | None:
    process = await processes.process_by_id(thread.process_id)
    return next((one for one in process.issues if one.id == thread.issue_id), None)


async def _receive(
    request: Request, process: ProcessPage, thread: ThreadCard | None, subject: Subject
) -> Response:
    viewer, network = viewer_of(request), slips.network_of(request)
    form = await forms.read(request, only=COMMENT_FIELDS)
    try:
        draft, author = _read(request, form, await queries.speaker(viewer, process))
        if author.guest_address:
            await limits.spend("confirm_address", author.guest_address)
            await limits.spend("confirm_network", network)
        code = ids.code_of_form(form.key)
        rendered = await register.render_words(Words("", draft.body))

        async def act() -> str:
            await limits.demand("post_network", network)
            opened = thread or await _begin(process, subject)
            receipt = await actions.post_comment(author, opened, draft, code=code, rendered=rendered)
            kept = queries.draft_place(opened, subject.issue, draft.parent_public_id or "")
            await register.drop_draft(viewer, kept)
            await limits.spend("post_network", network)  # Last: neighbours wait for each other from here.
            return receipt.number

        number = await once(form.key, form.digest, act)
    except Invalid as wrong:
        return await _write_page(request, process, thread, subject, form.with_errors(wrong), status=422)
    made = await slips.made(number, code)
    if made.is_awaiting:
        location = url(request, "contributions:receipt", number=number)
    else:
        location = f"{url(request, 'debates:comment', id=made.public_id)}?posted=1"
    return await slips.hand_over(request, see_other(location), made, code)


async def _begin(process: ProcessPage, subject: Subject) -> ThreadCard:
    """Open the debate on a question with its first comment."""
    if subject.issue is None:
        raise RuntimeError("only a question has a debate that was not begun")
    key = f"issue/{subject.issue.public_id}"
    async with database.transaction():
        opened = await actions.open_thread(process.id, subject.issue.id, key)
        return await queries.thread_by_id(opened.id)


def _read(request: Request, form: FormData, speaker: Speaker | None) -> tuple[CommentDraft, Author]:
    draft = parse_comment(form)
    author = parse_author(
        form,
        viewer_of(request),
        language=request.state.language,
        may_be_official=speaker is not None,
    )
    form.demand()
    if speaker is not None and author.written_as is WrittenAs.OFFICIAL:
        draft = replace(draft, capacity=Capacity(None, speaker.title[:80]))
    return draft, author


async def _write_page(
    request: Request,
    process: ProcessPage,
    thread: ThreadCard | None,
    subject: Subject,
    form: FormData,
    *,
    status: int = 200,
) -> Response:
    viewer = viewer_of(request)
    issue_id = thread.issue_id if thread else subject.issue.id if subject.issue else None
    answered = await _answered(request, form.value("parent"), thread)
    context = {
        "nav": "processes",
        "process": process,
        "subject": subject,
        "thread": thread,
        "debate": await queries.debate_on(viewer, process, issue_id, None, Asked()),
        "answered": answered,
        "tombs": await tombs_of([]),
        "form": form,
    }
    return await page(request, "debates/write.html", context, block="composer", status=status)


async def _answered(request: Request, key: str, thread: ThreadCard | None) -> CommentView | None:
    """Give the comment that is answered, when it is one of this debate."""
    if not key or thread is None:
        return None
    return await queries.comment_in(viewer_of(request), thread.id, key)


routes = [
    Route("/comments/{id}/reply", reply, name="debates:reply"),
    Route("/debates/{id}/draft", keep, methods=["POST"], name="debates:draft"),
    Route(
        "/processes/{slug}/issues/{id}/draft",
        keep_on_issue,
        methods=["POST"],
        name="debates:issue_draft",
    ),
    Route("/debates/{id}/comments", post, methods=["POST"], name="debates:comments"),
    Route(
        "/processes/{slug}/issues/{id}/comments",
        post_on_issue,
        methods=["POST"],
        name="debates:issue_comments",
    ),
]
