"""A ruleset and a schema to a program: every rule checked, every problem told in one go."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pyarrow as pa

from fasttwitch.engine.program import Program
from fasttwitch.errors import DataError, Problem, RulesetError
from fasttwitch.garbage import without_collector
from fasttwitch.logic.check import check
from fasttwitch.logic.datatypes import language_type
from fasttwitch.logic.nodes import Expression
from fasttwitch.logic.scope import Scope
from fasttwitch.ruleset import Reading, Ruleset, SegmentDefinition, in_order, schema_problems
from fasttwitch.ruleset.order import dependency_order


def compile_ruleset(ruleset: Ruleset, schema: pa.Schema) -> Program:
    """Return the program that finds the ruleset's segments in data of this schema.

    Errors: RulesetError with every problem of every segment; DataError for a schema with two columns of one name.
    """
    with without_collector():
        scope = scope_of(ruleset, schema)
        trees = check_segments(ruleset.segments.values(), scope, schema_problems(ruleset.attributes, schema))
        order = dependency_order(ruleset.segments)
        return Program(ruleset, schema, {name: trees[name] for name in order})


def problems_of(reading: Reading, schema: pa.Schema) -> list[Problem]:
    """Return all that is wrong with a document over data of this schema, in the document's order."""
    problems = list(reading.problems)
    ruleset = reading.ruleset
    if ruleset is not None:
        broken = [f'"{name}"' for name in reading.lists - set(ruleset.lists)]
        # What names a list that could not be read would only be told that there is no such list.
        definitions = [one for one in ruleset.segments.values() if not any(name in one.when for name in broken)]
        scope = replace(scope_of(ruleset, schema), segments=reading.segments)
        try:
            check_segments(definitions, scope, schema_problems(ruleset.attributes, schema))
        except RulesetError as error:
            problems += error.problems
    return in_order(problems)


def scope_of(ruleset: Ruleset, schema: pa.Schema) -> Scope:
    """Return what the ruleset's rules may name.

    Errors: DataError for what is no ruleset or no schema.
    """
    if not isinstance(ruleset, Ruleset):
        raise DataError(
            f"rules must be a Ruleset, not `{type(ruleset).__name__}`",
            '`load_ruleset` makes one of a file or a mapping: `{"version": 1, "language": "cel/1", "segments": {…}}`',
        )
    if not isinstance(schema, pa.Schema):
        raise DataError(f"a schema must be a pyarrow.Schema, not `{type(schema).__name__}`", "give `table.schema`")
    names = schema.names
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise DataError(f"the schema has several columns named `{twice[0]}`", "give each column a name of its own")
    attributes = {column.name: language_type(column.type) for column in schema}
    return Scope(attributes, frozenset(ruleset.segments), ruleset.lists)


def check_segments(
    definitions: Iterable[SegmentDefinition], scope: Scope, found: Iterable[Problem] = ()
) -> Mapping[str, Expression]:
    """Return the typed tree of each segment.

    found  problems that are known already

    Errors: RulesetError with the problems of all of them, placed in their document.
    """
    trees: dict[str, Expression] = {}
    problems = list(found)
    for definition in definitions:
        try:
            trees[definition.name] = check(definition.tree, scope, definition.when)
        except RulesetError as error:
            problems += (problem.at(definition.when, definition.source) for problem in error.problems)
    if problems:
        raise RulesetError(problems)
    return trees
