"""Cut a text into points: by selecting its words, by ticking its sentences, or from what is suggested."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions.queries import ClaimKind, ClaimOrigin
from civic.decisions import actions, queries
from civic.decisions.pages.showing import WORDS
from civic.decisions.policies import may_answer
from civic.decisions.queries import ClaimDesk, NearText
from civic.foundation import forms
from civic.foundation.errors import Invalid, NotFound
from civic.foundation.formdata import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import open_to, see_other, url, viewer_of
from civic.synthesis import queries as synthesis
from civic.synthesis.forms import CUT_FIELDS, KINDS, PointDraft, digest_of, parse_point, parse_points
from civic.synthesis.queries import CUT_BY_HAND, CutText, TextState
from civic.synthesis.rules import Known, Stretch, Suggestion, alike, suggestions

ALL = "all"


@dataclass(frozen=True)
class Made:
    """A point that was made on the page: the words it rests on, to show them."""

    draft: PointDraft
    passages: tuple[str, ...]


@open_to("officials")
async def cut(request: Request) -> Response:
    """Show a text, to select the words of each point or to tick its sentences, from its points as cut."""
    desk = await _desk(request)
    words = await synthesis.sentences_of(desk.contribution.id)
    return await _cut(request, desk, words, forms.blank(point=_begun(desk, words)))


def _begun(desk: ClaimDesk, words: CutText) -> tuple[str, ...]:
    """Take up the points as somebody cut them in this very version, to cut them better."""
    cut = [one for one in desk.siblings if one.origin in CUT_BY_HAND]
    return tuple(
        PointDraft(
            (),
            one.kind,
            one.restatement,
            tuple(Stretch(q.part, q.start, q.end, digest_of(q.text)) for q in one.quotes),
            is_suggested=one.origin is ClaimOrigin.SUGGESTED,
        ).packed
        for one in cut
        if one.quotes and all(quote.version_id == words.version_id for quote in one.quotes)
    )


@open_to("officials")
async def cutting(request: Request) -> Response:
    """Add a point to the cut, take one back, or open the points that were made."""
    desk = await _desk(request)
    words = await synthesis.sentences_of(desk.contribution.id)
    form = await forms.read(request, only=CUT_FIELDS)
    points = parse_points(form)
    try:
        if form.value("step") == "add":
            points.append(parse_point(form, len(words.sentences)))
        elif form.value("accept"):
            points += await _accepted(desk, words, points, form.value("accept"))
        elif form.value("remove").isdecimal():
            points = [one for at, one in enumerate(points) if at != int(form.value("remove")[:3])]
        else:
            return await _open(request, desk, words, form, points)
    except Invalid as wrong:
        form = form.with_errors(wrong)
    form.values["point"] = tuple(one.packed for one in points)
    if not form.errors:
        for name in ("sentence", "restatement", "selection", "selected"):
            form.values.pop(name, None)
    return await _cut(request, desk, words, form, status=422 if form.errors else 200)


async def _open(
    request: Request, desk: ClaimDesk, words: CutText, form: FormData, points: list[PointDraft]
) -> Response:
    """Open the points that were made, and go on to the first of them or to the next text."""
    if form.all("sentence") or form.all("selection") or form.value("restatement").strip() or not points:
        points.append(parse_point(form, len(words.sentences)))
    version = forms.whole(form, "version", min=1, max=10**9)
    form.demand()

    async def act() -> str:
        viewer = viewer_of(request)
        opened = await actions.cut_into_points(viewer, desk.claim.public_id, points, version=version)
        if form.value("step") == "next":
            contribution = desk.contribution
            process, here = contribution.process_id or 0, contribution.id
            following = await synthesis.next_text(
                process, TextState.UNCUT, after=here, settled=queries.SETTLED
            )
            if following is not None:
                return url(request, "decisions:cut", id=following.first_point)
            return url(request, "synthesis:texts") + f"?process={desk.process.slug}"
        return url(request, "decisions:claim", id=opened[0].public_id)

    return see_other(await once(form.key, form.digest, act))


async def _desk(request: Request) -> ClaimDesk:
    viewer = viewer_of(request)
    desk = await queries.claim_desk(viewer, request.path_params["id"])
    if desk.claim.kind is ClaimKind.SITUATION:
        raise NotFound
    may_answer(viewer, desk.process.public_id, is_withdrawn=desk.claim.reads_as_withdrawn).demand()
    return desk


async def _accepted(
    desk: ClaimDesk, words: CutText, points: list[PointDraft], asked: str
) -> list[PointDraft]:
    """Make points of the suggestions a person accepts: one, or all that are shown."""
    offered = _suggested(desk, words, points, await queries.near_texts(desk.contribution))
    return [
        PointDraft((one.sentence,), one.kind, one.restatement, is_suggested=True)
        for one in offered
        if asked in (ALL, str(one.sentence))
    ]


async def _cut(
    request: Request, desk: ClaimDesk, words: CutText, form: FormData, *, status: int = 200
) -> Response:
    points = parse_points(form)
    used = _used(words, points)
    near = await queries.near_texts(desk.contribution)
    context = {
        **WORDS,
        "process": desk.process,
        "desk": desk,
        "words": words,
        "points": [Made(one, _passages(words, one)) for one in points],
        "left": [one for one in words.sentences if one.number not in used],
        "ticked": set(form.all("sentence")),
        "selections": list(zip(form.all("selection"), form.all("selected"), strict=False)),
        "suggested": _suggested(desk, words, points, near),
        "near": near,
        "readings": (await synthesis.text_desk(viewer_of(request), desk.contribution.public_id)).readings,
        "claim_kinds": KINDS,
        "form": form,
    }
    return await page(request, "decisions/cut.html", context, status=status)


def _suggested(
    desk: ClaimDesk, words: CutText, points: list[PointDraft], near: list[NearText]
) -> list[Suggestion]:
    known = {
        alike(claim.words): Known(claim.kind, claim.restatement)
        for one in reversed(near)
        if one.is_cut
        for claim in one.claims
    }
    sentences = [(one.number, one.text) for one in words.sentences]
    return suggestions(sentences, desk.claim.kind, known, taken=_used(words, points))


def _used(words: CutText, points: list[PointDraft]) -> set[int]:
    """Name the sentences that a point rests on, in whole or in part."""
    ticked = {number for point in points for number in point.sentences}
    selected = [stretch for point in points for stretch in point.stretches]
    return ticked | {
        one.number
        for one in words.sentences
        for stretch in selected
        if stretch.part == one.part and stretch.start < one.end and one.start < stretch.end
    }


def _passages(words: CutText, point: PointDraft) -> tuple[str, ...]:
    ticked = [words.sentences[one].text for one in point.sentences if one < len(words.sentences)]
    return (*ticked, *(words.words(one.part)[one.start : one.end] for one in point.stretches))


routes = [
    Route("/desk/claims/{id}/points", cut, name="decisions:cut"),
    Route("/desk/claims/{id}/points", cutting, methods=["POST"], name="decisions:cutting"),
]
