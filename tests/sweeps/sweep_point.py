"""Many random rulesets over many random schemas, one customer at a time: the same bits, whichever way one asks.

    python tests/sweeps/sweep_point.py --schemas 100 --rules 100 --customers 600 --seed 1
    python tests/sweeps/sweep_point.py --first 17 --schemas 1     # one of them again, alone
    python tests/sweeps/sweep_point.py --kernels portable

For every rule and customer: bulk evaluation, mappings, prepared rows, rows of a base, both kinds in lists, and the slow
truth agree on who is in which segment and about whom nothing is known. Prints what was compared, and exits with 1 at
any mismatch, after a small reproduction of each of the first few.
"""

import argparse
import os
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

from fasttwitch.kernels import cpu  # noqa: E402
from tests.generators.rulesets import FLAVOURS, ruleset_trial  # noqa: E402
from tests.sweeps.point_reproductions import reproduction  # noqa: E402
from tests.sweeps.point_verdicts import Compared, PointCase, PointMismatch, check_point, point_case  # noqa: E402

SHOWN, SHOWN_EACH = 12, 2  # reproductions printed in all, and of one schema; the rest is counted
ORDER = ("mixed", "deep", "mixed", "shared", "counted", "mixed", "ladder", "shared", "deep", "mixed")
CROWD_EVERY = 25
CROWD_RULES, CROWD_CUSTOMERS = 5000, 50  # so that every home of an index has its rules


@dataclass(slots=True)
class Totals:
    """What a sweep has found so far."""

    compared: Compared = field(default_factory=Compared)
    rules: int = 0
    refused: int = 0
    mismatches: int = 0
    shown: int = 0
    ways: Counter[str] = field(default_factory=Counter)


def sweep(options: argparse.Namespace) -> Totals:
    """Return the totals of a sweep; prints progress and reproductions."""
    totals = Totals()
    begun = time.perf_counter()
    for number in range(options.first, options.first + options.schemas):
        random = Random(f"point/{options.seed}/{number}")  # every schema can be repeated alone
        flavour, rules, customers = size_of(number, options)
        trial = ruleset_trial(random, flavour, rules, customers)
        tried, refused = point_case(trial, random)
        totals.rules += rules - refused
        totals.refused += refused
        try:
            found = check_point(tried, random, totals.compared)
        except Exception:  # whatever the engine raises: the sweep goes on and counts it
            found = [PointMismatch("compile", "every rule", 0, -1, "a program", traceback.format_exc(limit=-5))]
        report(tried, f"schema {number} ({flavour})", found, totals)
        if (number + 1) % 20 == 0:
            seconds = time.perf_counter() - begun
            print(f"schema {number + 1}, {totals.compared.pairs:,} pairs, {seconds:.0f} s", flush=True)
    tell(totals, options, time.perf_counter() - begun)
    return totals


def size_of(number: int, options: argparse.Namespace) -> tuple[str, int, int]:
    """Return the flavour, the rules and the customers of a schema."""
    if options.flavour:
        return options.flavour, options.rules, options.customers
    if number % CROWD_EVERY == CROWD_EVERY - 1:
        return "crowd", CROWD_RULES, CROWD_CUSTOMERS
    return ORDER[number % len(ORDER)], options.rules, options.customers


def report(tried: PointCase, where: str, found: list[PointMismatch], totals: Totals) -> None:
    """Count the mismatches of a schema, and print a reproduction of the first of each way."""
    totals.mismatches += len(found)
    totals.ways.update(mismatch.way for mismatch in found)
    rules = tried.trial.rules
    found.sort(key=lambda mismatch: len(rules.get(mismatch.name, "")))  # a short rule is more likely the cause
    first = {mismatch.way: mismatch for mismatch in reversed(found)}
    for mismatch in list(first.values())[: min(SHOWN_EACH, SHOWN - totals.shown)]:
        print(f"{where}, {reproduction(tried, mismatch)}", flush=True)
        totals.shown += 1


def tell(totals: Totals, options: argparse.Namespace, seconds: float) -> None:
    """Print the sums."""
    compared, pairs = totals.compared, max(totals.compared.pairs, 1)
    print(
        f"{totals.rules:,} rules over {options.schemas} schemas, {compared.pairs:,} pairs of a rule and a customer "
        f"({compared.true / pairs:.1%} true, {compared.unknown / pairs:.1%} unknown), "
        f"{compared.answers:,} answers, {compared.unsaid:,} customers that no mapping can say, {totals.refused} rules "
        f"refused for their size: {totals.mismatches} mismatches in {seconds:.0f} s "
        f"(seed {options.seed}, first {options.first}, kernels {os.environ.get('FASTTWITCH_KERNELS', 'best')})"
    )
    for way, count in totals.ways.most_common():
        print(f"  {count:,} by {way}")


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options of a command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=100, help="of each schema but the crowded ones")
    parser.add_argument("--schemas", type=int, default=100)
    parser.add_argument("--customers", type=int, default=600, help="rows of each table; some are asked about twice")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first schema: repeats one of a long sweep")
    parser.add_argument("--flavour", choices=list(FLAVOURS), help="only rulesets of this shape")
    parser.add_argument("--kernels", choices=cpu.VARIANTS, help="not those that suit the processor best")
    return parser.parse_args(arguments)


def main() -> int:
    """Run the sweep that the command line asks for; return the exit status."""
    options = parsed()
    if options.kernels:
        os.environ["FASTTWITCH_KERNELS"] = options.kernels
    return 1 if sweep(options).mismatches else 0


if __name__ == "__main__":
    sys.exit(main())
