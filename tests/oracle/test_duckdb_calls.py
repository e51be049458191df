"""Every function that DuckDB can say, on the edges of its types: two independent readings of the language."""

from itertools import product

import duckdb
import pyarrow as pa
import pytest

from fasttwitch.logic.datatypes import BOOL, DATE, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT, Type
from fasttwitch.syntax.nodes import Call, Expression, Name
from tests.generators.values import INSTANTS, SPANS, SPECIAL_DOUBLES, SPECIAL_INTEGERS
from tests.generators.words import MOMENTS, NUMBERS, PIECES, TRUTHS, WORDS
from tests.oracle.duckdb_calls import WAYS
from tests.oracle.duckdb_sql import SQL_TYPES, Translator, source
from tests.oracle.instants import DAY, FIRST_DATE, FIRST_TIMESTAMP, LAST_DATE, LAST_TIMESTAMP, clamp
from tests.oracle.interpreter import reader
from tests.oracle.kinds import Row, Value, World

PLACE = (0, 0)
EDGES: dict[Type, tuple[Value, ...]] = {
    BOOL: (True, False),
    INT: (*SPECIAL_INTEGERS, -(2**63), 2**63 - 1, 4, -5, 3_652_500, 3_652_501, -62_135_596_801, 253_402_300_799),
    UINT: (*(number for number in SPECIAL_INTEGERS if number >= 0), 2**64 - 1, 2**63),
    DOUBLE: (*SPECIAL_DOUBLES, 0.49999999999999994, -1.5, 4503599627370497.5, 9223372036854774784.0),
    # DuckDB's strings end at a NUL in some functions.
    STRING: tuple(word for word in (*WORDS, *NUMBERS, *TRUTHS, *MOMENTS, *PIECES) if "\x00" not in word),
    TIMESTAMP: tuple(clamp(instant, FIRST_TIMESTAMP, LAST_TIMESTAMP) for instant in INSTANTS),
    DURATION: (*SPANS, -1_500_000, 3_661_000_999),
    DATE: (FIRST_DATE, LAST_DATE, 0, -1, 19_782, 11_016, *(instant // DAY for instant in INSTANTS[2:6])),
}
ARROW: dict[Type, pa.DataType] = {BOOL: pa.bool_(), UINT: pa.uint64(), DOUBLE: pa.float64(), STRING: pa.string()}
MOST = 3000


def called(name: str, arguments: tuple[Expression, ...]) -> Call:
    """Return a call of a function by its full name."""
    namespace, _, function = name.rpartition(".")
    return Call(function, Name(namespace, PLACE) if namespace else None, arguments, PLACE, PLACE)


@pytest.mark.parametrize(
    ("name", "takes"),
    [way for way in WAYS if way[0] != "matches"],  # a pattern is a constant
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_duckdb_says_the_same(name: str, takes: tuple[Type, ...]) -> None:
    values = [*product(*(EDGES[kind] for kind in takes))]
    values = values[:: max(1, len(values) // MOST)]
    columns = [f"p{place}" for place in range(len(takes))]
    rows: list[Row] = [dict(zip(columns, row, strict=True)) for row in values]
    rows.append(dict.fromkeys(columns))
    table = pa.table(
        {
            column: pa.array([row[column] for row in rows], ARROW.get(kind, pa.int64()))
            for column, kind in zip(columns, takes, strict=True)
        }
    )
    world = World(dict(zip(columns, takes, strict=True)), {}, {}, 0)
    tree = called(name, tuple(Name(column, PLACE) for column in columns))
    shown = source(table, rows)
    shown = type(shown)(shown.table, {c: f'CAST("{c}" AS {SQL_TYPES[world.types[c]]})' for c in columns}, {})
    connection = duckdb.connect(config={"threads": 1})
    connection.register("batch", shown.table)
    text = Translator(shown, world).text(tree)
    found = connection.sql(f"SELECT {text} AS x FROM batch").to_arrow_table().column("x").to_pylist()
    read = reader(tree, world)
    wrong = [(row, read(row), got) for row, got in zip(rows, found, strict=True) if repr(read(row)) != repr(got)]
    assert wrong == []
