"""Many random rulesets, and customers who change step by step: what a delta says is what the slow truth says.

    python tests/sweeps/sweep_delta.py --schemas 100 --rules 30 --steps 60 --seed 1
    python tests/sweeps/sweep_delta.py --first 17 --schemas 1     # one of them again, alone

Each step changes up to three attributes, lets time pass, or both; `advance` and `delta` of neighbours and of distant
steps are compared with the difference of the slow truth's answers, and each cause with what has changed. Prints what
was compared, and exits with 1 at any mismatch, after the first few of them.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

from tests.sweeps.delta_verdicts import Walked, check_walks  # noqa: E402
from tests.sweeps.schemas import mismatches, parser_of  # noqa: E402

CUSTOMERS = 30
ORDER = ("mixed", "deep", "mixed", "shared", "counted", "ladder")


def sweep(options: argparse.Namespace) -> int:
    """Return the number of mismatches; prints the first of them and the totals."""
    walked = Walked()
    begun = time.perf_counter()
    wrong = mismatches(
        "delta",
        options,
        ORDER,
        CUSTOMERS,
        lambda trial, random: check_walks(trial, random, options.steps, walked, options.walks),
        lambda: f"{walked.changes:,} changes",
    )
    print(
        f"{walked.changes:,} changes of customers, {walked.pairs:,} pairs of a change and a rule, {walked.moves:,} "
        f"segments entered or left, over {options.schemas} schemas: {wrong} mismatches in "
        f"{time.perf_counter() - begun:.0f} s (seed {options.seed}, first {options.first})"
    )
    return wrong


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = parser_of("compare deltas with the slow truth", rules=30)
    parser.add_argument("--steps", type=int, default=60, help="of each walk")
    parser.add_argument("--walks", type=int, default=4, help="of each schema, each of a customer of its own")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(1 if sweep(parsed(None)) else 0)
