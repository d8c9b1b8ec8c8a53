"""What the tables refuse by themselves, the order of debate paths, and the full-text index."""

from tortoise import migrations

from civic.foundation.guards import (
    REFUSING_FUNCTION,
    append_only,
    changed_only_to,
    check,
    frozen_once,
    unique_where,
)
from civic.foundation.schema import DialectSQL

STATEMENT_FIELDS = ("ground", "rule", "rule_text", "facts", "effect", "territory", "duration", "redress")

FULL_TEXT = DialectSQL(
    "Index words",
    # Words come cut and folded: every character beyond ASCII is part of a word.
    sqlite=[
        "CREATE VIRTUAL TABLE search_words USING fts5 (title, body, tokenize = 'ascii', prefix = '2 3')",
        """
        CREATE TRIGGER search_entry_forgets AFTER DELETE ON search_entry FOR EACH ROW
        BEGIN DELETE FROM search_words WHERE rowid = OLD.id; END
        """,
    ],
    postgres=[
        "ALTER TABLE search_entry ADD COLUMN document tsvector",
        "CREATE INDEX ix_search_entry_document ON search_entry USING gin (document)",
    ],
)

PATHS_IN_TREE_ORDER = DialectSQL(
    "Compare paths byte by byte, as SQLite does, whatever the language of the server",
    postgres=[
        'ALTER TABLE comment ALTER COLUMN path TYPE text COLLATE "C"',
        'ALTER TABLE read_mark ALTER COLUMN branch TYPE text COLLATE "C"',
    ],
)


class Migration(migrations.Migration):
    dependencies = [("civic", "0001_initial")]

    operations = [
        FULL_TEXT,
        PATHS_IN_TREE_ORDER,
        REFUSING_FUNCTION,
        append_only(
            "appeal_ruling",
            "charter_version",
            "decision_release",
            "decision_version",
            "freeze_change",
            "measure_undo",
            "milestone_date",
            "milestone_state",
            "moderation_decision",
            "moderation_ruling",
            "phase_change",
            "process_closure",
            "publication_stop",
            "published_outcome",
            "published_provision",
            "reply_change",
            "review",
            "role_grant",
            "role_revocation",
            "statement_of_reasons",
            "synthesis_version",
            "visibility_change",
            "withdrawal",
        ),
        frozen_once(
            "disposition_version",
            "SELECT 1 FROM published_outcome p WHERE p.disposition_version_id = OLD.id",
        ),
        frozen_once(
            "disposition_part",
            "SELECT 1 FROM published_outcome p WHERE p.disposition_version_id = OLD.version_id",
        ),
        frozen_once(
            "provision_link",
            "SELECT 1 FROM published_outcome p WHERE p.disposition_version_id = OLD.version_id",
        ),
        frozen_once(
            "provision_version",
            "SELECT 1 FROM published_provision p WHERE p.provision_version_id = OLD.id",
        ),
        # Words as written stay; erasing a person may only empty them.
        changed_only_to("contribution_version", "NEW.title = '' AND NEW.body = '' AND NEW.html = ''"),
        changed_only_to("reply", "NEW.text = '' AND NEW.html = ''"),
        changed_only_to("procedural_appeal", "NEW.text = ''"),
        changed_only_to("ledger_staged", "FALSE"),
        check(
            "statement_of_reasons",
            "statement_is_complete",
            STATEMENT_FIELDS,
            " AND ".join(f"length(trim({{{field}}})) > 0" for field in STATEMENT_FIELDS),
        ),
        check("claim_span", "span_is_not_empty", ("start", "end"), "{start} >= 0 AND {end} > {start}"),
        check("decision_version", "unanswered_is_a_count", ("unanswered",), "{unanswered} >= 0"),
        unique_where("moderation_case", "one_open_case", ["subject"], "closed_at IS NULL"),
    ]
