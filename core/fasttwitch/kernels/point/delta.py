"""What a change of codes does to all rules: only gates that a flipped literal or a flipped gate touches are asked."""

import numpy as np
from numba import types

from fasttwitch.kernels.addresses import bytes_at, halves_at, ints_at, shorts_at
from fasttwitch.kernels.jit import interpreter_kernel, kernel, routine
from fasttwitch.kernels.point.flips import (
    FLIP_CELLS,
    FLIP_DIMENSIONS,
    FLIP_EDGE_STARTS,
    FLIP_EDGES,
    FLIP_EXCEPTION_STARTS,
    FLIP_EXCEPTIONS,
    FLIP_FIELDS,
    FLIP_GATE_WIRES,
    FLIP_LINES,
    FLIP_MORE,
    FLIP_MORE_STARTS,
    FLIP_PARENT_STARTS,
    FLIP_PARENTS,
    FLIP_ROW_COUNT,
    FLIP_ROW_STARTS,
    FLIP_ROWS,
    FLIP_RUNS,
    FLIP_SCRATCH_CURSORS,
    FLIP_SCRATCH_MARKS,
    FLIP_SCRATCH_STACK,
    FLIP_SCRATCH_STATES,
    FLIP_WIRES,
    HAS_MORE,
    LINE_COUNT,
    LINE_FIRST,
    LINE_FLAGS,
    LINE_HALVES,
    TIED,
)
from fasttwitch.kernels.point.runs import is_in_runs
from fasttwitch.kernels.vectors import prefetch

ANY = 1 << 40
BEFORE, AFTER, BOTH = 1, 2, 3  # bits of a state: whether a gate lives with the codes of then and of now
TOO_MANY = -1
AHEAD = 8  # lines of gates that are asked for while others are looked at: they lie anywhere


@routine
def _literals_state(table, gate, before, after):  # type: ignore[no-untyped-def]
    """Return BEFORE and AFTER as far as the literals of a gate hold."""
    line = halves_at(table[FLIP_LINES] + 2 * LINE_HALVES * gate, LINE_HALVES)
    state = np.int64(BOTH)
    for place in range(LINE_FIRST, LINE_FIRST + 3 * np.int64(line[LINE_COUNT]), 3):
        old, new = np.int64(before[line[place]]), np.int64(after[line[place]])
        first, last = np.int64(line[place + 1]), np.int64(line[place + 2])
        held, holds = np.int64(first <= old) & np.int64(old <= last), np.int64(first <= new) & np.int64(new <= last)
        state &= held | holds << 1
        if state == 0:
            return state
    if line[LINE_FLAGS] & HAS_MORE:
        starts, more, runs = (
            ints_at(table[FLIP_MORE_STARTS], ANY),
            shorts_at(table[FLIP_MORE], ANY),
            shorts_at(table[FLIP_RUNS], ANY),
        )
        for test in range(starts[gate], starts[gate + 1]):
            dimension, begin, end = more[3 * test], np.int64(more[3 * test + 1]), np.int64(more[3 * test + 2])
            state &= (
                is_in_runs(runs, begin, end, before[dimension]) | is_in_runs(runs, begin, end, after[dimension]) << 1
            )
            if state == 0:
                break
    return state


@routine
def _write_rows(table, gate, entered, out, count):  # type: ignore[no-untyped-def]
    """Append the rows of a gate that flips: `entered` if it lives now."""
    starts, rows = ints_at(table[FLIP_ROW_STARTS], ANY), shorts_at(table[FLIP_ROWS], ANY)
    for place in range(starts[gate], starts[gate + 1]):
        row = np.int64(rows[place])
        out[count] = (row & ~1) | (entered ^ (row & 1))
        count += 1
    return count


@routine
def _settle(table, gate, before, after, scratch, done, out, count):  # type: ignore[no-untyped-def]
    """Find the state of a tied gate and, where it flips, of all that this touches; return how many rows are written.

    done  the mark of gates whose state is known; one less is that of gates that wait for others
    """
    marks, states = (
        ints_at(scratch + table[FLIP_SCRATCH_MARKS] + 8, ANY),
        bytes_at(scratch + table[FLIP_SCRATCH_STATES], ANY),
    )
    cursors, stack = (
        shorts_at(scratch + table[FLIP_SCRATCH_CURSORS], ANY),
        shorts_at(scratch + table[FLIP_SCRATCH_STACK], ANY),
    )
    wire_starts, wires = ints_at(table[FLIP_GATE_WIRES], ANY), shorts_at(table[FLIP_WIRES], ANY)
    parent_starts, parents = ints_at(table[FLIP_PARENT_STARTS], ANY), shorts_at(table[FLIP_PARENTS], ANY)
    stack[0] = gate
    depth = 1
    while depth > 0:
        current = np.int64(stack[depth - 1])
        if marks[current] == done:
            depth -= 1
            continue
        if marks[current] != done - 1:
            marks[current] = done - 1
            states[current] = _literals_state(table, current, before, after)
            cursors[current] = 0
        state, begin = np.int64(states[current]), wire_starts[current]
        wire, end = begin + cursors[current], wire_starts[current + 1]
        while state != 0 and wire < end and marks[wires[wire]] == done:
            state &= ~np.int64(states[wires[wire]])
            wire += 1
        states[current], cursors[current] = state, wire - begin
        if state != 0 and wire < end:
            stack[depth] = wires[wire]
            depth += 1
            continue
        marks[current] = done
        depth -= 1
        if state in (BEFORE, AFTER):
            count = _write_rows(table, current, np.int64(state == AFTER), out, count)
            for place in range(parent_starts[current], parent_starts[current + 1]):
                if marks[parents[place]] < done - 1:
                    stack[depth] = parents[place]
                    depth += 1
    return count


@routine
def _look_at(table, gates, begin, end, before, after, scratch, done, out, count):  # type: ignore[no-untyped-def]
    """Write the rows that change because of some gates; return how many are written then."""
    lines = table[FLIP_LINES]
    marks = ints_at(scratch + table[FLIP_SCRATCH_MARKS] + 8, ANY)
    for place in range(begin, min(begin + AHEAD, end)):
        prefetch(lines + 2 * LINE_HALVES * np.int64(gates[place]))
    for place in range(begin, end):
        prefetch(lines + 2 * LINE_HALVES * np.int64(gates[min(place + AHEAD, end - 1)]))
        gate = np.int64(gates[place])
        state = _literals_state(table, gate, before, after)
        if state == 0:
            continue  # wires can only kill
        flags = halves_at(lines + 2 * LINE_HALVES * gate, LINE_HALVES)[LINE_FLAGS]
        if flags & TIED:
            if marks[gate] != done:
                count = _settle(table, gate, before, after, scratch, done, out, count)
        elif state != BOTH and marks[gate] != done:  # it may be met again
            marks[gate] = done
            count = _write_rows(table, gate, np.int64(state == AFTER), out, count)
    return count


@routine
def _gates_to_look_at(table, before, after):  # type: ignore[no-untyped-def]
    """Return how many gates a change may touch, those that it touches twice twice."""
    cells, dimensions = ints_at(table[FLIP_CELLS], ANY), table[FLIP_DIMENSIONS]
    exception_starts, edge_starts = ints_at(table[FLIP_EXCEPTION_STARTS], ANY), ints_at(table[FLIP_EDGE_STARTS], ANY)
    count = 0
    for dimension in range(dimensions):
        old, new = np.int64(before[dimension]), np.int64(after[dimension])
        if old != new:
            base = cells[dimension]
            count += exception_starts[base + old + 1] - exception_starts[base + old]
            count += exception_starts[base + new + 1] - exception_starts[base + new]
            count += edge_starts[base + max(old, new) + 1] - edge_starts[base + min(old, new) + 1]
    return count


@routine
def _flip_all(table, before, after, scratch, out):  # type: ignore[no-untyped-def]
    """Write the rows of answers that change; return how many."""
    cells, dimensions = ints_at(table[FLIP_CELLS], ANY), table[FLIP_DIMENSIONS]
    exception_starts, exceptions = ints_at(table[FLIP_EXCEPTION_STARTS], ANY), shorts_at(table[FLIP_EXCEPTIONS], ANY)
    edge_starts, edges = ints_at(table[FLIP_EDGE_STARTS], ANY), shorts_at(table[FLIP_EDGES], ANY)
    calls = ints_at(scratch + table[FLIP_SCRATCH_MARKS], 1)
    calls[0] += 1
    done, count = 2 * calls[0] + 1, 0
    for dimension in range(dimensions):
        old, new = np.int64(before[dimension]), np.int64(after[dimension])
        if old == new:
            continue
        base = cells[dimension]
        for part in range(3):
            begin, end, gates = edge_starts[base + min(old, new) + 1], edge_starts[base + max(old, new) + 1], edges
            if part < 2:
                cell = base + (old if part == 0 else new)
                begin, end, gates = exception_starts[cell], exception_starts[cell + 1], exceptions
            count = _look_at(table, gates, begin, end, before, after, scratch, done, out, count)
    return count


@interpreter_kernel(types.int64(*[types.int64] * 6))
def find_flips(head: int, before_at: int, after_at: int, scratch: int, out_at: int, most: int) -> int:
    """Write which rows of answers change between two codings of a customer, in no order; return how many.

    head       address of an index of flips
    before_at  address of int32[dimensions]; after_at  the same
    scratch    address of `scratch_bytes` bytes for this thread alone, zeroed before its first call and then kept
    out_at     address of room for all rows, int32: 2 * row + 1 where it is true now, 2 * row where it was
    most       gates that may be looked at; if there are more, nothing is, and the answer is TOO_MANY
    """
    table = ints_at(head, FLIP_FIELDS)
    before, after, out = shorts_at(before_at, ANY), shorts_at(after_at, ANY), shorts_at(out_at, ANY)
    if _gates_to_look_at(table, before, after) > most:
        return TOO_MANY
    return _flip_all(table, before, after, scratch, out)  # type: ignore[no-any-return]


@kernel(types.int64(*[types.int64] * 8))
def find_flips_of_many(
    head: int, before_at: int, after_at: int, customers: int, scratch: int, out_at: int, capacity: int, ends_at: int
) -> int:
    """Write the flips of customers one after the other; return for how many there was room.

    before_at, after_at  addresses of int32[customers, dimensions]
    scratch              as `find_flips`
    out_at               address of room for `capacity` int32; with less than all rows of it left, nobody else is begun
    ends_at              address of int64[customers]: where each one's flips end in `out`
    """
    table, ends = ints_at(head, FLIP_FIELDS), ints_at(ends_at, ANY)
    stride, rows = 4 * table[FLIP_DIMENSIONS], table[FLIP_ROW_COUNT]
    count = 0
    for customer in range(customers):
        if capacity - count < rows:
            return customer
        before, after = shorts_at(before_at + customer * stride, ANY), shorts_at(after_at + customer * stride, ANY)
        count += _flip_all(table, before, after, scratch, shorts_at(out_at + 4 * count, ANY))
        ends[customer] = count
    return customers
