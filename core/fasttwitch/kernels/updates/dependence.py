"""Which instructions of a bulk program depend on some of its slots, and which of the others those need."""

from numba import types

from fasttwitch.kernels.addresses import bytes_at, ints_at, shorts_at
from fasttwitch.kernels.jit import kernel

ANY = 1 << 40


@kernel(types.void(*[types.int64] * 7))
def keep_dependent(
    count: int, begins_at: int, ends_at: int, roots_at: int, operands_at: int, moved_at: int, kept_at: int
) -> None:
    """Mark the instructions to keep: roots that depend on a slot that moves, and all that computes what these read.

    begins_at, ends_at  addresses of int64[count]: where each instruction stands among the operands, its target first
    roots_at     address of uint8[count]: 1 for an instruction whose target is a root and no slot
    operands_at  address of int32
    moved_at     address of uint8[slots], 1 for those that move before the program begins; afterwards 1 for those whose
                 value before the program begins is needed
    kept_at      address of uint8[count], zeroed
    """
    begins, ends, roots = ints_at(begins_at, ANY), ints_at(ends_at, ANY), bytes_at(roots_at, ANY)
    operands, slots, kept = shorts_at(operands_at, ANY), bytes_at(moved_at, ANY), bytes_at(kept_at, ANY)
    for number in range(count):  # a slot is written anew again and again
        moves = 0
        for place in range(begins[number] + 1, ends[number]):
            moves |= slots[operands[place]]
        if roots[number]:
            kept[number] = moves
        else:
            slots[operands[begins[number]]] = moves
    for number in range(count):
        if not roots[number]:
            slots[operands[begins[number]]] = 0
        for place in range(begins[number] + 1, ends[number]):
            slots[operands[place]] = 0
    for number in range(count - 1, -1, -1):
        target = operands[begins[number]]
        if not roots[number]:
            kept[number] = slots[target]
            slots[target] = 0
        if kept[number]:
            for place in range(begins[number] + 1, ends[number]):
                slots[operands[place]] = 1
