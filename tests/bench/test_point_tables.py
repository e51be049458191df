"""Tables of single customers, from measurements that nobody made."""

from pathlib import Path

import pytest

from bench.point import tables
from bench.point.results import OURS, Against, Call, Kernel, PointResults, read, write


def invented() -> PointResults:
    """Return results with round figures."""
    machine: dict[str, str | int | float] = {
        "processor": "Abacus",
        "kernels": "wooden",
        "cores": 2,
        "zen-engine": "2.1",
    }
    kernels = (
        _kernel("30 codes", "not selective", 1_000, 0.8),
        _kernel("realistic codes", "not selective", 1_000, 0.8),
        _kernel("30 codes", "half selective, half not", 10_000, 1.25),
        _kernel("realistic codes", "half selective, half not", 10_000, 1.5),
        _kernel("30 codes", "nested", 1_000, None),
    )
    calls = (
        Call("a mapping", "plain", 10_000, 0.0098, [12.0, 11.0, 13.0], [20.0, 40.0, 30.0], 30.0),
        Call("1,000 mappings at once, each", "plain", 10_000, 0.0098, [5.0, 6.0, 7.0], [], None),
    )
    prepared = {
        OURS: [1.0, 2.0, 3.0],
        "fasttwitch, names read": [2.0, 3.0, 4.0],
        "Abaci: one by one": [900.0, 900.0, 900.0],
        "Abaci: as a list": [100.0, 300.0, 500.0],
        "Beads: as a list": [50.0, 60.0, 70.0],
    }
    mapping = {OURS: [10.0], "Abaci: one by one": [1_000.0]}
    against = (Against("prepared", 1_000, 0.01, prepared, 80.0), Against("mapping", 1_000, 0.01, mapping, 20.0))
    return PointResults(machine, {"L2": 100.0, "memory": 25.4}, kernels, calls, against)


def _kernel(codes: str, kind: str, rules: int, goal: float | None) -> Kernel:
    return Kernel(codes, kind, rules, 2_000, 0.01, 162.4, 5_376.0, "L2", 0.0537, [0.2, 0.3, 0.25], [0.5], goal)


def test_calls_are_told_with_their_goals() -> None:
    assert """
| rules | that hold | asked about | median | 99th percentile | goal |
| --- | ---: | ---: | ---: | ---: | ---: |
| 10,000 plain | 0.98 % | a mapping | **12.0** | 30.0 | 30.0 |
| 10,000 plain | 0.98 % | 1,000 mappings at once, each | **6.00** | – | – |
""" in tables.measured(invented())


def test_each_rival_is_told_by_its_quickest_way_and_the_quickest_rival_first() -> None:
    """Ratios are taken round by round: 100 / 1, 300 / 2 and 500 / 3 have the median 150."""
    assert """
|  | 1,000 rules, prepared customer | 1,000 rules, mapping or JSON |
| --- | ---: | ---: |
| fasttwitch | **2.00** | **10.0** |
| Beads | 60.0 (30×) | – |
| Abaci | 300 (150×) | 1,000 (100×) |

Quickest ways: Beads: as a list; Abaci: as a list.
""" in tables.measured(invented())


def test_reading_names_has_a_line_where_it_was_measured_everywhere() -> None:
    results = invented()
    prepared = PointResults(results.machine, {}, (), (), results.against[:1])
    assert "| fasttwitch, names read | 3.00 (1.5×) |\n" in tables.measured(prepared)
    assert "names read" not in tables.measured(results)


def test_kernels_are_told_beside_what_reading_takes() -> None:
    cell = "**0.25** / 0.50 | 0.05 (L2) | 162 | 1 %"
    assert f"""
| 1,000 not selective | 0.80 | {cell} | {cell} |
| 10,000 half selective, half not | 1.25 / 1.50 | {cell} | {cell} |
| 1,000 nested | – | {cell} | – | – | – | – |
""" in tables.measured(invented())


def test_the_machine_is_told_with_what_it_reads() -> None:
    told = tables.measured(invented())
    assert "Abacus, wooden kernels; one thread reads 100 GB/s from L2, 25 GB/s from memory. zen-engine 2.1." in told


def test_only_what_stands_between_the_markers_is_renewed() -> None:
    readme = f"before\n{tables.BEGIN}\nold\n{tables.END}\nafter\n"
    renewed = f"before\n{tables.BEGIN}\n{tables.measured(invented())}{tables.END}\nafter\n"
    assert tables.with_point(readme, invented()) == renewed
    assert tables.with_point("no markers", invented()) == "no markers"


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "results" / "point.json"
    write(invented(), path)
    assert read(path) == invented()


def test_what_was_never_measured_is_empty(tmp_path: Path) -> None:
    assert read(tmp_path / "point.json").kernels == ()


def test_a_case_is_the_median_of_its_rounds() -> None:
    case = invented().calls[0]
    assert (case.median, case.high) == (12.0, 30.0)
    assert invented().against[0].times("Abaci: as a list") == pytest.approx(150.0)
