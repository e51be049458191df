"""What reading SQL needs all along: places, columns, notes, constants."""

import re
from collections.abc import Mapping

from sqlglot import exp

from fasttwitch.errors import ImporterError, Problem, Source
from fasttwitch.importers import trees
from fasttwitch.importers.columns import Operand, Schema, with_article
from fasttwitch.importers.constants import lenient_constant, written_number
from fasttwitch.importers.imported import Note
from fasttwitch.importers.lowering import Lowering
from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DOUBLE,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    StructType,
    Type,
    Unsupported,
)
from fasttwitch.logic.instants import Refusal
from fasttwitch.syntax.nodes import Call, Constant, Expression, Unary

# How SQL writes instants: a blank for the `T`, seconds and zone as one likes.
_INSTANT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[ T](?P<minute>\d\d:\d\d)(?P<second>:\d\d(?:\.\d{1,9})?)?"
    r"(?P<zone> ?(?:Z|UTC|[+-]\d\d(?::?\d\d)?))?)?",
    re.ASCII,
)
DATES = (exp.DataType.Type.DATE, exp.DataType.Type.DATE32)
INSTANTS = (
    exp.DataType.Type.TIMESTAMP,
    exp.DataType.Type.TIMESTAMPTZ,
    exp.DataType.Type.TIMESTAMPLTZ,
    exp.DataType.Type.TIMESTAMPNTZ,
    exp.DataType.Type.DATETIME,
)


class Surroundings(Lowering):
    """One text with the names in it."""

    __slots__ = ("dialect", "tables", "text")

    tables: frozenset[str]

    def __init__(self, text: str, dialect: str, schema: Schema, names: Mapping[str, str] | None) -> None:
        super().__init__(schema, names, lenient_constant)
        self.text = text
        self.dialect = dialect
        self.tables = frozenset()

    def refused(self, node: exp.Expr, message: str, fix: str = "") -> ImporterError:
        """Return the error that says what is wrong at a part of the SQL."""
        span = self.span(node)
        problem = Problem(message, span, fix).at(self.text, Source.of_text(self.text, "sql"))
        return ImporterError(problem, self.place(span))

    def noted(self, node: exp.Expr, message: str) -> None:
        """Take a note about a part of the SQL."""
        self.notes.append(Note(self.place(self.span(node)), message))

    def place(self, span: tuple[int, int]) -> str:
        """Return where a span begins, in words."""
        before = self.text[: span[0]]
        return f"line {before.count(chr(10)) + 1}, column {span[0] - before.rfind(chr(10))}"

    def span(self, node: exp.Expr) -> tuple[int, int]:
        """Return where a part stands in the text, as far as its words say."""
        found = [one.meta for one in node.walk() if "start" in one.meta and "end" in one.meta]
        if not found:
            parent = node.parent
            return self.span(parent) if isinstance(parent, exp.Expr) else (0, len(self.text))
        return min(meta["start"] for meta in found), max(meta["end"] for meta in found) + 1

    def words(self, node: exp.Expr) -> str:
        """Return a part as it stands in the text, shortened."""
        start, end = self.span(node)
        words = " ".join(self.text[start:end].split())
        return words if len(words) <= 60 else words[:57] + "…"

    def column_of(self, node: exp.Column | exp.Dot) -> Operand:
        """Return the column that a name means: `age`, `customers.age`, `address.city`."""
        parts = [part.name for part in node.parts]
        if len(parts) > 1 and parts[0].lower() in self.tables and not self.is_struct(parts[0]):
            parts = parts[1:]
        elif len(parts) > 1 and self.columns.types is not None and not self.is_struct(parts[0]):
            self.noted(node, f"`{parts[0]}` is taken for the name of the table")
            parts = parts[1:]
        name = ".".join(parts)
        if name not in self.columns.names:
            name = ".".join([self.spelled(parts[0]), *parts[1:]])
        found = self.columns.find(name)
        if not isinstance(found, Operand):
            raise self.refused(node, *found)
        if isinstance(found.type, ListType | StructType | MapType | Unsupported):
            raise self.refused(node, f"`{name}` is {with_article(found.type)}, not a single value")
        return found

    def is_struct(self, name: str) -> bool:
        """Return whether there is a column of structs of this name."""
        return self.columns.types is not None and isinstance(self.columns.types.get(self.spelled(name)), StructType)

    def spelled(self, name: str) -> str:
        """Return a column's name as the schema spells it: SQL does not tell `Age` from `age`."""
        if self.columns.types is None or name in self.columns.types:
            return name
        same = [one for one in self.columns.types if one.lower() == name.lower()]
        return same[0] if len(same) == 1 else name

    def literal(self, node: exp.Expr, wanted: Type | None) -> Operand | None:
        """Return a constant as one beside something of type `wanted`; None if the node is no constant."""
        match node:
            case exp.Boolean():
                return self.fitted(node, trees.TRUE if node.this else trees.FALSE, BOOL, wanted)
            case exp.Paren():
                return self.literal(node.this, wanted)
            case exp.Neg(this=exp.Literal() as inner) if not inner.is_string:
                return self.number(node, f"-{inner.name}", wanted)
            case exp.Literal() if not node.is_string:
                return self.number(node, node.name, wanted)
            case exp.Literal():
                return self.string_literal(node, wanted)
            case exp.Cast(this=exp.Literal() as inner, to=exp.DataType() as kind) if inner.is_string:
                if kind.this in DATES:
                    return self.day(inner, wanted)
                if kind.this in INSTANTS:
                    return self.instant(inner)
        return None

    def fitted(self, node: exp.Expr, tree: Expression, kind: Type, wanted: Type | None) -> Operand:
        """Return a constant that must be of the type that is wanted."""
        if wanted not in (None, kind):
            raise self.refused(node, f"`{self.words(node)}` cannot stand beside {with_article(wanted)}")
        return Operand(tree, kind)

    def number(self, node: exp.Expr, written: str, wanted: Type | None) -> Operand:
        """Return a number."""
        found = written_number(written, wanted)
        if isinstance(found, Refusal):
            raise self.refused(node, found.message, found.fix)
        return Operand(found, wanted if wanted is not None else _type_of(found))

    def string_literal(self, node: exp.Literal, wanted: Type | None) -> Operand:
        """Return a text, or what the column beside it makes of it."""
        if wanted is TIMESTAMP:
            return self.instant(node)
        if wanted is DATE:
            return self.day(node, wanted)
        found = lenient_constant(node.name, wanted)
        if isinstance(found, Refusal):
            raise self.refused(node, found.message, found.fix)
        return Operand(found, wanted if wanted is not None else STRING)

    def day(self, node: exp.Literal, wanted: Type | None) -> Operand:
        """Return a day; beside something of unknown type as text, which both days and instants take."""
        if wanted is TIMESTAMP:
            return self.instant(node)
        found = lenient_constant(node.name, DATE)
        if isinstance(found, Refusal):
            raise self.refused(node, found.message, found.fix)
        return Operand(found, DATE)

    def instant(self, node: exp.Literal) -> Operand:
        """Return an instant; without a zone it is one of UTC."""
        match = _INSTANT.fullmatch(node.name.strip())
        if match is None:
            raise self.refused(node, f"`{node.name[:40]}` is not an instant", "write it like '2026-01-31 09:30:00'")
        zone = (match["zone"] or "").strip().replace("UTC", "Z")
        if not zone and match["minute"]:
            self.noted(node, "an instant without a time zone is one of UTC")
        if len(zone) == 3:
            zone += ":00"
        elif len(zone) == 5:
            zone = f"{zone[:3]}:{zone[3:]}"
        text = f"{match['day']}T{match['minute'] or '00:00'}{match['second'] or ':00'}{zone or 'Z'}"
        found = lenient_constant(text, TIMESTAMP)
        if isinstance(found, Refusal):
            raise self.refused(node, found.message, found.fix)
        return Operand(found, TIMESTAMP)

    def bare_day(self, operand: Operand) -> Operand:
        """Return a constant day as text, for the other side to say whether it is a day or an instant."""
        match operand.tree:
            case Call("date", None, (Constant("string") as text,)):
                return Operand(text, None)
        return operand


def _type_of(tree: Expression) -> Type | None:
    if isinstance(tree, Unary):
        tree = tree.operand
    if not isinstance(tree, Constant):
        return None
    return {"int": INT, "uint": UINT, "double": DOUBLE, "string": STRING, "bool": BOOL}.get(tree.kind)
