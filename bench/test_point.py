"""One customer, one case at a time: `python -m pytest bench/test_point.py -k "call and 10000-plain and row"`.

    kernel   compiled code alone, from codes: 2,000 different customers a round
    change   compiled code alone: what a change of one attribute does
    advance  the same from Python
    call     one call from Python
    rival    another engine, after comparing its answers with ours

For figures that are fit to be told, in which contenders take turns, run `python -m bench.report point`.
"""

from itertools import cycle

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.point import calls, kernels
from bench.point.against import COMPARED, against
from bench.point.calls import Way
from bench.point.changes import CHANGES, ChangeTimer, changed
from bench.point.clock import Timer, ticks_a_microsecond
from bench.point.ours import CUSTOMERS, subject
from bench.rivals.point.registry import POINT_RIVALS
from bench.rivals.point.ways import question
from bench.workloads.bases import NOW
from bench.workloads.gates import gate_workload
from bench.workloads.touchpoint import TOUCHPOINT_RULES
from fasttwitch.kernels.point.flips import build_flips

CALLS = [(rules, kind) for kind in TOUCHPOINT_RULES for rules in (100, 1_000, 10_000)]


@pytest.mark.parametrize("case", kernels.CASES, ids=str)
def test_kernel(benchmark: BenchmarkFixture, case: kernels.Case) -> None:
    """A round is 2,000 customers: the figures are milliseconds for all of them, or microseconds for two."""
    benchmark.group = f"kernel, {case.rules} {case.kind}"
    index, codes = kernels.laid_out(case)
    benchmark.pedantic(Timer(index, codes).run, rounds=5, warmup_rounds=1)


@pytest.mark.parametrize("case", [case for case in kernels.CASES if case.rules <= 100_000], ids=str)
@pytest.mark.parametrize("change", CHANGES)
def test_change(benchmark: BenchmarkFixture, change: str, case: kernels.Case) -> None:
    """A round is 2,000 customers of whom one attribute each changes; extra_info has the median microseconds of one."""
    benchmark.group = f"change, {case.rules} {case.kind}"
    drawn = gate_workload(case.codes, case.kind, case.rules, CUSTOMERS)
    after = changed(drawn.codes, drawn.gates, change)
    timer = ChangeTimer(build_flips(drawn.gates), case.rules, drawn.codes, after)
    benchmark.pedantic(timer.run, rounds=5, warmup_rounds=1)
    taken, flipped = timer.run()
    benchmark.extra_info["microseconds"] = round(float(np.median(taken)) / ticks_a_microsecond(), 3)
    benchmark.extra_info["rules_that_flip"] = round(float(flipped.mean()), 3)


@pytest.mark.parametrize("rules", [1_000, 10_000])
@pytest.mark.parametrize("kind", TOUCHPOINT_RULES)
def test_advance(benchmark: BenchmarkFixture, kind: str, rules: int) -> None:
    """One attribute of a prepared row changes, from Python."""
    benchmark.group = f"advance, {rules} {kind}"
    asked = subject(kind, rules)
    rows = [asked.program.advance(asked.program.row(one), {}, now=NOW)[0] for one in asked.customers.profiles]
    names = [*asked.customers.profiles[0]]
    numbers = iter(range(CUSTOMERS - 1))

    def advance() -> None:
        number = next(numbers)
        name = names[number % len(names)]
        asked.program.advance(rows[number], {name: asked.customers.profiles[number + 1][name]}, now=NOW)

    benchmark.pedantic(advance, rounds=1_000, warmup_rounds=1)


@pytest.mark.parametrize(("rules", "kind"), CALLS, ids=str)
@pytest.mark.parametrize("way", calls.ALL, ids=lambda way: str(way.what).replace(" ", "_"))
def test_call(benchmark: BenchmarkFixture, way: Way, rules: int, kind: str) -> None:
    """Each customer is asked about once: a string is new only once."""
    benchmark.group = f"call, {rules} {kind}"
    asked = subject(kind, rules)
    ask, numbers = way.prepare(asked), iter(range(CUSTOMERS))
    benchmark.pedantic(lambda: ask(next(numbers)), rounds=way.answers - 1, warmup_rounds=1)


@pytest.mark.parametrize("rival", POINT_RIVALS)
@pytest.mark.parametrize("category", ["prepared", "mapping"])
@pytest.mark.parametrize("rules", [100, 1_000])
def test_rival(benchmark: BenchmarkFixture, rival: str, category: str, rules: int) -> None:
    """A rival that answers anything else than we do is no rival; of its ways the quickest is measured."""
    benchmark.group = f"rival, {rules} plain, {category}"
    case = next(case for case in against("plain", rules, 1, (rival,)) if case.category == category)
    quickest = case.best_ways()[rival].partition(": ")[2]
    posed = question(TOUCHPOINT_RULES["plain"](rules), subject("plain", rules, 0.0).customers.first(COMPARED))
    ways = (way for way in POINT_RIVALS[rival](posed) if (way.category, way.name) == (category, quickest))
    ask, numbers = next(ways).ask, cycle(range(COMPARED))
    benchmark.pedantic(lambda: ask(next(numbers)), rounds=20)
