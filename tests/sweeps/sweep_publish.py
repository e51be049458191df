"""Threads that ask without pause while rules are published a thousand times.

    python tests/sweeps/sweep_publish.py --publishes 1000 --threads 8 --seed 1

Every answer is compared with what the slow truth says of the version that it names. Prints what was compared, how long
publishing and asking took, also asking without anybody publishing; exits with 1 at any mismatch.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

from tests.sweeps.publishing import Options, publish_under_load  # noqa: E402

SHOWN = 12


def sweep(options: Options) -> int:
    """Return the number of mismatches; prints the first of them and the totals."""
    told = publish_under_load(options)
    for one in told.wrong[:SHOWN]:
        print(one)
    milliseconds = sorted(1e3 * seconds for seconds in told.took)
    before, during = (
        1000 * slow / max(calls, 1) for slow, calls in ((told.idle_slow, told.idle_calls), (told.slow, told.calls))
    )
    print(
        f"{told.calls:,} answers of {len(told.heard)} versions to {options.threads} threads during {options.publishes} "
        f"publishes of {options.changed} of {options.rules} rules: {len(told.wrong)} mismatches; in a thousand calls "
        f"{during:.2f} took over 1 ms, {before:.2f} of {told.idle_calls:,} before anybody published; publishing took "
        f"{median(milliseconds):.2f} ms in the median, {milliseconds[-1]:.1f} at most (seed {options.seed})"
    )
    return len(told.wrong)


def parsed(arguments: Sequence[str] | None) -> Options:
    """Return the options."""
    parser = argparse.ArgumentParser(description="publish under load")
    parser.add_argument("--publishes", type=int, default=1_000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--pool", type=int, default=600, help="texts that rules are chosen from")
    parser.add_argument("--changed", type=int, default=10, help="rules in each publish")
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between publishes")
    parser.add_argument("--idle", type=float, default=10.0, help="seconds before the first")
    parser.add_argument("--switch", type=float, default=0.005, help="seconds of the interpreter to a thread, at most")
    parser.add_argument("--seed", type=int, default=1)
    options = vars(parser.parse_args(arguments))
    sys.setswitchinterval(options.pop("switch"))
    return Options(**options)


if __name__ == "__main__":
    sys.exit(1 if sweep(parsed(None)) else 0)
