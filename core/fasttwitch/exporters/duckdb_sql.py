"""Rules as DuckDB SQL: a Boolean expression for WHERE, NULL where the rule is unknown, with exactly our meaning.

Instants, days and lengths of time are counted in microseconds or days, as the language counts them; NaN is compared as
IEEE 754 says and not as DuckDB does; whole numbers that overflow become NULL. What DuckDB cannot say the same way is
refused with its place. Needs DuckDB 1.3 or newer, whose division by zero follows IEEE 754.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from fasttwitch.errors import DataError, ExporterError, Problem, RulesetError, Source
from fasttwitch.exporters.duckdb_predicates import Translator
from fasttwitch.logic.check import check
from fasttwitch.logic.datatypes import Type, language_type
from fasttwitch.logic.names import nearest
from fasttwitch.logic.nodes import Expression
from fasttwitch.logic.scope import NamedList, Scope
from fasttwitch.ruleset.model import Ruleset, SegmentDefinition
from fasttwitch.syntax import nodes as syntax
from fasttwitch.syntax import parse, print_expression

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_duckdb_sql(
    rules: Ruleset | str | syntax.Expression, schema: pa.Schema, *, segment: str = "", now: datetime | None = None
) -> str:
    """Return a rule as SQL that is TRUE, FALSE or NULL exactly where the rule is true, false or unknown.

    rules    the text of one rule, its tree, or a ruleset of which `segment` names the one that is meant; segments that
             it refers to stand in the SQL
    schema   of the table as DuckDB reads it, through Arrow or from Parquet
    now      the instant of the run; if not given, that of the transaction in DuckDB

    Errors: RulesetError as `compile`; ExporterError for what DuckDB cannot say; DataError for an unknown segment.
    """
    if isinstance(rules, Ruleset):
        name = _chosen(rules, segment)
        definition = rules.segments[name]
        try:
            return _translator(rules, schema, now).predicate(_checked(rules, schema, definition))
        except ExporterError as error:
            raise _placed(error, definition.when, definition.source) from None
    text = rules if isinstance(rules, str) else print_expression(rules)
    tree = check(parse(text), Scope(_attributes(schema), frozenset(), {}), text)
    try:
        return Translator(schema, _microseconds(now)).predicate(tree)
    except ExporterError as error:
        raise _placed(error, text, Source.of_text(text)) from None


def segments_to_duckdb_sql(ruleset: Ruleset, schema: pa.Schema, *, now: datetime | None = None) -> dict[str, str]:
    """Return the SQL of every segment by name; arguments and errors as `to_duckdb_sql`."""
    return {name: to_duckdb_sql(ruleset, schema, segment=name, now=now) for name in ruleset.segments}


def _chosen(ruleset: Ruleset, segment: str) -> str:
    """Return the name of the segment that is meant."""
    names = list(ruleset.segments)
    if segment in ruleset.segments:
        return segment
    if not segment and len(names) == 1:
        return names[0]
    meant = nearest(segment, names) if segment else None
    fix = f"did you mean `{meant}`?" if meant else f"one of {', '.join(f'`{name}`' for name in names[:8])}"
    raise DataError(f"there is no segment `{segment}`" if segment else "say which segment is meant", fix)


def _translator(ruleset: Ruleset, schema: pa.Schema, now: datetime | None) -> Translator:
    def segment(name: str) -> Expression:
        return _checked(ruleset, schema, ruleset.segments[name])

    return Translator(schema, _microseconds(now), segment)


def _checked(ruleset: Ruleset, schema: pa.Schema, definition: SegmentDefinition) -> Expression:
    """Return the typed tree of a segment; raises RulesetError placed in its document."""
    lists: Mapping[str, NamedList] = ruleset.lists
    scope = Scope(_attributes(schema), frozenset(ruleset.segments), lists)
    try:
        return check(definition.tree, scope, definition.when)
    except RulesetError as error:
        raise RulesetError(problem.at(definition.when, definition.source) for problem in error.problems) from None


def _attributes(schema: pa.Schema) -> dict[str, Type]:
    return {column.name: language_type(column.type) for column in schema}


def _microseconds(now: datetime | None) -> int | None:
    if now is None:
        return None
    aware = now if now.tzinfo is not None else now.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1)


def _placed(error: ExporterError, text: str, source: Source) -> ExporterError:
    problem: Problem = error.problem
    return ExporterError(problem if problem.span is None else replace(problem, text=text, source=source))
