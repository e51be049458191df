"""Files of values: text with one value a line, CSV, or a column of Parquet."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from fasttwitch.logic.instants import Refusal

LENGTH_LIMIT = 10_000_000

_COLUMN_FIX = "say which one: `column: …`"


@dataclass(frozen=True, slots=True)
class FileValues:
    """Values as texts, "" for a null.

    unit   what the file counts by: "line" or "row"
    first  number of the line or row that the first value stands in
    """

    texts: list[str]
    unit: str
    first: int


def read_values(path: Path, column: str) -> FileValues | Refusal:
    """Return the values of one column of a file, or why they cannot be read.

    column  its name, or "" for a file that has one column and no header
    """
    try:
        values = _read(path, column)
    except FileNotFoundError:
        return Refusal("there is no such file", f"looked for {path}")
    except OSError as error:
        return Refusal((error.strerror or str(error)).lower(), f"look at {path}")
    except UnicodeDecodeError as error:
        return Refusal(f"byte {error.start + 1} is not UTF-8 text", "save it again as UTF-8")
    except csv.Error as error:
        return Refusal(f"it is not CSV: {error}")
    if isinstance(values, FileValues) and len(values.texts) > LENGTH_LIMIT:
        return Refusal(f"a list holds at most {LENGTH_LIMIT:,} values, and this one has {len(values.texts):,}")
    return values


def _read(path: Path, column: str) -> FileValues | Refusal:
    match path.suffix.lower():
        case ".parquet":
            return _read_parquet(path, column)
        case ".csv":
            return _read_table(path, column, ",")
        case ".tsv":
            return _read_table(path, column, "\t")
        case _:
            return FileValues(_without_end(_text(path).splitlines()), "line", 1)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")


def _without_end(texts: list[str]) -> list[str]:
    """Return the values without empty lines at the end, which are no values."""
    end = len(texts)
    while end and not texts[end - 1].strip():
        end -= 1
    return texts[:end]


def _read_table(path: Path, column: str, delimiter: str) -> FileValues | Refusal:
    rows = list(csv.reader(io.StringIO(_text(path), newline=""), delimiter=delimiter))
    if not column:
        if any(len(row) > 1 for row in rows):
            return Refusal("it has several columns", _COLUMN_FIX)
        return FileValues(_without_end([row[0] if row else "" for row in rows]), "line", 1)
    header = rows[0] if rows else []
    if column not in header:
        return _no_column(column, header)
    which = header.index(column)
    return FileValues(_without_end([row[which] if which < len(row) else "" for row in rows[1:]]), "line", 2)


def _read_parquet(path: Path, column: str) -> FileValues | Refusal:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names = pq.read_schema(path).names
        if column and column not in names:
            return _no_column(column, names)
        if not column and len(names) != 1:
            return Refusal("it has several columns", _COLUMN_FIX)
        values = pq.read_table(path, columns=[column or names[0]]).column(0)
    except pa.ArrowException:
        return Refusal("it is not a Parquet file, or not all of one", "write it again")
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.timestamp("us", "UTC"), safe=False)
    return FileValues([_word(value) for value in values.to_pylist()], "row", 1)


def _no_column(column: str, names: list[str]) -> Refusal:
    shown = ", ".join(f"`{name}`" for name in names[:8]) or "none"
    return Refusal(f"it has no column `{column}`", f"its columns: {shown}")


def _word(value: object) -> str:
    """Return a value as a text file would write it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            iso = getattr(value, "isoformat", None)
            return str(iso()) if iso is not None else str(value)
