"""What sweeps over random schemas share: one schema after the other, whatever goes wrong in it."""

import argparse
import time
import traceback
from collections.abc import Callable, Sequence
from random import Random

from tests.generators.rulesets import ruleset_trial
from tests.generators.trials import Trial

SHOWN = 12
TOLD_EVERY = 50


def mismatches(
    name: str,
    options: argparse.Namespace,
    order: Sequence[str],
    rows: int,
    check: Callable[[Trial, Random], list[str]],
    so_far: Callable[[], str],
) -> int:
    """Return the number of mismatches; prints the first of them, and now and then how far it is.

    name   seeds the schemas, each of which can be repeated alone
    order  the flavours, in turns
    rows   customers of each schema
    check  returns what is wrong with a schema, in words
    """
    wrong, begun = 0, time.perf_counter()
    for number in range(options.first, options.first + options.schemas):
        random = Random(f"{name}/{options.seed}/{number}")
        flavour = options.flavour or order[number % len(order)]
        trial = ruleset_trial(random, flavour, options.rules, rows)
        try:
            found = check(trial, random)
        except Exception:  # whatever is raised: the sweep goes on and counts it
            found = [traceback.format_exc(limit=-6)]
        for one in found[: max(SHOWN - wrong, 0)]:
            print(f"schema {number} ({flavour}): {one}", flush=True)
        wrong += len(found)
        if (number + 1) % TOLD_EVERY == 0:
            print(f"schema {number + 1}, {so_far()}, {time.perf_counter() - begun:.0f} s", flush=True)
    return wrong


def parser_of(description: str, rules: int) -> argparse.ArgumentParser:
    """Return a parser of the options that `mismatches` reads.

    rules  of each schema, if nothing is said
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--schemas", type=int, default=20)
    parser.add_argument("--rules", type=int, default=rules, help="of each schema")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first schema")
    parser.add_argument("--flavour", choices=["mixed", "deep", "shared", "counted", "ladder", "crowd"])
    return parser
