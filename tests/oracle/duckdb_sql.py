"""Rules as DuckDB SQL: a second opinion from somebody else's engine.

DuckDB reads the Arrow columns itself wherever it reads them as the language does; instants, durations and half floats,
where it does not, are handed over as plain integers and doubles. NULL is unknown. What DuckDB cannot say the same way
is left out: `sql` then returns None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import pyarrow as pa

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
    Type,
    language_type,
)
from fasttwitch.syntax.nodes import Binary, Call, Conditional, Constant, Expression, Index, ListOf, Logical, Unary
from tests.oracle.arithmetic import RANGES
from tests.oracle.arrow import paths_below
from tests.oracle.duckdb_calls import WAYS
from tests.oracle.functions import FUNCTIONS
from tests.oracle.instants import DAY
from tests.oracle.interpreter import NULL_CONSTANT, reader
from tests.oracle.kinds import (
    EXTREMES,
    RELATIONS,
    Row,
    Value,
    World,
    adapts,
    called,
    compared_numbers,
    extreme_kind,
    is_constant,
    kind_of,
    overload,
    path_of,
    shared_kind,
)

SQL_TYPES: Mapping[Type, str] = {
    BOOL: "BOOLEAN",
    INT: "BIGINT",
    UINT: "UBIGINT",
    DOUBLE: "DOUBLE",
    STRING: "VARCHAR",
    TIMESTAMP: "BIGINT",
    DURATION: "BIGINT",
    DATE: "BIGINT",
}
HAND_OVER: Mapping[Type, pa.DataType] = {UINT: pa.uint64(), DOUBLE: pa.float64(), STRING: pa.string(), BOOL: pa.bool_()}
LONGEST = 40_000  # characters of SQL: inlined segments can double at every step


class UnsayableError(Exception):
    """DuckDB has no words for this."""


@dataclass(frozen=True, slots=True)
class Source:
    """A table as DuckDB shall see it.

    table    the columns, some of them handed over in language form
    columns  SQL text of every path
    decimals digits before and after the point of every decimal path
    """

    table: pa.Table
    columns: Mapping[str, str]
    decimals: Mapping[str, tuple[int, int]]


def source(table: pa.Table, rows: Sequence[Row]) -> Source:
    """Return the table for DuckDB; `rows` are its rows in language form."""
    arrays: dict[str, pa.ChunkedArray | pa.Array] = {}
    columns: dict[str, str] = {}
    decimals: dict[str, tuple[int, int]] = {}
    for field in table.schema:
        below = list(paths_below(field.name, language_type(field.type)))
        decimals |= dict(digits(field.name, field.type))
        if reads_alike(field.type):
            arrays[field.name] = table.column(field.name)
            columns |= {path: extracted(path, table.schema) for path, _ in below}
            continue
        for path, kind in below:
            values = [row[path] for row in rows]
            stored = pa.decimal128(38, decimals[path][1]) if kind == DECIMAL else HAND_OVER.get(kind, pa.int64())
            if kind not in SQL_TYPES and kind != DECIMAL:
                stored = pa.bool_()  # a struct: there or not
            arrays[path] = pa.array(values, type=stored)
            columns[path] = f'"{path}"'
    return Source(fresh(pa.table(arrays)), columns, decimals)


def fresh(table: pa.Table) -> pa.Table:
    """Return a copy in one chunk that begins at its first row: DuckDB 2.0 misreads slices and shuffles chunks."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return pa.ipc.open_stream(sink.getvalue()).read_all().combine_chunks()


def reads_alike(stored: pa.DataType) -> bool:
    """Return whether DuckDB reads the Arrow type as the language does."""
    types = pa.types
    if types.is_struct(stored):
        return all(reads_alike(child.type) for child in stored)
    plain_decimal = types.is_decimal128(stored) and stored.scale >= 0
    return not (
        types.is_temporal(stored)
        or types.is_float16(stored)
        or types.is_dictionary(stored)
        or (types.is_decimal(stored) and not plain_decimal)
    )


def digits(path: str, stored: pa.DataType) -> list[tuple[str, tuple[int, int]]]:
    """Return every decimal path at or below a column, with its digits before and after the point."""
    if pa.types.is_struct(stored):
        return [found for child in stored for found in digits(f"{path}.{child.name}", child.type)]
    if pa.types.is_dictionary(stored):
        return digits(path, stored.value_type)
    return [(path, (stored.precision - stored.scale, max(stored.scale, 0)))] if pa.types.is_decimal(stored) else []


def extracted(path: str, schema: pa.Schema) -> str:
    """Return SQL for the value at a path, in the one type that stands for its language type."""
    first, *steps = path.split(".")
    text, stored = f'"{first}"', schema.field(first).type
    for step in steps:
        text, stored = f"struct_extract({text}, '{step}')", stored.field(stored.get_field_index(step)).type
    kind = language_type(stored)
    return f"CAST({text} AS {SQL_TYPES[kind]})" if kind in (INT, UINT, DOUBLE) else text


def answers(
    connection: duckdb.DuckDBPyConnection, rules: Mapping[str, Expression], source: Source, world: World
) -> dict[str, list[bool | None]]:
    """Return what DuckDB says of every row, for each rule that it can say."""
    texts = {name: sql(tree, source, world) for name, tree in rules.items()}
    said = {name: text for name, text in texts.items() if text is not None}
    found: dict[str, list[bool | None]] = {}
    connection.register("batch", source.table)
    names = list(said)
    for start in range(0, len(names), 20):  # DuckDB plans wide SELECTs in more than linear time
        some = names[start : start + 20]
        columns = ", ".join(f'{said[name]} AS "{name}"' for name in some)
        result = connection.sql(f"SELECT {columns} FROM batch").to_arrow_table()
        found |= {name: result.column(name).to_pylist() for name in some}
    connection.unregister("batch")
    return found


def sql(tree: Expression, source: Source, world: World) -> str | None:
    """Return a rule as a SQL expression of type BOOLEAN, or None."""
    try:
        return Translator(source, world).text(tree, BOOL)
    except UnsayableError:
        return None


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates trees over one source."""

    source: Source
    world: World

    def text(self, tree: Expression, kind: Type | None = None) -> str:
        """Return SQL for a tree, as a value of type `kind` if that is given."""
        text = self.plain(tree, kind or kind_of(tree, self.world))
        if len(text) > LONGEST:
            raise UnsayableError
        return text

    def plain(self, tree: Expression, kind: Type) -> str:
        """Return SQL for a tree as a value of type `kind`."""
        path = path_of(tree)
        if path is not None and path in self.source.columns:
            return self.source.columns[path]
        match tree:
            case Constant():
                return self.constant(tree, kind)
            case Call() if is_constant(tree) and kind in SQL_TYPES:
                return self.constant(tree, kind)
            case Unary("!", operand):
                return f"(NOT {self.text(operand)})"
            case Unary("-", operand):
                inner = self.text(operand, kind)
                return f"(-{inner})" if kind == DOUBLE else f"TRY(CAST(0 AS BIGINT) - {inner})"
            case Logical(operator, operands):
                word = " AND " if operator == "&&" else " OR "
                return f"({word.join(self.text(operand) for operand in operands)})"
            case Conditional(condition, then, otherwise):
                when = self.text(condition)
                branches = self.text(then, kind), self.text(otherwise, kind)
                return f"(CASE WHEN {when} THEN {branches[0]} WHEN NOT {when} THEN {branches[1]} END)"
            case Binary("in", operand, right):
                return self.membership(operand, right)
            case Binary(operator, left, right) if operator in RELATIONS:
                return self.comparison(operator, left, right)
            case Binary(operator, left, right):
                return self.arithmetic(operator, left, right, kind)
            case Index(Call("split", text, (Constant("string", separator),)), Constant("int", int(place))) if (
                text and separator
            ):
                return f"string_split({self.text(text)}, {literal(str(separator), STRING)})[{place + 1}]"
            case Call():
                return self.call(tree, kind)
        if path == "now":
            return literal(self.world.now, TIMESTAMP)
        raise UnsayableError

    def call(self, tree: Call, kind: Type) -> str:
        """Return SQL for a function call."""
        arguments = tree.arguments if tree.receiver is None else (tree.receiver, *tree.arguments)
        match tree.function, arguments:
            case "has", (operand,):
                return f"({self.text(operand)} IS NOT NULL)"
            case "isTrue", (operand,):
                return f"coalesce({self.text(operand)}, FALSE)"
            case "isKnown", (operand,):
                return f"({self.text(operand)} IS NOT NULL)"
            case "coalesce", _:
                return f"coalesce({', '.join(self.text(argument, kind) for argument in arguments)})"
            case "segment", (Constant("string", str(name)),):
                return self.text(self.world.segments[name])
        name, arguments = called(tree)
        if name in EXTREMES:
            return self.extreme(name, compared_numbers(arguments))
        match name, arguments:
            case "replace", (text, Constant("string", old), new) if old:
                return f"replace({self.text(text)}, {literal(str(old), STRING)}, {self.text(new)})"
            case "size", (Call("split", text, (Constant("string", separator),)),) if text and separator:
                return f"len(string_split({self.text(text)}, {literal(str(separator), STRING)}))"
        if name not in FUNCTIONS:
            raise UnsayableError
        way = overload(name, arguments, self.world)
        template = WAYS.get((name, way.takes))
        if template is None:
            raise UnsayableError
        texts = [self.text(argument, wanted) for argument, wanted in zip(arguments, way.takes, strict=True)]
        return f"({template.format(*texts)})"

    def extreme(self, name: str, numbers: tuple[Expression, ...]) -> str:
        """Return SQL for the greatest or the least number: the first one, unless a later one goes beyond it."""
        kind = extreme_kind(numbers, self.world)
        best, *others = (self.text(number, kind) for number in numbers)
        symbol = ">" if name == "math.greatest" else "<"
        for other in others:
            known = f"{best} IS NOT NULL AND {other} IS NOT NULL"
            nan = f"isnan({best}) OR isnan({other})" if kind == DOUBLE else "FALSE"
            stays = f"{nan} OR NOT {other} {symbol} {best}"
            best = f"(CASE WHEN {known} THEN CASE WHEN {stays} THEN {best} ELSE {other} END END)"
            if len(best) > LONGEST:
                raise UnsayableError
        return best

    def constant(self, tree: Expression, kind: Type) -> str:
        """Return SQL for a constant."""
        value = reader(tree, self.world, kind)({})
        if value is None:
            return f"CAST(NULL AS {SQL_TYPES[kind]})"
        return literal(value, kind)

    def comparison(self, operator: str, left: Expression, right: Expression) -> str:
        """Return SQL for a comparison, with NaN as IEEE has it."""
        for operand, other in ((left, right), (right, left)):
            if other == NULL_CONSTANT:
                return f"({self.text(operand)} IS {'NULL' if operator == '==' else 'NOT NULL'})"
        kind = self.meeting_kind(left, right)
        symbol = {"==": "=", "!=": "<>"}.get(operator, operator)
        one, two = (self.converted(side, kind, (left, right)) for side in (left, right))
        plain = f"({one} {symbol} {two})"
        if kind != DOUBLE:
            return plain
        odd = "TRUE" if operator == "!=" else "FALSE"
        known = f"{one} IS NULL OR {two} IS NULL"
        return f"(CASE WHEN {known} THEN NULL WHEN isnan({one}) OR isnan({two}) THEN {odd} ELSE {plain} END)"

    def meeting_kind(self, left: Expression, right: Expression) -> Type:
        """Return the type in which two sides are compared."""
        kinds = kind_of(left, self.world), kind_of(right, self.world)
        if not set(kinds) <= {*SQL_TYPES, DECIMAL}:
            raise UnsayableError
        if kinds[0] == kinds[1]:
            return kinds[0]
        for kind in (DECIMAL, TIMESTAMP, DATE, DOUBLE):
            if kind in kinds:
                return kind
        return UINT

    def converted(self, side: Expression, kind: Type, both: tuple[Expression, Expression]) -> str:
        """Return SQL for one side of a comparison as a value of the type in which both meet."""
        if kind == DECIMAL:
            return self.decimal(side, self.common_digits(both))
        own = kind_of(side, self.world)
        if kind == UINT:  # int beside uint: exact
            return f"CAST({self.text(side)} AS HUGEINT)"
        if kind == DOUBLE and own != DOUBLE:
            return f"CAST({self.text(side)} AS DOUBLE)"
        return self.text(side, kind)

    def common_digits(self, trees: Sequence[Expression]) -> str:
        """Return the DECIMAL type that holds all decimals of these trees exactly."""
        whole, fraction = 1, 0
        for tree in trees:
            path = path_of(tree)
            if path is not None and path in self.source.decimals:
                before, after = self.source.decimals[path]
            elif is_constant(tree):
                before, after = places(reader(tree, self.world, DECIMAL)({}))
            else:
                raise UnsayableError
            whole, fraction = max(whole, before), max(fraction, after)
        if whole + fraction > 38:
            raise UnsayableError
        return f"DECIMAL(38, {fraction})"

    def decimal(self, tree: Expression, decimal_type: str) -> str:
        """Return SQL for a decimal column or constant in a common DECIMAL type."""
        if is_constant(tree):
            return f"CAST('{reader(tree, self.world, DECIMAL)({}):f}' AS {decimal_type})"
        return f"CAST({self.text(tree)} AS {decimal_type})"

    def membership(self, operand: Expression, right: Expression) -> str:
        """Return SQL for `operand in right`."""
        kind = kind_of(operand, self.world)
        match right:
            case ListOf(()):
                return f"(CASE WHEN {self.text(operand)} IS NOT NULL THEN FALSE END)"
            case ListOf(items) if kind == DECIMAL:
                common = self.common_digits((operand, *items))
                return (
                    f"({self.decimal(operand, common)} IN ({', '.join(self.decimal(item, common) for item in items)}))"
                )
            case ListOf(items):
                listed = shared_kind(items, self.world)
                if kind in (TIMESTAMP, DATE) or (listed == INT and kind == DOUBLE):
                    listed = kind
                values = [self.constant(item, listed) for item in items]
            case Call("list", None, (Constant("string", str(name)),)):
                listed = self.world.lists[name].kind
                values = [literal(value, listed) for value in self.world.lists[name].values]
            case _:
                raise UnsayableError
        meeting = DOUBLE if DOUBLE in (kind, listed) else kind
        left = f"CAST({self.text(operand)} AS DOUBLE)" if meeting != kind else self.text(operand)
        if {kind, listed} == {INT, UINT}:
            left = f"CAST({left} AS HUGEINT)"
        return f"({left} IN ({', '.join(values)}))"

    def arithmetic(self, operator: str, left: Expression, right: Expression, kind: Type) -> str:
        """Return SQL for checked arithmetic."""
        own = kind_of(Binary(operator, left, right, (0, 0), (0, 0)), self.world)
        wanted = [own if adapts(side) and own in (UINT, DOUBLE) else None for side in (left, right)]
        one, two = self.text(left, wanted[0]), self.text(right, wanted[1])
        if own == STRING:
            return f"({one} || {two})"
        if own == DOUBLE:
            return f"({one} {operator} {two})"
        if own == DATE:
            two = f"({two} // {DAY})"
        result = f"TRY({one} {'//' if operator == '/' else operator} {two})"
        if own in (INT, UINT):
            return result
        low, high = RANGES[own]
        return f"(CASE WHEN {result} BETWEEN {low} AND {high} THEN {result} END)"


def places(value: Value | None) -> tuple[int, int]:
    """Return how many digits a decimal has before and after the point."""
    assert isinstance(value, Decimal)
    whole, _, fraction = format(value.copy_abs(), "f").partition(".")
    return len(whole), len(fraction)


def literal(value: Value, kind: Type) -> str:
    """Return a value as a SQL constant of its type."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            if "\x00" in value:
                raise UnsayableError
            return "'" + value.replace("'", "''") + "'"
        case Decimal():
            raise UnsayableError
    return f"CAST('{value!r}' AS {SQL_TYPES[kind]})"
