"""The desk of themes: which there are, their words, and which points stand in them."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions import queries as contributions
from civic.decisions import queries as decisions
from civic.foundation import forms, languages
from civic.foundation.errors import N_, Conflict, Invalid, Message, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.merging import Merging, Values, carried, values_of
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import RoleLink, open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.processes.queries import ProcessPage
from civic.synthesis import actions, queries
from civic.synthesis.forms import THEME_FIELDS, parse_theme
from civic.synthesis.pages.texts import WORKERS
from civic.synthesis.policies import may_theme
from civic.synthesis.queries import PointsWanted, ThemeCard, ThemeVersionCard
from civic.synthesis.rules import KIND_WORDS, STANCE_WORDS, Stance

WORDS = {
    "kinds": KIND_WORDS,
    "stances": STANCE_WORDS,
    "category_words": {one: processes.name_of(one) for one in processes.Category},
}
"""What the templates of themes need to speak."""
_MERGED = Merging(
    labels={
        "title": N_("Name of the theme"), "concern": N_("The concern"), "minority": N_("The other side"),
    },
    joined=frozenset({"concern", "minority"}),
)  # fmt: skip
_LAST = 2**53
_LONGEST = 120
_TICK = Message(N_("Tick at least one point."))


async def worked_process(request: Request, slug: str) -> ProcessPage | None:
    """Give the process that is asked for, or the first this person works on; another is not found."""
    worked = await decisions.worked_processes(viewer_of(request))
    found = next((one for one in worked if one.slug == slug), None)
    if slug and found is None:
        raise NotFound
    return found or next(iter(worked), None)


@open_to("officials")
async def themes(request: Request) -> Response:
    """List the themes of a process with their numbers and what each lacks, and its syntheses."""
    viewer = viewer_of(request)
    worked = await decisions.worked_processes(viewer)
    chosen = await worked_process(request, forms.query(request).value("process")[:_LONGEST])
    context: dict[str, object] = {**WORDS, "worked": worked, "chosen": chosen}
    if chosen is not None:
        found = await queries.themes_of(chosen.id)
        context |= {
            "themes": [(one, queries.lacks_of(one)) for one in found],
            "without": await queries.count_without_theme(chosen.id),
            "syntheses": await queries.syntheses_of(chosen.id),
            "may_theme": may_theme(viewer, chosen.public_id),
        }
    return await page(request, "synthesis/themes.html", context)


@open_to("officials")
async def new(request: Request) -> Response:
    """Show the form that begins a theme."""
    process = await worked_process(request, forms.query(request).value("process")[:_LONGEST])
    if process is None:
        raise NotFound
    return await _words(request, process, None, forms.blank(process=process.slug))


@open_to("officials")
async def create(request: Request) -> Response:
    """Begin a theme."""
    form = await forms.read(request, only=THEME_FIELDS)
    process = await worked_process(request, form.value("process"))
    if process is None:
        raise NotFound

    async def act() -> str:
        theme = await actions.begin_theme(viewer_of(request), process, parse_theme(form))
        return url(request, "synthesis:theme_points", id=theme.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _words(request, process, None, form.with_errors(wrong), status=422)


@open_to("officials")
async def words(request: Request) -> Response:
    """Show the words of a theme, to write their next version."""
    theme = await _theme(request)
    form = forms.blank(expected_version=theme.version, **_values(theme))
    return await _words(request, await _process(theme), theme, form)


@open_to("officials")
async def save_words(request: Request) -> Response:
    """Write the next version of the words of a theme; two officials never overwrite each other."""
    theme = await _theme(request)
    versions = await queries.theme_versions(theme.id)
    form = await forms.read(request, only=(*THEME_FIELDS, "pick-*"))
    form = _MERGED.settled(form, _values_at(versions, form.value("expected_version")))

    async def act() -> str:
        expected = forms.whole(form, "expected_version", min=1, max=10**9)
        draft = parse_theme(form)
        await actions.rewrite_theme(viewer_of(request), theme, draft, expected_version=expected)
        return url(request, "synthesis:theme", id=theme.public_id)

    process = await _process(theme)
    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _words(request, process, theme, form.with_errors(wrong), status=422)
    except Conflict:
        return await _merge(request, process, form)


def _values(words: ThemeCard | ThemeVersionCard) -> dict[str, object]:
    """Give the fields of a theme as a version has them."""
    return {
        f"{name}_{code}": said
        for name in ("title", "concern", "minority")
        for code, said in getattr(words, name).items()
    }


def _values_at(versions: Sequence[ThemeVersionCard], number: str) -> Values:
    found = next((one for one in versions if str(one.number) == number), None)
    return values_of(_values(found)) if found else {}


async def _merge(request: Request, process: ProcessPage, form: FormData) -> Response:
    """Put what was written meanwhile beside what I wrote."""
    theme = await _theme(request)
    versions = await queries.theme_versions(theme.id)
    theirs = versions[0]
    context = {
        "process": process,
        "theme": theme,
        "action": url(request, "synthesis:save_theme", id=theme.public_id),
        "back_href": url(request, "synthesis:theme_words", id=theme.public_id),
        "who": theirs.written_by,
        "at": theirs.written_at,
        "expected_version": theirs.number,
        "carried": carried(form),
        "units": _MERGED.units(
            _values_at(versions, form.value("expected_version")), values_of(_values(theirs)), form.values
        ),
    }
    return await page(request, "synthesis/merge.html", context, status=409)


async def _words(
    request: Request,
    process: ProcessPage,
    theme: ThemeCard | None,
    form: FormData,
    *,
    status: int = 200,
) -> Response:
    context = {
        **WORDS,
        "process": process,
        "theme": theme,
        "form": form,
        "expected_version": theme.version if theme else 0,
        "may_theme": may_theme(viewer_of(request), process.public_id),
    }
    return await page(request, "synthesis/theme_words.html", context, status=status)


@open_to("officials")
async def theme(request: Request) -> Response:
    """Show a theme: its words, its numbers, what it lacks, its points."""
    return await _show(request, await _theme(request), forms.blank())


async def _show(request: Request, shown: ThemeCard, form: FormData, *, status: int = 200) -> Response:
    asked = forms.query(request)
    after = forms.whole(asked, "after", min=1, max=_LAST, required=False) or 0
    points, more = await queries.points_in(shown, after=after)
    context = {
        **WORDS,
        "process": await _process(shown),
        "theme": shown,
        "lacks": queries.lacks_of(shown),
        "versions": await queries.theme_versions(shown.id),
        "points": points,
        "more": more,
        "is_paged": bool(after),
        "form": form,
        "may_theme": may_theme(viewer_of(request), shown.process),
        "synthesis": await _shown_in(shown.public_id),
    }
    return await page(request, "synthesis/theme.html", context, status=status)


async def _shown_in(public_id: str) -> queries.PublicTheme | None:
    try:
        return await queries.public_theme(public_id)
    except NotFound:
        return None


@open_to("officials")
async def points(request: Request) -> Response:
    """Show the points of the process that a filter asks for, to put them in a theme."""
    return await _points(request, await _theme(request), forms.blank())


async def _points(request: Request, shown: ThemeCard, form: FormData, *, status: int = 200) -> Response:
    asked, process = forms.query(request), await _process(shown)
    wanted = PointsWanted(
        query=asked.value("q")[:_LONGEST],
        kind=asked.value("kind")[:_LONGEST],
        issue=asked.value("issue")[:_LONGEST],
        alone=asked.value("alone") == "1",
    )
    issue = process.issue(wanted.issue)
    after = forms.whole(asked, "after", min=1, max=_LAST, required=False) or 0
    found, more = await queries.points_to_put_in(
        shown, wanted, issue_id=issue.id if issue else None, after=after
    )
    context = {
        **WORDS,
        "process": process,
        "theme": shown,
        "wanted": wanted,
        "points": found,
        "more": more,
        "is_paged": bool(after),
        "form": form,
        "may_theme": may_theme(viewer_of(request), shown.process),
    }
    return await page(request, "synthesis/theme_points.html", context, status=status)


@open_to("officials")
async def put_in(request: Request) -> Response:
    """Put the ticked points in a theme."""
    shown = await _theme(request)
    form = await forms.read(request, only=("point", "stance"))

    async def act() -> str:
        stance = forms.option(form, "stance", Stance, required=False)
        ticked = _ticked(form)
        await actions.put_in(viewer_of(request), shown, ticked, stance)
        return url(request, "synthesis:theme", id=shown.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _points(request, shown, form.with_errors(wrong), status=422)


@open_to("officials")
async def change_points(request: Request) -> Response:
    """Take the ticked points out of a theme, or say on which side they stand."""
    shown = await _theme(request)
    form = await forms.read(request, only=("point", "stance", "what"))

    async def act() -> str:
        stance = forms.option(form, "stance", Stance, required=False)
        ticked = _ticked(form)
        if form.value("what") == "out":
            await actions.take_out(viewer_of(request), shown, ticked)
        else:
            await actions.put_in(viewer_of(request), shown, ticked, stance)
        return url(request, "synthesis:theme", id=shown.public_id)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _show(request, shown, form.with_errors(wrong), status=422)


def _ticked(form: FormData) -> tuple[str, ...]:
    ticked = form.all("point")[:200]
    if not ticked:
        form.errors.note("point", _TICK)
    form.demand()
    return ticked


@open_to("officials")
async def sort(request: Request) -> Response:
    """Say in which themes one point stands."""
    claim = await contributions.claim_by_public_id(request.path_params["id"])
    if claim is None:
        raise NotFound
    contribution = await contributions.contribution_by_id(claim.contribution_id)
    process = await processes.process_by_public_id(contribution.process or "")
    await worked_process(request, process.slug)
    form = await forms.read(request, only=("theme",))

    async def act() -> str:
        await actions.sort_point(viewer_of(request), process, claim, form.all("theme")[:200])
        return url(request, "decisions:claim", id=claim.public_id)

    return see_other(await once(form.key, form.digest, act))


async def _theme(request: Request) -> ThemeCard:
    return await queries.desk_theme(viewer_of(request), request.path_params["id"])


async def _process(shown: ThemeCard) -> ProcessPage:
    return await processes.process_by_public_id(shown.process)


async def theme_links(request: Request) -> list[RoleLink]:
    """Give the desk of themes to those who work on answers."""
    if not viewer_of(request).holds_somewhere(*WORKERS):
        return []
    path = url(request, "synthesis:themes")
    is_current = request.scope["path"].startswith((path, "/desk/syntheses"))
    return [RoleLink(languages.gettext(request.state.language, N_("Themes")), path, is_current=is_current)]


routes = [
    Route("/desk/themes", themes, name="synthesis:themes"),
    Route("/desk/themes", create, methods=["POST"], name="synthesis:create_theme"),
    Route("/desk/themes/new", new, name="synthesis:new_theme"),
    Route("/desk/themes/{id}", theme, name="synthesis:theme"),
    Route("/desk/themes/{id}", change_points, methods=["POST"], name="synthesis:change_points"),
    Route("/desk/themes/{id}/words", words, name="synthesis:theme_words"),
    Route("/desk/themes/{id}/words", save_words, methods=["POST"], name="synthesis:save_theme"),
    Route("/desk/themes/{id}/points", points, name="synthesis:theme_points"),
    Route("/desk/themes/{id}/points", put_in, methods=["POST"], name="synthesis:put_in"),
    Route("/desk/points/{id}/themes", sort, methods=["POST"], name="synthesis:sort_point"),
]
