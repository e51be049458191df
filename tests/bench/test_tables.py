"""Tables are made from measurements, so what they say is tested on measurements that nobody made."""

from pathlib import Path

import pytest

from bench import plots, tables
from bench.results import KEPT, PORTABLE, RAW, Bulk, Compile, Results, Steps, read, write


def invented() -> Results:
    """Return results with round figures: ours in a tenth of Polars' time."""
    ours = {RAW: [10.0, 12.0, 11.0], KEPT: [4.0, 4.0, 5.0], PORTABLE: [20.0, 20.0, 20.0]}
    polars = {"Polars": [100.0, 120.0, 110.0]}
    duckdb = {"DuckDB": [2000.0, 2400.0, 2200.0]}
    machine: dict[str, str | int | float] = {"processor": "Abacus", "cores": 2, "read_gigabytes_per_second": 25.0}
    machine |= {name.lower(): "1.0" for name in tables.VERSIONS}
    cases = [
        Bulk(question, shape, count, 1_000_000, 44, ours | polars | (duckdb if count < 1_000 else {}))
        for question, shape in (("table", "mixed"), ("table", "plain"), ("segments", "mixed"), ("rows", "mixed"))
        for count in (100, 1_000)
    ]
    compiled = (Compile("nested rules", 1_000, {"parse": [9.0, 8.0, 7.0], "change one": [1.0, 3.0, 2.0]}),)
    taken = {"encode": 6.0, "compare": 3.0, "combine": 2.0, "whole": 11.0}
    shares = (Steps("mixed", 100, 1_000_000, 250.0, 10.0, taken),)
    return Results(machine, tuple(cases), compiled, shares)


def test_the_measured_part_tells_times_and_ratios() -> None:
    table = """\
| segments | from Arrow | on kept codes | portable kernels | Polars | DuckDB |
| --- | ---: | ---: | ---: | ---: | ---: |
| 100 | **11.0** | 4.0 | 20.0 | 110 (10×) | 2,200 (200×) |
| 1,000 | **11.0** | 4.0 | 20.0 | 110 (10×) | – |
"""
    assert tables.measured(invented()) == (
        "Count every segment over 1 million customers with 44 attributes of every type (milliseconds; in brackets how "
        "many times as long as fasttwitch from Arrow):\n\n"
        + table
        + "\nThe same with 44 attributes of five plain types, where every engine is at home:\n\n"
        + table
        + """
From text to program (milliseconds):

| rules | parse | change one |
| --- | ---: | ---: |
| 1,000 nested rules | 8.0 | 2.0 |

Median of 3 rounds in which contenders take turns; two threads each, kernels warm, all counts equal. Abacus, 2 cores, \
25.0 GB/s from memory; Python 1.0, Polars 1.0, DuckDB 1.0, DataFusion 1.0, pyarrow 1.0. Repeat it with `make bench`.
"""
    )


def test_functions_have_tables_of_their_own() -> None:
    ours = {RAW: [10.0], KEPT: [4.0], PORTABLE: [20.0]}
    results = invented().with_bulk(
        "functions",
        (
            Bulk("functions", "", 100, 200_000, 30, ours | {"Polars": [100.0]}),
            Bulk("functions", "with buckets", 100, 200_000, 30, ours),
        ),
    )
    results = results.with_bulk(
        "kinds",
        (
            Bulk("kinds", "clocks", 10, 200_000, 30, ours | {"Polars": [100.0]}),
            Bulk("kinds", "buckets", 10, 200_000, 30, ours),
        ),
    )
    assert """\
Rules with functions (parts of dates, casts, strings, mathematics) over 200,000 customers (milliseconds):

| segments | from Arrow | on kept codes | portable kernels | Polars |
| --- | ---: | ---: | ---: | ---: |
| 100 | **10.0** | 4.0 | 20.0 | 100 (10×) |
| 100 with buckets | **10.0** | 4.0 | 20.0 | – |

What one such condition costs for one customer, of ten different ones of a kind (nanoseconds):

| conditions on | from Arrow | on kept codes | Polars |
| --- | ---: | ---: | ---: |
| clocks | **5.0** | 2.0 | 50 |
| buckets | **5.0** | 2.0 | – |

Versions and buckets have no counterpart there.

From text to program""" in tables.measured(results)


def test_only_what_stands_between_the_markers_is_renewed() -> None:
    renewed = tables.with_measured(f"before\n{tables.BEGIN}\nold\n{tables.END}\nafter\n", invented())
    assert renewed == f"before\n{tables.BEGIN}\n{tables.measured(invented())}{tables.END}\nafter\n"


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "results" / "bulk.json"
    write(invented(), path)
    assert read(path) == invented()


def test_measuring_one_part_keeps_the_others() -> None:
    """A whole report takes ten minutes, and an engineer works on one part of it."""
    again = Bulk("rows", "mixed", 7, 1_000, 44, {RAW: [1.0]})
    renewed = invented().with_bulk("rows", (again,))
    assert renewed.over("rows") == [again]
    assert renewed.over("segments") == invented().over("segments")
    assert renewed.table("mixed") == invented().table("mixed")


def test_a_cell_costs_the_median_over_segments_and_customers() -> None:
    case = Bulk("table", "mixed", 100, 1_000_000, 44, {RAW: [10.0, 30.0, 20.0]})
    assert case.nanoseconds_a_cell(RAW) == pytest.approx(0.2)


def test_the_same_figures_draw_the_same_pictures(tmp_path: Path) -> None:
    """Else every `make bench --render` would show up as a change."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        plots.draw(invented(), tmp_path / name)
    drawn = sorted(path.name for path in (tmp_path / "first").iterdir())
    assert drawn == ["costs.svg", "ratios.svg", "steps.svg"]
    for name in drawn:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
