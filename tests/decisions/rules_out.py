"""Take each rule of SPEC 4.5 out in turn and see that its test fails: `python -m tests.decisions.rules_out`.

`HELD` says where each rule is held. A rule whose test still passes without it is not enforced by what the
table names, and the command ends with status 1.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WITHOUT = "CIVIC_TESTS_WITHOUT_RULE"

Replace = Callable[[Any], Any]


def _allowed(_: Any) -> Any:
    from civic.foundation.errors import ALLOWED

    return lambda *args, **named: ALLOWED


async def _nothing(*args: Any) -> dict[int, int]:
    return {}


def _ungrounded(checks: Any) -> Any:
    return {code: _without("_grounded", found) for code, found in checks.items()}


def _without(name: str, checks: Any) -> Any:
    return tuple(one for one in checks if one.__name__ != name)


HELD: dict[str, tuple[str, str, Replace]] = {
    "R1": ("civic.decisions.policies", "holding_back", lambda _: lambda items, with_banner: []),
    "R2": ("civic.decisions.rules", "_CHECKS", _ungrounded),
    "R3": ("civic.decisions.gates", "needs_second_reader", lambda _: lambda outcome, full: False),
    "R4": ("civic.decisions.actions.drafting", "may_answer_now", _allowed),
    "R5": ("civic.synthesis.queries", "QuestionCard.waits_for", lambda _: lambda card, now: None),
    "R6": ("civic.decisions.rules", "_ALWAYS", lambda checks: _without("_asked", checks)),
    "R7": (
        "civic.decisions.queries.desk",
        "_COUNTS",
        lambda sql: sql.replace("count(DISTINCT v.digest || '/' || CAST(k.number AS TEXT))", "count(*)"),
    ),
    "R8": ("civic.decisions.queries.desk", "generic_answers", lambda _: _nothing),
    "R9": ("civic.decisions.actions.contesting", "may_reply", _allowed),
    "R10": ("civic.decisions.actions.contesting", "may_rule", _allowed),
    "R11": ("migrations.0002_guards_and_search", "append_only", lambda guard: guard),
    "R12": ("civic.decisions.actions.contesting", "may_jump", _allowed),
    "R13": ("civic.decisions.rules", "_ALWAYS", lambda checks: _without("_called", checks)),
    "R14": (
        "civic.decisions.queries.desk",
        "_POINTS",
        lambda sql: sql.replace("AND NOT (k.origin = 'suggested' AND k.found_by_id IS NULL)", ""),
    ),
}
"""Where each rule is held: the module, the name in it, and what stands there once the rule is taken out.

R11 is held by guards of the database: the fixture of the tests drops those of one table.
"""
NOT_YET: dict[str, str] = {}


def main() -> int:
    """Run the test of each rule without it, then all of them with every rule in place."""
    wrong = 0
    for rule, (module, name, _) in HELD.items():
        noticed = "1 failed" in _run(rule, f"test_r{rule[1:].zfill(2)}_ and sqlite")
        wrong += not noticed
        print(
            f"{rule:4} {module}.{name}: {'its test fails without it' if noticed else 'NOT NOTICED'}",
            flush=True,
        )
    for rule, why in NOT_YET.items():
        print(f"{rule:4} {why}")
    kept = " passed" in (said := _run("", "test_r")) and "failed" not in said
    print(f"with every rule in place: {'all pass' if kept else 'SOMETHING FAILS'}")
    return int(wrong > 0 or not kept)


def _run(rule: str, tests: str) -> str:
    """Run some tests without a rule; give what pytest said."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "tests/decisions/test_rules_named.py", "-k", tests]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, WITHOUT: rule}, capture_output=True, check=False, text=True
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
