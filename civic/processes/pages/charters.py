"""The two charters: in force, in their former versions, and where administrators write the next."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.foundation import forms, text
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.forms import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.processes import actions, queries
from civic.processes.forms import CHARTER_FIELDS, parse_charter
from civic.processes.pages.stations import WORDS
from civic.processes.policies import may_publish_charter
from civic.processes.queries import CharterCard, CharterKind

MOST_VERSIONS = 1_000_000
ROUTES = {CharterKind.RIGHTS: "processes:rights", CharterKind.RESPECT: "processes:respect"}
VERSION_ROUTES = {
    CharterKind.RIGHTS: "processes:rights_version",
    CharterKind.RESPECT: "processes:respect_version",
}


@open_to("everyone")
async def rights(request: Request) -> Response:
    """Show the charter of rights."""
    return await _show(request, await queries.charter_in_force(CharterKind.RIGHTS))


@open_to("everyone")
async def respect(request: Request) -> Response:
    """Show the respect charter."""
    return await _show(request, await queries.charter_in_force(CharterKind.RESPECT))


@open_to("everyone")
async def rights_version(request: Request) -> Response:
    """Show one version of the charter of rights."""
    return await _version(request, CharterKind.RIGHTS)


@open_to("everyone")
async def respect_version(request: Request) -> Response:
    """Show one version of the respect charter."""
    return await _version(request, CharterKind.RESPECT)


async def _version(request: Request, kind: CharterKind) -> Response:
    number = request.path_params["number"]
    if number > MOST_VERSIONS:
        raise NotFound
    return await _show(request, await queries.charter_version(kind, number))


async def _show(request: Request, charter: CharterCard) -> Response:
    versions = await queries.charter_versions(charter.kind)
    context = {
        **WORDS,
        "charter": charter,
        "versions": [(one, _address(request, one)) for one in versions],
        "in_force": versions[0].number,
        "newest": url(request, ROUTES[charter.kind]),
        "may_edit": may_publish_charter(viewer_of(request)),
    }
    return await page(request, "processes/charter.html", context)


def _address(request: Request, charter: CharterCard) -> str:
    return url(request, VERSION_ROUTES[charter.kind], number=charter.number)


@open_to("administrators")
async def index(request: Request) -> Response:
    """List the charters to those who may write them."""
    charters = [await queries.charter_in_force(kind) for kind in CharterKind]
    shown = [(one, url(request, ROUTES[one.kind])) for one in charters]
    context = {**WORDS, "charters": shown}
    return await page(request, "processes/charters.html", context)


@open_to("administrators")
async def edit(request: Request) -> Response:
    """Show the words of a charter, to write the next version."""
    charter = await queries.charter_in_force(_kind(request))
    sources = {f"source_{language}": source for language, source in charter.source.items()}
    form = forms.blank(number=charter.number, **sources)
    return await _desk(request, charter, form)


@open_to("administrators")
async def publish(request: Request) -> Response:
    """Show how the next version would look, or put it in force."""
    kind = _kind(request)
    form = await forms.read(request, only=CHARTER_FIELDS)
    charter = await queries.charter_in_force(kind)
    try:
        draft = parse_charter(form)
        if form.value("step") != "publish":
            preview = {language: await text.render(words, 3) for language, words in draft.source.items()}
            return await _desk(request, charter, form, preview=preview)
        number = forms.whole(form, "number", min=1, max=MOST_VERSIONS)
        form.demand()

        async def act() -> str:
            await actions.publish_charter(viewer_of(request), kind, draft, expected=number)
            return url(request, ROUTES[kind])

        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _desk(request, charter, form.with_errors(wrong), status=422)


async def _desk(
    request: Request,
    charter: CharterCard,
    form: FormData,
    *,
    preview: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {**WORDS, "charter": charter, "form": form, "preview": preview or {}}
    return await page(request, "processes/charter_desk.html", context, status=status)


def _kind(request: Request) -> CharterKind:
    for kind in CharterKind:
        if kind == request.path_params["kind"]:
            return kind
    raise NotFound


routes = [
    Route("/rights", rights, name="processes:rights"),
    Route("/rights/versions/{number:int}", rights_version, name="processes:rights_version"),
    Route("/respect", respect, name="processes:respect"),
    Route("/respect/versions/{number:int}", respect_version, name="processes:respect_version"),
    Route("/administration/charters", index, name="processes:charters"),
    Route("/administration/charters/{kind}", edit, name="processes:charter_desk"),
    Route("/administration/charters/{kind}", publish, methods=["POST"], name="processes:charter_publication"),
]
