"""Every home of a rule gives the answers of the definition."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fasttwitch.kernels import cpu
from fasttwitch.kernels.point import index as index_room
from fasttwitch.kernels.point import kills, places
from fasttwitch.kernels.point.build import build_index
from fasttwitch.kernels.point.load import load_point
from tests.core.kernels.point.circuits import matches, matches_together
from tests.core.kernels.point.shapes import SHAPES, example

VARIANTS = cpu.runnable()


@pytest.mark.parametrize("only", ["flat", "listed", None])
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_match_agrees_with_the_definition(name: str, only: str | None, variant: str) -> None:
    gates, codes, expected = example(name)
    index = build_index(gates, only=only)
    assert matches(index, load_point(variant), codes) == expected


@pytest.mark.parametrize("only", ["flat", "listed"])
@pytest.mark.parametrize("name", ["conjunctions", "no rows", "ORs of selective parts", "5,000 rows"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_match_many_stops_where_room_ends_and_goes_on_from_there(name: str, only: str, variant: str) -> None:
    gates, codes, expected = example(name)
    index = build_index(gates, only=only)
    for capacity in (index.most_ids, 3 * index.most_ids, 100 * index.most_ids):
        assert matches_together(index, load_point(variant), codes, capacity) == expected


@pytest.mark.parametrize("lines", [1, 2, 4, 8, 64])
@pytest.mark.parametrize("fetches_from", [0, 1 << 60])
def test_strips_of_any_width_give_the_same(lines: int, fetches_from: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_strip_lines", lambda gates: lines)
    monkeypatch.setattr(index_room, "FETCHES_FROM", fetches_from)
    gates, codes, expected = example("8,000 conjunctions")
    index = build_index(gates, only="flat")
    assert index.flat.strips.shape[0] >= 8_000 // (512 * lines)
    assert matches(index, load_point(), codes) == expected


@pytest.mark.parametrize("name", SHAPES)
def test_everything_can_be_killed_by_lists(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No dimension has rows then, only what pads words."""
    monkeypatch.setattr(kills, "LINE_KILLS", 1e9)
    monkeypatch.setattr(kills, "END_KILLS", 1e9)
    gates, codes, expected = example(name)
    index = build_index(gates, only="flat")
    assert np.all(index.flat.operands[:, 0] == gates.cells.size - 1)
    assert matches(index, load_point(), codes) == expected


def test_a_pickled_index_answers_the_same() -> None:
    gates, codes, expected = example("ORs of selective parts")
    index = build_index(gates)
    copy = pickle.loads(pickle.dumps(index))
    assert copy.address != index.address
    assert copy.nbytes == index.nbytes
    del index
    assert matches(copy, load_point(), codes) == expected


def test_threads_share_an_index() -> None:
    gates, codes, expected = example("5,000 rows")
    index, kernels = build_index(gates), load_point()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: matches(index, kernels, codes), range(16)))
    assert answers == [expected] * 16
