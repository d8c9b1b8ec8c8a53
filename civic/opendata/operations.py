"""Every address of the API, declared once for its route, its description and the page about it."""

from __future__ import annotations

from typing import Any

from civic.decisions.models import ReasonCode
from civic.decisions.queries import OutcomeFilter
from civic.decisions.rules import WRITABLE, Family
from civic.foundation.errors import N_
from civic.moderation.models import Measure
from civic.opendata import figures, queries, shapes
from civic.opendata.addresses import API
from civic.opendata.openapi import Asked, Operation, Parameter
from civic.processes.queries import ListStanding

KEY = "^[0-9a-z]{26}$"
SLUG = "^[a-z0-9-]{1,80}$"
_WRITABLE = "|".join(WRITABLE)

_SLUG = Parameter("slug", N_("The short name in the address of a process."), pattern=SLUG)
_ID = Parameter("id", N_("The public id."), pattern=KEY)
_NUMBER = Parameter("number", N_("The public number of a receipt."), pattern="^[A-Za-z0-9-]{1,40}$")
_AFTER = Parameter("after", N_("Where the page begins: what “next” of the page before holds."), pattern=KEY)
_PLACE = Parameter(
    "after", N_("Where the page begins: what “next” of the page before holds."), pattern="^[0-9]{1,15}$"
)
_LIMIT = Parameter("limit", N_("How many on a page; 20 if nothing is said."), int, most=queries.MOST)
_PROCESS = Parameter("process", N_("Only of the process with this short name."), pattern=SLUG)
_STANDING = Parameter("standing", N_("Only those that are open, coming or closed."), ListStanding)
_MEASURE = Parameter("measure", N_("Only this measure."), Measure)
_VERSION = Parameter("version", N_("As this version of the decision states it."), int, most=2**31 - 1)
FILTERS = (
    Parameter("family", N_("Only yes, part, no, else (later or elsewhere) or note."), Family),
    Parameter("outcome", N_("Only this outcome."), pattern=f"^({_WRITABLE})$"),
    Parameter("article", N_("Only what this article carries: a1, a2…"), pattern="^[a-z0-9-]{1,20}$"),
    Parameter("reason", N_("Only where this reason was given, refused parts included."), ReasonCode),
)


def chosen(asked: Asked) -> OutcomeFilter:
    """Read which answers are asked for."""
    return OutcomeFilter(**{one.name: str(asked[one.name] or "") for one in FILTERS})


async def _outcome(asked: Asked) -> Any:
    return await queries.public_outcome(asked["id"], asked["version"])


async def _outcomes(asked: Asked) -> Any:
    return await queries.public_outcomes(
        asked["id"], chosen(asked), asked["after"], asked["limit"] or queries.PAGE
    )


async def _proposals(asked: Asked) -> Any:
    return await queries.public_proposals(asked["process"], asked["after"], asked["limit"] or queries.PAGE)


async def _comments(asked: Asked) -> Any:
    return await queries.public_comments(asked["id"], asked["after"], asked["limit"] or queries.PAGE)


async def _measures(asked: Asked) -> Any:
    return await queries.public_measures(asked["measure"], int(asked["after"]) if asked["after"] else None)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "opendata:api_processes",
        f"{API}/processes",
        N_("The processes, newest first."),
        shapes.PublicProcess,
        lambda asked: queries.public_processes(asked["standing"], asked["after"]),
        asked=(_STANDING, _AFTER),
        is_list=True,
    ),
    Operation(
        "opendata:api_process",
        f"{API}/processes/{{slug}}",
        N_("One process with its steps and its questions."),
        shapes.PublicProcess,
        lambda asked: queries.public_process(asked["slug"]),
        inside=(_SLUG,),
    ),
    Operation(
        "opendata:api_proposals",
        f"{API}/proposals",
        N_("The proposals that can be read, newest first."),
        shapes.PublicProposal,
        _proposals,
        asked=(_PROCESS, _AFTER, _LIMIT),
        is_list=True,
    ),
    Operation(
        "opendata:api_proposal",
        f"{API}/proposals/{{id}}",
        N_("One proposal with its current words."),
        shapes.PublicProposal,
        lambda asked: queries.public_proposal(asked["id"]),
        inside=(_ID,),
    ),
    Operation(
        "opendata:api_comments",
        f"{API}/debates/{{id}}/comments",
        N_("The comments of a debate, each before those that answer it."),
        shapes.PublicComment,
        _comments,
        inside=(_ID,),
        asked=(_AFTER, _LIMIT),
        is_list=True,
    ),
    Operation(
        "opendata:api_contribution",
        f"{API}/contributions/{{number}}",
        N_("One contribution with its whole public trace: points, answers, what happened."),
        shapes.PublicContribution,
        lambda asked: queries.public_contribution(asked["number"]),
        inside=(_NUMBER,),
    ),
    Operation(
        "opendata:api_decisions",
        f"{API}/decisions",
        N_("The published decisions, the newest on top."),
        shapes.PublicDecision,
        lambda asked: queries.public_decisions(asked["process"], asked["after"]),
        asked=(_PROCESS, _AFTER),
        is_list=True,
    ),
    Operation(
        "opendata:api_decision",
        f"{API}/decisions/{{id}}",
        N_("One decision: versions, articles, promises, coverage, and its first answers."),
        shapes.PublicWholeDecision,
        lambda asked: queries.public_decision(asked["id"]),
        inside=(_ID,),
    ),
    Operation(
        "opendata:api_outcomes",
        f"{API}/decisions/{{id}}/outcomes",
        N_("The answers of a decision, refusals first."),
        shapes.PublicOutcome,
        _outcomes,
        inside=(_ID,),
        asked=(*FILTERS, _AFTER, _LIMIT),
        is_list=True,
    ),
    Operation(
        "opendata:api_outcome",
        f"{API}/outcomes/{{id}}",
        N_("The answer to one point, as the newest version states it or as another one does."),
        shapes.PublicOutcome,
        _outcome,
        inside=(_ID,),
        asked=(_VERSION,),
    ),
    Operation(
        "opendata:api_log",
        f"{API}/moderation/log",
        N_("What moderators decided, newest first, without names and without the texts."),
        shapes.PublicMeasure,
        _measures,
        asked=(_MEASURE, _PLACE),
        is_list=True,
    ),
    Operation(
        "opendata:api_indicators",
        f"{API}/indicators",
        N_("The figures of each process: what was answered, kept, waited for, with every definition."),
        figures.PublicIndicators,
        lambda asked: queries.public_indicators(asked["process"], asked["after"]),
        asked=(_PROCESS, _AFTER),
        is_list=True,
    ),
)
