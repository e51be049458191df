"""How many small faults in `logic` and `plan` the tests notice: `python -m tests.mutation.mutate`.

The first run takes some minutes to learn which test reaches which line; it keeps that in a file. Faults are a sample,
spread over all files, the same for the same seed. Survivors are judged in `survivors.md`.
"""

import argparse
from pathlib import Path
from random import Random

import fasttwitch as ft
from tests.mcdc.language import items
from tests.mcdc.table import customers, load_pairs, outcomes
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.running import Runner, Surveyor, collect, read_reach

PACKAGE = Path(ft.__file__).parent
TESTS = ("tests/core/logic", "tests/core/plan", "tests/cases", "tests/mcdc", "tests/conformance", "tests/core/builder")


def main() -> None:
    """Print each survivor, and the score."""
    arguments = _arguments()
    if arguments.survey or not arguments.reach.exists():
        collect(TESTS, Surveyor(PACKAGE, arguments.reach))
    mutants = sampled(Random(arguments.seed), arguments.rooms, arguments.mutants)
    if arguments.only:
        mutants = [mutant for mutant in mutants if arguments.only in str(mutant)]
    _warm()
    runner = Runner(mutants, read_reach(arguments.reach), arguments.jobs, _say)
    collect(TESTS, runner)
    killed = sum(noticed for _, noticed in runner.verdicts)
    for room in arguments.rooms:
        of_room = [noticed for mutant, noticed in runner.verdicts if mutant.name.startswith(f"{room}/")]
        if of_room:
            print(f"{room}: {sum(of_room)} of {len(of_room)} mutants noticed ({sum(of_room) / len(of_room):.1%})")
    print(f"all: {killed} of {len(mutants)} mutants noticed ({killed / max(len(mutants), 1):.1%})")


def sampled(random: Random, rooms: list[str], wanted: int) -> list[Mutant]:
    """Return so many mutants: from each file in proportion to how many it has, but at least five; in no order, so that
    whoever stops early has a fair sample, too.
    """
    files = [mutants_of(path) for room in rooms for path in sorted((PACKAGE / room).rglob("*.py"))]
    every = sum(map(len, files))
    chosen = []
    for of_file in files:
        share = len(of_file) if wanted >= every else min(len(of_file), max(5, round(wanted * len(of_file) / every)))
        chosen += random.sample(of_file, share)
    random.shuffle(chosen)
    return chosen


def _warm() -> None:
    """Load the kernels once: every fork has them then."""
    pairs = load_pairs()
    for item in list(items())[::40]:
        entry = pairs[item.key]
        for operand, pair in entry.pairs.items():
            outcomes(entry.rule, customers(pair, operand, item.operands))


def _say(mutant: Mutant, killed: bool) -> None:
    print("." if killed else f"\nsurvived: {mutant}\n", end="", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=600, help="how many to try; more than there are tries all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rooms", nargs="+", default=["logic", "plan"])
    parser.add_argument("--only", default="", help="try only mutants with this in their description")
    parser.add_argument("--reach", type=Path, default=Path(".mutation-reach.json"))
    parser.add_argument("--survey", action="store_true", help="learn anew which test reaches which line")
    return parser.parse_args()


if __name__ == "__main__":
    main()
