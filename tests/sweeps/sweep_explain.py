"""Many random rules over many random schemas: explanations must say of every part what the slow truth says.

    python tests/sweeps/sweep_explain.py --schemas 100 --rules 8 --rows 12 --seed 1

A fix must make the rule true in the eyes of the slow truth too, and where nothing is said to be possible, none of the
table's customers may be inside. Prints what was compared and exits with 1 at any mismatch, after the first few of them.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pyarrow as pa

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

import fasttwitch as ft  # noqa: E402
from fasttwitch.explanation.changed_rows import changed_rows, plain_row  # noqa: E402
from fasttwitch.ruleset.order import walk  # noqa: E402
from fasttwitch.syntax import parse  # noqa: E402
from tests.generators.trials import Trial, trial  # noqa: E402
from tests.oracle.arrow import rows  # noqa: E402
from tests.oracle.instants import moment  # noqa: E402
from tests.oracle.interpreter import predicate  # noqa: E402

SHOWN = 12
CUSTOMERS = 3  # of each rule
WORDS = {True: "true", False: "false", None: "unknown"}


@dataclass(slots=True)
class Tally:
    """What was compared."""

    parts: int = 0
    fixes: int = 0
    found: int = 0
    minimal: int = 0
    impossible: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def sweep(schemas: int, rules: int, customers: int, seed: int, first: int = 0) -> Tally:
    """Return what was compared; prints the first mismatches and the totals."""
    begun = time.perf_counter()
    tally = Tally()
    for number in range(first, first + schemas):
        random = Random(f"{seed}/{number}")  # every schema can be repeated alone
        drawn = trial(random, rules, customers)
        shown = len(tally.wrong)
        try:
            tally.wrong += check(drawn, random, tally)
        except ft.RulesetError:
            continue  # a limit that authors are told of
        for wrong in tally.wrong[shown:SHOWN]:
            print(f"schema {number}: {wrong}", flush=True)
    print(
        f"{tally.parts:,} parts, {tally.fixes:,} fixes ({tally.found:,} found, {tally.minimal:,} surely minimal, "
        f"{tally.impossible:,} impossible, slowest {tally.slowest:.2f} s): {len(tally.wrong)} mismatches in "
        f"{time.perf_counter() - begun:.0f} s (seed {seed})"
    )
    return tally


def check(drawn: Trial, random: Random, tally: Tally) -> Iterator[str]:
    """Yield where explanations of some customers are not what the slow truth says."""
    program = ft.compile(ft.load_ruleset(drawn.document), drawn.shape.schema)
    now, world, people = moment(drawn.shape.now), drawn.world, rows(drawn.table)
    nodes = {text: list(walk(parse(text))) for text in drawn.rules.values()}
    for name, text in drawn.rules.items():
        read = predicate(parse(text), world)
        for row in random.sample(range(len(people)), min(CUSTOMERS, len(people))):
            told = program.explain(drawn.table.slice(row, 1), name, now)
            for rule in told.rules:
                for node in rule.root.walk():
                    tally.parts += 1
                    expected = WORDS[predicate(nodes[rule.text][node.place], world)(people[row])]  # type: ignore[arg-type]
                    if node.answer != expected:
                        yield f"row {row} of {name}: {node.text} is {expected}, told {node.answer}"
            begun = time.perf_counter()
            fix = told.fix
            tally.slowest = max(tally.slowest, time.perf_counter() - begun)
            if fix is None:
                continue
            tally.fixes += 1
            tally.found += fix.found
            tally.minimal += fix.minimal
            tally.impossible += not fix.possible
            if fix.found and read(rows(changed(drawn.table.slice(row, 1), fix.changed))[0]) is not True:
                yield f"row {row} of {name}: {[(one.attribute, one.after.words) for one in fix.changes]} is no fix"
            if not fix.possible and any(read(person) is True for person in people):
                yield f"row {row} of {name}: somebody is inside, and that was said to be impossible"
            for _ in (str(told), told.to_json(), told.to_html()):
                pass


def changed(row: pa.Table, changes: object) -> pa.Table:
    """Return a customer with the values of a fix."""
    plain = pa.table({name: plain_row(row.column(name)) for name in row.schema.names})
    return changed_rows(plain, changes, 1)  # type: ignore[arg-type]


def main() -> int:
    """Run the sweep that the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schemas", type=int, default=100)
    parser.add_argument("--rules", type=int, default=8)
    parser.add_argument("--rows", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first schema: repeats one of a long sweep")
    options = parser.parse_args()
    return 1 if sweep(options.schemas, options.rules, options.rows, options.seed, options.first).wrong else 0


if __name__ == "__main__":
    sys.exit(main())
