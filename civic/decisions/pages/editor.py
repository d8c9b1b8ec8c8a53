"""Answer one point: its words, the outcome, exactly what that outcome requires, the second reading."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic import settings
from civic.contributions.queries import ContributionCard
from civic.decisions import actions, queries
from civic.decisions.deadlines import proposed_days
from civic.decisions.forms import (
    ANSWER_FIELDS,
    fields_of,
    parse_answer,
    parse_new_article,
    parse_outcome,
    parse_review,
    part_count,
)
from civic.decisions.pages import likeness, merging
from civic.decisions.pages.showing import WORDS, kept_filter, spoken_filter
from civic.decisions.policies import may_answer, may_answer_now, may_review
from civic.decisions.queries import Checked, ClaimDesk, DecisionCard, PointState
from civic.decisions.rules import needs_second_reader
from civic.decisions.words import REMEDIES
from civic.foundation import clock, forms, text
from civic.foundation.errors import Conflict, Invalid, Verdict
from civic.foundation.formdata import FormData
from civic.foundation.languages import gettext
from civic.foundation.merging import Values, carried, values_of
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.viewer import Viewer
from civic.foundation.web import is_htmx, open_to, see_other, url, viewer_of
from civic.processes import queries as processes
from civic.processes.queries import Profile
from civic.synthesis import queries as synthesis
from civic.synthesis.forms import USUAL_DAYS
from civic.synthesis.policies import may_theme
from civic.synthesis.queries import ThemeName

_ANCHOR = 400


@open_to("officials")
async def show(request: Request) -> Response:
    """Show a point with its context and the answer being written."""
    desk = await queries.claim_desk(viewer_of(request), request.path_params["id"])
    form = begun(request, desk)
    form.values["back"] = (spoken_filter(kept_filter(forms.query(request))),)
    found = (
        await _checked(form, desk.contribution, desk.decision, desk.claim.public_id) if desk.twin else None
    )
    return await _editor(request, desk, form, checked=found)


def begun(request: Request, desk: ClaimDesk) -> FormData:
    """Fill the form: the newest draft, or what can be known before the first word."""
    asked = forms.query(request).value("outcome")
    values = dict(fields_of(desk.answer.answer)) if desk.answer else begun_values(desk.claim.words)
    if asked:
        values["outcome"] = asked
    values["expected_version"] = desk.answer.number if desk.answer else 0
    values["in_group"] = "1" if desk.answer and desk.answer.group else None
    return forms.blank(**values)


def first_values(words: str = "") -> dict[str, object]:
    """Give what can be written before the first word: the point quoted, and what a person can do."""
    remedies = {f"remedies_{code}": gettext(code, REMEDIES) for code in settings.current().languages}
    return {"anchor": text.excerpt(text.plain(words), _ANCHOR), **remedies}


def begun_values(words: str = "") -> dict[str, object]:
    """Add what is proposed, to check: days, and of two parts the first adopted, the other not."""
    return {**first_values(words), **proposals(), "part1_is": "adopted", "part2_is": "refused"}


def proposals() -> dict[str, date]:
    """Propose the days of an answer that is begun today."""
    return proposed_days(clock.local_day(clock.now()))


@open_to("officials")
async def choose(request: Request) -> Response:
    """Show the fields of the outcome that was chosen; nothing is stored and no word is lost."""
    desk = await queries.claim_desk(viewer_of(request), request.path_params["id"])
    form = await forms.read(request, only=(*ANSWER_FIELDS, "in_group", "more", "back"))
    for name, value in begun_values(desk.claim.words).items():
        form.values.setdefault(name, (str(value),))
    if form.value("more") == "part":
        form.values["parts"] = (str(part_count(form) + 1),)
    return await _editor(request, desk, form, block="needs")


@open_to("officials")
async def check(request: Request) -> Response:
    """Say whether the reason being written could be addressed to anybody; nothing is stored."""
    viewer, key = viewer_of(request), request.path_params["id"]
    claim, contribution, _ = await queries.desk_claim(viewer, key)
    form = await forms.read(request, only=likeness.CHECK_FIELDS)
    decision = await queries.decision_of_issue(contribution.issue_id) if contribution.issue_id else None
    found = await _checked(form, contribution, decision, key)
    if is_htmx(request):
        context = {
            **WORDS,
            "form": form,
            "checked": found,
            "decision": decision,
            "for_points": [claim.public_id],
        }
        return await page(request, "decisions/claim.html", context, block="likeness")
    return await _editor(request, await queries.claim_desk(viewer, key), form, checked=found)


async def _checked(
    form: FormData, said: ContributionCard, decision: DecisionCard | None, claim: str
) -> Checked | None:
    return await likeness.checked(form, decision, [claim], [said.author_name])


@open_to("officials")
async def save(request: Request) -> Response:
    """Keep the answer as a new version, or show what it lacks."""
    viewer = viewer_of(request)
    desk = await queries.claim_desk(viewer, request.path_params["id"])
    form = await forms.read(request, only=(*ANSWER_FIELDS, "in_group", "next", "back", "pick-*"))
    form = merging.WRITTEN.settled(form, _values_at(desk, form.value("expected_version")))
    following = await queries.next_point(desk, kept_filter(form))

    async def act() -> str:
        expected = forms.whole(form, "expected_version", min=0, max=10**9)
        await actions.draft_answer(
            viewer,
            desk.claim.public_id,
            parse_answer(form),
            expected_version=expected,
            new_article=parse_new_article(form),
            keeps_group=forms.ticked(form, "in_group"),
        )
        if form.value("next") and following is not None:
            return _claim_url(request, following.public_id, form)
        return _claim_url(request, desk.claim.public_id, form) + "#saved"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _editor(request, desk, form.with_errors(wrong), status=422)
    except Conflict as conflict:
        current = await queries.claim_desk(viewer, desk.claim.public_id)
        if current.answer is None or str(current.answer.number) == form.value("expected_version"):
            return await _editor(request, current, form, conflict=conflict, status=409)
        return await _merge(request, current, form)


def _values_at(desk: ClaimDesk, version: str) -> Values:
    """Give the fields of the answer as a version has them; none before the first."""
    found = next((one for one in desk.answers if str(one.number) == version), None)
    return values_of(fields_of(found.answer)) if found else {}


async def _merge(request: Request, desk: ClaimDesk, form: FormData) -> Response:
    """Put what was written meanwhile beside what I wrote."""
    theirs, base = desk.answers[0], _values_at(desk, form.value("expected_version"))
    language = request.state.language
    headings = {
        one.public_id: f"{one.number}. {one.heading.get(one.language(language), '')}" for one in desk.articles
    }
    return await page(
        request,
        "decisions/merge.html",
        {
            "process": desk.process,
            "decision": desk.decision,
            "action": url(request, "decisions:answer", id=desk.claim.public_id),
            "back_href": _claim_url(request, desk.claim.public_id, form),
            "who": theirs.drafted_by.name if theirs.drafted_by else "",
            "at": theirs.drafted_at,
            "expected_version": theirs.number,
            "carried": carried(form),
            "units": merging.WRITTEN.units(
                base or values_of(first_values(desk.claim.words)),
                values_of(fields_of(theirs.answer)),
                form.values,
                merging.spoken_answer(headings),
            ),
        },
        status=409,
    )


def _claim_url(request: Request, public_id: str, form: FormData) -> str:
    """Lead to a point, with the filter under which one works."""
    back = spoken_filter(kept_filter(form))
    path = url(request, "decisions:claim", id=public_id)
    return f"{path}?{urlencode({'back': back})}" if back else path


async def _editor(
    request: Request,
    desk: ClaimDesk,
    form: FormData,
    *,
    conflict: Conflict | None = None,
    block: str | None = None,
    checked: Checked | None = None,
    status: int = 200,
) -> Response:
    viewer, process = viewer_of(request), desk.process
    answer = desk.answer
    outcome = parse_outcome(form)
    context: dict[str, Any] = {
        **WORDS,
        "process": process,
        "desk": desk,
        "form": form,
        "chosen": outcome,
        "parts": part_count(form),
        "proposed": proposals(),
        "conflict": conflict.message if conflict else None,
        "checked": checked,
        "decision": desk.decision,
        "for_points": [desk.claim.public_id],
        "expected_version": answer.number if answer else 0,
        "back": spoken_filter(kept_filter(form)),
        "next_point": await queries.next_point(desk, kept_filter(form)),
        "point_before": await queries.point_before(desk, kept_filter(form)),
        "now": clock.now(),
        "assigned": await _assigned(desk),
        "usual_days": USUAL_DAYS,
        "may_answer": _may_answer(viewer, desk),
        "may_review": may_review(
            viewer,
            process.public_id,
            drafted_by=answer.drafted_by.id if answer and answer.drafted_by else None,
        ),
        "needs_reader": bool(answer)
        and answer is not None
        and needs_second_reader(answer.outcome, full=process.profile is Profile.FULL),
        "diffs": _differences(desk),
        "themes": await synthesis.theme_titles(process.id),
        "point_themes": [one.public_id for one in await _themes(desk)],
        "may_theme": may_theme(viewer, process.public_id),
        "reactions": (await queries.reactions_of_claims([desk.claim.id])).get(desk.claim.id, ()),
        "has_declared": await processes.has_declared(process.id, viewer.participant),
    }
    return await page(request, "decisions/claim.html", context, block=block, status=status)


async def _themes(desk: ClaimDesk) -> list[ThemeName]:
    """Name the themes the point stands in."""
    return (await synthesis.themes_of_claims([desk.claim.id])).get(desk.claim.id, [])


async def _assigned(desk: ClaimDesk) -> str:
    """Name the colleague the point was given to."""
    key = desk.point.assigned_to if desk.point else None
    if key is None or desk.decision is None:
        return ""
    return next((one.name for one in await queries.colleagues_on(desk.decision) if one.public_id == key), "")


def _may_answer(viewer: Viewer, desk: ClaimDesk) -> Verdict:
    """Whether this person may answer the point, and whether it may be answered now (R4)."""
    here = desk.process.public_id
    verdict = may_answer(viewer, here, is_withdrawn=desk.claim.reads_as_withdrawn)
    is_full = desk.process.profile is Profile.FULL
    return verdict and may_answer_now(full=is_full, state=desk.claim.check_state)


def _differences(desk: ClaimDesk) -> list[tuple[Any, Any]]:
    """Compare each version of the answer with the one before it, in the first language it is written in."""
    compared = []
    for newer, older in zip(desk.answers, [*desk.answers[1:], None], strict=False):
        said = _plain(newer)
        compared.append((newer, text.diff(_plain(older), said) if older is not None else None))
    return compared


def _plain(answer: Any) -> str:
    rationale, sentence = answer.answer.rationale, answer.answer.sentence
    language = next(iter(rationale or sentence), "")
    return "\n".join(filter(None, (sentence.get(language, ""), rationale.get(language, ""))))


@open_to("officials")
async def confirm(request: Request) -> Response:
    """Say that the answer still holds for the text as it was changed."""
    viewer = viewer_of(request)
    desk = await queries.claim_desk(viewer, request.path_params["id"])
    form = await forms.read(request, only=("expected_version",))

    async def act() -> str:
        expected = forms.whole(form, "expected_version", min=1, max=10**9)
        form.demand()
        await actions.confirm_answer(viewer, desk.claim.public_id, expected_version=expected)
        return url(request, "decisions:claim", id=desk.claim.public_id)

    return see_other(await once(form.key, form.digest, act))


@open_to("officials")
async def review(request: Request) -> Response:
    """Approve somebody else's answer, or send it back with a word of explanation."""
    viewer = viewer_of(request)
    desk = await queries.claim_desk(viewer, request.path_params["id"])
    form = await forms.read(request, only=("verdict", "note", "expected_version"))
    following = next(
        (one for one in desk.desk.points if _to_review(desk, one) and one.drafted_by != viewer.participant),
        None,
    )

    async def act() -> str:
        expected = forms.whole(form, "expected_version", min=1, max=10**9)
        draft = parse_review(form)
        await actions.review(viewer, desk.claim.public_id, draft, expected_version=expected)
        if following is not None:
            return url(request, "decisions:claim", id=following.public_id) + "#review"
        return url(request, "decisions:claim", id=desk.claim.public_id) + "#review"

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        shown = begun(request, desk)
        shown.errors.update(form.with_errors(wrong).errors)
        shown.values["note"] = form.all("note")
        return await _editor(request, desk, shown, status=422)


def _to_review(desk: ClaimDesk, point: Any) -> bool:
    return point.claim_id != desk.claim.id and desk.desk.state(point) is PointState.REVIEW


routes = [
    Route("/desk/claims/{id}", show, name="decisions:claim"),
    Route("/desk/claims/{id}", save, methods=["POST"], name="decisions:answer"),
    Route("/desk/claims/{id}/outcome", choose, methods=["POST"], name="decisions:choose"),
    Route("/desk/claims/{id}/likeness", check, methods=["POST"], name="decisions:likeness"),
    Route("/desk/claims/{id}/confirmation", confirm, methods=["POST"], name="decisions:confirm"),
    Route("/desk/claims/{id}/review", review, methods=["POST"], name="decisions:review"),
]
