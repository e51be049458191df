"""Many random trees of every kind of node: text, JSON and the builder must each give back the tree they were given.

    python tests/sweeps/sweep_round_trips.py --trees 100000 --seed 1

Prints one line, after the smallest form found of each of the first few failures, and exits with 1 if there is one.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

from fasttwitch.syntax import Expression  # noqa: E402
from tests.generators.rebuilding import rebuilt  # noqa: E402
from tests.generators.trees import TreeWriter  # noqa: E402
from tests.sweeps.round_trips import TRIPS, failure, shrunk  # noqa: E402

SHOWN = 5  # failures that are made small and printed; the rest is counted


@dataclass(frozen=True, slots=True)
class Failure:
    """A tree, made small, that one of the ways does not give back."""

    trip: str
    number: int
    tree: Expression
    reason: str


def trees(count: int, seed: int) -> Iterator[Expression]:
    """Yield trees; every other one of what the language can evaluate, so that the builder has a word for all of it."""
    for number in range(count):
        yield TreeWriter(Random(f"{seed}/{number}"), known=number % 2 == 1).tree()


def failures(count: int, seed: int) -> Iterator[Failure]:
    """Yield what goes wrong; the first few made small."""
    shown = 0
    for number, tree in enumerate(trees(count, seed)):
        for trip in TRIPS:
            if reason := failure(tree, trip):
                shown += 1
                small = shrunk(tree, trip) if shown <= SHOWN else tree
                yield Failure(trip, number, small, failure(small, trip) or reason)


def main() -> int:
    """Run the sweep that the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trees", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.perf_counter()
    found = 0
    for one in failures(options.trees, options.seed):
        found += 1
        if found <= SHOWN:
            print(f"{one.trip}, tree {one.number}: {one.reason}\n  {one.tree!r}", flush=True)
    seconds = time.perf_counter() - begun
    whole = sum(rebuilt(tree)[1] == 0 for tree in trees(options.trees, options.seed))
    print(
        f"{options.trees:,} trees by text, JSON and the builder ({whole:,} built to the last node): "
        f"{found} failures in {seconds:.0f} s (seed {options.seed})"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
