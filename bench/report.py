"""The whole report: measure, write it down, renew the README. `make bench` runs this; it takes about ten minutes.

python -m bench.report                     measure everything
python -m bench.report --quick             a tenth of the customers and few rounds, written nowhere: does it run?
python -m bench.report --render            only tables and pictures, from what was measured last
"""

import argparse
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from bench import measure, plots, tables
from bench.machine import machine
from bench.results import FOLDER, Results, read, write
from bench.rivals import RIVALS
from bench.steps import steps

README = Path(__file__).parents[1] / "README.md"
ROUNDS = 9

Case = TypeVar("Case")


def main() -> None:
    """Measure, or only render, as the command line says."""
    parser = argparse.ArgumentParser(prog="bench.report", description="measure, and renew the README")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--quick", action="store_true", help="few rounds on the smallest cases, written nowhere")
    mode.add_argument("--render", action="store_true", help="only tables and pictures, from what was measured last")
    arguments = parser.parse_args()
    if arguments.quick:
        print(measure.bulk("table", "mixed", 10, 100_000, tuple(RIVALS), 3))
        return
    if not arguments.render:
        write(everything(ROUNDS))
    render(read())


def everything(rounds: int) -> Results:
    """Return all measurements."""
    about = machine()
    bandwidth = float(about["read_gigabytes_per_second"])
    table = _told("table", measure.table_cases(rounds))
    sizes = (10, 100, 1_000)
    shares = _told("steps", (steps("mixed", count, measure.MILLION, bandwidth, rounds) for count in sizes))
    compiled = _told("compile", measure.compile_cases(rounds))
    over_segments = _told("segments", measure.segments_cases(rounds))
    over_rows = _told("customers", measure.rows_cases(rounds))
    return Results(about, (*table, *over_segments, *over_rows), compiled, shares)


def render(results: Results) -> None:
    """Renew the README's figures and the pictures."""
    README.write_text(tables.with_measured(README.read_text(), results))
    plots.draw(results)
    print(f"renewed {README.name} and the pictures in {FOLDER.parent.name}/{FOLDER.name}")


def _told(part: str, cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return the cases, telling of each how far we are."""
    found: list[Case] = []
    begin = time.perf_counter()
    for case in cases:
        found.append(case)
        print(f"{part} {len(found)}: {time.perf_counter() - begin:.0f} s", flush=True)
    return tuple(found)


if __name__ == "__main__":
    main()
