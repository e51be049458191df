"""Google's parse trees, read from the bytes in which its library hands them out.

`Expression.serialize()` gives a `google.protobuf.Any` around a `cel.expr.ParsedExpr` or `CheckedExpr`. The few messages
that matter are read here by their field numbers, so that no protobuf library is needed.
"""

import struct
from collections.abc import Mapping
from typing import TypeAlias

Fields: TypeAlias = Mapping[int, list[int | bytes]]
"""The values of a message by field number; a nested message is its bytes."""

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5


def fields(data: bytes) -> Fields:
    """Return the fields of a message."""
    found: dict[int, list[int | bytes]] = {}
    position = 0
    while position < len(data):
        key, position = varint(data, position)
        match key & 7:
            case kind if kind == VARINT:
                value, position = varint(data, position)
                found.setdefault(key >> 3, []).append(value)
            case kind if kind == LENGTH:
                size, position = varint(data, position)
                found.setdefault(key >> 3, []).append(data[position : position + size])
                position += size
            case kind if kind in (FIXED64, FIXED32):
                size = 8 if kind == FIXED64 else 4
                found.setdefault(key >> 3, []).append(data[position : position + size])
                position += size
            case kind:
                raise AssertionError(f"no wire type {kind}")
    return found


def varint(data: bytes, position: int) -> tuple[int, int]:
    """Return the number that begins at a position, and the position after it."""
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7


def nested(message: Fields, number: int) -> Fields:
    """Return the message in a field; one without fields where there is none."""
    return fields(raw(message, number))


def raw(message: Fields, number: int) -> bytes:
    """Return the bytes of a field; none where it is absent."""
    value = message.get(number, [b""])[-1]
    assert isinstance(value, bytes)
    return value


def text(message: Fields, number: int) -> str:
    """Return the string in a field; "" where there is none."""
    return raw(message, number).decode()


def unsigned(message: Fields, number: int) -> int:
    """Return the number in a field; 0 where there is none."""
    value = message.get(number, [0])[-1]
    assert isinstance(value, int)
    return value


def signed(message: Fields, number: int) -> int:
    """Return the int64 in a field; 0 where there is none."""
    value = unsigned(message, number)
    return value - 2**64 if value >= 2**63 else value


def double(message: Fields, number: int) -> float:
    """Return the double in a field."""
    return float(struct.unpack("<d", raw(message, number) or bytes(8))[0])


def messages(message: Fields, number: int) -> list[Fields]:
    """Return the messages of a repeated field."""
    found = []
    for value in message.get(number, []):
        assert isinstance(value, bytes)
        found.append(fields(value))
    return found
