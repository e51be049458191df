"""Many random rules, and every claim that a review makes of them, held against the slow truth about every row.

    python tests/sweeps/sweep_review.py --rules 10000 --rows 300 --seed 1

Prints how many claims of each kind there were, and exits with 1 after the false ones, if there are any.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

from tests.generators.trials import trial  # noqa: E402
from tests.sweeps.review_claims import PROVED, false_claims, findings_of  # noqa: E402
from tests.sweeps.verdicts import case  # noqa: E402

RULES_EACH = 40


def sweep(rules: int, rows: int, seed: int, first: int = 0) -> list[str]:
    """Return the false claims about so many rules; prints what was claimed."""
    claims: Counter[str] = Counter()
    wrong: list[str] = []
    begun = time.perf_counter()
    for number in range(first, first + rules // RULES_EACH):
        random = Random(f"{seed}/{number}")  # every schema can be repeated alone
        drawn = trial(random, RULES_EACH, rows, attributes=random.randint(1, 4))
        findings = findings_of(drawn)
        claims.update(finding.kind for finding in findings if finding.kind in PROVED)
        wrong += (f"schema {number}: {claim}" for claim in false_claims(case(drawn), findings))
    counted = ", ".join(f"{count:,} {kind}" for kind, count in sorted(claims.items()))
    print(f"{rules:,} rules: {counted}; {len(wrong)} false in {time.perf_counter() - begun:.0f} s (seed {seed})")
    return wrong


def main() -> None:
    """Run a sweep from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first schema")
    options = parser.parse_args()
    wrong = sweep(options.rules, options.rows, options.seed, options.first)
    print("\n\n".join(wrong[:12]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
