"""What a table itself refuses, on both databases: written in migrations, kept by triggers and checks.

In SQLite a check is a pair of triggers too: a trigger can be added to a table that is there, and is put
back when a migration builds the table anew.
"""

from collections.abc import Sequence

from civic.foundation.schema import DialectSQL

REFUSING_FUNCTION = DialectSQL(
    "Let triggers of PostgreSQL refuse",
    postgres=[
        """
        CREATE FUNCTION civic_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% of % is refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    ],
)


def append_only(*tables: str) -> DialectSQL:
    """Refuse to change or delete a row once it is written."""
    return DialectSQL(
        f"Never overwrite {', '.join(tables)}",
        sqlite=[_sqlite_refusal(table, act) for table in tables for act in ("UPDATE", "DELETE")],
        postgres=[
            statement
            for table in tables
            for statement in (
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION civic_refuse()",
                _postgres_no_truncate(table),
            )
        ],
    )


def changed_only_to(table: str, condition: str) -> DialectSQL:
    """Refuse to delete a row, and to change it except into one that meets the condition on NEW."""
    return DialectSQL(
        f"Keep the rows of {table}",
        sqlite=[
            _sqlite_refusal(table, "UPDATE", f"NOT ({condition})"),
            _sqlite_refusal(table, "DELETE"),
        ],
        postgres=[
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (NOT ({condition})) EXECUTE FUNCTION civic_refuse()",
            f"CREATE TRIGGER {table}_not_deleted BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION civic_refuse()",
            _postgres_no_truncate(table),
        ],
    )


def frozen_once(table: str, published: str) -> DialectSQL:
    """Refuse to change or delete a row once a query on OLD finds that it was published."""
    return DialectSQL(
        f"Freeze what is published of {table}",
        sqlite=[_sqlite_refusal(table, act, f"EXISTS ({published})") for act in ("UPDATE", "DELETE")],
        postgres=[
            f"""
            CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS ({published}) THEN
                    RAISE EXCEPTION '% of published % is refused', TG_OP, TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
            END $$
            """,
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_frozen()",
            _postgres_no_truncate(table),
        ],
    )


def check(table: str, name: str, columns: Sequence[str], condition: str) -> DialectSQL:
    """Refuse rows that do not meet a condition; it names its columns as {column}."""
    of_new = condition.format(**{column: f'NEW."{column}"' for column in columns})
    of_row = condition.format(**{column: f'"{column}"' for column in columns})
    return DialectSQL(
        f"Check {name}",
        sqlite=[
            f"CREATE TRIGGER {name}_on_{act.lower()} BEFORE {act} ON {table} FOR EACH ROW "
            f"WHEN NOT ({of_new}) BEGIN SELECT RAISE(ABORT, '{name}'); END"
            for act in ("INSERT", "UPDATE")
        ],
        postgres=[f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({of_row})"],
    )


def unique_where(table: str, name: str, columns: Sequence[str], condition: str) -> DialectSQL:
    """Allow one row of a kind among those that meet a condition."""
    sql = f"CREATE UNIQUE INDEX {name} ON {table} ({', '.join(columns)}) WHERE {condition}"
    return DialectSQL(f"Allow one {name}", sqlite=[sql], postgres=[sql])


def _sqlite_refusal(table: str, act: str, condition: str = "1") -> str:
    return (
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} FOR EACH ROW "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{act} of {table} is refused'); END"
    )


def _postgres_no_truncate(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION civic_refuse()"
    )
