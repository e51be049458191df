"""Many random rules over many random schemas: the bulk engine, the slow truth and DuckDB must agree on every cell.

    python tests/sweeps/sweep_bulk.py --rules 20000 --schemas 200 --rows 500 --seed 1

Prints what was compared and exits with 1 at any mismatch, after a small reproduction of each of the first few.
"""

import argparse
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

import duckdb  # noqa: E402

from tests.generators.trials import Trial, trial  # noqa: E402
from tests.sweeps.verdicts import Mismatch, case, check_bulk, check_duckdb, reproduction  # noqa: E402

SHOWN = 12  # reproductions printed; the rest is counted
SHOWN_EACH = 3  # of one schema
LONG_EVERY = 25  # one schema in so many gets a table five times as long, so that rows cross the engine's blocks


@dataclass(slots=True)
class Totals:
    """What a sweep has compared so far."""

    rules: int = 0
    cells: int = 0
    said: int = 0
    mismatches: int = 0
    shown: int = 0
    raised: set[str] = field(default_factory=set)


def sweep(rules: int, schemas: int, rows: int, seed: int, first: int = 0) -> Totals:
    """Return the totals of a sweep; prints progress and reproductions."""
    totals = Totals()
    connection = duckdb.connect(config={"threads": 1})
    begun = time.perf_counter()
    share = rules // schemas
    for number in range(first, first + schemas):
        length = rows * 5 if number % LONG_EVERY == LONG_EVERY - 1 else rows
        random = Random(f"{seed}/{number}")  # every schema can be repeated alone
        drawn = trial(random, share, length)
        tried = case(drawn)
        try:
            found = check_bulk(tried, random)
        except Exception:  # whatever the engine raises: the sweep goes on and counts it
            found = [Mismatch("select raised", "all rules", -1, "an answer", traceback.format_exc(limit=-4))]
        said, wrong = check_duckdb(tried, connection)
        totals.said += said
        found += wrong
        totals.rules += share
        totals.cells += share * length
        report(drawn, number, found, totals)
        if (number + 1) % 20 == 0:
            print(f"schema {number + 1}, {totals.rules:,} rules, {time.perf_counter() - begun:.0f} s", flush=True)
    print(
        f"{totals.rules:,} rules over {schemas} schemas, {totals.cells:,} cells, "
        f"{totals.said:,} rules also by DuckDB: "
        f"{totals.mismatches} mismatches in {time.perf_counter() - begun:.0f} s (seed {seed})"
    )
    return totals


def report(drawn: Trial, number: int, found: list[Mismatch], totals: Totals) -> None:
    """Print a reproduction of the first mismatches of a schema."""
    named = [mismatch for mismatch in found if mismatch.name in drawn.rules]
    named.sort(key=lambda mismatch: len(drawn.rules[mismatch.name]))  # a short rule is more likely the cause
    for mismatch in named[: min(SHOWN_EACH, SHOWN - totals.shown)]:
        print(f"schema {number}, {reproduction(drawn, mismatch)}", flush=True)
        totals.shown += 1
    for mismatch in found:
        if mismatch.name not in drawn.rules and mismatch.found not in totals.raised:
            print(f"schema {number}, {mismatch.check}: {mismatch.found}", flush=True)
            totals.raised.add(mismatch.found)
    totals.mismatches += len(found)


def main() -> int:
    """Run the sweep that the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=20_000)
    parser.add_argument("--schemas", type=int, default=200)
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first schema: repeats one of a long sweep")
    options = parser.parse_args()
    totals = sweep(options.rules, options.schemas, options.rows, options.seed, options.first)
    return 1 if totals.mismatches else 0


if __name__ == "__main__":
    sys.exit(main())
