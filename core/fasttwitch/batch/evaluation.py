"""Expressions as whole columns, for what the kernels have no steps for: strings, decimals, versions, lists.

A function runs once for each distinct string where one string column decides, else once a row. Rows are taken some ten
thousand at a time, by all threads: what lies between two functions stays in the caches. Arrow does what it does exactly
as the language says (`batch.arrow_forms`); all else goes through the definitions of the catalogue, value by value.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa

from fasttwitch.batch.arrow_forms import FORMS, Column, Fixed, in_arrow
from fasttwitch.batch.columns import TEXTS, column_at
from fasttwitch.batch.exact import as_language
from fasttwitch.batch.interning import interned
from fasttwitch.batch.outline import Outline, outline
from fasttwitch.batch.text import plain
from fasttwitch.logic.datatypes import DATE, DURATION, SEMVER, STRING, TIMESTAMP, Type
from fasttwitch.logic.evaluation import definition
from fasttwitch.logic.folding import COMPARISONS
from fasttwitch.logic.nodes import Apply, Attribute, Coalesce, Compare, Constant, Expression, In, ListOf, Now, Value
from fasttwitch.plan.reads import attributes_of, only_text
from fasttwitch.pool import run_together

# Few enough for what lies between two functions to stay near the processor, many enough for the calls to cost nothing.
ROWS_AT_ONCE = 65_536

# Functions of a string that cost some 5 to 50 ns, and how many of them cost less than finding an equal string.
QUICK = frozenset(
    [
        "startsWith",
        "endsWith",
        "contains",
        "indexOf",
        "substring",
        "lowerAscii",
        "upperAscii",
        "trim",
        "size",
        "replace",
        "int",
    ]
)
MOST_QUICK = 4
# As what the kernels take a computed column.
STORED: Mapping[Type, pa.DataType] = {TIMESTAMP: pa.timestamp("us"), DURATION: pa.duration("us"), DATE: pa.date32()}


def computed(expressions: Sequence[Expression], table: pa.Table, now: int, threads: int) -> list[pa.ChunkedArray]:
    """Return expressions over the columns of a table, null where they are unknown.

    Errors: DataError if a column is missing or of another type than the program was compiled for.
    """
    found: dict[int, pa.ChunkedArray] = {}
    kinds = {attribute.path: attribute.type for expression in expressions for attribute in attributes_of(expression)}
    columns = {path: column_at(table, path, kind) for path, kind in kinds.items()}
    once_each: dict[tuple[str, ...], list[int]] = {}
    for number, expression in enumerate(expressions):
        if only_text(expression):
            path = next(attributes_of(expression)).path
            if pa.types.is_dictionary(columns[path].type) or (columns[path].type in TEXTS and _is_costly(expression)):
                once_each.setdefault(path, []).append(number)
    for path, numbers in once_each.items():
        column = columns[path]
        if not pa.types.is_dictionary(column.type):
            column = interned(column, threads)
        of_path = outline([expressions[number] for number in numbers])
        found |= zip(numbers, _once_each(of_path, column, threads), strict=True)
    rest = [number for number in range(len(expressions)) if number not in found]
    if rest:
        of_rows = outline([expressions[number] for number in rest])
        results = _in_parts(of_rows, table.num_rows, now, threads, lambda begin, rows: _part(columns, begin, rows))
        found |= {number: pa.chunked_array([result]) for number, result in zip(rest, results, strict=True)}
    return [found[number] for number in range(len(expressions))]


def judged(tests: Outline, strings: pa.Array, threads: int) -> list[pa.Array]:
    """Return expressions that read one string column, for each of some strings."""
    strings = plain(strings)

    def part(begin: int, rows: int) -> Callable[[Attribute], pa.Array]:
        some = pa.concat_arrays([strings.slice(begin, rows)])
        return lambda _: some

    return _in_parts(tests, len(strings), 0, threads, part)


def is_quick(tests: Outline) -> bool:
    """Return whether tests of a string take no longer than looking for that string among some ten thousand others."""
    functions = [expression.function for expression, _ in tests.steps if isinstance(expression, Apply)]
    return len(functions) <= MOST_QUICK and QUICK.issuperset(functions)


def stored_type(kind: Type) -> pa.DataType:
    """Return the Arrow type in which the kernels take a computed column."""
    return STORED.get(kind) or FORMS[kind]


def _is_costly(expression: Expression) -> bool:
    """Return whether an expression costs more than finding out which strings are the same."""
    return not (isinstance(expression, Apply) and expression.function in ("size", "bucket"))


def _once_each(tests: Outline, column: pa.ChunkedArray, threads: int) -> list[pa.ChunkedArray]:
    """Return expressions over one string column, evaluated once for each distinct string."""
    chunks = [
        [values.take(chunk.indices) for values in judged(tests, chunk.dictionary, threads)] for chunk in column.chunks
    ]
    return [
        pa.chunked_array([chunk[i] for chunk in chunks], type=stored_type(tests.steps[number][0].type))
        for i, number in enumerate(tests.results)
    ]


def _part(columns: Mapping[tuple[str, ...], pa.ChunkedArray], begin: int, rows: int) -> Callable[[Attribute], pa.Array]:
    """Return what gives some rows of an attribute in one contiguous array that begins at offset 0.

    Several functions of Arrow make mistakes where offsets or bytes of strings begin elsewhere.
    """

    def read(attribute: Attribute) -> pa.Array:
        part = as_language(columns[attribute.path].slice(begin, rows), attribute.type)
        if not part.num_chunks:
            return pa.array([], part.type)
        needs_copy = part.num_chunks > 1 or attribute.type is STRING
        return pa.concat_arrays(part.chunks) if needs_copy else part.chunk(0)

    return read


def _in_parts(
    steps: Outline, rows: int, now: int, threads: int, part: Callable[[int, int], Callable[[Attribute], pa.Array]]
) -> list[pa.Array]:
    """Return the results of an outline over so many rows, some of them at a time."""
    begins = list(range(0, rows, ROWS_AT_ONCE)) or [0]
    results: list[list[pa.Array]] = [[] for _ in begins]
    places = itertools.count()

    def work() -> None:
        while (place := next(places)) < len(begins):
            begin = begins[place]
            length = min(ROWS_AT_ONCE, rows - begin)
            results[place] = evaluate(steps, part(begin, length), length, now)

    run_together(min(threads, len(begins)), work)
    if len(results) == 1:
        return results[0]
    return [pa.concat_arrays(parts) for parts in zip(*results, strict=True)]


def evaluate(steps: Outline, read: Callable[[Attribute], pa.Array], rows: int, now: int) -> list[pa.Array]:
    """Return the results of an outline, null where they are unknown.

    read  an attribute's values
    rows  how many those are
    now   µs since 1970 UTC
    """
    columns: list[Column] = []
    for expression, operands in steps.steps:
        columns.append(_column(expression, [columns[number] for number in operands], read, rows, now))
    return [_stored(columns[number], steps.steps[number][0].type, rows) for number in steps.results]


def _column(
    expression: Expression, operands: list[Column], read: Callable[[Attribute], pa.Array], rows: int, now: int
) -> Column:
    """Return an expression over so many rows, given what its operands are there."""
    match expression:
        case Constant(value):
            return Fixed(value)
        case Now():
            return Fixed(now)
        case Attribute():
            return read(expression)
        case Coalesce():
            return _first_known(operands, expression.type, rows)
        case Apply() | Compare() | In() | ListOf():
            quick = in_arrow(expression, operands)
            return _by_value(expression, operands, rows) if quick is None else quick
    raise AssertionError(f"not a value: {expression}")


def _stored(column: Column, kind: Type, rows: int) -> pa.Array:
    """Return a column as the kernels take it."""
    if isinstance(column, Fixed):
        column = pa.array([column.value] * rows, FORMS[kind])
    elif isinstance(column, list):
        column = pa.array(column, FORMS[kind])
    if kind is DATE:
        column = column.cast(pa.int32())
    return column.cast(STORED[kind]) if kind in STORED else column


def _first_known(columns: Sequence[Column], kind: Type, rows: int) -> Column:
    """Return the first column that is not null, row by row."""
    lists = [_values(column, rows) for column in columns]
    found = [next((value for value in row if value is not None), None) for row in zip(*lists, strict=True)]
    return pa.array(found, FORMS[kind]) if kind in FORMS else found


def _by_value(expression: Apply | Compare | In | ListOf, operands: Sequence[Column], rows: int) -> Column:
    """Return a function of operands, one row after the other; unknown where any of them is."""
    define = _definition(expression)
    lists = [_values(operand, rows) for operand in operands]
    match lists:
        case [only]:
            values = [None if value is None else define(value) for value in only]
        case [left, right]:
            values = [
                None if one is None or two is None else define(one, two) for one, two in zip(left, right, strict=True)
            ]
        case _:
            values = [None if None in row else define(*row) for row in zip(*lists, strict=True)]
    kind = expression.type
    return pa.array(values, FORMS[kind]) if kind in FORMS else values


def _definition(expression: Apply | Compare | In | ListOf) -> Callable[..., Value | None]:
    """Return what an expression does to values; versions are in order as Python orders them."""
    match expression:
        case Compare(operator, left, right) if left.type is SEMVER and right.type is SEMVER:
            return COMPARISONS[operator]
    return definition(expression)


def _values(column: Column, rows: int) -> list[Value | None]:
    """Return a column as values of Python; lists are tuples."""
    match column:
        case Fixed(value):
            return [value] * rows
        case list():
            return column
        case pa.ListArray():
            return [None if value is None else tuple(value) for value in column.to_pylist()]
        case _:
            found: list[Value | None] = column.to_pylist()
            return found
