"""The whole report: measure, write it down, renew the README; `make bench` runs this: 15 minutes on a quiet machine.

    python -m bench.report                     measure everything
    python -m bench.report table steps         only these parts; the others stay as they were measured last
    python -m bench.report point               single customers: calls, rivals, kernels; five minutes
    python -m bench.report --render            only tables and pictures, from what was measured last

Parts: table, functions, steps, compile, segments, rows, point. The machine should have nothing else to do.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench import measure, plots, tables
from bench.machine import machine
from bench.point import report as point_report
from bench.point import results as point_results
from bench.point import tables as point_tables
from bench.progress import told
from bench.results import FILE, FOLDER, Results, read, write
from bench.steps import steps

README = Path(__file__).parents[1] / "README.md"
ROUNDS = 9
BULK_PARTS = ("table", "functions", "steps", "compile", "segments", "rows")
POINT = "point"
PARTS = (*BULK_PARTS, POINT)


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
        parts = arguments.parts or PARTS
        if bulk_parts := [part for part in parts if part in BULK_PARTS]:
            before = read() if FILE.exists() else Results({}, (), (), ())
            write(measured(before, bulk_parts, arguments.rounds))
        if POINT in parts:
            print(f"{POINT}:", flush=True)
            point_results.write(point_report.measured(arguments.rounds))
    render(read(), point_results.read())


def measured(results: Results, parts: Sequence[str], rounds: int) -> Results:
    """Return the results with some parts measured anew."""
    about = machine()
    results = replace(results, machine=about)
    for part in parts:
        print(f"{part}:", flush=True)
        match part:
            case "table":
                results = results.with_bulk(part, told(measure.table_cases(rounds)))
            case "functions":
                found = told(measure.functions_cases(rounds))
                for question in ("functions", "kinds"):
                    cases = tuple(case for case in found if case.question == question)
                    results = results.with_bulk(question, cases)
            case "segments":
                results = results.with_bulk(part, told(measure.segments_cases(rounds)))
            case "rows":
                results = results.with_bulk(part, told(measure.rows_cases(rounds)))
            case "compile":
                results = replace(results, compile=told(measure.compile_cases(rounds)))
            case "steps":
                bandwidth = float(about["read_gigabytes_per_second"])
                sizes = (steps("mixed", count, measure.MILLION, bandwidth, rounds) for count in (10, 100, 1_000))
                results = replace(results, steps=told(sizes))
    return results


def render(results: Results, of_points: point_results.PointResults) -> None:
    """Renew the README's figures and the pictures."""
    readme = tables.with_measured(README.read_text(), results)
    README.write_text(point_tables.with_point(readme, of_points))
    plots.draw(results)
    print(f"renewed {README.name} and the pictures in {FOLDER.parent.name}/{FOLDER.name}")


if __name__ == "__main__":
    main()
