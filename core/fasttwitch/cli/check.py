"""`fasttwitch check`: is this ruleset right, and does it fit this data?"""

import json
from pathlib import Path

import click

from fasttwitch.cli.exits import exits
from fasttwitch.cli.screens import counted, paint


@click.command("check", short_help="Report everything that is wrong with a ruleset.")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--schema",
    "data",
    type=click.Path(exists=True, path_type=Path),
    metavar="DATA",
    help="A file of customers to check names and types against.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@exits
def command(rules: Path, data: Path | None, as_json: bool) -> None:
    """Check the document, the syntax of every rule and, with --schema, all names and types."""
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
            raise RulesetError(problems_of(reading, customers.schema))
    result: dict[str, object] = {
        "ok": True,
        "digest": ruleset.digest,
        "segments": len(ruleset.segments),
        "lists": len(ruleset.lists),
        "checked": "syntax",
    }
    if data is not None:
        program = ft.compile(ruleset, customers.schema)
        result |= {"checked": "names and types", "attributes": sorted(program.attributes)}
        customers.find(ruleset.key, "the `key` of the ruleset")
    if as_json:
        click.echo(json.dumps(result, indent=2, ensure_ascii=False))
        return
    click.echo(
        f"{paint('ok', 'green')}: {counted(len(ruleset.segments), 'segment')}"
        f"{', ' + counted(len(ruleset.lists), 'list') if ruleset.lists else ''}"
    )
    if data is None:
        click.echo("  checked the document and the syntax of all rules")
        click.echo("  names and types need data to look at: add --schema DATA")
    else:
        click.echo(f"  checked names and types against {data}: {counted(len(program.attributes), 'attribute')} used")
    click.echo(f"  {ruleset.digest}")
