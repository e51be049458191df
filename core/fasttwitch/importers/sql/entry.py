"""`read`: from a text to a rule. sqlglot is imported only when SQL is read."""

from collections.abc import Mapping

from fasttwitch.errors import DataError, ImporterError, Problem
from fasttwitch.importers.columns import Schema
from fasttwitch.importers.imported import Imported


def read(
    text: str, dialect: str = "duckdb", *, schema: Schema = None, names: Mapping[str, str] | None = None
) -> Imported:
    """Return the rule of a WHERE condition; both have the same three truth values.

    text     a condition, with or without WHERE, or `SELECT … FROM one_table WHERE …`
    dialect  one that sqlglot knows: "duckdb", "postgres", "snowflake", "bigquery", …
    schema   columns with their types: constants get the type of their column
    names    columns of the SQL to ours, where they differ

    Errors: ImporterError, with the place of what cannot be said; DataError if sqlglot is not installed.
    """
    try:
        from fasttwitch.importers.sql.reading import read_condition
    except ModuleNotFoundError as error:
        if error.name != "sqlglot":
            raise
        raise DataError("reading SQL needs the package sqlglot", "install it: `pip install sqlglot`") from None
    if not isinstance(text, str):
        raise ImporterError(Problem(f"SQL is a text, not a `{type(text).__name__}`"), "the document")
    try:
        return read_condition(text, dialect, schema, names)
    except RecursionError:
        problem = Problem("the SQL nests too deep", fix="split it into several rules")
        raise ImporterError(problem, "line 1, column 1") from None
