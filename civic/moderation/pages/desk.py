"""The desk of moderators, statements of reasons, appeals, the public log."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic.contributions.forms import Words
from civic.foundation import clock, forms, languages
from civic.foundation.database import moment
from civic.foundation.errors import N_, Invalid, NotFound
from civic.foundation.forms import FormData
from civic.foundation.once import once
from civic.foundation.rendering import page
from civic.foundation.web import RoleLink, open_to, see_other, url, viewer_of
from civic.moderation import actions, policies, queries
from civic.moderation.actions.telling import language_of_author
from civic.moderation.forms import (
    APPEAL_FIELDS,
    DECISION_FIELDS,
    RESTORE_FIELDS,
    REWRITE_FIELDS,
    RULING_FIELDS,
    parse_appeal,
    parse_measure,
    parse_note,
    parse_rewrite,
    parse_ruling,
)
from civic.moderation.queries import CaseView, Cursor, Decided, Measure
from civic.moderation.rules import DURATIONS, GROUNDS, MEASURES, RULES, SUSPECTED

_LAST = 2**31 - 1
_SHORT = 240
"""A text of this length is its own passage; in a longer one the moderator copies the words."""

_WORDS: dict[str, Any] = {"RULES": RULES, "DURATIONS": DURATIONS, "GROUNDS": GROUNDS, "MEASURES": MEASURES}


@open_to("moderators")
async def queue(request: Request) -> Response:
    """List what waits for a moderator: riskiest first, then oldest."""
    viewer, wanted = viewer_of(request), request.query_params.get("ground", "")
    cases = await queries.queue(viewer, ground=wanted, after=_cursor(request))
    context = {
        "cases": cases[: queries.PAGE],
        "next": cases[queries.PAGE - 1] if len(cases) > queries.PAGE else None,
        "waiting": await queries.waiting(viewer),
        "grounds": await queries.waiting_by_ground(viewer),
        "held": await queries.in_hold(viewer),
        "appeals": await queries.appeals_waiting(viewer),
        "ground": wanted,
        "localized_of": queries.localized_of,
        **_WORDS,
    }
    return await page(request, "moderation/queue.html", context)


def _cursor(request: Request) -> Cursor | None:
    """Read where the last page ended; anything else begins at the top."""
    try:
        risk, opened_at, id = request.query_params.get("after", "")[:80].split("_")
        return Cursor(min(abs(int(risk)), _LAST), moment(opened_at).isoformat(), min(abs(int(id)), _LAST))
    except (ValueError, OverflowError):
        return None


@open_to("moderators")
async def case(request: Request) -> Response:
    """Show one case: the text in its context, the reports, what was decided on similar ones."""
    found = await queries.visible_case(viewer_of(request), request.path_params["id"])
    language = await language_of_author(found.subject)
    return await _case_page(request, found, _first_words(request, found, language))


@open_to("moderators")
async def decision(request: Request) -> Response:
    """Receive a moderator's decision; choosing another rule only fills the reason in again."""
    moderator = viewer_of(request)
    found = await queries.visible_case(moderator, request.path_params["id"])
    form = await forms.read(request, only=(*DECISION_FIELDS, "fill"))
    if form.value("fill"):
        language = await language_of_author(found.subject)
        return await _case_page(request, found, _filled_again(form, language))

    async def act() -> str:
        await actions.decide(moderator, found, parse_measure(form))
        return url(request, "moderation:queue")

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _case_page(request, found, form.with_errors(wrong), status=422)


@open_to("moderators")
async def undo(request: Request) -> Response:
    """Take back a decision while nothing has left."""
    moderator = viewer_of(request)
    decided = await queries.visible_decision(moderator, request.path_params["id"])
    form = await forms.read(request, only=())

    async def act() -> str:
        await actions.undo(moderator, decided)
        return url(request, "moderation:case", id=decided.case_public_id)

    return see_other(await once(form.key, form.digest, act))


@open_to("moderators")
async def restoration(request: Request) -> Response:
    """Show a hidden text again, with a reason."""
    moderator = viewer_of(request)
    decided = await queries.visible_decision(moderator, request.path_params["id"])
    form = await forms.read(request, only=RESTORE_FIELDS)

    async def act() -> str:
        await actions.restore(moderator, decided, parse_note(form))
        return url(request, "moderation:statement", id=decided.statement)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _statement_page(request, decided, True, form.with_errors(wrong), status=422)


@open_to("everyone")
async def statement(request: Request) -> Response:
    """Show a statement of reasons: whole to the author, without passage and facts to others."""
    decided, whole = await queries.statement(viewer_of(request), request.path_params["id"])
    return await _statement_page(request, decided, whole, _rewriting(decided))


@open_to("everyone")
async def appeal(request: Request) -> Response:
    """Receive an author's appeal."""
    viewer = viewer_of(request)
    decided, whole = await queries.statement(viewer, request.path_params["id"])
    form = await forms.read(request, only=APPEAL_FIELDS)

    async def act() -> str:
        await actions.appeal(viewer, decided, parse_appeal(form))
        return url(request, "moderation:statement", id=decided.statement)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _statement_page(request, decided, whole, form.with_errors(wrong), status=422)


@open_to("everyone")
async def rewriting(request: Request) -> Response:
    """Receive another wording of a text that was set aside."""
    viewer = viewer_of(request)
    decided, whole = await queries.statement(viewer, request.path_params["id"])
    form = await forms.read(request, only=REWRITE_FIELDS)

    async def act() -> str:
        draft = parse_rewrite(form)
        words = Words(draft.title or decided.title, draft.body, decided.text_language)
        await actions.rewrite(viewer, decided, words, expected_version=draft.version)
        return url(request, "moderation:statement", id=decided.statement)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _statement_page(request, decided, whole, form.with_errors(wrong), status=422)


@open_to("moderators")
async def appeal_case(request: Request) -> Response:
    """Show an appeal to whoever may hear it: the text, the statement of reasons, what the author says."""
    decided = await queries.visible_decision(viewer_of(request), request.path_params["id"], by="appeal")
    return await _appeal_page(request, decided, forms.blank())


@open_to("moderators")
async def ruling(request: Request) -> Response:
    """Receive what another moderator found on an appeal."""
    moderator = viewer_of(request)
    decided = await queries.visible_decision(moderator, request.path_params["id"], by="appeal")
    form = await forms.read(request, only=RULING_FIELDS)

    async def act() -> str:
        await actions.rule(moderator, decided, parse_ruling(form))
        return url(request, "moderation:appeal", id=decided.appeal)

    try:
        return see_other(await once(form.key, form.digest, act))
    except Invalid as wrong:
        return await _appeal_page(request, decided, form.with_errors(wrong), status=422)


@open_to("everyone")
async def log(request: Request) -> Response:
    """Show what moderators decided, without names and without the texts."""
    measure, before = request.query_params.get("measure", ""), request.query_params.get("before", "")
    entries = await queries.public_log(
        measure=measure,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None,
    )
    context = {
        "entries": entries[: queries.PAGE],
        "next": entries[queries.PAGE - 1]["id"] if len(entries) > queries.PAGE else None,
        "totals": await queries.totals(),
        "measure": measure,
        "localized_of": queries.localized_of,
        **_WORDS,
    }
    return await page(request, "moderation/log.html", context)


async def role_links(request: Request) -> list[RoleLink]:
    """Give moderators the way to their queue, with the number of cases that wait."""
    viewer = viewer_of(request)
    if not viewer.holds_somewhere("moderator"):
        return []
    waiting = await queries.waiting(viewer)
    words = languages.gettext(request.state.language, N_("Moderation"))
    path = url(request, "moderation:queue")
    return [RoleLink(words, path, waiting, request.scope["path"].startswith(path))]


async def _case_page(request: Request, found: CaseView, form: FormData, *, status: int = 200) -> Response:
    viewer = viewer_of(request)
    history = request.query_params.get("history") == "1"
    context = {
        "case": found,
        "form": form,
        "errors": form.errors,
        "may": policies.may_decide(viewer, found.facts),
        "author_language": await language_of_author(found.subject),
        "undoable": {one["public_id"] for one in await queries.in_hold(viewer)},
        "can_hide": bool(policies.may_take(viewer, found.facts, Measure.HIDE)),
        "similar": await queries.similar_decisions(found),
        "history": await queries.history_of(found) if history else None,
        **_WORDS,
    }
    return await page(request, "moderation/case.html", context, status=status)


async def _statement_page(
    request: Request, decided: Decided, whole: bool, form: FormData, *, status: int = 200
) -> Response:
    viewer, now = viewer_of(request), clock.now()
    mine = queries.is_author_of(viewer, decided)
    context = {
        "decided": decided,
        "whole": whole,
        "mine": mine,
        "form": form,
        "errors": form.errors,
        "may_appeal": policies.may_appeal(mine=mine, decision=decided.standing, now=now),
        "appeal_until": decided.standing.decided_at + policies.APPEAL_TIME,
        "may_rewrite": policies.may_rewrite(
            mine=mine, decision=decided.standing, answered=decided.answered_at is not None
        ),
        "may_restore": policies.may_restore(viewer, decided.standing, is_in_force=decided.is_in_force),
        **_WORDS,
    }
    return await page(request, "moderation/statement.html", context, status=status)


async def _appeal_page(request: Request, decided: Decided, form: FormData, *, status: int = 200) -> Response:
    if decided.appeal is None:
        raise NotFound
    viewer = viewer_of(request)
    place = await queries.in_whose_place(viewer, decided.process)
    context = {
        "decided": decided,
        "form": form,
        "errors": form.errors,
        "may": policies.may_rule(viewer, decided.standing, in_place_of=place),
        **_WORDS,
    }
    return await page(request, "moderation/appeal.html", context, status=status)


def _first_words(request: Request, found: CaseView, language: str) -> FormData:
    """Fill the reason in from the article reported, in its reader's language; a person edits it."""
    asked = request.query_params.get("rule", "")
    rule = asked if asked in RULES else SUSPECTED.get(found.ground, "3")
    said = str(found.subject.words) if isinstance(found.subject.words, str) else ""
    passage = said if len(said) <= _SHORT else ""
    return forms.blank(
        version=found.version, text_version=found.subject.version, passage=passage, **_reasons(language, rule)
    )


def _filled_again(form: FormData, language: str) -> FormData:
    rule = form.value("rule") if form.value("rule") in RULES else "3"
    kept: Mapping[str, str] = {
        name: form.value(name) for name in ("version", "text_version", "passage", "note", "suggestion")
    }
    return forms.blank(**{**kept, **_reasons(language, rule), "duration": form.value("duration")})


def _reasons(language: str, rule: str) -> dict[str, str]:
    return {"rule": rule, "facts": languages.gettext(language, RULES[rule].facts), "duration": "lasting"}


def _rewriting(decided: Decided) -> FormData:
    return forms.blank(title=decided.title or "", body=decided.body or "", version=decided.text_version or 1)


routes = [
    Route("/moderation", queue, name="moderation:queue"),
    Route("/moderation/log", log, name="moderation:log"),
    Route("/moderation/cases/{id}", case, name="moderation:case"),
    Route("/moderation/cases/{id}/decision", decision, methods=["POST"], name="moderation:decision"),
    Route("/moderation/decisions/{id}/undo", undo, methods=["POST"], name="moderation:undo"),
    Route(
        "/moderation/decisions/{id}/restoration",
        restoration,
        methods=["POST"],
        name="moderation:restoration",
    ),
    Route("/moderation/statements/{id}", statement, name="moderation:statement"),
    Route("/moderation/statements/{id}/appeal", appeal, methods=["POST"], name="moderation:file_appeal"),
    Route("/moderation/statements/{id}/words", rewriting, methods=["POST"], name="moderation:rewriting"),
    Route("/moderation/appeals/{id}", appeal_case, name="moderation:appeal"),
    Route("/moderation/appeals/{id}/ruling", ruling, methods=["POST"], name="moderation:ruling"),
]
