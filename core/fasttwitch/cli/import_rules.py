"""`fasttwitch import`: rules of another system as a ruleset."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fasttwitch.cli.exits import exits
from fasttwitch.cli.screens import paint

if TYPE_CHECKING:
    import pyarrow as pa

    from fasttwitch.importers import Imported

FORMATS = ("flagd", "growthbook", "jsonlogic", "rqb", "sql", "unleash")


@click.command("import", short_help="Turn a rule of another system into a ruleset.")
@click.argument("format_name", metavar="FORMAT", type=click.Choice(FORMATS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--schema",
    "data",
    type=click.Path(exists=True, path_type=Path),
    metavar="DATA",
    help="A file of customers whose columns give constants their types.",
)
@click.option("--segment", default="imported", metavar="NAME", help="The name of the segment to write.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="A field of FILE and the column it means; may be repeated.",
)
@click.option(
    "--dialect",
    default="duckdb",
    help="sql: whose SQL it is, such as bigquery, postgres or snowflake.",
    show_default=True,
)
@click.option("--compat", is_flag=True, help="jsonlogic, flagd: missing numbers count as 0.")
@click.option("--missing-match", is_flag=True, help="rqb: a missing value is `not equal`, `not in` and so on.")
@click.option("--flag", default="", help="flagd: the flag.")
@click.option("--variant", default="", help="flagd: the variant whose customers are wanted.")
@click.option("--feature", default="", help="unleash: the feature.")
@click.option(
    "--saved-groups",
    "groups",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="growthbook: a JSON file of groups and their values.",
)
@click.option("--json", "as_json", is_flag=True, help="Print rule, notes and document as JSON.")
@exits
def command(
    format_name: str,
    file: Path,
    data: Path | None,
    segment: str,
    columns: tuple[str, ...],
    dialect: str,
    compat: bool,
    missing_match: bool,
    flag: str,
    variant: str,
    feature: str,
    groups: Path | None,
    as_json: bool,
) -> None:
    """Print a ruleset with the rule in FILE; what a person should know about the translation goes to stderr.

    FORMAT is flagd, growthbook, jsonlogic, rqb (react-querybuilder), sql or unleash. FILE holds one rule; of sql, what
    stands behind WHERE, or a whole SELECT:

    \b
        fasttwitch import sql where.sql --schema customers.parquet > rules.yaml
    """
    from fasttwitch.importers import flagd, growthbook, jsonlogic, react_querybuilder, sql, unleash

    text, names, schema = _text(file), _names(columns), _schema(data)
    mode = "compat" if compat else "strict"
    readers: Mapping[str, Callable[[], Imported]] = {
        "flagd": lambda: flagd.read(text, flag=flag, variant=variant, schema=schema, names=names, mode=mode),
        "growthbook": lambda: growthbook.read(text, schema=schema, names=names, saved_groups=_groups(groups)),
        "jsonlogic": lambda: jsonlogic.read(text, schema=schema, names=names, mode=mode),
        "rqb": lambda: react_querybuilder.read(
            text, schema=schema, names=names, missing="match" if missing_match else "unknown"
        ),
        "sql": lambda: sql.read(text, dialect, schema=schema, names=names),
        "unleash": lambda: unleash.read(text, feature=feature, schema=schema, names=names),
    }
    imported = readers[format_name]()
    if as_json:
        notes = [{"place": note.place, "message": note.message} for note in imported.notes]
        result = {"ok": True, "rule": imported.text, "notes": notes, "document": imported.document(segment)}
        click.echo(json.dumps(result, indent=2, ensure_ascii=False))
        return
    for note in imported.notes:
        click.echo(f"{paint('note', 'yellow', err=True)}: {note}", err=True)
    click.echo(document_text(imported, segment), nl=False)


def document_text(imported: "Imported", segment: str) -> str:
    """Return the ruleset document of an imported rule, in YAML, as `fmt` would lay it out."""
    from fasttwitch.syntax.layout import lay_out

    document = imported.document(segment)
    lines = ["version: 1", "language: cel/1"]
    lists = document.get("lists")
    if isinstance(lists, dict):
        lines.append("lists:")
        lines += [f"  {json.dumps(name)}: {json.dumps(one, ensure_ascii=False)}" for name, one in lists.items()]
    rule = lay_out(imported.text).split("\n")
    lines += ["segments:", f"  {json.dumps(segment)}: |", *(f"    {line}" for line in rule)]
    return "\n".join(lines) + "\n"


def _text(file: Path) -> str:
    from fasttwitch.errors import DataError

    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise DataError(f"{file} is not UTF-8 text", "save it again as UTF-8") from None
    except OSError as error:
        raise DataError(f"{file} cannot be read: {str(error.strerror).lower()}", "check the path") from error


def _names(columns: tuple[str, ...]) -> dict[str, str]:
    names = {}
    for one in columns:
        field, equals, column = one.rpartition("=")
        if not (field and equals and column):
            raise click.UsageError(f"`{one}` is not FIELD=COLUMN")
        names[field] = column
    return names


def _schema(data: Path | None) -> "pa.Schema | None":
    if data is None:
        return None
    from fasttwitch.jobs.tables import open_customers

    return open_customers(data, "customer_id", {}).schema


def _groups(file: Path | None) -> Mapping[str, object]:
    from fasttwitch.importers.document import open_document

    if file is None:
        return {}
    return {name: spot.value for name, spot in open_document(_text(file)).entries("the file of groups").items()}
