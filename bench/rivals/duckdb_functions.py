"""DuckDB with functions: rules carried over by hand, as one SELECT of counts over a table of its own.

To its advantage: functions are DuckDB's own, instants are stored both with and without their zone, because parts of a
TIMESTAMP need no calendar library, and constants are shifted where its parts of dates count from 1.
"""

from collections.abc import Callable, Mapping, Sequence

import duckdb
import pyarrow as pa

from bench.rivals.conditions import Count
from bench.rivals.sql import quoted
from fasttwitch import syntax
from fasttwitch.syntax import nodes

WORDS = ("tier", "country")


def duckdb_functions(table: pa.Table, segments: Mapping[str, str]) -> Count:
    """Return a function that counts each segment with DuckDB."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET TimeZone = 'UTC'")
    connection.register("arriving", table)
    columns = ", ".join(part for field in table.schema for part in _columns(field, table))
    connection.execute(f"CREATE TABLE customers AS SELECT {columns} FROM arriving")
    connection.unregister("arriving")
    known: dict[str, str] = {}
    for name, text in segments.items():
        known[name] = _sql(syntax.parse(text), known)
    query = f"SELECT {', '.join(f'count_if({sql})' for sql in known.values())} FROM customers"

    def count() -> dict[str, int]:
        row = connection.execute(query).fetchone()
        assert row is not None
        return dict(zip(segments, row, strict=True))

    return count


def _columns(field: pa.Field, table: pa.Table) -> Sequence[str]:
    """Return how a column is taken over."""
    name = str(field.name)
    if name in WORDS:
        words = ", ".join(map(quoted, table[name].chunk(0).dictionary.to_pylist()))
        return (f"{name}::ENUM ({words}) AS {name}",)
    if pa.types.is_timestamp(field.type):
        return name, f"timezone('UTC', {name}::TIMESTAMPTZ)::TIMESTAMP AS {name}_utc"
    return (name,)


def _sql(tree: nodes.Expression, segments: Mapping[str, str]) -> str:
    """Return a tree as SQL."""

    def written(part: nodes.Expression) -> str:
        return _sql(part, segments)

    match tree:
        case nodes.Constant(value=str(text)):
            return quoted(text)
        case nodes.Constant("double", float(number)):
            return f"{number}::DOUBLE"
        case nodes.Constant(value=value):
            return str(value)
        case nodes.Name(name):
            return name
        case nodes.Logical(operator, operands):
            return f"({(' AND ' if operator == '&&' else ' OR ').join(map(written, operands))})"
        case nodes.Unary("!", operand):
            return f"(NOT {written(operand)})"
        case nodes.Call("segment", None, (nodes.Constant(value=str(name)),)):
            return segments[name]
        case nodes.Binary(operator, nodes.Call(function, nodes.Name(name), arguments), right) if function in PARTS:
            part, first = PARTS[function]
            clock = _clock(name, *map(written, arguments))
            return f"({part}({clock}) {_operator(operator)} {_numbers(right, first)})"
        case nodes.Binary("in", left, nodes.ListOf(items)):
            return f"({written(left)} IN ({', '.join(map(written, items))}))"
        case nodes.Binary("+", nodes.Name() | nodes.Binary() as left, right) if _is_text(tree):
            return f"({written(left)} || {written(right)})"
        case nodes.Binary(operator, nodes.Call("indexOf", nodes.Name() as receiver, (part,)), right):
            return f"(instr({written(receiver)}, {written(part)}) {_operator(operator)} {_numbers(right, 1)})"
        case nodes.Binary(operator, left, right):
            return f"({written(left)} {_operator(operator)} {written(right)})"
        case nodes.Index(nodes.Call("split", receiver, (by,)), nodes.Constant(value=int(at))) if receiver is not None:
            return f"split_part({written(receiver)}, {written(by)}, {at + 1})"
        case nodes.Call(function, receiver, arguments):
            given = arguments if receiver is None or function in MATHEMATICS else (receiver, *arguments)
            name = f"math.{function}" if function in MATHEMATICS else function
            return FUNCTIONS[name](*map(written, given))
    raise NotImplementedError(f"workloads have no such rules: {tree}")


def _is_text(tree: nodes.Expression) -> bool:
    """Return whether a sum is one of strings: names of people are the only ones that rules put together."""
    match tree:
        case nodes.Binary("+", left, right):
            return _is_text(left) or _is_text(right)
        case nodes.Name(name):
            return name in ("first_name", "family_name")
    return False


def _operator(operator: str) -> str:
    return {"==": "=", "!=": "<>", "in": "IN"}.get(operator, operator)


def _numbers(tree: nodes.Expression, first: int) -> str:
    """Return an integer, or a list of them, counted from `first`."""
    if isinstance(tree, nodes.ListOf):
        return f"({', '.join(_numbers(item, first) for item in tree.items)})"
    assert isinstance(tree, nodes.Constant)
    assert isinstance(tree.value, int)
    return str(tree.value + first)


def _clock(name: str, zone: str = "") -> str:
    """Return an instant's clock: in UTC, in a zone, or a date as it is."""
    if not name.endswith("_at"):
        return name
    return f"timezone({zone}, {name})" if zone else f"{name}_utc"


def _date(value: str, zone: str = "") -> str:
    return f"DATE {value}" if value.startswith("'") else f"({_clock(value, zone)})::DATE"


def _integer(value: str) -> str:
    if value.endswith("_at"):
        return f"(epoch_us({value}_utc) // 1000000)"
    return f"TRY_CAST({value} AS BIGINT)" if value == "postal_code" else f"trunc({value})::BIGINT"


def _start_of_day(at: str, zone: str) -> str:
    return f"timezone({zone}, date_trunc('day', timezone({zone}, {at})))"


def _extreme(operator: str) -> Callable[[str, str], str]:
    # `greatest` skips NULL, and the answer must be unknown where an operand is.
    return lambda one, other: (
        f"(CASE WHEN {one} {operator} {other} THEN {one} WHEN {other} {operator}= {one} THEN {other} END)"
    )


PARTS = {
    "getHours": ("hour", 0),
    "getDayOfWeek": ("dayofweek", 0),
    "getMonth": ("month", 1),
    "getFullYear": ("year", 0),
    "getDate": ("day", 0),
}
MATHEMATICS = frozenset("abs greatest least round sqrt ceil bitAnd".split())
FUNCTIONS: dict[str, Callable[..., str]] = {
    "date": _date,
    "timestamp": lambda text: f"TIMESTAMPTZ {text}",
    "startOfDay": _start_of_day,
    "int": _integer,
    "double": lambda value: f"{value}::DOUBLE",
    "string": lambda value: f"{value}::VARCHAR",
    "lowerAscii": lambda text: f"lower({text})",
    "upperAscii": lambda text: f"upper({text})",
    "trim": lambda text: f"trim({text})",
    "size": lambda text: f"length({text})",
    "startsWith": lambda text, part: f"starts_with({text}, {part})",
    "endsWith": lambda text, part: f"ends_with({text}, {part})",
    "contains": lambda text, part: f"contains({text}, {part})",
    "replace": lambda text, old, new: f"replace({text}, {old}, {new})",
    "substring": lambda text, begin, end: f"substring({text}, {int(begin) + 1}, {int(end) - int(begin)})",
    "math.abs": lambda value: f"abs({value})",
    "math.greatest": _extreme(">"),
    "math.least": _extreme("<"),
    "math.round": lambda value: f"round({value})",
    "math.sqrt": lambda value: f"sqrt({value})",
    "math.ceil": lambda value: f"ceil({value})",
    "math.bitAnd": lambda value, bits: f"({value} & {bits})",
}
