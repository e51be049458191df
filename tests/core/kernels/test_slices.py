"""Tests by bit slices give the same masks as tests by compares."""

import importlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from fasttwitch.kernels import cpu, layout, slices
from tests.core.kernels.aligned import aligned_bytes
from tests.oracle import kernels_evaluate as oracle

Slicer = Callable[[int, int], None]


needs_transposition = pytest.mark.skipif(
    not set(cpu.TRANSPOSITION_FEATURES) <= cpu.features(), reason="this processor has no GFNI"
)


@pytest.fixture(params=["slices", pytest.param("transposition", marks=needs_transposition)])
def slice_codes(request: pytest.FixtureRequest) -> Slicer:
    slicer: Slicer = importlib.import_module(f"fasttwitch.kernels.{request.param}").slice_codes
    return slicer


def random_codes(most: int, seed: int) -> NDArray[np.uint8]:
    codes = aligned_bytes(layout.BLOCK_ROWS)
    codes[:] = np.random.default_rng(seed).integers(0, most + 1, codes.size)
    codes[: most + 1] = np.arange(most + 1)
    return codes


def test_slice_b_of_a_code_is_its_bit_b(slice_codes: Slicer) -> None:
    codes = random_codes(255, seed=1)
    room = aligned_bytes(slices.ROOM_BYTES, fill=0xA5)
    slice_codes(codes.ctypes.data, room.ctypes.data)
    masks = room[: 8 * layout.BLOCK_MASK_BYTES].view(np.uint64).reshape(8, layout.BLOCK_WORDS)
    for bit in range(8):
        np.testing.assert_array_equal(masks[bit], oracle.pack((codes & (1 << bit)) != 0))
    assert (room[8 * layout.BLOCK_MASK_BYTES :] == 0xA5).all()


@pytest.mark.parametrize("kinds", [[layout.AT_LEAST], [layout.EQUAL], [layout.AT_LEAST, layout.EQUAL, layout.ANY_BIT]])
@pytest.mark.parametrize("most", [1, 15, 16, 17, 100, 254, 255])
def test_sliced_tests_say_what_compares_say(slice_codes: Slicer, most: int, kinds: list[int]) -> None:
    """All codes of all kinds, also where rows have codes above those that any test asks for."""
    codes = random_codes(255, seed=most)
    asked = [(kind, code) for kind in kinds for code in range(1, most + 1)]
    tests = np.array([[9, 9, 9], *((kind, code, slot) for slot, (kind, code) in enumerate(asked))], np.int64)
    slots = aligned_bytes((len(asked) + 1) * layout.BLOCK_MASK_BYTES, fill=0xA5)
    room = aligned_bytes(slices.ROOM_BYTES, fill=0xA5)
    slice_codes(codes.ctypes.data, room.ctypes.data)
    needed = slices.needs(tests, 1, len(tests))
    slices.run_sliced_tests(tests, 1, len(tests), needed, codes.ctypes.data, slots.ctypes.data, room.ctypes.data)
    masks = slots.view(np.uint64).reshape(-1, layout.BLOCK_WORDS)
    for slot, (kind, code) in enumerate(asked):
        np.testing.assert_array_equal(masks[slot], oracle.pack(oracle.passes(kind, code, codes)), f"{kind} {code}")
    assert (masks[-1].view(np.uint8) == 0xA5).all()


@needs_transposition
@pytest.mark.parametrize("count", [2, 5, 7, 8, 9, 12, 13, 15, 16, 24, 31])
def test_tests_looked_up_say_what_compares_say(count: int) -> None:
    """Rows have all codes, tests those up to 62; any number of tests."""
    from fasttwitch.kernels import transposition

    random = np.random.default_rng(count)
    codes = random_codes(255, seed=count)
    tests = np.zeros((count + 2, layout.TEST_FIELDS), np.int64)
    tests[1:-1, layout.TEST_KIND] = random.integers(0, 2, count)
    tests[1:-1, layout.TEST_CODE] = random.permutation(np.r_[1, 62, random.integers(1, 63, count - 2)])
    tests[1:-1, layout.TEST_SLOT] = 1 + random.permutation(count)
    slots = aligned_bytes((count + 1) * layout.BLOCK_MASK_BYTES, fill=0xA5)
    transposition.look_up_tests(tests, 1, count + 1, codes.ctypes.data, slots.ctypes.data)
    masks = slots.view(np.uint64).reshape(-1, layout.BLOCK_WORDS)
    for kind, code, slot in tests[1:-1].tolist():
        np.testing.assert_array_equal(masks[slot], oracle.pack(oracle.passes(kind, code, codes)), f"{kind} {code}")
    assert (masks[0].view(np.uint8) == 0xA5).all()
