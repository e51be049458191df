"""Many random rulesets, and every conflict between their segments: true, complete, and proved only what is always so.

    python tests/sweeps/sweep_conflicts.py --schemas 200 --rules 40 --rows 300 --seed 1
    python tests/sweeps/sweep_conflicts.py --first 17 --schemas 1     # one of them again, alone

Findings of all rules, and of three of them as drafts, are compared with the sets of customers of the slow truth, with
what DuckDB counts, and the proved ones with customers and instants that the search has not seen; what was not told must
follow from findings, or be likely by chance. Prints how much was compared, and exits with 1 at any mismatch, after the
first few of them.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

from tests.sweeps.conflict_verdicts import Compared, check_conflicts  # noqa: E402
from tests.sweeps.schemas import mismatches, parser_of  # noqa: E402

ORDER = ("mixed", "shared", "ladder", "counted", "mixed", "deep", "crowd")


def sweep(options: argparse.Namespace) -> int:
    """Return the number of mismatches; prints the first of them and the totals."""
    compared = Compared()
    begun = time.perf_counter()
    wrong = mismatches(
        "conflicts",
        options,
        ORDER,
        options.rows,
        lambda trial, random: check_conflicts(trial, random, compared),
        lambda: f"{compared.pairs:,} pairs",
    )
    print(
        f"{compared.pairs:,} pairs of segments, {compared.findings:,} findings ({compared.in_duckdb:,} counted by "
        f"DuckDB, {compared.unseen:,} proofs held against other customers), {compared.implied:,} pairs that follow, "
        f"{compared.by_chance:,} likely by chance, over {options.schemas} schemas: {wrong} mismatches in "
        f"{time.perf_counter() - begun:.0f} s (seed {options.seed}, first {options.first})"
    )
    return wrong


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = parser_of("compare conflicts with sets of customers", rules=40)
    parser.add_argument("--rows", type=int, default=300, help="customers of each schema")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(1 if sweep(parsed(None)) else 0)
