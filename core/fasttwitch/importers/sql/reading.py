"""From SQL text to sqlglot's tree, to the one condition in it."""

import re
from collections.abc import Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from fasttwitch.errors import DataError, ImporterError, Problem, Source
from fasttwitch.importers.columns import Schema
from fasttwitch.importers.document import shortened
from fasttwitch.importers.imported import Imported
from fasttwitch.importers.sql.predicates import Predicates
from fasttwitch.syntax.limits import MAXIMUM_BYTES

_WHERE = re.compile(r"\s*where\b", re.IGNORECASE)
_HALF = re.compile("[\ud800-\udfff]")
_PLAIN_PARTS = {"expressions", "from", "from_", "where"}


def read_condition(text: str, dialect: str, schema: Schema, names: Mapping[str, str] | None) -> Imported:
    """Return the rule of a SQL text; arguments and errors as `read`."""
    try:
        sqlglot.Dialect.get_or_raise(dialect)
    except ValueError:
        known = ", ".join(sorted(name.lower() for name in sqlglot.Dialect.classes if name))
        raise DataError(f"sqlglot knows no dialect `{shortened(dialect)}`", f"one of {known}") from None
    reader = Predicates(text, dialect, schema, names)
    if len(text) > MAXIMUM_BYTES:
        raise ImporterError(Problem(f"the SQL has more than {MAXIMUM_BYTES:,} characters"), "the document")
    if _HALF.search(text):
        raise ImporterError(Problem("the SQL has half of a surrogate pair"), "the document")
    statement = _parsed(text, dialect)
    if isinstance(statement, exp.Select):
        reader.tables, statement = _condition_of(statement, reader)
    if isinstance(statement, exp.Query | exp.DDL | exp.DML | exp.Command):
        raise reader.refused(statement, "this is no condition", "give what stands behind WHERE")
    return reader.finish(reader.truth(statement))


def _parsed(text: str, dialect: str) -> exp.Expr:
    # Blanks in place of WHERE: so all places count in the text as it was given.
    start = _WHERE.match(text)
    shown = text if start is None else " " * start.end() + text[start.end() :]
    try:
        statements = [one for one in sqlglot.parse(shown, dialect=dialect) if one is not None]
    except SqlglotError as error:
        raise _no_sql(text, error) from None
    if len(statements) != 1:
        raise ImporterError(Problem(f"the text holds {len(statements)} statements", fix="give one condition"), "line 1")
    found = statements[0]
    assert isinstance(found, exp.Expr)
    return found


def _no_sql(text: str, error: SqlglotError) -> ImporterError:
    """Return the error for a text that sqlglot cannot read, with the place that it names."""
    found = getattr(error, "errors", None) or [{}]
    first = found[0]
    line, column = first.get("line"), first.get("col")
    words = str(first.get("description") or "the text ends or breaks off where it should not").split("\n")[0]
    if "<class" in words:  # sqlglot's word for a missing operand names its own classes
        words = "something is missing here"
    message = f"this is no SQL: {words[:1].lower()}{words[1:].rstrip('.')}"
    if not isinstance(line, int) or not isinstance(column, int):
        return ImporterError(Problem(message), "line 1")
    highlight = str(first.get("highlight") or "")
    lines = text.split("\n")
    before = sum(len(each) + 1 for each in lines[: line - 1])
    end = min(len(text), before + column)
    start = max(0, end - max(1, len(highlight)))
    problem = Problem(message, (start, max(end, start + 1))).at(text, Source.of_text(text, "sql"))
    return ImporterError(problem, f"line {line}, column {column}")


def _condition_of(select: exp.Select, reader: Predicates) -> tuple[frozenset[str], exp.Expr]:
    """Return the names of the table of a SELECT and the condition behind WHERE."""
    for part, value in select.args.items():
        if value and part not in _PLAIN_PARTS:
            node = value[0] if isinstance(value, list) else value
            at = node if isinstance(node, exp.Expr) else select
            raise reader.refused(at, f"a rule has no {part.strip('_').upper()}", "give only what stands behind WHERE")
    origin = select.args.get("from_") or select.args.get("from")
    names: set[str] = set()
    if isinstance(origin, exp.Expr):
        if not isinstance(origin.this, exp.Table) or origin.this.args.get("joins"):
            raise reader.refused(origin, "a rule reads one table", "give only what stands behind WHERE")
        names = {origin.this.name.lower(), origin.this.alias_or_name.lower()}
    where = select.args.get("where")
    if not isinstance(where, exp.Where):
        raise reader.refused(select, "without WHERE, everybody would match", "add a condition")
    condition = where.this
    assert isinstance(condition, exp.Expr)
    return frozenset(names), condition
