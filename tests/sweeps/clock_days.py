"""Many customers, many rules about how long ago something was, and time that passes: who moves when, to the µs.

    python tests/sweeps/clock_days.py --days 400 --customers 10000 --rules 200 --seed 1

What a program's sweeps find is compared with arithmetic on the instants themselves: an entry or exit belongs to the
sweep whose span it falls into, and to no other. Spans end anywhere, and at moves, one µs before them and one after.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.random import Generator
from numpy.typing import NDArray

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

import fasttwitch as ft  # noqa: E402
from tests.oracle.instants import microseconds, moment  # noqa: E402

HOUR, DAY = 3_600_000_000, 86_400_000_000
START = microseconds(datetime(2026, 1, 1, tzinfo=UTC))
COLUMNS = ("order_at", "visit_at", "mail_at")
DUES_OF = 20  # customers who are asked when they are due, all the days long


@dataclass(frozen=True, slots=True)
class Rule:
    """`now - column operator hours(limit)`: changes once, at `column + limit`, or one µs later."""

    column: str
    operator: str
    limit: int

    @property
    def text(self) -> str:
        """The rule."""
        return f"now - {self.column} {self.operator} hours({self.limit // HOUR})"

    @property
    def enters(self) -> bool:
        """Whether it becomes true as time passes, and not false."""
        return self.operator in (">", ">=")

    @property
    def delay(self) -> int:
        """µs from the column's instant to the change."""
        return self.limit + (self.operator in (">", "<="))


def drawn(
    generator: Generator, rules: int, customers: int, days: int
) -> tuple[list[Rule], dict[str, NDArray[np.int64]]]:
    """Return rules, and the instants of customers, -1 for null."""
    found = [
        Rule(
            str(generator.choice(COLUMNS)),
            str(generator.choice(["<", "<=", ">", ">="])),
            int(generator.integers(1, 24 * days)) * HOUR,
        )
        for _ in range(rules)
    ]
    columns = {
        name: START - generator.integers(0, days * DAY, customers) // int(generator.choice([1, HOUR]))
        for name in COLUMNS
    }
    for values in columns.values():
        values[generator.random(customers) < 0.05] = -1
    return found, columns


def run(days: int, customers: int, rules: int, seed: int) -> int:
    """Return the number of mismatches; prints the first of them and the totals."""
    generator = np.random.default_rng(seed)
    found, columns = drawn(generator, rules, customers, days)
    segments = {f"r{number}": rule.text for number, rule in enumerate(found)}
    table = pa.table(
        {name: pa.array(values, pa.timestamp("us", "UTC"), mask=values < 0) for name, values in columns.items()}
    )
    program = ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": segments}), table.schema)
    base = program.encode(table)
    changes = [np.where(columns[rule.column] < 0, -1, columns[rule.column] + rule.delay) for rule in found]
    begun, moved, wrong = time.perf_counter(), 0, 0
    ends = list(spans(generator, changes, days))
    for since, now in pairwise(ends):
        moves = program.sweep(base, moment(since), moment(now))
        for number, (rule, at) in enumerate(zip(found, changes, strict=True)):
            expected = np.flatnonzero((since < at) & (at <= now)).tolist()
            entered, left = moves.entered_rows(f"r{number}").to_pylist(), moves.left_rows(f"r{number}").to_pylist()
            moved += len(expected)
            if (entered, left) != ((expected, []) if rule.enters else ([], expected)):
                wrong += 1
                if wrong < 10:
                    print(f"{rule.text} from {moment(since)} to {moment(now)}: +{entered} -{left}, not {expected}")
    late = sum(dues_that_differ(program, table, changes, row, ends[-1]) for row in range(min(DUES_OF, customers)))
    print(
        f"{len(ends) - 1} spans over {days} days, {customers:,} customers, {rules} rules: {moved:,} entries and exits, "
        f"{wrong} mismatches; of {min(DUES_OF, customers)} customers all due instants, {late} wrong; "
        f"{time.perf_counter() - begun:.0f} s (seed {seed})"
    )
    return wrong + late


def spans(generator: Generator, changes: Sequence[NDArray[np.int64]], days: int) -> Iterator[int]:
    """Yield the ends of spans, ascending: a day each, some at moves or beside them."""
    at = START
    yield at
    for day in range(1, days + 1):
        end = START + day * DAY + int(generator.integers(-HOUR, HOUR))
        if day % 3 == 0:
            own = changes[int(generator.integers(len(changes)))]
            near = own[(own > at) & (own < end)]
            if near.size:
                end = int(generator.choice(near)) + int(generator.integers(-1, 2))
        if end > at:
            yield end
            at = end


def dues_that_differ(
    program: ft.Program, table: pa.Table, changes: Sequence[NDArray[np.int64]], row: int, last: int
) -> int:
    """Return how many due instants of a customer, until the last one, are not those of its rules' changes."""
    profile = {name: value for name, value in table.slice(row, 1).to_pylist()[0].items() if value is not None}
    prepared = program.row(profile)
    expected = sorted({int(at[row]) for at in changes if START < at[row] <= last})
    found: list[int] = []
    due = program.due(prepared, now=moment(START))
    while due is not None and microseconds(due) <= last:
        found.append(microseconds(due))
        due = program.due(prepared, now=due)
    return len(set(found) ^ set(expected))


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description="sweeps of a base against arithmetic on instants")
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.exit(1 if run(options.days, options.customers, options.rules, options.seed) else 0)


if __name__ == "__main__":
    main()
