"""Files of customers: their schema, and those of their columns that somebody needs."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet as pq

from fasttwitch.errors import DataError, RulesetError
from fasttwitch.logic.datatypes import BOOL, DATE, DOUBLE, INT, STRING, TIMESTAMP, UINT, Type, language_type
from fasttwitch.logic.names import nearest

FORMATS = {
    ".parquet": "Parquet",
    ".arrow": "Arrow",
    ".feather": "Arrow",
    ".ipc": "Arrow",
    ".arrows": "Arrow",
    ".csv": "CSV",
}

# The reader infers types from the first block alone: a larger one is right more often about sparse columns.
_CSV_BLOCK_BYTES = 16 * 1024 * 1024
# Addresses and notes hold line ends; to look for quotes when cutting blocks costs a tenth of the reading.
_CSV_SHAPE = pa.csv.ParseOptions(newlines_in_values=True)
_CSV_TYPES: Mapping[Type, pa.DataType] = {
    BOOL: pa.bool_(),
    INT: pa.int64(),
    UINT: pa.uint64(),
    DOUBLE: pa.float64(),
    STRING: pa.string(),
    DATE: pa.date32(),
    TIMESTAMP: pa.timestamp("us", "UTC"),
}

# By its first bytes: what a file is whatever its name says.
_MAGIC = {b"PAR1": ("a Parquet file", ".parquet"), b"ARROW1": ("an Arrow file", ".arrow")}

_CSV_VALUE = re.compile(r"CSV conversion error to (?P<type>.+): invalid value '(?P<value>.*)'")

# What a column may be if the guess is wrong: one odd value makes text of numbers, and midnights look like days.
_LIKELY_INSTEAD: Mapping[Type, Type] = {STRING: INT, DATE: TIMESTAMP, INT: STRING}

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """A file of customers that has been looked at, and not yet read.

    schema    of all its columns; CSV gets types from what was declared, then from its first 16 MiB
    declared  the columns whose types somebody declared
    """

    path: Path
    format: str
    schema: pa.Schema
    key: str
    declared: frozenset[str] = frozenset()

    def read(self, columns: Iterable[str]) -> pa.Table:
        """Return those columns, in the order of the file; raises DataError if the file does not hold what it said."""
        wanted = set(columns)
        names = [name for name in self.schema.names if name in wanted]
        return _guarded(self.path, self.format, lambda: _READERS[self.format](self, names))

    def find(self, column: str, what: str) -> str:
        """Return `column` if the file has it; else raises DataError with the nearest name it has."""
        if column in self.schema.names:
            return column
        meant = nearest(column, self.schema.names)
        fix = f"did you mean `{meant}`?" if meant else f"its columns: {_some(self.schema.names)}"
        separator = self._other_separator()
        if separator:
            fix = f"its values are separated by {separator}: save it with commas"
        raise DataError(f"{self.path} has no column `{column}`, which is {what}", fix)

    def _other_separator(self) -> str:
        """Return what separates values in a CSV file that seems to have one column, in words."""
        if self.format != "CSV" or len(self.schema.names) > 1:
            return ""
        header = "".join(self.schema.names)
        return next((words for mark, words in ((";", "`;`"), ("\t", "tabs"), ("|", "`|`")) if mark in header), "")

    @contextmanager
    def owning_guesses(self) -> Iterator[None]:
        """Add to errors of rules that types were guessed, where the rules may be right and the guess wrong."""
        try:
            yield
        except RulesetError as error:
            guessed = [name for name in self._named_in(error) if name not in self.declared]
            if self.format == "CSV" and guessed:
                error.add_note(self._guesses(guessed))
            raise

    def _named_in(self, error: RulesetError) -> list[str]:
        quoted = " ".join(part for one in error.problems for part in re.findall("`[^`]*`", one.message))
        words = set(re.findall(r"\w+", quoted))
        return [name for name in self.schema.names if name in words]

    def _guesses(self, names: list[str]) -> str:
        """Return a note about the types of these columns, and how to say the right ones."""
        types = {name: language_type(self.schema.field(name).type) for name in names}
        first = names[0]
        wanted = _LIKELY_INSTEAD.get(types[first], STRING)
        told = ", ".join(f"`{name}` ({kind})" for name, kind in types.items())
        return (
            f"note: CSV has no types, so those of {self.path} are guesses: {told}\n"
            f"  = fix: if one is wrong, say it in the ruleset: `attributes: {{{first}: {wanted}}}`"
        )


def open_customers(path: Path, key: str, declared: Mapping[str, Type]) -> CustomerFile:
    """Return what a file holds.

    key       the column of ids: text in CSV unless declared otherwise, so that 00042 keeps its zeros
    declared  types by column, for formats that have none
    """
    format_name = FORMATS.get(path.suffix.lower())
    if path.is_dir():
        raise DataError(f"{path} is a folder", "give one file of customers")
    if format_name is None:
        known = ", ".join(FORMATS)
        raise DataError(f"{path} has no name that says what is in it", f"files of customers end in {known}")
    types = {key: STRING, **declared}
    schema = _guarded(path, format_name, lambda: _SCHEMAS[format_name](path, types))
    return CustomerFile(path, format_name, _distinct(path, schema), key, frozenset(declared))


def _guarded(path: Path, format_name: str, read: Callable[[], Result]) -> Result:
    """Return what `read` returns, or raise DataError in words that do not need a stack trace."""
    try:
        if path.stat().st_size == 0:
            raise DataError(f"{path} is empty: not even a header", "write it again")
        return read()
    except FileNotFoundError:
        raise DataError(f"there is no file {path}", "check the path") from None
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.strerror:
            raise DataError(f"{path} cannot be read: {error.strerror.lower()}", "check the path") from error
        raise _not_whole(path, format_name, _first_line(error)) from error


def _not_whole(path: Path, format_name: str, said: str) -> DataError:
    """Return the error for contents that are not what the file's name promises."""
    with path.open("rb") as file:
        start = file.read(6)
    for magic, (kind, suffix) in _MAGIC.items():
        if start.startswith(magic) and FORMATS[suffix] != format_name:
            return DataError(f"{path} is {kind}, whatever its name says", f"let its name end in {suffix}")
    if format_name != "CSV":
        fix = f"copy or write it again; the reader says: {said}"
        return DataError(f"{path} is no {format_name} file, or not all of one", fix)
    if "straddl" in said:  # no value is as large as a block: it runs on and on
        return DataError(*_open_quote(path))
    value = _CSV_VALUE.search(said)
    if value is None:
        fix = "one header line, then as many values in each line, separated by commas"
        return DataError(f"{path} is not CSV as expected: {said.removeprefix('CSV parse error: ')}", fix)
    fix = "declare the column's type under `attributes` of the ruleset, or mend the file"
    return DataError(f"{path} holds `{value['value']}` in a column of {value['type']}", fix)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _distinct(path: Path, schema: pa.Schema) -> pa.Schema:
    twice = sorted({name for name in schema.names if schema.names.count(name) > 1})
    if twice:
        raise DataError(f"{path} has two columns `{twice[0]}`", "rename one of them")
    return schema


def _some(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:8]) + (" …" if len(names) > 8 else "")


def _parquet_schema(path: Path, types: Mapping[str, Type]) -> pa.Schema:
    return pq.read_schema(path, memory_map=True)


def _read_parquet(file: CustomerFile, names: list[str]) -> pa.Table:
    # Texts repeat: reading them as dictionaries skips a million copies, and rules look at each distinct text once.
    # A key does not repeat.
    texts = [name for name in names if name != file.key and pa.types.is_string(file.schema.field(name).type)]
    return pq.read_table(file.path, columns=names, memory_map=True, read_dictionary=texts, partitioning=None)


def _is_ipc_file(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(6) == b"ARROW1"


def _ipc_schema(path: Path, types: Mapping[str, Type]) -> pa.Schema:
    with pa.memory_map(str(path)) as source:
        reader = pa.ipc.open_file(source) if _is_ipc_file(path) else pa.ipc.open_stream(source)
        return reader.schema


def _read_ipc(file: CustomerFile, names: list[str]) -> pa.Table:
    options = pa.ipc.IpcReadOptions(included_fields=[file.schema.get_field_index(name) for name in names])
    source = pa.memory_map(str(file.path))  # stays open as long as a column of it lives
    open_reader: Any = pa.ipc.open_file if _is_ipc_file(file.path) else pa.ipc.open_stream
    return open_reader(source, options=options).read_all()


def _csv_options(types: Mapping[str, pa.DataType], names: list[str]) -> pa.csv.ConvertOptions:
    # An empty cell is null, a quoted empty one is an empty text, and `NA` is Namibia.
    return pa.csv.ConvertOptions(
        column_types=dict(types),
        include_columns=names,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )


def _csv_schema(path: Path, types: Mapping[str, Type]) -> pa.Schema:
    known = {name: _CSV_TYPES[type_] for name, type_ in types.items() if type_ in _CSV_TYPES}
    reader = pa.csv.open_csv(
        path,
        read_options=pa.csv.ReadOptions(block_size=_CSV_BLOCK_BYTES),
        parse_options=_CSV_SHAPE,
        convert_options=_csv_options(known, []),
    )
    with reader:
        schema = reader.schema
    for field in schema:
        if pa.types.is_binary(field.type):
            raise DataError(f"column `{field.name}` of {path} is not UTF-8 text", "save the file again as UTF-8")
    # A column without a single value so far says nothing about its type: read it as text.
    return pa.schema([field.with_type(pa.string()) if pa.types.is_null(field.type) else field for field in schema])


def _refuse_open_quote(path: Path) -> None:
    """Fail where a quote is never closed: the reader takes all further customers for the end of one value."""
    with path.open("rb") as file:
        quotes = sum(chunk.count(b'"') for chunk in iter(lambda: file.read(_CSV_BLOCK_BYTES), b""))
    if quotes % 2 == 0:
        return
    # It may be the mark for inches in a plain value. Who has such a file waits until all of it has been looked at.
    with path.open(newline="", encoding="utf-8", errors="replace") as text:
        try:
            for _ in csv.reader(text, strict=True):
                pass
        except csv.Error as error:
            if "unexpected end" in str(error) or "field limit" in str(error):
                raise DataError(*_open_quote(path)) from error


def _open_quote(path: Path) -> tuple[str, str]:
    message = f"{path} is not CSV as expected: a value that begins with a quote never ends"
    return message, "close the quote, or double the quotes inside a value"


def _read_csv(file: CustomerFile, names: list[str]) -> pa.Table:
    _refuse_open_quote(file.path)
    types = {name: file.schema.field(name).type for name in names}
    return pa.csv.read_csv(file.path, parse_options=_CSV_SHAPE, convert_options=_csv_options(types, names))


_SCHEMAS: Mapping[str, Callable[[Path, Mapping[str, Type]], pa.Schema]] = {
    "Parquet": _parquet_schema,
    "Arrow": _ipc_schema,
    "CSV": _csv_schema,
}
_READERS: Mapping[str, Callable[[CustomerFile, list[str]], pa.Table]] = {
    "Parquet": _read_parquet,
    "Arrow": _read_ipc,
    "CSV": _read_csv,
}
