"""The running API does what its description says: schemathesis asks, whatever it can think of."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import hypothesis
import pytest
import schemathesis
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from civic.foundation import limits
from civic.opendata.openapi import document
from civic.opendata.operations import OPERATIONS
from tests.journeys.inside import Opened, Towns
from tests.journeys.plugin import TOWN_ON_BOTH

EXAMPLES = 30
KEYS = {
    "api_proposal": ("id", "settled"),
    "api_comments": ("id", "thread"),
    "api_process": ("slug", "slug"),
    "api_contribution": ("number", "settled_number"),
    "api_decision": ("id", "settled_decision"),
    "api_outcomes": ("id", "settled_decision"),
    "api_outcome": ("id", "outcome"),
}
"""Which thing of the town stands in each address, half of the time: what is drawn is never there."""


@dataclass
class InProcess:
    """The town, and how to ask it something without a network."""

    runner: asyncio.Runner
    opened: Opened
    client: httpx.AsyncClient

    def ask(self, **request) -> httpx.Response:
        """Ask, and wait for the answer."""
        return self.runner.run(self.client.request(**request))


@pytest.fixture
def town(towns: Towns, town_kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[InProcess]:
    """Open the town in a loop of its own: hypothesis calls plain functions."""
    monkeypatch.setitem(limits.RATES, "api_network", limits.Rate(10**9, 60, counts_failures=True))
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = runner.run(stack.enter_async_context(towns.open(town_kind)))
        transport = httpx.ASGITransport(app=opened.app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=opened.settings.public_url)
        yield InProcess(runner, opened, client)
        runner.run(client.aclose())
        runner.run(stack.aclose())


@TOWN_ON_BOTH
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda one: one.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name.partition(":")[2])
def test_the_running_api_does_what_its_description_says(town: InProcess, operation, mode):
    if mode.is_negative and not operation.asked:
        return  # Without a question, what is wrong is only an address that is not there.
    schema = schemathesis.openapi.from_dict(document(OPERATIONS))
    described = schema[operation.path]["GET"]
    name, thing = KEYS.get(operation.name.partition(":")[2], ("", ""))
    statuses = set()

    @hypothesis.given(
        case=described.as_strategy(generation_mode=mode), is_there=hypothesis.strategies.booleans()
    )
    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    def asked(case, is_there):
        if is_there and not mode.is_negative:
            case.path_parameters = {name: town.opened.town.here[thing]} if name else {}
            for one in ("after", "version", "process"):
                (case.query or {}).pop(one, None)
        request = case.as_transport_kwargs(base_url=town.opened.settings.public_url)
        answer = town.ask(**{key: request[key] for key in ("method", "url", "params", "headers")})
        statuses.add(answer.status_code)
        try:
            case.validate_response(answer)
        except FailureGroup as failures:
            raise AssertionError([str(one) for one in failures.exceptions]) from None

    asked()
    assert mode.is_negative or 200 in statuses, "at least once, something is there"
    assert mode.is_positive or 422 in statuses, "what the description does not allow is refused"
