"""What officials owe, their decisions, and the beginning of a new one."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.accounts import queries as accounts
from civic.decisions import actions, queries
from civic.decisions.forms import parse_decision, parse_decision_texts
from civic.decisions.pages.showing import WORDS
from civic.decisions.policies import WORKERS, may_begin, may_draft
from civic.decisions.queries import DecisionCard, Owed, OwedItem
from civic.foundation import clock, forms, languages
from civic.foundation.errors import N_, Conflict, Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import RoleLink, open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage

NEW_FIELDS = ("process", "issues", "title_*", "summary_*", "decision_maker")
TEXT_FIELDS = ("title_*", "summary_*", "decision_maker", "expected_version")


class Placed(NamedTuple):
    """A thing that is owed, and where it is done."""

    item: OwedItem
    href: str


@open_to("staff")
async def owed(request: Request) -> Response:
    """Show what this person owes: late first, then this week, then the rest."""
    viewer, now = viewer_of(request), clock.now()
    items = [Placed(one, _href(request, one)) for one in await queries.owed_by(viewer)]
    week = now + timedelta(days=7)
    groups = (
        ("late", N_("Late"), [one for one in items if one.item.is_late(now)]),
        ("week", N_("This week"), [one for one in items if one.item.due and now < one.item.due <= week]),
        ("next", N_("Next"), [one for one in items if one.item.due is None or one.item.due > week]),
    )
    context = {
        **WORDS,
        "groups": groups,
        "total": len(items),
        "today": clock.local_day(now),
        "person": await accounts.person(viewer.participant or 0),
    }
    return await page(request, "decisions/owed.html", context)


def _href(request: Request, item: OwedItem) -> str:
    """Give the place where a thing is done."""
    if item.kind is Owed.APPEAL:
        return url(request, "decisions:appeal_desk", id=item.key)
    if item.kind in (Owed.QUESTION, Owed.REOPENED, Owed.FOLLOW_UP):
        return url(request, "decisions:claim", id=item.key)
    if item.kind is Owed.BEGIN:
        return url(request, "decisions:new") + f"?process={item.name}&issue={item.key}"
    if item.kind is Owed.HOLD:
        return url(request, "decisions:publication", id=item.key)
    if item.kind is Owed.REACTIONS:
        return url(request, "decisions:reactions", id=item.key)
    if item.kind is Owed.PROMISE:
        return url(request, "decisions:promises", id=item.key)
    states = {
        Owed.ANSWERS: "unanswered",
        Owed.AGAIN: "again",
        Owed.BACK: "back",
        Owed.REVIEWS: "review",
        Owed.SIGNATURES: "signature",
    }
    return url(request, "decisions:workspace", id=item.key) + f"?state={states[item.kind]}"


@open_to("officials")
async def index(request: Request) -> Response:
    """List the decisions this person works on."""
    viewer = viewer_of(request)
    worked = await _processes(request)
    decisions = await queries.decisions_of_processes([one.id for one in worked])
    context = {
        **WORDS,
        "decisions": decisions,
        "coverages": await queries.coverages(decisions),
        "may_begin": any(may_begin(viewer, one.public_id, one.state) for one in worked),
    }
    return await page(request, "decisions/desks.html", context)


@open_to("officials")
async def new(request: Request) -> Response:
    """Show the form that begins a decision."""
    asked = forms.query(request)
    form = forms.blank(process=asked.value("process")[:80], issues=asked.value("issue")[:26])
    return await _new(request, form)


@open_to("officials")
async def create(request: Request) -> Response:
    """Begin a decision."""
    form = await forms.read(request, only=NEW_FIELDS)
    process = await _chosen(request, form)

    async def act() -> str:
        draft = parse_decision(
            form, tuple(issue.public_id for issue in process.issues), await _makers(process)
        )
        form.demand()
        decision = await actions.create_decision(viewer_of(request), process, draft)
        return url(request, "decisions:workspace", id=decision.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _new(request, form.with_errors(wrong), status=422)


async def _new(request: Request, form: FormData, *, status: int = 200) -> Response:
    viewer = viewer_of(request)
    worked = [one for one in await _processes(request) if may_begin(viewer, one.public_id, one.state).allowed]
    chosen = next((one for one in worked if one.slug == form.value("process")), None)
    if chosen is None and len(worked) == 1:
        chosen = worked[0]
    process = await processes.process_by_id(chosen.id) if chosen else None
    taken = {issue.id for one in (await _decisions(process)) for issue in one.issues}
    context = {
        **WORDS,
        "form": form,
        "choices": worked,
        "chosen": process,
        "free": [issue for issue in process.issues if issue.id not in taken] if process else [],
        "makers": await accounts.holders("decision_maker", process.public_id) if process else [],
    }
    return await page(request, "decisions/new.html", context, status=status)


async def _decisions(process: ProcessPage | None) -> list[DecisionCard]:
    return await queries.decisions_of(process.id) if process else []


@open_to("officials")
async def texts(request: Request) -> Response:
    """Show the title, the summary and the decision maker of a decision, to change them."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    values = {f"title_{code}": said for code, said in decision.title.items()}
    values |= {f"summary_{code}": said for code, said in decision.summary.items()}
    maker = decision.maker.public_id if decision.maker else None
    form = forms.blank(decision_maker=maker, expected_version=decision.version, **values)
    return await _texts(request, decision, form)


@open_to("officials")
async def save_texts(request: Request) -> Response:
    """Change the title, the summary or the decision maker."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    form = await forms.read(request, only=TEXT_FIELDS)

    async def act() -> str:
        expected = forms.whole(form, "expected_version", min=1, max=10**9)
        draft = parse_decision_texts(form, await _makers(decision.process))
        form.demand()
        await actions.edit_decision(viewer_of(request), decision, draft, expected_version=expected)
        return url(request, "decisions:workspace", id=decision.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _texts(request, decision, form.with_errors(wrong), status=422)
    except Conflict:
        current = await queries.desk_decision(viewer_of(request), decision.public_id)
        return await _texts(request, current, form, theirs=current, status=409)


async def _texts(
    request: Request,
    decision: DecisionCard,
    form: FormData,
    *,
    theirs: DecisionCard | None = None,
    status: int = 200,
) -> Response:
    process = await processes.process_by_id(decision.process.id)
    context = {
        **WORDS,
        "process": process,
        "decision": decision,
        "form": form,
        "theirs": theirs,
        "expected_version": decision.version,
        "makers": await accounts.holders("decision_maker", process.public_id),
        "may_draft": may_draft(viewer_of(request), process.public_id),
    }
    return await page(request, "decisions/texts.html", context, status=status)


async def _makers(process: ProcessPage) -> tuple[str, ...]:
    return tuple(one.public_id for one in await accounts.holders("decision_maker", process.public_id))


async def _chosen(request: Request, form: FormData) -> ProcessPage:
    """Give the process the form names, to those who work there."""
    for one in await _processes(request):
        if one.slug == form.value("process"):
            return await processes.process_by_id(one.id)
    raise NotFound


async def _processes(request: Request) -> list[ProcessPage]:
    return await queries.worked_processes(viewer_of(request))


async def role_links(request: Request) -> list[RoleLink]:
    """Give the workspaces of this room to those who hold a role."""
    viewer, language = viewer_of(request), request.state.language
    here = request.scope["path"]
    links = []
    if viewer.holds_somewhere(*WORKERS, "appeal_reader"):
        path = url(request, "decisions:owed")
        label = languages.gettext(language, N_("What I owe"))
        links.append(RoleLink(label, path, is_current=here == path))
    if viewer.holds_somewhere(*WORKERS):
        path = url(request, "decisions:desks")
        label = languages.gettext(language, N_("Drafting"))
        is_current = here.startswith((path, "/desk/claims"))
        links.append(RoleLink(label, path, is_current=is_current))
    return links


routes = [
    Route("/desk", owed, name="decisions:owed"),
    Route("/desk/decisions", index, name="decisions:desks"),
    Route("/desk/decisions", create, methods=["POST"], name="decisions:create"),
    Route("/desk/decisions/new", new, name="decisions:new"),
    Route("/desk/decisions/{id}/texts", texts, name="decisions:texts"),
    Route("/desk/decisions/{id}/texts", save_texts, methods=["POST"], name="decisions:save_texts"),
]
