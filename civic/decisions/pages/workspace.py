"""The desk of a decision: its points, its gate, its articles, its promises."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.decisions import actions, queries
from civic.decisions.forms import parse_progress, parse_promise, parse_provision
from civic.decisions.pages import merging
from civic.decisions.pages.showing import MOST_TOGETHER, WORDS, read_filter, spoken_filter
from civic.decisions.policies import may_draft, may_publish, works_on
from civic.decisions.queries import ArticleCard, Beside, Condition, DecisionCard
from civic.foundation import clock, forms, text
from civic.foundation.errors import N_, Conflict, Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.merging import Values, carried, values_of
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import queries as processes

LONGEST = 120
ARTICLE_FIELDS = ("heading_*", "text_*", "plain_*", "before_*", "note", "is_repealed", "expected_version")
PROMISE_FIELDS = ("promise_*", "owner", "due_on", "provision")
PROGRESS_FIELDS = ("state", "proof_*", "moved_on", "reason_*", "what")


@open_to("officials")
async def show(request: Request) -> Response:
    """Show the points of a decision, oldest first, with how far the answers have come."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    asked = forms.query(request)
    only = read_filter(asked)
    work = await queries.workspace(decision, only, after=asked.value("after")[:LONGEST] or None)
    viewer = viewer_of(request)
    _, delegate = await queries.delegated_to(viewer, decision)
    context = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "work": work,
        "only": only,
        "back": spoken_filter(only),
        "people": {one.public_id: one.name for one in await queries.colleagues_on(decision)},
        "mine": viewer.public_id,
        "saved": await queries.filters_of(viewer, decision),
        "most_together": MOST_TOGETHER,
        "after": asked.value("after"),
        "now": clock.now(),
        "themes": await queries.themes_on(decision, work.desk),
        "gate_hrefs": gate_hrefs(request, decision),
        "may_draft": may_draft(viewer, decision.process.public_id),
        "may_publish": may_publish(
            viewer, decision.process.public_id, work.gate, with_banner=False, delegate=delegate
        ),
        "may_publish_so": may_publish(
            viewer, decision.process.public_id, work.gate, with_banner=True, delegate=delegate
        ),
    }
    return await page(request, "decisions/workspace.html", context, block="points")


def gate_hrefs(request: Request, decision: DecisionCard) -> dict[Condition, str | None]:
    """Say where each condition of the gate is mended."""
    desk = url(request, "decisions:workspace", id=decision.public_id)
    texts = url(request, "decisions:texts", id=decision.public_id)
    articles = url(request, "decisions:articles", id=decision.public_id)
    return {
        Condition.FREEZE: url(request, "processes:show", slug=decision.process.slug),
        Condition.MAKER: texts,
        Condition.PENDING: url(request, "decisions:publication", id=decision.public_id),
        Condition.ARTICLES: articles,
        Condition.ANSWERED: f"{desk}?state=unanswered",
        Condition.FINISHED: f"{desk}?state=unfinished",
        Condition.CHANGED: f"{desk}?state=changed",
        Condition.REVIEW: f"{desk}?state=review",
        Condition.SIGNATURE: f"{desk}?state=signature",
        Condition.GENERIC: f"{desk}?state=generic",
        Condition.LINKS: f"{desk}?state=unlinked",
        Condition.CALL: f"{desk}?state=call",
        Condition.SITUATIONS: f"{desk}?state=situations",
        Condition.NEWS: desk,
        Condition.LANGUAGES: articles,
        Condition.SYNTHESIS: url(request, "synthesis:themes") + f"?process={decision.process.slug}",
        Condition.WINDOW: url(request, "decisions:window", id=decision.public_id),
        Condition.REACTIONS: url(request, "decisions:reactions", id=decision.public_id),
        Condition.INTERESTS: url(request, "processes:interests", slug=decision.process.slug),
    }


@open_to("officials")
async def articles(request: Request) -> Response:
    """Show the articles of a decision."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    context = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "articles": await queries.articles_now(decision.id),
        "may_draft": may_draft(viewer_of(request), decision.process.public_id),
    }
    return await page(request, "decisions/articles.html", context)


@open_to("officials")
async def new_article(request: Request) -> Response:
    """Show the form of a new article."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    return await _article(request, decision, None, forms.blank())


@open_to("officials")
async def article(request: Request) -> Response:
    """Show an article with its versions, to write the next one."""
    decision, versions = await _versions(request)
    newest = versions[0]
    form = forms.blank(expected_version=newest.version, **_values(newest))
    return await _article(request, decision, newest, form, versions=versions)


@open_to("officials")
async def save_article(request: Request) -> Response:
    """Write an article, or its next version; two officials never overwrite each other."""
    viewer = viewer_of(request)
    decision = await queries.desk_decision(viewer, request.path_params["id"])
    known = (await _versions(request))[1] if "eid" in request.path_params else []
    newest = known[0] if known else None
    form = await forms.read(request, only=(*ARTICLE_FIELDS, "pick-*"))
    form = merging.WRITTEN.settled(form, _values_at(known, form.value("expected_version")))

    async def act() -> str:
        draft = parse_provision(form)
        expected = forms.whole(form, "expected_version", min=0, max=10**9) if newest else 0
        form.demand()
        written = await actions.write_provision(
            viewer,
            decision,
            draft,
            provision=newest.public_id if newest else None,
            expected_version=expected,
        )
        return url(request, "decisions:articles", id=decision.public_id) + f"#{written.eid}"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _article(request, decision, newest, form.with_errors(wrong), status=422)
    except Conflict:
        _, versions = await _versions(request)
        return await _merge(request, decision, versions, form)


def _values(version: ArticleCard) -> dict[str, object]:
    """Give the fields of an article as a version has them."""
    values: dict[str, object] = {"is_repealed": "1" if version.is_repealed else None}
    for name in ("heading", "text", "plain", "before"):
        values |= {f"{name}_{code}": said for code, said in getattr(version, name).items()}
    return values


def _values_at(versions: list[ArticleCard], version: str) -> Values:
    found = next((one for one in versions if str(one.version) == version), None)
    return values_of(_values(found)) if found else {}


async def _merge(
    request: Request, decision: DecisionCard, versions: list[ArticleCard], form: FormData
) -> Response:
    """Put what was written meanwhile beside what I wrote."""
    theirs = versions[0]
    context = {
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "action": url(request, "decisions:save_article", id=decision.public_id, eid=theirs.eid),
        "back_href": url(request, "decisions:article", id=decision.public_id, eid=theirs.eid),
        "who": theirs.written_by,
        "at": theirs.written_at,
        "expected_version": theirs.version,
        "carried": carried(form),
        "units": merging.WRITTEN.units(
            _values_at(versions, form.value("expected_version")),
            values_of(_values(theirs)),
            form.values,
            merging.spoken_answer({}),
        ),
    }
    return await page(request, "decisions/merge.html", context, status=409)


async def _versions(request: Request) -> tuple[DecisionCard, list[ArticleCard]]:
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    for one in await queries.articles_now(decision.id):
        if one.eid == request.path_params["eid"]:
            return decision, await queries.article_versions(one.public_id)
    raise NotFound


async def _article(
    request: Request,
    decision: DecisionCard,
    shown: ArticleCard | None,
    form: FormData,
    *,
    versions: list[ArticleCard] | None = None,
    status: int = 200,
) -> Response:
    context = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "article": shown,
        "versions": _compared(request, versions or []),
        "expected_version": shown.version if shown else 0,
        "form": form,
        "beside": await _beside(decision, shown),
        "may_draft": may_draft(viewer_of(request), decision.process.public_id),
    }
    return await page(request, "decisions/article.html", context, status=status)


async def _beside(decision: DecisionCard, shown: ArticleCard | None) -> Beside | None:
    """Gather what stands beside an article that was begun."""
    if shown is None:
        return None
    return await queries.beside(decision, shown.public_id, await queries.desk_of(decision))


def _compared(request: Request, versions: list[ArticleCard]) -> list[tuple[ArticleCard, Any]]:
    """Put beside each version of an article what it changed in the one before it; None for the first."""
    language = request.state.language
    return [
        (newer, text.diff(_words(older, language), _words(newer, language)) if older else None)
        for newer, older in zip(versions, [*versions[1:], None], strict=False)
    ]


def _words(article: ArticleCard, language: str) -> str:
    return article.text.get(article.language(language), "")


@open_to("officials")
async def promises(request: Request) -> Response:
    """Show the promises of a decision, to add one or say how far each has come."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    return await _promises(request, decision, forms.blank())


@open_to("officials")
async def promise(request: Request) -> Response:
    """Promise something with a date."""
    decision = await queries.desk_decision(viewer_of(request), request.path_params["id"])
    form = await forms.read(request, only=PROMISE_FIELDS)
    known = tuple(one.public_id for one in await queries.articles_now(decision.id))

    async def act() -> str:
        await actions.promise(viewer_of(request), decision, parse_promise(form, known))
        return url(request, "decisions:promises", id=decision.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _promises(request, decision, form.with_errors(wrong), status=422)


@open_to("officials")
async def move_promise(request: Request) -> Response:
    """Give another date for a promise, or say how far it has come."""
    viewer = viewer_of(request)
    decision = await queries.desk_decision(viewer, request.path_params["id"])
    key = request.path_params["promise"]
    form = await forms.read(request, only=PROGRESS_FIELDS)

    async def act() -> str:
        if form.value("what") == "date":
            moved = forms.day(form, "moved_on", label=N_("New date"))
            reason = forms.localized(form, "reason", max=500, label=N_("Reason"))
            form.demand()
            await actions.move_date(viewer, decision, key, moved, reason)
        else:
            progress, proof = parse_progress(form)
            await actions.set_progress(viewer, decision, key, progress, proof)
        return url(request, "decisions:promises", id=decision.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _promises(request, decision, form.with_errors(wrong), status=422)


async def _promises(
    request: Request, decision: DecisionCard, form: FormData, *, status: int = 200
) -> Response:
    if not works_on(viewer_of(request), decision.process.public_id):
        raise NotFound
    context = {
        **WORDS,
        "process": await processes.process_by_id(decision.process.id),
        "decision": decision,
        "milestones": await queries.milestones_of(decision.id),
        "articles": await queries.articles_now(decision.id),
        "form": form,
        "may_draft": may_draft(viewer_of(request), decision.process.public_id),
    }
    return await page(request, "decisions/promises.html", context, status=status)


routes = [
    Route("/desk/decisions/{id}", show, name="decisions:workspace"),
    Route("/desk/decisions/{id}/articles", articles, name="decisions:articles"),
    Route("/desk/decisions/{id}/articles/new", new_article, name="decisions:new_article"),
    Route("/desk/decisions/{id}/articles", save_article, methods=["POST"], name="decisions:add_article"),
    Route("/desk/decisions/{id}/articles/{eid}", article, name="decisions:article"),
    Route(
        "/desk/decisions/{id}/articles/{eid}", save_article, methods=["POST"], name="decisions:save_article"
    ),
    Route("/desk/decisions/{id}/promises", promises, name="decisions:promises"),
    Route("/desk/decisions/{id}/promises", promise, methods=["POST"], name="decisions:promise"),
    Route(
        "/desk/decisions/{id}/promises/{promise}",
        move_promise,
        methods=["POST"],
        name="decisions:move_promise",
    ),
]
