"""Codes to bitmasks against the twin."""

import numpy as np
import pytest

from fasttwitch.kernels import compare, layout
from tests.core.kernels.aligned import aligned_bytes
from tests.oracle import kernels_evaluate as oracle

KINDS = {"at least": layout.AT_LEAST, "equal": layout.EQUAL, "any bit": layout.ANY_BIT}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize("code", [1, 2, 3, 127, 128, 129, 200, 254, 255])
def test_a_test_says_for_each_row_whether_its_code_passes(kind: int, code: int) -> None:
    """Codes from 128 on catch a compare that takes bytes as signed."""
    codes = np.random.default_rng(code).integers(0, 256, layout.BLOCK_ROWS).astype(np.uint8)
    codes[:256] = np.arange(256)
    slots = aligned_bytes(2 * layout.BLOCK_MASK_BYTES, fill=0xA5).view(np.uint64).reshape(2, layout.BLOCK_WORDS)
    tests = np.array([[kind, code, 1]])
    compare.run_tests(tests, 0, 1, codes.ctypes.data, slots.ctypes.data)
    np.testing.assert_array_equal(slots[1], oracle.pack(oracle.passes(kind, code, codes)))


def test_only_the_tests_of_the_range_run_and_only_their_slots_change() -> None:
    codes = np.arange(layout.BLOCK_ROWS).astype(np.uint8)
    slots = aligned_bytes(5 * layout.BLOCK_MASK_BYTES, fill=0xA5).view(np.uint64).reshape(5, layout.BLOCK_WORDS)
    tests = np.array([[layout.AT_LEAST, 9, 0], [layout.EQUAL, 7, 3], [layout.AT_LEAST, 4, 1], [layout.EQUAL, 8, 4]])
    compare.run_tests(tests, 1, 3, codes.ctypes.data, slots.ctypes.data)
    untouched = np.full(layout.BLOCK_WORDS, 0xA5A5A5A5A5A5A5A5, np.uint64)
    for slot in (0, 2, 4):
        np.testing.assert_array_equal(slots[slot], untouched)
    np.testing.assert_array_equal(slots[3], oracle.pack(codes == 7))
    np.testing.assert_array_equal(slots[1], oracle.pack(codes >= 4))
