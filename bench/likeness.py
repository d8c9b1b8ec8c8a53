"""Generic answers (SPEC 4.7) at 1,000, 10,000 and 50,000 reasons: `python -m bench.likeness`.

The floor is what no method can save: cutting every reason into words and its runs of three.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

from bench.reasons import Writer, wordings
from civic.decisions.similarity import Wording, compare, runs_of, words_of
from civic.decisions.twins import Shelf

CHECKS = 200
HEAD = "reasons  flagged  floor s  shelf s  ratio  us each  check ms  worst ms  add ms      MB"
LINE = (
    "{reasons:>7} {flagged:>8} {floor:>8.2f} {shelf:>8.2f} {ratio:>6.1f} {each:>8.0f} "
    "{check:>9.2f} {worst:>9.2f} {add:>7.2f} {memory:>7.0f}"
)


def main() -> None:
    """Measure, print, and check a sample against comparing every pair."""
    asked = _asked()
    results = [_measured(size, asked.check, asked.memory) for size in asked.sizes]
    if asked.json:
        print(json.dumps(results))
        return
    print(HEAD)
    for one in results:
        print(LINE.format(**one))
    for before, after in pairwise(results):
        times = after["reasons"] / before["reasons"]
        print(f"{times:.0f} times the reasons, {after['shelf'] / before['shelf']:.1f} times the work")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.likeness", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000, 50_000])
    parser.add_argument("--check", type=int, default=20, help="reasons compared with every other, to compare")
    parser.add_argument("--memory", action="store_true", help="measure memory too (slower)")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _measured(size: int, check: int, memory: bool) -> dict[str, Any]:
    given = wordings(size)
    gc.collect()
    floor, _ = _timed(lambda: [frozenset(runs_of(words_of(one.text))) for one in given])
    shelf_seconds, shelf = _timed(lambda: Shelf(given))
    found = shelf.found()
    _compare_with_every_pair(given, found, check)
    writer = Writer(11)
    new = [Wording(-1 - key, f"new {key}", writer.reason()) for key in range(CHECKS)]
    checks = [1000 * _timed(partial(shelf.nearest, one))[0] for one in new]
    adds = [1000 * _timed(partial(shelf.add, one))[0] for one in new]
    return {
        "reasons": size,
        "flagged": len(found),
        "floor": floor,
        "shelf": shelf_seconds,
        "ratio": shelf_seconds / floor,
        "each": 1e6 * shelf_seconds / size,
        "check": statistics.median(checks),
        "worst": max(checks),
        "add": statistics.median(adds),
        "memory": _memory(given) if memory else 0.0,
    }


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    made = act()
    return time.process_time() - began, made


def _compare_with_every_pair(given: list[Wording], found: Any, count: int) -> None:
    step = max(1, len(given) // max(1, count))
    for one in given[::step][:count]:
        flagged = any(
            one.group != other.group and compare(one.text, other.text).is_generic for other in given
        )
        if flagged != (one.key in found):
            sys.exit(
                f"reason {one.key} of {len(given)}: {flagged} by every pair, {one.key in found} on the shelf"
            )


def _memory(given: list[Wording]) -> float:
    tracemalloc.start()
    shelf = Shelf(given)
    held = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    assert len(shelf) == len(given)
    return held


if __name__ == "__main__":
    main()
