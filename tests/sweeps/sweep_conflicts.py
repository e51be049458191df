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
import traceback
from collections.abc import Sequence
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

from tests.generators.rulesets import ruleset_trial  # noqa: E402
from tests.sweeps.conflict_verdicts import Compared, check_conflicts  # noqa: E402

SHOWN = 12
ORDER = ("mixed", "shared", "ladder", "counted", "mixed", "deep", "crowd")


def sweep(options: argparse.Namespace) -> int:
    """Return the number of mismatches; prints the first of them and the totals."""
    compared, wrong = Compared(), 0
    begun = time.perf_counter()
    for number in range(options.first, options.first + options.schemas):
        random = Random(f"conflicts/{options.seed}/{number}")  # every schema can be repeated alone
        flavour = options.flavour or ORDER[number % len(ORDER)]
        trial = ruleset_trial(random, flavour, options.rules, options.rows)
        try:
            found = check_conflicts(trial, random, compared)
        except Exception:  # whatever is raised: the sweep goes on and counts it
            found = [traceback.format_exc(limit=-5)]
        for one in found[: max(SHOWN - wrong, 0)]:
            print(f"schema {number} ({flavour}): {one}", flush=True)
        wrong += len(found)
        if (number + 1) % 50 == 0:
            print(f"schema {number + 1}, {compared.pairs:,} pairs, {time.perf_counter() - begun:.0f} s", flush=True)
    print(
        f"{compared.pairs:,} pairs of segments, {compared.findings:,} findings ({compared.in_duckdb:,} counted by "
        f"DuckDB, {compared.unseen:,} proofs held against other customers), {compared.implied:,} pairs that follow, "
        f"{compared.by_chance:,} likely by chance, over {options.schemas} schemas: {wrong} mismatches in "
        f"{time.perf_counter() - begun:.0f} s (seed {options.seed}, first {options.first})"
    )
    return wrong


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description="compare conflicts with sets of customers")
    parser.add_argument("--schemas", type=int, default=20)
    parser.add_argument("--rules", type=int, default=40, help="of each schema")
    parser.add_argument("--rows", type=int, default=300, help="customers of each schema")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first schema")
    parser.add_argument("--flavour", choices=["mixed", "deep", "shared", "counted", "ladder", "crowd"])
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(1 if sweep(parsed(None)) else 0)
