"""Eight listed clauses against a customer's bytes, on any processor."""

from fasttwitch.kernels.addresses import bytes_at
from fasttwitch.kernels.jit import routine


@routine
def verify(values: int, slots: int, firsts: int, spans: int, count: int) -> int:
    """Return 8 bits: which of eight clauses pass all of their lanes.

    values  address of 128 bytes of a customer
    slots   address of 64 numbers of such bytes, eight lanes a clause; firsts, spans  of 64 bytes
    count   how many of a customer's bytes are in use, besides the last
    """
    own, numbers, begins, lengths = (
        bytes_at(values, 128),
        bytes_at(slots, 64),
        bytes_at(firsts, 64),
        bytes_at(spans, 64),
    )
    passed = 0
    for clause in range(8):
        passes = True
        for lane in range(8 * clause, 8 * clause + 8):
            if ((own[numbers[lane]] - begins[lane]) & 255) > lengths[lane]:
                passes = False
                break
        if passes:
            passed |= 1 << clause
    return passed
