"""Contenders take turns, and nobody is always second."""

import pytest

from bench.rounds import interleaved, ratio


def test_every_contender_runs_once_unmeasured_and_once_a_round() -> None:
    ran: list[str] = []
    times = interleaved({name: (lambda name=name: ran.append(name)) for name in "abc"}, rounds=4)  # type: ignore[misc]
    assert "".join(ran) == "abc" + "abc" + "bca" + "cab" + "abc"
    assert {name: len(each) for name, each in times.items()} == {"a": 4, "b": 4, "c": 4}


def test_a_ratio_is_taken_turn_by_turn() -> None:
    """Medians of each would say 2: here the machine was ten times slower in two of three rounds."""
    assert ratio([30.0, 300.0, 300.0], [10.0, 100.0, 20.0]) == pytest.approx(3.0)
