"""Bring a database to the tables this version expects, without losing a row on the way.

The ORM orders the chain and creates tables. What it does badly is done here: one migrator at a time;
each step and its record in one transaction; in SQLite, a copy of the file first, foreign keys off while
tables are rebuilt (its own rebuild lets ON DELETE CASCADE empty other tables) and checked after, and
indexes, unique columns and triggers put back; new columns filled and indexed.
"""

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, cast

from asyncpg.exceptions import LockNotAvailableError
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException
from tortoise.fields.relational import ManyToManyFieldInstance
from tortoise.migrations import operations as ops
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.migration import Migration
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_editor import BaseSchemaEditor, SqliteSchemaEditor
from tortoise.migrations.schema_generator.state import State
from tortoise.models import Model
from tortoise.transactions import in_transaction

from civic.foundation import clock, database
from civic.foundation.errors import Busy
from civic.foundation.picture import advance, batches, picture

LOCK_SECONDS = 120
_TOO_LONG = "Another process has been migrating this database for too long."
_LOCK_KEY = 0x6369766963
"""The number of the advisory lock: the word "civic"."""
_WHOLE_TABLE = (ops.AddField, ops.RemoveField, ops.AlterField, ops.AddConstraint, ops.RemoveConstraint)
"""What SQLite can only do by building the table anew."""
_OneTable = ops.AddField | ops.RemoveField | ops.AlterField | ops.AddConstraint | ops.RemoveConstraint


class MigrationError(Exception):
    """The database could not be brought up to date; nothing was changed by the step that failed."""


class DialectSQL(ops.TortoiseOperation):
    """Say something to each database in its own words: full text, triggers, checks, partial indexes."""

    def __init__(self, why: str, *, sqlite: Sequence[str] = (), postgres: Sequence[str] = ()) -> None:
        self.why = why
        self.statements = {"sqlite": sqlite, "postgres": postgres}

    def describe(self) -> str:
        return self.why

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        if state_editor is None:
            return
        for statement in self.statements[state_editor.client.capabilities.dialect]:
            await _run(state_editor, statement)


async def migrate(
    url: str, *, upto: str | None = None, progress: Callable[[str], object] = lambda name: None
) -> list[str]:
    """Apply what is missing (up to a step), alone; tell what was applied. Raises MigrationError in words."""
    if url.startswith("sqlite:") and not database.sqlite_file(url).parent.is_dir():
        raise MigrationError(f"The folder {database.sqlite_file(url).parent} does not exist.")
    async with database.connect(url, patient=True), _alone(url):
        stands = await database.standing()
        if stands.unknown:
            raise MigrationError(
                f"This database is ahead of this version: it knows {', '.join(stands.unknown)}. "
                "Install the version that wrote it, or restore a copy made before."
            )
        if stands.missing and url.startswith("sqlite:"):
            await asyncio.to_thread(_copy_file, database.sqlite_file(url), stands.missing[0])
        return await _apply_missing(upto, progress)


async def mark_applied(url: str, name: str) -> None:
    """Record a step as applied without running it, after its record was lost."""
    async with database.connect(url, patient=True), _alone(url):
        if name not in (await database.standing()).missing:
            raise MigrationError(f"{name} is not missing from the record of this database.")
        executor = await _executor()
        await executor.recorder.record_applied(database.APP, name)


async def _apply_missing(upto: str | None, progress: Callable[[str], object]) -> list[str]:
    executor = await _executor()
    applied = set(await executor.recorder.applied_migrations())
    targets = [MigrationTarget(database.APP, upto)] if upto else None
    plan = executor._migration_plan(targets, applied, executor.loader.graph)
    state = picture(executor, applied) if plan else None
    for step in plan:
        progress(step.migration.name)
        try:
            await _apply(executor, step.migration, cast(State, state))
        except (BaseORMException, Busy) as error:
            raise MigrationError(_explained(step.migration.name, error)) from error
    return [step.migration.name for step in plan]


async def _executor() -> "_Executor":
    executor = _Executor(get_connection("default"), _apps())
    await executor.loader.build_graph()
    await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
    return executor


async def _apply(executor: "_Executor", migration: Migration, state: State) -> None:
    """Apply one step and its record, all or nothing."""
    if database.dialect() == "sqlite":
        await database.execute("PRAGMA foreign_keys = OFF")
    try:
        async with in_transaction("default") as client:
            editor = executor._schema_editor(atomic=True)
            editor.client = client
            for operations in batches(migration.operations):
                await _operate(operations, state, editor)
            await MigrationRecorder(client).record_applied(database.APP, migration.name)
            if database.dialect() == "sqlite":
                await _check_links(client)
    finally:
        if database.dialect() == "sqlite":
            await database.execute("PRAGMA foreign_keys = ON")


async def _operate(operations: Sequence[ops.Operation], state: State, editor: BaseSchemaEditor) -> None:
    operation = operations[0]
    is_whole_table = isinstance(operation, _WHOLE_TABLE) and not _is_many_to_many(operation)
    is_alone = is_whole_table and (
        isinstance(editor, SqliteSchemaEditor) or isinstance(operation, ops.AddField)
    )
    before = state if is_alone or isinstance(operation, ops.CreateModel | DialectSQL) else state.clone()
    advance(operations, state)
    if is_whole_table:
        await _change_table(cast(_OneTable, operation), before, state, editor)
        return
    for one in operations:
        await one.database_forward(database.APP, before, state, editor)


async def _change_table(operation: _OneTable, before: State, state: State, editor: BaseSchemaEditor) -> None:
    model = state.apps.get_model(f"{database.APP}.{operation.model_name}")
    values = _values_for(operation, model)
    if isinstance(editor, SqliteSchemaEditor):
        await _rebuild(editor, model, values)
    elif isinstance(operation, ops.AddField):
        await _add_filled_column(editor, model, operation, values)
    else:
        await operation.database_forward(database.APP, before, state, editor)


def _is_many_to_many(operation: ops.Operation) -> bool:
    return isinstance(getattr(operation, "field", None), ManyToManyFieldInstance)


def _values_for(operation: ops.Operation, model: type[Model]) -> dict[str, Any]:
    """Give the value that rows already there take in a column that must not be empty."""
    if not isinstance(operation, ops.AddField | ops.AlterField):
        return {}
    field = model._meta.fields_map[operation.name]
    if field.null or field.default is None or not hasattr(field, "to_db_value"):
        return {}
    default = field.default() if callable(field.default) else field.default
    column = model._meta.fields_db_projection[operation.name]
    return {column: field.to_db_value(default, model)}


async def _check_links(client: BaseDBAsyncClient) -> None:
    _, broken = await client.execute_query("PRAGMA foreign_key_check")
    if broken:
        tables = sorted({str(tuple(row)[0]) for row in broken})
        raise MigrationError(f"Rows of {', '.join(tables)} would lose what they point to.")


def _explained(name: str, error: Exception) -> str:
    if "already exists" not in str(error):
        return f"{name} failed and was undone: {error}"
    return (
        f"{name} finds its tables already there: the record that it was applied is lost ({error}). "
        f"If this database is sound, run `civic migrate --mark {name}`; otherwise restore a copy."
    )


class _Executor(MigrationExecutor):
    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> BaseSchemaEditor:
        editor = super()._schema_editor(atomic=atomic, collect_sql=collect_sql)
        if isinstance(editor, SqliteSchemaEditor):
            return _SqliteEditor(self.connection, atomic=atomic, collect_sql=collect_sql)
        return editor


class _SqliteEditor(SqliteSchemaEditor):
    async def _run_sql(self, sql: str) -> None:
        for statement in _statements(sql):
            await self.client.execute_query(statement)

    async def _remake_table(self, *args: Any, **kwargs: Any) -> None:
        raise MigrationError("This change would rebuild a table unsafely; write it as DialectSQL.")


def _statements(sql: str) -> list[str]:
    """Cut a script into statements; the semicolons inside a trigger do not end it."""
    found, rest = [], ""
    for piece in sql.split(";"):
        rest += piece
        if sqlite3.complete_statement(rest + ";"):
            found.append(rest.strip())
            rest = ""
        else:
            rest += ";"
    return [statement for statement in [*found, rest.strip(" \n;")] if statement]


async def _run(editor: BaseSchemaEditor, statement: str) -> None:
    if isinstance(editor, SqliteSchemaEditor):
        await editor.client.execute_query(statement)
    else:
        await editor.client.execute_script(statement)


async def _rebuild(editor: SqliteSchemaEditor, model: type[Model], values: Mapping[str, Any]) -> None:
    """Build a table anew as the model has it, with its rows, numbering, indexes and triggers."""
    table, client = model._meta.db_table, editor.client
    kept = await client.execute_query_dict(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger')"
        " AND sql IS NOT NULL",
        [table],
    )
    kept = [{**row, "columns": await _index_columns(client, row["name"])} for row in kept]
    before = {row["name"] for row in await client.execute_query_dict(f'PRAGMA table_info("{table}")')}
    numbering = await client.execute_query_dict("SELECT seq FROM sqlite_sequence WHERE name = ?", [table])
    create, *indexes = _statements(editor._get_model_sql_data(model).table_sql)
    await client.execute_query(create.replace(f'"{table}"', f'"new__{table}"', 1))
    await _copy_rows(client, table, before, list(model._meta.fields_db_projection.values()), values)
    await client.execute_query(f'DROP TABLE "{table}"')
    await client.execute_query("PRAGMA legacy_alter_table = ON")
    await client.execute_query(f'ALTER TABLE "new__{table}" RENAME TO "{table}"')
    await client.execute_query("PRAGMA legacy_alter_table = OFF")
    if numbering:
        await client.execute_query(
            "UPDATE sqlite_sequence SET seq = ? WHERE name = ?", [numbering[0]["seq"], table]
        )
    for statement in indexes:
        await client.execute_query(statement)
    await _put_back(client, table, kept)


async def _copy_rows(
    client: BaseDBAsyncClient, table: str, before: set[str], columns: Sequence[str], values: Mapping[str, Any]
) -> None:
    into, take, params = [], [], []
    for column in columns:
        if column in values:
            take.append(f'COALESCE("{column}", ?)' if column in before else "?")
            params.append(values[column])
        elif column in before:
            take.append(f'"{column}"')
        else:
            continue
        into.append(f'"{column}"')
    sql = f'INSERT INTO "new__{table}" ({", ".join(into)}) SELECT {", ".join(take)} FROM "{table}"'  # noqa: S608
    await client.execute_query(sql, params)


async def _index_columns(client: BaseDBAsyncClient, name: str) -> list[str | None]:
    return [row["name"] for row in await client.execute_query_dict(f'PRAGMA index_info("{name}")')]


async def _put_back(client: BaseDBAsyncClient, table: str, kept: Sequence[dict[str, Any]]) -> None:
    """Put back the triggers, and the indexes the model does not know, whose columns still exist."""
    columns = {row["name"] for row in await client.execute_query_dict(f'PRAGMA table_info("{table}")')}
    there = await client.execute_query_dict(f'PRAGMA index_list("{table}")')
    same = {tuple(await _index_columns(client, row["name"])) for row in there if row["unique"]}
    names = {row["name"] for row in there}
    for row in kept:
        is_known = row["type"] == "index" and (
            row["name"] in names or ("UNIQUE" in row["sql"][:20].upper() and tuple(row["columns"]) in same)
        )
        is_orphan = row["type"] == "index" and not set(row["columns"]) - {None} <= columns
        if not is_known and not is_orphan:
            await client.execute_query(row["sql"])


async def _add_filled_column(
    editor: BaseSchemaEditor, model: type[Model], operation: ops.AddField, values: Mapping[str, Any]
) -> None:
    """Add a column to a table of PostgreSQL that may hold rows, and the indexes it asks for."""
    table, field = f'"{model._meta.db_table}"', model._meta.fields_map[operation.name]
    required, field.null = not field.null, bool(values) or field.null
    await editor.add_field(model, operation.name)
    field.null = not required
    for column, value in values.items():
        await editor.client.execute_query(f'UPDATE {table} SET "{column}" = $1', [value])  # noqa: S608
        await editor.client.execute_script(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET NOT NULL')
    for statement in _statements(editor._get_model_sql_data(model).table_sql)[1:]:
        if statement.startswith("CREATE INDEX "):
            safe = statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS", 1)
            await editor.client.execute_script(safe)


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[None]:
    """Wait until no other process migrates this database."""
    if url.startswith("sqlite:"):
        async with _file_lock(Path(f"{database.sqlite_file(url)}.lock")):
            yield
        return
    client = get_connection("default")
    async with client.acquire_connection() as connection:
        await connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        try:
            await connection.execute(f"SELECT pg_advisory_lock({_LOCK_KEY})")
        except LockNotAvailableError as error:
            raise MigrationError(_TOO_LONG) from error
        try:
            yield
        finally:
            await connection.execute(f"SELECT pg_advisory_unlock({_LOCK_KEY})")


@asynccontextmanager
async def _file_lock(path: Path) -> AsyncIterator[None]:
    with path.open("w") as file:
        for _ in range(LOCK_SECONDS * 10):
            if _try_lock(file.fileno()):
                break
            await asyncio.sleep(0.1)
        else:
            raise MigrationError(_TOO_LONG)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _copy_file(path: Path, next_step: str) -> None:
    """Keep the database as it was before a step; an empty one needs no copy."""
    stamp = f"{clock.now():%Y%m%dT%H%M%SZ}"
    with closing(sqlite3.connect(path)) as source:
        if source.execute("SELECT 1 FROM sqlite_master WHERE name = 'tortoise_migrations'").fetchone():
            with closing(sqlite3.connect(f"{path}.before-{next_step}-{stamp}")) as copy:
                source.backup(copy)


def _apps() -> dict[str, dict[str, Any]]:
    config = database.tortoise_config("sqlite:///unused.db")
    return cast(dict[str, dict[str, Any]], config["apps"])
