"""Eight listed clauses against a customer's bytes, on any processor."""

from fasttwitch.kernels.addresses import bytes_at
from fasttwitch.kernels.jit import routine


@routine
def verify(slots: int, record: int) -> int:
    """Return 8 bits: which of the clauses of two records pass all of their lanes.

    slots   address of 128 bytes of a customer
    record  address of two records of four clauses each
    """
    values, lanes = bytes_at(slots, 128), bytes_at(record, 192)
    passed = 0
    for clause in range(8):
        base = 96 * (clause >> 2) + 8 * (clause & 3)
        passes = True
        for lane in range(base, base + 8):
            if ((values[lanes[lane]] - lanes[lane + 32]) & 255) > lanes[lane + 64]:
                passes = False
                break
        if passes:
            passed |= 1 << clause
    return passed
