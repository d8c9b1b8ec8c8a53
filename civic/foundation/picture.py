"""The ORM's picture of the tables, step by step: what it knows of them while a migration runs.

The ORM would draw every table again for each new one; here only what changed is drawn.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Any, cast

from tortoise.migrations import operations as ops
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.migration import Migration
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model

from civic.foundation import database


class Apps(StateApps):
    """The ORM's picture of the tables, in which only those that were drawn anew are finished."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._finished: set[type[Model]] = set()

    def _build_initial_querysets(self) -> None:
        everything = self.apps
        drawn = {model for app in everything.values() for model in app.values() if model._meta._inited}
        self.apps = {
            label: {name: model for name, model in app.items() if model not in self._finished}
            for label, app in everything.items()
        }
        try:
            super()._build_initial_querysets()
        finally:
            self.apps = everything
        self._finished = drawn


def picture(executor: MigrationExecutor, applied: Collection[MigrationKey]) -> State:
    """Draw the tables as they are after the steps that were applied."""
    state = State(models={}, apps=Apps(default_connections={database.APP: "default"}))
    for key in executor._full_plan():
        if key in applied:
            for operations in batches(cast(Migration, executor.loader.graph.nodes[key]).operations):
                advance(operations, state)
    return state


def batches(operations: Sequence[ops.Operation]) -> Iterator[list[ops.Operation]]:
    """Take tables created one after the other together, everything else one by one."""
    for is_creation, run in groupby(operations, lambda operation: isinstance(operation, ops.CreateModel)):
        batch = list(run)
        yield from [batch] if is_creation else [[operation] for operation in batch]


def advance(operations: Sequence[ops.Operation], state: State) -> None:
    """Make the ORM's picture of the tables follow: it would redraw all of them for each new one."""
    if not isinstance(operations[0], ops.CreateModel):
        operations[0].state_forward(database.APP, state)
        return
    for operation in cast(Sequence[ops.CreateModel], operations):
        drawn = ModelState.make_from_model(database.APP, operation.model)
        state.models[(database.APP, operation.name)] = drawn
        state.apps.register_model(database.APP, drawn.render(state.apps))
    state.apps._init_relations()
    state.apps._build_initial_querysets()
