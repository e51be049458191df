"""What RULES.md says, taken apart: its customers, its examples with their answers, its messages, its Python.

The page follows these conventions:

    | example | answer |        a table with these columns: the answer is that of the first customer
    ```cel                      a rule a line, then `// → ` who is selected, and ` · unknown: ` who may be
    | `a` | `b` | `a && b` |    a table whose first column is called `a`: truth tables
    ```text                     with ` --> ` in its second line: what a wrong rule is told, or a warning
    You meant `…`               the rule in place of a wrong one
    ```python                   code, and right below it as ```text what it prints
    ```yaml                     a ruleset document; the first one's segments and lists are there for all examples
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from fasttwitch.logic.instants import Refusal, read_duration

PAGE = (Path(__file__).parents[2] / "RULES.md").read_text()
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
MISSING = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the page; cells are as written, but for `|` in place of `\\|`."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> Iterator[str]:
        place = self.header.index(name)
        return (row[place] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Answer:
    """An example of a table, and what the first customer gets: a constant, or `unknown`."""

    rule: str
    answer: str


@dataclass(frozen=True, slots=True)
class Selection:
    """A rule of a block, and who is selected and who is unknown."""

    rule: str
    selected: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What a wrong rule is told: the rule as the message shows it, and the whole message."""

    segment: str
    rule: str
    text: str


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def tables() -> list[Table]:
    found = []
    for text in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        lines = [tuple(cell.strip() for cell in _cells(line)) for line in text.splitlines()]
        found.append(Table(lines[0], tuple(lines[2:])))
    return found


def _cells(line: str) -> list[str]:
    return [cell.replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def code(cell: str) -> str:
    """Return what stands between the backticks of a cell."""
    assert cell.startswith("`"), cell
    assert cell.endswith("`"), cell
    return cell[1:-1]


def answers() -> list[Answer]:
    found = []
    for table in tables():
        if {"example", "answer"} <= set(table.header):
            pairs = zip(table.column("example"), table.column("answer"), strict=True)
            found += [Answer(code(example), code(answer)) for example, answer in pairs]
    return found


def selections() -> list[Selection]:
    return [_selection(line) for block in blocks("cel") for line in block.splitlines()]


def _selection(line: str) -> Selection:
    rule, arrow, answer = line.partition("// → ")
    assert arrow, f"no answer: {line}"
    selected, _, unknown = answer.partition(" · unknown: ")
    return Selection(rule.strip(), _names(selected), _names(unknown))


def _names(text: str) -> tuple[str, ...]:
    return () if text in ("", "nobody") else tuple(text.split(", "))


def truth_tables() -> list[Table]:
    return [table for table in tables() if table.header[0] == "`a`"]


def messages() -> list[Message]:
    found = []
    for block in blocks("text"):
        place = re.search(r"^ --> segments\.(\w+):", block, re.MULTILINE)
        if place:
            lines = dict(re.findall(r"^ *(\d+) \| (.*)$", block, re.MULTILINE))
            found.append(Message(place[1], "\n".join(lines.values()), block.rstrip("\n")))
    return found


def cures() -> list[str]:
    """Return the rules that stand after `You meant`."""
    return [
        rule for line in re.findall(r"^You meant (.*)$", PAGE, re.MULTILINE) for rule in re.findall("`(.+?)`", line)
    ]


def priced() -> list[str]:
    """Return the rules of the table of costs."""
    table = next(table for table in tables() if table.header[-1] == "ns")
    return [cell.split("`")[1] for cell in table.column("rule")]


def programs() -> list[tuple[str, str]]:
    """Return the Python of the page, each with what it prints."""
    return re.findall(r"```python\n(.*?)```\n(?:\s*```text\n(.*?)```)?", PAGE, re.DOTALL)


def names() -> tuple[str, ...]:
    return _customers().header[2:]


def customers() -> pa.Table:
    """Return the customers of the page as data."""
    columns: dict[str, pa.Array] = {}
    structs: dict[str, dict[str, pa.Array]] = {}
    for row in _customers().rows:
        kind = row[1]
        array = pa.array([None if cell == MISSING else _value(kind, cell) for cell in row[2:]], ARROW[kind])
        parent, dot, child = code(row[0]).partition(".")
        if dot:
            structs.setdefault(parent, {})[child] = array
            columns[parent] = array  # the place of the struct, which is filled below
        else:
            columns[parent] = array
    for parent, fields in structs.items():
        present = zip(*(array.is_valid().to_pylist() for array in fields.values()), strict=True)
        absent = pa.array([not any(values) for values in present])
        columns[parent] = pa.StructArray.from_arrays(list(fields.values()), names=list(fields), mask=absent)
    return pa.table(columns)


def _customers() -> Table:
    return next(table for table in tables() if table.header[:2] == ("column", "type"))


def _value(kind: str, cell: str) -> object:
    match kind:
        case "int" | "uint":
            return int(cell)
        case "double":
            return float(cell)
        case "decimal":
            return Decimal(cell)
        case "bool":
            return {"true": True, "false": False}[cell]
        case "timestamp":
            return datetime.fromisoformat(cell)
        case "date":
            return date.fromisoformat(cell)
        case "duration":
            length = read_duration(cell)
            assert not isinstance(length, Refusal), length
            return timedelta(microseconds=length)
        case "list(string)":
            return cell.split(",")
        case _:
            return cell


ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "int": pa.int64(),
    "uint": pa.uint32(),
    "double": pa.float64(),
    "decimal": pa.decimal128(10, 2),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("us", "UTC"),
    "date": pa.date32(),
    "duration": pa.duration("us"),
    "list(string)": pa.list_(pa.string()),
}
