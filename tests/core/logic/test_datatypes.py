"""Which Arrow type is read as which type of the language."""

import copy
import pickle

import pyarrow as pa
import pytest

from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    Scalar,
    StructType,
    Type,
    Unsupported,
    language_type,
)

READ_AS: list[tuple[pa.DataType, Type]] = [
    (pa.bool_(), BOOL),
    (pa.int8(), INT),
    (pa.int64(), INT),
    (pa.uint8(), UINT),
    (pa.uint64(), UINT),
    (pa.float16(), DOUBLE),
    (pa.float64(), DOUBLE),
    (pa.decimal128(38, 4), DECIMAL),
    (pa.decimal256(38, 4), DECIMAL),
    (pa.decimal256(39, 4), Unsupported("decimal256(39, 4)")),
    (pa.string(), STRING),
    (pa.large_string(), STRING),
    (pa.string_view(), STRING),
    (pa.dictionary(pa.int8(), pa.string()), STRING),
    (pa.dictionary(pa.int32(), pa.int64()), INT),
    (pa.timestamp("s"), TIMESTAMP),
    (pa.timestamp("ns", "Europe/Berlin"), TIMESTAMP),
    (pa.date32(), DATE),
    (pa.date64(), DATE),
    (pa.duration("ms"), DURATION),
    (pa.struct([("a", pa.int8()), ("b", pa.list_(pa.string()))]), StructType((("a", INT), ("b", ListType(STRING))))),
    (pa.map_(pa.string(), pa.float32()), MapType(DOUBLE)),
    (pa.map_(pa.int64(), pa.float32()), Unsupported("map<int64, float>")),
    (pa.list_(pa.int8()), ListType(INT)),
    (pa.large_list(pa.bool_()), ListType(BOOL)),
    (pa.list_(pa.date32(), 3), ListType(DATE)),
    (pa.binary(), Unsupported("binary")),
    (pa.time32("s"), Unsupported("time32[s]")),
]


@pytest.mark.parametrize(("arrow", "kind"), READ_AS, ids=[str(arrow) for arrow, _ in READ_AS])
def test_a_column_is_read_as(arrow: pa.DataType, kind: Type) -> None:
    assert language_type(arrow) == kind


@pytest.mark.parametrize("kind", [BOOL, STRING, DECIMAL], ids=str)
def test_a_type_that_was_pickled_or_copied_is_the_same_object(kind: Scalar) -> None:
    """The checker and the plan compare scalars by `is`."""
    assert pickle.loads(pickle.dumps(kind)) is kind
    assert copy.deepcopy(ListType(kind)).element is kind
