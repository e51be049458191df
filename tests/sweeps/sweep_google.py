"""Google's parser and evaluator of CEL beside ours, on many mistaken texts and on many random expressions.

    python tests/sweeps/sweep_google.py --mutations 20000 --expressions 100000 --rows 16 --seed 1

Prints one line, after the first few differences; exits with 1 at any.
"""

import argparse
import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

from tests.conformance import evaluating, parsing  # noqa: E402
from tests.conformance.mutations import mutations  # noqa: E402
from tests.conformance.scalars import Writer  # noqa: E402
from tests.conformance.suite import load_cases  # noqa: E402

SHOWN = 12
BATCH = 400  # expressions over one table


def parse_many(count: int, seed: int) -> parsing.Parsed:
    """Return what both parsers make of the suite, of as many random expressions, and of so many mutations of both."""
    writer = Writer(Random(f"{seed}/texts"))
    texts = [case.text for case in load_cases().values()]
    texts += [writer.value("bool", 3) for _ in texts]
    return parsing.compare([*texts, *islice(mutations(texts, Random(f"{seed}/mutations")), count)])


def evaluate_many(count: int, rows: int, seed: int) -> evaluating.Evaluated:
    """Return what both evaluators say of so many expressions, each over a table of so many rows."""
    totals = evaluating.Evaluated()
    for number in range(-(-count // BATCH)):
        random = Random(f"{seed}/expressions/{number}")  # every batch can be repeated alone
        found = evaluating.compare(random, min(BATCH, count - number * BATCH), rows)
        totals.expressions += found.expressions
        totals.cells += found.cells
        totals.letters += found.letters
        totals.refused += found.refused
        totals.differing += [f"batch {number}: {line}" for line in found.differing]
    return totals


def main() -> int:
    """Run the sweep that the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--expressions", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.perf_counter()
    parsed = parse_many(options.mutations, options.seed)
    said = evaluate_many(options.expressions, options.rows, options.seed)
    differences = parsed.differing + parsed.unexplained + sorted(said.differing, key=len)
    for line in differences[:SHOWN]:
        print(line)
    alone = f"{shown(parsed.ours_alone)} only by us, {shown(parsed.google_alone)} only by Google"
    print(
        f"{options.mutations:,} mutations: {parsed.both:,} read by both, {parsed.neither:,} by neither, {alone}; "
        f"{said.expressions:,} expressions, {said.cells:,} cells ({dict(said.letters)}), "
        f"{said.refused.total():,} refused by our checker: "
        f"{len(differences)} differences in {time.perf_counter() - begun:.0f} s (seed {options.seed})"
    )
    return 1 if differences else 0


def shown(kinds: Counter[str]) -> str:
    """Return how many there are, and of which kinds."""
    return f"{kinds.total():,} ({'; '.join(f'{count:,} {kind}' for kind, count in kinds.most_common())})"


if __name__ == "__main__":
    sys.exit(main())
