"""Gates and indexes that came from outside: ours are sound, and what is taken for sound stays within its arrays."""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest

from fasttwitch.kernels.point.build import build_index
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.kernels.point.index import ExactPart, FlatPart, Index, ListPart, assemble
from fasttwitch.kernels.point.load import load_point
from fasttwitch.kernels.point.soundness import check_gates, check_index
from fasttwitch.kernels.soundness import UnsoundError
from tests.core.kernels.point.circuits import matches
from tests.core.kernels.point.shapes import SHAPES, example

Part = Gates | FlatPart | ListPart | ExactPart


def checked(index: Index, gates: Gates) -> None:
    check_index(index.flat, index.listed, index.exact, gates)


@pytest.mark.parametrize("only", ["flat", "listed", None])
@pytest.mark.parametrize("name", SHAPES)
def test_what_we_build_is_sound(name: str, only: str | None) -> None:
    gates, _, _ = example(name)
    check_gates(gates)
    checked(build_index(gates, only=only), gates)


def spoilt(part: Any, random: Random) -> Any:
    """Return a part with one number of one array changed, or with a scalar changed."""
    name = random.choice(part.__slots__)
    value = getattr(part, name)
    if isinstance(value, tuple):
        place = random.randrange(len(value))
        return replace(
            part, **{name: (*value[:place], value[place] + random.choice((-9, -1, 1, 9)), *value[place + 1 :])}
        )
    if isinstance(value, int):
        return replace(part, **{name: max(0, value + random.choice((-9, -1, 1, 9)))})
    if value.size == 0:
        return part
    other = value.copy()
    place, low, high = random.randrange(value.size), int(np.iinfo(value.dtype).min), int(np.iinfo(value.dtype).max)
    number = int(value.flat[place])
    wanted = random.choice(
        (0, 1, -1, number + 1, number - 1, number + 64, 2 * number, low, high, random.getrandbits(12))
    )
    other.flat[place] = min(max(wanted, low), high)
    return replace(part, **{name: other})


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_taken_for_sound_stays_within_its_room(name: str) -> None:
    """Answers may be wrong; guards behind the room for answers and behind the scratch stay as they were."""
    gates, codes, _ = example(name)
    random, refused = Random(name), 0
    for only in ("flat", "listed"):
        index = build_index(gates, only=only)
        for _ in range(40):
            flat, listed, exact = index.flat, index.listed, index.exact
            match random.randrange(3):
                case 0:
                    flat = spoilt(flat, random)
                case 1:
                    listed = spoilt(listed, random)
                case _:
                    exact = spoilt(exact, random)
            try:
                check_index(flat, listed, exact, gates)
            except UnsoundError:
                refused += 1
                continue
            other = assemble(index.rows, index.dimensions, flat, listed, exact)
            found = matches(other, load_point(), codes[:20])
            assert all(0 <= row < index.rows for rows in found for row in rows)
    assert refused > 5


@pytest.mark.parametrize("name", ["conjunctions", "no rows", "5,000 rows"])
def test_spoilt_gates_are_refused_or_can_be_built_upon(name: str) -> None:
    gates, codes, _ = example(name)
    random = Random(name)
    for _ in range(60):
        other = spoilt(gates, random)
        try:
            check_gates(other)
        except UnsoundError:
            continue
        if np.array_equal(other.cells, gates.cells):  # else the codes are those of other customers
            matches(build_index(other), load_point(), codes[:5])
