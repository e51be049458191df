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
import traceback
from collections.abc import Sequence
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

from tests.generators.rulesets import ruleset_trial  # noqa: E402
from tests.sweeps.update_verdicts import Updated, check_updates  # noqa: E402

SHOWN = 12
ORDER = ("mixed", "deep", "mixed", "shared", "counted", "ladder")


def sweep(options: argparse.Namespace) -> int:
    """Return the number of mismatches; prints the first of them and the totals."""
    updated, wrong = Updated(), 0
    begun = time.perf_counter()
    for number in range(options.first, options.first + options.schemas):
        random = Random(f"update/{options.seed}/{number}")  # every schema can be repeated alone
        flavour = options.flavour or ORDER[number % len(ORDER)]
        trial = ruleset_trial(random, flavour, options.rules, options.customers)
        try:
            found = check_updates(trial, random, options.steps, updated)
        except Exception:  # whatever the engine raises: the sweep goes on and counts it
            found = [traceback.format_exc(limit=-6)]
        for one in found[: max(SHOWN - wrong, 0)]:
            print(f"schema {number} ({flavour}): {one}", flush=True)
        wrong += len(found)
    print(
        f"{updated.changes:,} changes in {updated.batches:,} batches, {updated.moves:,} segments entered or left, "
        f"{updated.causes:,} causes, {updated.answers:,} answers of updated bases, over {options.schemas} schemas: "
        f"{wrong} mismatches in {time.perf_counter() - begun:.0f} s (seed {options.seed}, first {options.first})"
    )
    return wrong


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description="compare updated bases with changed tables")
    parser.add_argument("--schemas", type=int, default=20)
    parser.add_argument("--rules", type=int, default=30, help="of each schema")
    parser.add_argument("--steps", type=int, default=12, help="batches, one after the other")
    parser.add_argument("--customers", type=int, default=70)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first schema")
    parser.add_argument("--flavour", choices=["mixed", "deep", "shared", "counted", "ladder", "crowd"])
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(1 if sweep(parsed(None)) else 0)
