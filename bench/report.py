"""The whole report: measure, write it down, renew the README. `make bench` runs this; nine minutes on a quiet machine.

    python -m bench.report                     measure everything
    python -m bench.report table steps         only these parts; the others stay as they were measured last
    python -m bench.report --render            only tables and pictures, from what was measured last

Parts: table, functions, steps, compile, segments, rows. The machine should have nothing else to do.
"""

import argparse
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bench import measure, plots, tables
from bench.machine import machine
from bench.results import FILE, FOLDER, Results, read, write
from bench.steps import steps

README = Path(__file__).parents[1] / "README.md"
ROUNDS = 9
PARTS = ("table", "functions", "steps", "compile", "segments", "rows")

Case = TypeVar("Case")


def main() -> None:
    """Measure, or only render, as the command line says."""
    parser = argparse.ArgumentParser(prog="bench.report", description="measure, and renew the README")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure: {', '.join(PARTS)}; default all")
    parser.add_argument("--render", action="store_true", help="only tables and pictures, from what was measured last")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns of each contender")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    if not arguments.render:
        before = read() if FILE.exists() else Results({}, (), (), ())
        write(measured(before, arguments.parts or PARTS, arguments.rounds))
    render(read())


def measured(results: Results, parts: Sequence[str], rounds: int) -> Results:
    """Return the results with some parts measured anew."""
    about = machine()
    results = replace(results, machine=about)
    for part in parts:
        print(f"{part}:", flush=True)
        match part:
            case "table":
                results = results.with_bulk(part, _told(measure.table_cases(rounds)))
            case "functions":
                found = _told(measure.functions_cases(rounds))
                for question in ("functions", "kinds"):
                    cases = tuple(case for case in found if case.question == question)
                    results = results.with_bulk(question, cases)
            case "segments":
                results = results.with_bulk(part, _told(measure.segments_cases(rounds)))
            case "rows":
                results = results.with_bulk(part, _told(measure.rows_cases(rounds)))
            case "compile":
                results = replace(results, compile=_told(measure.compile_cases(rounds)))
            case "steps":
                bandwidth = float(about["read_gigabytes_per_second"])
                sizes = (steps("mixed", count, measure.MILLION, bandwidth, rounds) for count in (10, 100, 1_000))
                results = replace(results, steps=_told(sizes))
    return results


def render(results: Results) -> None:
    """Renew the README's figures and the pictures."""
    README.write_text(tables.with_measured(README.read_text(), results))
    plots.draw(results)
    print(f"renewed {README.name} and the pictures in {FOLDER.parent.name}/{FOLDER.name}")


def _told(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return the cases, telling after each how far we are."""
    found: list[Case] = []
    begin = time.perf_counter()
    for case in cases:
        found.append(case)
        print(f"  {len(found)} after {time.perf_counter() - begin:.0f} s", flush=True)
    return tuple(found)


if __name__ == "__main__":
    main()
