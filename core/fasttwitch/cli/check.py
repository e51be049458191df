"""`fasttwitch check`: is this ruleset right, does it fit this data, and does it say what is meant?"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fasttwitch.cli.exits import RULES, exits
from fasttwitch.cli.screens import counted, paint

if TYPE_CHECKING:
    from fasttwitch.jobs.tables import CustomerFile
    from fasttwitch.lint.findings import Finding
    from fasttwitch.ruleset import Ruleset


class Kinds(click.ParamType[str]):
    """A kind of warning on the command line."""

    name = "kind"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the kind, or fail with all that there are."""
        from fasttwitch.lint.findings import KINDS
        from fasttwitch.logic.names import nearest

        kind = str(value)
        if kind not in KINDS:
            meant = nearest(kind, KINDS)
            hint = f"did you mean `{meant}`?" if meant else f"one of {', '.join(KINDS)}"
            self.fail(f"there is no kind of warning `{kind}`: {hint}", param, ctx)
        return kind


@click.command("check", short_help="Report everything that is wrong with a ruleset.")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--schema",
    "data",
    type=click.Path(exists=True, path_type=Path),
    metavar="DATA",
    help="A file of customers (Parquet, Arrow or CSV) to check columns and meaning against.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--ignore",
    multiple=True,
    type=Kinds(),
    metavar="KIND",
    help="Leave out one kind of warning, the one after `kind:`; may be repeated.",
)
@click.option("--strict", is_flag=True, help="End with 1 if there are warnings.")
@exits
def command(rules: Path, data: Path | None, as_json: bool, ignore: tuple[str, ...], strict: bool) -> None:
    """Check the document RULES, in YAML or JSON, and how every rule is written.

    With --schema also whether its columns exist and are compared with what they hold, and whether rules say what is
    meant: that is told in warnings, such as "nobody can be in this segment".
    """
    from fasttwitch.errors import RulesetError
    from fasttwitch.ruleset import read_ruleset

    reading = read_ruleset(rules)
    ruleset = reading.ruleset
    if ruleset is None or (reading.problems and data is None):
        raise RulesetError(reading.problems)
    if data is not None:
        import fasttwitch as ft
        from fasttwitch.engine.compile import problems_of
        from fasttwitch.jobs.tables import open_customers

        declared = {name: one.type for name, one in ruleset.attributes.items()}
        customers = open_customers(data, ruleset.key, declared)
        if reading.problems:
            with customers.owning_guesses():
                raise RulesetError(problems_of(reading, customers.schema))
    result: dict[str, object] = {
        "ok": True,
        "digest": ruleset.digest,
        "segments": len(ruleset.segments),
        "lists": len(ruleset.lists),
        "checked": "syntax",
        "warnings": [],
    }
    warnings: Sequence[Finding] = ()
    if data is not None:
        with customers.owning_guesses():
            program = ft.compile(ruleset, customers.schema)
        customers.find(ruleset.key, "the `key` of the ruleset")
        warnings = _warnings(ruleset, customers, program.attributes, ignore)
        result |= {"checked": "names and types", "attributes": sorted(program.attributes)}
        result["warnings"] = [one.to_json() for one in warnings]
    if as_json:
        click.echo(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        _show_warnings(warnings)
        click.echo(
            f"{paint('ok', 'green')}: {counted(len(ruleset.segments), 'segment')}"
            f"{', ' + counted(len(ruleset.lists), 'list') if ruleset.lists else ''}"
            f"{', ' + counted(len(warnings), 'warning') if warnings else ''}"
        )
        if data is None:
            click.echo("  checked the document and the syntax of all rules")
            click.echo("  names and types need data to look at: add --schema DATA")
        else:
            used = counted(len(program.attributes), "attribute")
            click.echo(f"  checked names and types against {data}: {used} used")
        click.echo(f"  {ruleset.digest}")
    if strict and warnings:
        sys.exit(RULES)


def _warnings(
    ruleset: "Ruleset", customers: "CustomerFile", attributes: Sequence[str], ignore: tuple[str, ...]
) -> "Sequence[Finding]":
    """Return what a review says of the rules and of these customers."""
    from fasttwitch.lint.review import review

    table = customers.read({name.split(".")[0] for name in attributes})
    return review(ruleset, customers.schema, table, ignore)


def _show_warnings(warnings: "Sequence[Finding]") -> None:
    for one in warnings:
        text = str(one).removeprefix(one.severity)
        click.echo(f"{paint(one.severity, 'yellow')}{text}\n")
