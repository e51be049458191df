"""Dimensions of very many codes have rows for groups of codes; what a group leaves in doubt is settled exactly."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from numpy.random import Generator
from numpy.typing import NDArray

from fasttwitch.kernels import cpu
from fasttwitch.kernels.point import coarse, kills
from fasttwitch.kernels.point.build import build_index
from fasttwitch.kernels.point.coarse import MOST_GROUPS, MOST_ROWS
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.kernels.point.index import Index
from fasttwitch.kernels.point.load import load_point
from tests.core.kernels.point.circuits import Shape, circuit, customers, matches, matches_together
from tests.core.kernels.point.shapes import SHAPES, example
from tests.oracle.gates import rows_that_hold

VARIANTS = cpu.runnable()

WIDE_SHAPES = {
    "conjunctions": Shape(rows=600, dimensions=4, codes=(1_100, 20_000), literals=4, share=0.7),
    "narrow and wide dimensions": Shape(rows=400, dimensions=12, codes=(2, 4_000), literals=8, share=0.8),
    "many runs": Shape(rows=200, dimensions=3, codes=(1_100, 6_000), runs=60, share=0.9, literals=3),
    "wires": Shape(rows=300, dimensions=4, codes=(1_100, 20_000), gates=150, wires=3, inverted=0.5),
    "deep": Shape(rows=200, dimensions=3, codes=(1_100, 9_000), gates=300, wires=2, literals=1, inverted=0.5),
    "shared gates": Shape(rows=500, dimensions=4, codes=(1_100, 9_000), gates=30, wires=4, inverted=0.3),
    "one dimension": Shape(rows=3_000, dimensions=1, codes=(20_000, 20_000), literals=1, inverted=0.2),
}


def near_ends(gates: Gates, count: int, generator: Generator) -> NDArray[np.int32]:
    """Return codes of customers, half of them at the ends of runs or one beyond."""
    codes = customers(gates, count, generator)
    sizes = np.diff(gates.cells)
    owner = np.repeat(gates.dimension, np.diff(gates.literal_runs))
    for dimension in range(sizes.size):
        ends = gates.runs[owner == dimension].ravel()
        if ends.size == 0:
            continue
        chosen = generator.choice(ends, count) + generator.integers(-1, 2, count)
        near = generator.random(count) < 0.5
        codes[near, dimension] = np.clip(chosen, 0, sizes[dimension] - 1)[near]
    return codes


@pytest.mark.parametrize("groups", [3, 64, MOST_GROUPS])
@pytest.mark.parametrize("name", WIDE_SHAPES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_match_agrees_with_the_definition(
    name: str, groups: int, variant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coarse, "MOST_GROUPS", groups)
    monkeypatch.setattr(coarse, "DOUBT_BYTES", 0)  # no more groups for scattered codes
    generator = np.random.default_rng(list(WIDE_SHAPES).index(name))
    gates = circuit(WIDE_SHAPES[name], generator)
    codes = near_ends(gates, 60, generator)
    index = build_index(gates, only="flat")
    assert index.flat.coarse.shape[0] > 0
    assert np.diff(index.flat.groups).max() == 1
    assert groups == MOST_GROUPS or index.flat.doubts.shape[0] > 0
    kernels = load_point(variant)
    expected = rows_that_hold(gates, codes)
    assert matches(index, kernels, codes) == expected
    assert matches_together(index, kernels, codes, 3 * index.most_ids) == expected


@pytest.mark.parametrize("only", ["flat", None])
@pytest.mark.parametrize("name", SHAPES)
def test_every_dimension_may_be_coarse(name: str, only: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coarse, "MOST_ROWS", 1)
    monkeypatch.setattr(coarse, "MOST_GROUPS", 2)
    monkeypatch.setattr(coarse, "DOUBT_BYTES", 0)
    gates, codes, expected = example(name)
    index = build_index(gates, only=only)
    assert matches(index, load_point(), codes) == expected


def test_dimensions_of_few_codes_have_a_row_for_each() -> None:
    gates = circuit(Shape(rows=600, codes=(MOST_ROWS, MOST_ROWS), dimensions=3), np.random.default_rng(0))
    flat = build_index(gates, only="flat").flat
    assert (flat.coarse.size, flat.groups.size, flat.doubts.size) == (0, 0, 0)
    assert flat.doubt_starts.tolist() == [0]


def with_own_constants(rules: int) -> Gates:
    """Return `x > i && y <= 7 * i` for each i: constants of its own for each rule."""
    rule = np.arange(rules)
    codes = rules + 2
    runs = np.empty((2 * rules, 2), np.int32)
    runs[0::2] = np.stack((rule + 2, np.full(rules, codes - 1)), 1)
    runs[1::2] = np.stack((np.ones(rules), rule + 1), 1)
    return Gates(
        np.array([0, codes, 2 * codes]),
        np.tile(np.array([0, 1], np.int32), rules),
        np.arange(2 * rules + 1),
        runs,
        np.arange(0, 2 * rules + 1, 2),
        np.arange(2 * rules, dtype=np.int32),
        np.zeros(rules + 1, np.int64),
        np.zeros(0, np.int32),
        (2 * rule).astype(np.int32),
    )


def bytes_a_rule(index: Index) -> float:
    return index.nbytes / index.rows


def test_memory_is_linear_in_rules_of_own_constants() -> None:
    few, many = (build_index(with_own_constants(rules), only="flat") for rules in (4_000, 16_000))
    assert few.flat.gates == 4_000
    assert many.flat.gates == 16_000
    assert bytes_a_rule(many) < 1.02 * bytes_a_rule(few) < 150


def test_memory_is_linear_where_most_customers_have_the_last_codes() -> None:
    """Kill lists would be fast there, but as long as codes are many."""
    sizes = []
    for rules in (4_000, 16_000):
        gates = with_own_constants(rules)
        gates = replace(  # of x only, which all but few customers are above
            gates, gate_literals=np.arange(rules + 1), literals=np.arange(0, 2 * rules, 2, dtype=np.int32)
        )
        shares = np.full(2 * (rules + 2), 1e-12)
        shares[rules + 1] = 1 - shares[: rules + 1].sum()
        sizes.append(bytes_a_rule(build_index(gates, shares, only="flat")))
    assert sizes[1] < 1.02 * sizes[0] < 150


def with_scattered_codes(rules: int, names: int, codes: int) -> Gates:
    """Return sets of scattered codes of one dimension, one a rule."""
    generator = np.random.default_rng(0)
    each = [np.sort(generator.choice(codes // 2, names, replace=False)) * 2 for _ in range(rules)]
    return Gates(
        np.array([0, codes]),
        np.zeros(rules, np.int32),
        np.arange(rules + 1) * names,
        np.repeat(np.concatenate(each), 2).reshape(-1, 2).astype(np.int32),
        np.arange(rules + 1),
        np.arange(rules, dtype=np.int32),
        np.zeros(rules + 1, np.int64),
        np.zeros(0, np.int32),
        (2 * np.arange(rules)).astype(np.int32),
    )


@pytest.mark.parametrize("codes", [4_000, 40_000])
@pytest.mark.parametrize("names", [5, 300])
def test_sets_of_scattered_codes_take_no_more_than_their_codes(names: int, codes: int) -> None:
    """At most a doubt and as much of rows for each end of a run, beside what any rule takes."""
    gates = with_scattered_codes(1_000, names, codes)
    index = build_index(gates, only="flat")
    assert index.nbytes - 4 * codes < 1_100 * (MOST_GROUPS / 8 + 24 * 2 * names)
    asked = near_ends(gates, 30, np.random.default_rng(1))
    assert matches(index, load_point(), asked) == rows_that_hold(gates, asked)


def test_what_many_gates_ask_for_is_never_in_doubt() -> None:
    """Where 1,000 rules say `x >= 500` a group begins, however many other constants there are."""
    gates = with_own_constants(4_000)
    runs = gates.runs.copy()
    runs[: 2 * 1_000 : 2, 0] = 500
    index = build_index(replace(gates, runs=runs), only="flat")
    place = int(index.flat.coarse[0, 1])
    assert index.flat.groups[place + 500] == index.flat.groups[place + 499] + 1
    rules = index.flat.bit_rows[index.flat.doubts[:, 0]]
    of_x = index.flat.doubts[:, 1] < 500
    assert not np.any((rules < 1_000) & of_x & (index.flat.doubts[:, 2] == 499))


def test_few_ends_of_runs_leave_no_doubts() -> None:
    """Groups are classes then: codes that no gate tells apart."""
    gates = with_own_constants(4_000)
    runs = gates.runs.copy()
    runs[0::2, 0] = 2 + 10 * (np.arange(4_000) % 400)
    runs[1::2, 1] = 1 + 10 * (np.arange(4_000) % 400)
    index = build_index(replace(gates, runs=runs), only="flat")
    assert index.flat.coarse.shape[0] == 2
    assert index.flat.doubts.size == 0
    assert bytes_a_rule(index) < 125


def test_short_kill_lists_stay() -> None:
    """Rules for all but one name each need no rows."""
    rules = 4_000
    gates = with_own_constants(rules)
    runs = np.stack((np.zeros(2 * rules), np.full(2 * rules, rules + 1)), 1).astype(np.int32)
    runs[0::2, 1] = np.arange(rules)
    runs[1::2, 0] = np.arange(rules) + 2
    gates = replace(
        gates,
        dimension=np.zeros(rules, np.int32),
        literal_runs=np.arange(0, 2 * rules + 1, 2),
        runs=runs,
        gate_literals=np.arange(rules + 1),
        literals=np.arange(rules, dtype=np.int32),
    )
    index = build_index(gates, only="flat")
    assert index.flat.kill_bits.size == rules
    assert index.flat.coarse.size == 0
    asked = near_ends(gates, 30, np.random.default_rng(1))
    assert matches(index, load_point(), asked) == rows_that_hold(gates, asked)


def test_kill_lists_of_wide_dimensions_answer_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kills, "LINE_KILLS", 1e9)
    gates = circuit(WIDE_SHAPES["narrow and wide dimensions"], np.random.default_rng(5))
    codes = near_ends(gates, 40, np.random.default_rng(6))
    index = build_index(gates, only="flat")
    assert index.flat.kill_bits.size > 0
    assert index.flat.coarse.shape[0] > 0
    assert matches(index, load_point(), codes) == rows_that_hold(gates, codes)


def chain(levels: int) -> Gates:
    """Return `segment(s[i - 1]) && y < i` for each i, every other one an OR."""
    return Gates(
        np.array([0, levels + 2]),
        np.zeros(levels, np.int32),
        np.arange(levels + 1),
        np.stack((np.ones(levels), np.arange(levels) + 1), 1).astype(np.int32),
        np.arange(levels + 1),
        np.arange(levels, dtype=np.int32),
        np.maximum(np.arange(levels + 1) - 1, 0),
        np.arange(levels - 1, dtype=np.int32),
        (2 * np.arange(levels) + np.arange(levels) % 2).astype(np.int32),
    )


def test_deep_chains_have_few_groups() -> None:
    """Each level has a word of its own, in which one gate reads the dimension."""
    index = build_index(chain(3_000))
    assert bytes_a_rule(build_index(chain(1_500))) < 1_200
    assert bytes_a_rule(index) < 1_200
    asked = near_ends(chain(3_000), 30, np.random.default_rng(1))
    assert matches(index, load_point(), asked) == rows_that_hold(chain(3_000), asked)


def test_a_pickled_index_answers_the_same() -> None:
    gates = circuit(WIDE_SHAPES["one dimension"], np.random.default_rng(7))
    codes = near_ends(gates, 20, np.random.default_rng(8))
    index = build_index(gates, only="flat")
    assert index.flat.doubts.size
    copy = pickle.loads(pickle.dumps(index))
    assert copy.nbytes == index.nbytes
    assert matches(copy, load_point(), codes) == rows_that_hold(gates, codes)
