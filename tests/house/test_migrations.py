"""The chain of migrations: it ends where the models are, loses no row, and bears bad luck."""

import asyncio
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.migration import Migration

from civic import paths
from civic.foundation import database as db
from civic.foundation import schema
from civic.foundation.guards import check
from civic.foundation.picture import picture
from civic.foundation.schema import DialectSQL, MigrationError
from tests.conftest import postgres_database
from tests.house.tables import fill, names, tables, triggers

KINDS = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]
ADDED_BY_HAND = {"search_entry": {"document"}}
"""Columns of PostgreSQL that the models do not know."""


@pytest.fixture(params=KINDS)
def blank_url(request, tmp_path):
    """Give the address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/civic.db"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture(params=KINDS)
def other_blank_url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/other.db"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture(params=KINDS)
def own_url(request, tmp_path):
    """Give the address of a migrated database that a test may take apart."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "own.db")
        yield f"sqlite:///{tmp_path}/own.db"
    else:
        template = urlsplit(request.getfixturevalue("postgres_template")).path.strip("/")
        with postgres_database(request.getfixturevalue("postgres_server"), f"TEMPLATE {template}") as url:
            yield url


async def tables_of(url: str):
    async with db.connect(url, patient=True):
        return await tables()


async def tables_of_models(url: str):
    async with db.connect(url, patient=True) as context:
        await context.generate_schemas()
        return await tables()


@pytest.mark.parametrize(
    ("blank_url", "other_blank_url"),
    [("sqlite", "sqlite"), pytest.param("postgres", "postgres", marks=pytest.mark.postgres)],
    indirect=True,
)
async def test_the_chain_ends_where_the_models_are(blank_url, other_blank_url):
    await schema.migrate(blank_url)
    chain, models = await tables_of(blank_url), await tables_of_models(other_blank_url)
    assert chain.keys() == models.keys()
    for name, expected in models.items():
        extra = ADDED_BY_HAND.get(name, set())
        assert {c for c in chain[name].columns if c[0] not in extra} == expected.columns, name
        assert chain[name].links == expected.links, name
        assert chain[name].uniques == expected.uniques, name
        assert chain[name].indexes == expected.indexes, name


def test_no_change_of_the_models_waits_for_its_migration():
    asked = [sys.executable, "scripts/new_migration.py", "--check"]
    answer = subprocess.run(asked, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


async def test_rows_written_at_any_step_survive_the_rest(blank_url):
    """One walk along the chain: each table holds a row from the step that made it."""
    filled: set[str] = set()
    for step in db.steps():
        await schema.migrate(blank_url, upto=step)
        async with db.connect(blank_url, patient=True):
            there = set(await names())
            for name in filled & there:
                assert await db.rows(f'SELECT count(*) AS n FROM "{name}"') == [{"n": 1}], (step, name)
            await fill(only_empty=True)
            filled = there
    assert filled


def test_migrations_do_not_depend_on_rooms_or_on_what_is_installed():
    for file in paths.MIGRATIONS.glob("[0-9]*.py"):
        found = re.findall(r"^(?:from|import) (\S+)", file.read_text(encoding="utf-8"), re.M)
        allowed = ("tortoise", "civic.foundation.guards", "civic.foundation.schema")
        assert [name for name in found if not name.startswith(allowed)] == [], file.name


# --- changing a table that holds rows -----------------------------------------------------------


@asynccontextmanager
async def filled(url: str) -> AsyncIterator[None]:
    """Open a migrated database with a row in every table."""
    async with db.connect(url, patient=True):
        await fill()
        yield


async def apply(*operations: ops.Operation, name: str = "9999_trial") -> None:
    """Apply operations as a step of the chain would be."""
    executor = await schema._executor()
    applied = await executor.recorder.applied_migrations()
    step = Migration(name, db.APP)
    step.operations = list(operations)
    await schema._apply(executor, step, picture(executor, applied))


async def counts() -> dict[str, int]:
    found = [(name, await db.rows(f'SELECT count(*) AS n FROM "{name}"')) for name in await names()]
    return {name: rows[0]["n"] for name, rows in found}


async def test_a_column_goes_and_nothing_else_does(own_url):
    async with filled(own_url):
        before, watched, rows = await tables(), await triggers(), await counts()
        await apply(
            ops.RemoveField("Contribution", "source_url"), ops.RemoveField("Contribution", "campaign")
        )
        after = await tables()
        assert await counts() == rows
        assert await triggers() == watched
        for name, table in before.items():
            lost = {"source_url", "campaign_id"} if name == "contribution" else set()
            assert after[name].columns == {column for column in table.columns if column[0] not in lost}, name
            assert after[name].links == {link for link in table.links if link[0] not in lost}, name
            assert after[name].indexes == {index for index in table.indexes if not lost & {*index}}, name
            assert after[name].uniques == table.uniques, name


async def test_a_column_changes_and_nothing_else_does(own_url):
    async with filled(own_url):
        before, watched, rows = await tables(), await triggers(), await counts()
        await apply(
            ops.AlterField("DecisionVersion", "signed_role", fields.CharField(null=True, max_length=300))
        )
        after = await tables()
        assert await counts() == rows
        assert await triggers() == watched
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"decision_version"}
        for part in ("uniques", "indexes", "links"):
            assert getattr(after["decision_version"], part) == getattr(before["decision_version"], part)


async def test_a_required_column_comes_to_rows_that_are_there(own_url):
    async with filled(own_url):
        watched, rows = await triggers(), await counts()
        mood = fields.CharField(max_length=9, default="calm", db_index=True)
        keeper = fields.ForeignKeyField(
            "civic.Participant", related_name="kept", null=True, db_index=True, on_delete=OnDelete.RESTRICT
        )
        await apply(ops.AddField("Thread", "mood", mood), ops.AddField("Thread", "keeper", keeper))
        assert await counts() == rows
        assert await triggers() == watched
        assert await db.rows("SELECT mood, keeper_id FROM thread") == [{"mood": "calm", "keeper_id": None}]
        table = (await tables())["thread"]
        assert {("mood",), ("keeper_id",)} <= table.indexes
        assert [c[2] for c in table.columns if c[0] == "mood"] == [True]
        assert ("keeper_id", "participant") in {link[:2] for link in table.links}


async def test_numbers_once_given_are_not_given_again_after_a_change(own_url):
    async with filled(own_url):
        await db.execute("INSERT INTO rate_bucket (bucket, key, full_at) VALUES ('a', 'a', 1)")
        (last,) = await db.rows("SELECT max(id) AS id FROM rate_bucket")
        await db.execute("DELETE FROM rate_bucket WHERE bucket = 'a'")
        await apply(ops.AddField("RateBucket", "note", fields.CharField(max_length=9, default="")))
        await db.execute("INSERT INTO rate_bucket (bucket, key, full_at, note) VALUES ('b', 'b', 1, '')")
        (new,) = await db.rows("SELECT max(id) AS id FROM rate_bucket")
        assert new["id"] > last["id"]


async def test_a_step_that_fails_leaves_nothing_behind(own_url):
    async with filled(own_url):
        before = await tables()
        wrong = DialectSQL("Fail", sqlite=["SELECT nothing"], postgres=["SELECT nothing"])
        with pytest.raises(Exception, match="nothing"):
            await apply(ops.RemoveField("Contribution", "source_url"), wrong)
        assert await tables() == before
        assert "9999_trial" not in (await db.standing()).unknown
        if db.dialect() == "sqlite":
            assert await db.rows("PRAGMA foreign_keys") == [{"foreign_keys": 1}]


@pytest.mark.parametrize("own_url", ["sqlite"], indirect=True)
async def test_a_step_that_would_cut_links_is_refused(own_url):
    async with filled(own_url):
        with pytest.raises(MigrationError, match="lose what they point to"):
            await apply(DialectSQL("Cut", sqlite=["DELETE FROM thread"]))
        assert (await counts())["thread"] == 1


async def test_the_full_text_still_follows_after_its_table_is_built_anew(own_url):
    from civic.foundation import search

    async with filled(own_url):
        about = {"kind": "a", "process": None, "language": "en", "body": ""}
        await search.index("before", title="Lighthouse", **about)
        await apply(ops.AlterField("SearchEntry", "language", fields.CharField(max_length=20)))
        await search.index("after", title="Lighthouse", **about)
        assert {hit.key for hit in await search.find("lighthouse")} == {"before", "after"}
        await search.remove("before")
        assert await search.count("lighthouse") == 1


# --- running it ---------------------------------------------------------------------------------


async def test_running_it_again_changes_nothing(blank_url):
    assert await schema.migrate(blank_url) == db.steps()
    assert await schema.migrate(blank_url) == []


async def test_two_at_once_take_turns(blank_url):
    command = [
        sys.executable,
        "-c",
        f"import asyncio; from civic.foundation import schema; "
        f"print(len(asyncio.run(schema.migrate({blank_url!r}))))",
    ]
    both = [await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE) for _ in range(2)]
    said = [(await one.communicate())[0].decode().strip() for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert sorted(said) == ["0", str(len(db.steps()))]


async def test_a_lost_record_is_explained_and_can_be_restored(own_url):
    async with db.connect(own_url):
        await db.execute("DELETE FROM tortoise_migrations")
    with pytest.raises(MigrationError, match="civic migrate --mark 0001_initial"):
        await schema.migrate(own_url)
    for step in db.steps():
        await schema.mark_applied(own_url, step)
    assert await schema.migrate(own_url) == []


async def test_a_database_from_the_future_is_left_alone(own_url):
    async with db.connect(own_url):
        await db.execute("UPDATE tortoise_migrations SET name = '9999_later' WHERE name LIKE '0002%'")
    with pytest.raises(MigrationError, match="ahead of this version"):
        await schema.migrate(own_url)


async def test_a_file_that_holds_something_is_copied_first(tmp_path):
    url = f"sqlite:///{tmp_path}/civic.db"
    await schema.migrate(url, upto="0001_initial")
    assert list(tmp_path.glob("*.before-*")) == []
    await schema.migrate(url)
    (copy,) = tmp_path.glob("civic.db.before-0002*")
    with sqlite3.connect(copy) as old:
        assert old.execute("SELECT name FROM tortoise_migrations").fetchall() == [("0001_initial",)]
    old.close()


async def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MigrationError, match="nowhere"):
        await schema.migrate(f"sqlite:///{tmp_path}/nowhere/civic.db")


def test_statements_are_cut_where_they_end():
    trigger = "CREATE TRIGGER t AFTER DELETE ON a BEGIN DELETE FROM c; SELECT 1; END"
    script = f"CREATE TABLE a (b);\n{trigger};\nSELECT ';'"
    assert [one.split()[0] for one in schema._statements(script)] == ["CREATE", "CREATE", "SELECT"]


# --- what tables refuse -------------------------------------------------------------------------

FROZEN = [
    "decision_version",
    "disposition_version",
    "published_outcome",
    "provision_version",
    "moderation_decision",
    "statement_of_reasons",
    "role_grant",
    "withdrawal",
    "contribution_version",
    "ledger_staged",
]


async def refused(sql: str, *params: object) -> None:
    with pytest.raises(IntegrityError):
        await db.execute(sql, *params)


async def test_nothing_official_is_overwritten_or_deleted(own_url):
    async with filled(own_url):
        for name in FROZEN:
            await refused(f"UPDATE {name} SET id = id")
            await refused(f"DELETE FROM {name}")
            if db.dialect() == "sqlite":
                await refused(f"REPLACE INTO {name} SELECT * FROM {name}")
            else:
                await refused(f"TRUNCATE {name} CASCADE")
        assert set((await counts()).values()) == {1}


async def test_what_was_not_published_can_still_be_changed(own_url):
    async with filled(own_url):
        if db.dialect() == "sqlite":
            await db.execute("DROP TRIGGER published_outcome_no_delete")
        else:
            await db.execute("ALTER TABLE published_outcome DISABLE TRIGGER USER")
        for table in ("reply_change", "reply", "appeal_ruling", "procedural_appeal"):
            await _clear(table)
        await _clear("published_outcome")
        assert await db.execute("UPDATE disposition_version SET number = 7") == 1


async def _clear(table: str) -> None:
    if db.dialect() == "sqlite":
        await db.execute("PRAGMA foreign_keys = OFF")
        for act in ("update", "delete"):
            await db.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}")
        await db.execute(f"DELETE FROM {table}")
        await db.execute("PRAGMA foreign_keys = ON")
        return
    async with db.transaction():
        await db.execute("SET LOCAL session_replication_role = replica")
        await db.execute(f"DELETE FROM {table}")


async def test_erasing_a_person_may_empty_their_words_and_nothing_else(own_url):
    async with filled(own_url):
        await refused("UPDATE contribution_version SET body = 'other words'")
        assert await db.execute("UPDATE contribution_version SET title = '', body = '', html = ''") == 1


async def test_an_incomplete_statement_of_reasons_is_refused_by_the_table(own_url):
    async with db.connect(own_url, patient=True):
        for name in ("ground", "rule_text", "facts", "effect", "duration", "redress"):
            with pytest.raises(IntegrityError):
                await _a_statement(**{name: "  "})


async def _a_statement(**changed: str) -> None:
    columns = (await tables())["statement_of_reasons"].columns
    values: dict[str, object] = {
        "id": 1,
        "decision_id": 1,
        "automated_detection": False,
        "automated_decision": False,
    }
    texts = [c[0] for c in columns if "CHAR" in c[1].upper() or "TEXT" in c[1].upper()]
    values |= dict.fromkeys(texts, "words") | changed
    values["written_at"] = db.moment("2026-11-22T08:00:00Z")
    sql = f"INSERT INTO statement_of_reasons ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
    await db.execute(sql, *values.values())


async def test_a_text_has_one_open_case(own_url):
    async with filled(own_url):
        sql = (
            "INSERT INTO moderation_case"
            " (public_id, subject, risk, report_count, version, opened_at, closed_at)"
            " VALUES (?, 'comment/1', 0, 0, 1, ?, ?)"
        )
        now = db.moment("2026-11-22T08:00:00Z")
        await db.execute(sql, "a", now, now)
        await db.execute(sql, "b", now, None)
        await refused(sql, "c", now, None)


async def test_a_check_added_later_is_kept_when_the_table_is_built_anew(own_url):
    async with filled(own_url):
        await apply(check("thread", "counts_up", ("version",), "{version} > 0"), name="9998_check")
        await apply(ops.RenameField("Thread", "closed_at", "ended_at"))
        await refused("UPDATE thread SET version = 0")
