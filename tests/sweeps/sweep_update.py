"""Many random rulesets over bases that change batch by batch: after each, all answers are those of the changed table.

    python tests/sweeps/sweep_update.py --schemas 100 --rules 30 --steps 12 --seed 1
    python tests/sweeps/sweep_update.py --first 17 --schemas 1     # one of them again, alone

A batch changes up to three columns of up to all customers, by their ids or by their rows. Who has entered and left is
compared with the difference of two selections of tables, one of four times with the slow truth, causes with those of
`delta`, and what the base then answers (masks, unknowns, single customers, sweeps) with what the changed table answers,
for three programs, one of which asks for the first time when the base has changed already. Prints what was compared,
and exits with 1 at any mismatch, after the first few of them.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

from tests.sweeps.schemas import mismatches, parser_of  # noqa: E402
from tests.sweeps.update_verdicts import Updated, check_updates  # noqa: E402

ORDER = ("mixed", "deep", "mixed", "shared", "counted", "ladder")


def sweep(options: argparse.Namespace) -> int:
    """Return the number of mismatches; prints the first of them and the totals."""
    updated = Updated()
    begun = time.perf_counter()
    wrong = mismatches(
        "update",
        options,
        ORDER,
        options.customers,
        lambda trial, random: check_updates(trial, random, options.steps, updated),
        lambda: f"{updated.changes:,} changes",
    )
    print(
        f"{updated.changes:,} changes in {updated.batches:,} batches, {updated.moves:,} segments entered or left, "
        f"{updated.causes:,} causes, {updated.answers:,} answers of updated bases, over {options.schemas} schemas: "
        f"{wrong} mismatches in {time.perf_counter() - begun:.0f} s (seed {options.seed}, first {options.first})"
    )
    return wrong


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = parser_of("compare updated bases with changed tables", rules=30)
    parser.add_argument("--steps", type=int, default=12, help="batches, one after the other")
    parser.add_argument("--customers", type=int, default=70)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(1 if sweep(parsed(None)) else 0)
