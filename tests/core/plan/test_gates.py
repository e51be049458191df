from functools import cache
from random import Random

import numpy as np
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.plan.dimensions import runs_by
from fasttwitch.plan.gates import MOST_WIRES_TAKEN_OVER, PointPlan, point_plan
from fasttwitch.plan.lowering import ALWAYS, FALSE, TRUE, Gate, Leaf
from fasttwitch.plan.predicates import Predicates, lowered
from fasttwitch.plan.schedule import EVERYBODY, NOBODY
from tests.generators.trials import trial

SCHEMA = pa.schema(
    {"n": pa.int64(), "x": pa.float64(), "tier": pa.string(), "flag": pa.bool_(), "at": pa.timestamp("us")}
)


def asked(segments: dict[str, str]) -> Predicates:
    document = {"version": 1, "language": "cel/1", "segments": segments}
    return where(ft.compile(ft.load_ruleset(document), SCHEMA), TRUE)


def where(program: ft.Program, mode: int) -> Predicates:
    return lowered(program.names, program.trees, mode)


def by_graph(predicates: Predicates, point: PointPlan, codes: list[int]) -> list[bool]:
    """Return each predicate's truth by the meaning of the graph's nodes."""
    logic = predicates.logic
    home = {dimension.source: number for number, dimension in enumerate(point.dimensions)}

    @cache
    def truth(number: int) -> bool:
        match logic.nodes[number]:
            case Leaf(source, values):
                dimension = home[logic.sources[source]]
                runs = runs_by(predicates.codebooks[point.dimensions[dimension].codebook])(values)
                return any(first <= codes[dimension] <= last for first, last in runs)
            case Gate(conjunction, operands):
                return (all if conjunction else any)(map(truth, operands))
            case _:
                return number == ALWAYS

    return [truth(root) for root in logic.roots]


def by_gates(gates: Gates, codes: list[int]) -> list[bool]:
    """Return each row's truth by the meaning of gates."""
    lives: list[bool] = []
    for number in range(gates.gate_literals.size - 1):
        literals = gates.literals[gates.gate_literals[number] : gates.gate_literals[number + 1]]
        wires = gates.wires[gates.gate_wires[number] : gates.gate_wires[number + 1]]
        holds = all(
            any(
                first <= codes[gates.dimension[literal]] <= last
                for first, last in gates.runs[gates.literal_runs[literal] : gates.literal_runs[literal + 1]]
            )
            for literal in literals
        )
        lives.append(holds and not any(lives[wire] for wire in wires))
    return [lives[root >> 1] != bool(root & 1) for root in gates.roots]


def told(point: PointPlan, codes: list[int]) -> list[bool]:
    rows = by_gates(point.gates, codes)
    return [rows[root] if root >= 0 else root == EVERYBODY for root in point.roots]


def draw(random: Random, point: PointPlan) -> list[int]:
    return [random.randrange(dimension.codes) for dimension in point.dimensions]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("mode", [TRUE, FALSE])
def test_gates_mean_what_the_graph_means(seed: int, mode: int) -> None:
    random = Random(f"gates/{seed}")
    drawn = trial(random, 60, 1)
    predicates = where(ft.compile(ft.load_ruleset(drawn.document), drawn.shape.schema), mode)
    point = point_plan(predicates)
    for _ in range(40):
        codes = draw(random, point)
        assert told(point, codes) == by_graph(predicates, point, codes)


def test_what_gates_name_comes_before_them_and_a_dimension_stands_once_in_each() -> None:
    random = Random("order")
    drawn = trial(random, 200, 1)
    gates = point_plan(where(ft.compile(ft.load_ruleset(drawn.document), drawn.shape.schema), TRUE)).gates
    for number in range(gates.gate_literals.size - 1):
        assert np.all(gates.wires[gates.gate_wires[number] : gates.gate_wires[number + 1]] < number)
        literals = gates.literals[gates.gate_literals[number] : gates.gate_literals[number + 1]]
        assert np.unique(gates.dimension[literals]).size == literals.size


def test_a_conjunction_is_one_gate_and_equal_rules_share_it() -> None:
    point = point_plan(asked({"a": 'n > 3 && tier == "gold" && flag', "b": 'flag && (tier == "gold" && n > 3)'}))
    assert point.gates.gate_literals.tolist() == [0, 3]
    assert point.gates.wires.size == 0
    assert point.roots == (0, 0)


def test_a_disjunction_is_an_inverted_gate() -> None:
    point = point_plan(asked({"a": "n > 3 || flag"}))
    assert point.gates.roots.tolist() == [1]
    assert point.gates.wires.size == 0


def test_constant_rules_have_no_row() -> None:
    point = point_plan(asked({"all": "true", "none": "n > 3 && n < 2", "some": "flag"}))
    assert point.roots == (EVERYBODY, NOBODY, 0)


def test_rules_that_only_their_segments_make_constant_have_no_row() -> None:
    segments = {
        "a": "n > 3 && flag",
        "never": 'segment("a") && n < 2',
        "never_too": 'segment("a") && n < 1',
        "neither": 'segment("never") || segment("never_too")',
        "b": "n > 3 || flag",
        "always": 'segment("b") || n <= 3 || n == null',
        "always_too": 'segment("b") || n <= 4 || n == null',
        "both": 'segment("always") && segment("always_too")',
        "still_never": 'segment("never") && flag',
        "still_always": 'segment("always") || flag',
        "some": 'segment("both") && segment("a")',
    }
    point = point_plan(asked(segments))
    told_of = dict(zip(segments, point.roots, strict=True))
    assert [told_of[name] for name in ("never", "never_too", "neither", "still_never")] == [NOBODY] * 4
    assert [told_of[name] for name in ("always", "always_too", "both", "still_always")] == [EVERYBODY] * 4
    assert told_of["some"] >= 0


def test_a_segment_within_a_segment_is_taken_over() -> None:
    point = point_plan(asked({"a": "n > 3 && flag", "b": 'segment("a") && x > 1.0'}))
    assert point.gates.gate_literals.tolist() == [0, 2, 5]
    assert point.gates.wires.size == 0


def test_a_shared_conjunction_of_many_wires_is_turned_around() -> None:
    ors = " && ".join(f"(n == {i} || x > {i}.0)" for i in range(MOST_WIRES_TAKEN_OVER + 1))
    segments = {"a": ors, "b": 'segment("a") && flag', "c": 'segment("a") && tier == "gold"'}
    predicates = asked(segments)
    point = point_plan(predicates)
    wires = np.diff(point.gates.gate_wires)
    assert sorted(wires.tolist())[-4:] == [1, 1, 1, MOST_WIRES_TAKEN_OVER + 1]
    random = Random(7)
    for _ in range(200):
        codes = draw(random, point)
        assert told(point, codes) == by_graph(predicates, point, codes)


def test_a_chain_of_segments_stays_linear() -> None:
    segments = {"s0": "n > 0 || flag"}
    for i in range(1, 400):
        segments[f"s{i}"] = f'segment("s{i - 1}") && (x > {i}.0 || n == {i})'
    gates = point_plan(asked(segments)).gates
    assert gates.wires.size + gates.literals.size < 400 * 3 * MOST_WIRES_TAKEN_OVER
