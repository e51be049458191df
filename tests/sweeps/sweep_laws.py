"""Many random rules over many random schemas: the bulk engine must keep the laws of Kleene's logic.

    python tests/sweeps/sweep_laws.py --rules 20000 --schemas 200 --rows 500 --seed 1

Prints what was compared and exits with 1 at any breach, after the first few of them.
"""

import argparse
import sys
import time
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

from tests.generators.trials import trial  # noqa: E402
from tests.laws.laws import LAWS, Breach, breaches, nulling_breaches  # noqa: E402

SHOWN = 12


def sweep(rules: int, schemas: int, rows: int, seed: int, first: int = 0) -> list[Breach]:
    """Return the breaches of all laws; prints the first of them and the totals."""
    begun = time.perf_counter()
    found: list[Breach] = []
    share = rules // schemas
    for number in range(first, first + schemas):
        random = Random(f"{seed}/{number}")  # every schema can be repeated alone
        drawn = trial(random, share, rows)
        wrong = [*breaches(drawn, random, LAWS), *nulling_breaches(drawn, random)]
        for breach in wrong[: max(0, SHOWN - len(found))]:
            print(f"schema {number}, row {breach.row}: {breach.law}\n  rule   {breach.rule[:1000]}", flush=True)
        found += wrong
    print(
        f"{share * schemas:,} rules over {schemas} schemas, {share * schemas * rows:,} cells, {len(LAWS)} rewritings, "
        f"partition and nulling: {len(found)} breaches in {time.perf_counter() - begun:.0f} s (seed {seed})"
    )
    return found


def main() -> int:
    """Run the sweep that the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=20_000)
    parser.add_argument("--schemas", type=int, default=200)
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first schema: repeats one of a long sweep")
    options = parser.parse_args()
    return 1 if sweep(options.rules, options.schemas, options.rows, options.seed, options.first) else 0


if __name__ == "__main__":
    sys.exit(main())
