"""Measurements of single customers run, on workloads too small to say anything, and find out who answers otherwise."""

from typing import Any

import numpy as np
import pytest

from bench.point import calls
from bench.point.against import Contender, in_turns
from bench.point.bandwidth import SIZES_KIB, level_of, levels_of, microseconds_a_byte, read_bandwidths
from bench.point.clock import CACHE_LINE, Timer, bytes_read, ticks_a_microsecond
from bench.point.kernels import GOALS, KINDS, Case, laid_out, measured
from bench.workloads.gates import gate_workload
from fasttwitch.kernels.point.build import build_index
from tests.oracle.gates import rows_that_hold

BANDWIDTHS = {"L2": 100.0, "L3": 50.0, "memory": 10.0}


@pytest.mark.parametrize("kind", KINDS)
def test_the_timer_runs_the_kernel_that_finds_the_rules(kind: str) -> None:
    drawn = gate_workload("u30", kind, 60, 40)
    taken, counts = Timer(build_index(drawn.gates, drawn.shares), drawn.codes).run()
    assert counts.tolist() == [len(rows) for rows in rows_that_hold(drawn.gates, drawn.codes)]
    assert (taken > 0).all()


def test_the_clock_of_the_processor_ticks_at_its_rate() -> None:
    assert 300 < ticks_a_microsecond(0.02) < 10_000


def test_a_case_is_measured_round_by_round_beside_its_limit() -> None:
    case = measured(Case("u30", "non", 512), 2, BANDWIDTHS)
    assert (len(case.medians), len(case.highs), case.customers, case.rules) == (2, 2, 2_000, 512)
    assert case.bytes_read == 42 * 512 / 8
    assert case.limit == pytest.approx(42 * 512 / 8 / 100e3)
    assert (case.level, case.goal) == ("L2", None)


def test_a_mixture_has_its_halves_as_goal() -> None:
    case = measured(Case("u30", "mix", 64), 1, BANDWIDTHS)
    assert case.goal is not None
    assert case.goal > 0


def test_what_must_be_read_of_lists_are_its_candidates() -> None:
    drawn = gate_workload("u30", "sel1", 4_000, 50)
    index = build_index(drawn.gates, drawn.shares, "listed")
    flat, listed, found = bytes_read(index, drawn.codes)
    assert flat == 0
    assert found == CACHE_LINE * len(index.listed.dimensions)
    of_clause = index.listed.lanes[:, 0].nbytes + index.listed.ids.itemsize
    assert of_clause == 28
    assert listed.mean() == pytest.approx(of_clause * 4_000 * 0.01, rel=0.3)


def test_goals_are_about_kinds_that_there_are() -> None:
    assert {kind for kind, _ in GOALS} < set(KINDS)
    index, codes = laid_out(Case("real", "non", 100))
    assert (index.rows, codes.shape) == (100, (2_000, 42))


def test_each_level_holds_what_fits_into_it() -> None:
    for nbytes in (1e5, 3e6, 1e9):
        assert sum(levels_of(nbytes).values()) == pytest.approx(1.0)
    assert (level_of(1e5), level_of(1e9)) == ("L2", "memory")
    assert microseconds_a_byte(1e5, BANDWIDTHS) == pytest.approx(1e-5)
    assert microseconds_a_byte(1e12, BANDWIDTHS) == pytest.approx(1e-4, rel=0.01)


def test_reading_is_measured_at_every_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIZES_KIB, "memory", 1_024)
    monkeypatch.setitem(SIZES_KIB, "L3", 512)
    assert all(speed > 1.0 for speed in read_bandwidths(1).values())


def test_contenders_that_answer_alike_take_turns() -> None:
    honest = Contender(lambda i: [i % 3], list, 100)
    times = in_turns({"one": honest, "other": honest}, 2)
    assert {name: len(each) for name, each in times.items()} == {"one": 2, "other": 2}


def test_a_contender_that_answers_otherwise_is_found_out() -> None:
    honest = Contender(lambda i: [1], list, 100)
    liar = Contender(lambda i: [1, 2] if i == 7 else [1], list, 100)
    with pytest.raises(AssertionError, match="liar answers otherwise about customer 7"):
        in_turns({"honest": honest, "liar": liar}, 1)


def test_a_turn_times_each_customer_by_itself() -> None:
    asked: list[int] = []

    def ask(i: int) -> Any:
        asked.append(i)

    taken = calls.turn(ask, 5, customers=1)
    assert asked == [0, 0, 1, 2, 3, 4]  # the first once more, beforehand
    assert len(taken) == 5
    assert np.median(calls.turn(ask, 5, customers=1_000)) < np.median(taken)
