"""A debate, and one comment in its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import queries as said
from civic.debates import queries
from civic.debates.queries import ThreadCard
from civic.decisions import queries as decisions
from civic.foundation import forms
from civic.foundation.errors import NotFound
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.moderation import queries as moderation
from civic.processes import queries as processes
from civic.processes.queries import IssueCard, ProcessPage


@dataclass(frozen=True)
class Subject:
    """What a debate is about: its words, and where they are read."""

    path: str
    title: str = ""
    language: str = ""
    issue: IssueCard | None = None
    is_shown: bool = True


@open_to("everyone")
async def show(request: Request) -> Response:
    """Show a debate on a page of its own."""
    thread = await queries.visible_thread(viewer_of(request), request.path_params["id"])
    process = await processes.process_by_id(thread.process_id)
    return await _debate_page(request, process, thread.issue_id, thread)


@open_to("everyone")
async def issue(request: Request) -> Response:
    """Show the debate on a question, begun or not."""
    process, found = await issue_of(request)
    return await _debate_page(
        request, process, found.id, await queries.thread_on(f"issue/{found.public_id}"), found
    )


@open_to("everyone")
async def comment(request: Request) -> Response:
    """Show one comment: what it answers, what stands beside it, the replies to it."""
    viewer, key = viewer_of(request), request.path_params["id"]
    asked = forms.query(request)
    try:
        found = await queries.permalink(viewer, key, after=asked.value("after")[:40])
    except NotFound:
        return await _waiting(request, key)
    process = await processes.process_by_id(found.thread.process_id)
    wish = queries.Asked()
    card = await said.contribution_by_id(found.place.contribution_id)
    context = {
        "nav": "processes",
        "process": process,
        "found": found,
        "debate": await queries.debate_on(viewer, process, found.thread.issue_id, None, wish),
        "subject": await subject_of(request, process, found.thread),
        "tombs": await tombs_of(found.hidden),
        "card": card if card.is_public else None,
        "may_relate": await queries.may_relate(viewer, card),
        "outcomes": await _outcomes(card),
        "was_posted": asked.value("posted") == "1" and found.target.mine,
        "is_later_page": bool(asked.value("after")),
    }
    return await page(request, "debates/comment.html", context)


async def _outcomes(card: said.ContributionCard) -> list[decisions.OutcomeCard]:
    """Give the published answers to the points of a comment."""
    claims = await said.claims_of(card.id) if card.is_public else []
    found = await decisions.outcomes_of_claims([claim.id for claim in claims])
    return [found[claim.id] for claim in claims if claim.id in found]


async def _waiting(request: Request, key: str) -> Response:
    """Lead the author of a comment that waits for its confirmation to its receipt."""
    card = await said.visible_contribution(viewer_of(request), key)
    if not card.is_awaiting:
        raise NotFound
    return see_other(url(request, "contributions:receipt", number=card.number))


@open_to("everyone")
async def versions(request: Request) -> Response:
    """Show the versions of a comment, and what changed."""
    viewer = viewer_of(request)
    card = await said.visible_contribution(viewer, request.path_params["id"])
    place = await queries.visible_place(viewer, card.public_id)
    process = await processes.process_by_id(place.process_id)
    wanted, mine = forms.query(request).value("version"), said.is_author(viewer, card)
    context = {
        "nav": "processes",
        "process": process,
        "card": card,
        "history": await said.history(card.id, wanted, is_author=mine),
    }
    return await page(request, "debates/versions.html", context)


async def _debate_page(
    request: Request,
    process: ProcessPage,
    issue_id: int | None,
    thread: ThreadCard | None,
    found: IssueCard | None = None,
) -> Response:
    wish = queries.asked(forms.query(request))
    subject = await subject_of(request, process, thread, found)
    debate = await queries.debate_on(
        viewer_of(request), process, issue_id, thread, wish, is_shown=subject.is_shown
    )
    context = {
        "nav": "processes",
        "process": process,
        "debate": debate,
        "subject": subject,
        "tombs": await tombs_of(debate.window.hidden),
    }
    return await page(request, "debates/show.html", context, block="debate")


async def issue_of(request: Request) -> tuple[ProcessPage, IssueCard]:
    """Give the question of this address, in a process the viewer may see."""
    viewer = viewer_of(request)
    process = await processes.visible_process(viewer, request.path_params["slug"])
    return process, await processes.issue_of(viewer, process, request.path_params["id"])


async def subject_of(
    request: Request, process: ProcessPage, thread: ThreadCard | None, issue: IssueCard | None = None
) -> Subject:
    """Tell what a debate is about; hidden words are not told."""
    if thread is None or thread.subject_kind == "issue":
        found = issue or process.issue(thread.subject_key if thread else "")
        if found is None:
            raise NotFound
        path = url(request, "processes:issue", slug=process.slug, id=found.public_id)
        return Subject(path, issue=found)
    card = await said.contribution_by_public_id(thread.subject_key)
    words = card.title if card.is_public else ""
    path = url(request, "proposals:show", id=card.public_id)
    return Subject(path, words, card.language, is_shown=card.is_public)


async def tombs_of(hidden: Iterable[int]) -> dict[int, dict[str, object]]:
    """Tell why and when texts were hidden."""
    return await moderation.statement_of(hidden)


routes = [
    Route("/debates/{id}", show, name="debates:show"),
    Route("/processes/{slug}/issues/{id}/debate", issue, name="debates:issue"),
    Route("/comments/{id}", comment, name="debates:comment"),
    Route("/comments/{id}/versions", versions, name="debates:versions"),
]
