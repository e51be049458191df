"""`fasttwitch export`: the rules of a ruleset in the language of another system."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from fasttwitch.cli.audience import Instant
from fasttwitch.cli.exits import RULES, exits, problem_to_json
from fasttwitch.cli.screens import counted, paint


@click.command("export", short_help="Say the rules of a ruleset as SQL.")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "target", type=click.Choice(["duckdb"]), required=True, help="The language to write.")
@click.option(
    "--schema",
    "data",
    type=click.Path(exists=True, path_type=Path),
    required=True,
    metavar="DATA",
    help="A file of customers that gives the columns their types.",
)
@click.option("--segment", "segments", multiple=True, metavar="NAME", help="Only this segment; may be repeated.")
@click.option("--now", type=Instant(), help="The instant that `now` is. Default: that of the transaction.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@exits
def command(
    rules: Path, target: str, data: Path, segments: tuple[str, ...], now: datetime | None, as_json: bool
) -> None:
    """Print a condition for each segment, as it stands behind WHERE: TRUE, FALSE or NULL exactly as the rule.

    \b
        fasttwitch export rules.yaml --to duckdb --schema customers.parquet

    Segments that the target cannot say are told on stderr; then the exit code is 1.
    """
    from fasttwitch.errors import ExporterError
    from fasttwitch.exporters.duckdb_sql import to_duckdb_sql
    from fasttwitch.jobs.tables import open_customers
    from fasttwitch.ruleset import load_ruleset

    ruleset = load_ruleset(rules)
    declared = {name: one.type for name, one in ruleset.attributes.items()}
    customers = open_customers(data, ruleset.key, declared)
    found: dict[str, str] = {}
    refused: dict[str, ExporterError] = {}
    for name in segments or ruleset.segments:
        try:
            with customers.owning_guesses():
                found[name] = to_duckdb_sql(ruleset, customers.schema, segment=name, now=now)
        except ExporterError as error:
            refused[name] = error
    if as_json:
        problems = [{"segment": name, **problem_to_json(error.problem)} for name, error in refused.items()]
        click.echo(
            json.dumps({"ok": not refused, "segments": found, "problems": problems}, indent=2, ensure_ascii=False)
        )
    else:
        for name, sql in found.items():
            click.echo(f"-- {name}\n{sql}\n")
        for refusal in refused.values():
            click.echo(f"{paint('error', 'red', err=True)}: {refusal}\n", err=True)
        if refused:
            total = counted(len(found) + len(refused), "segment")
            click.echo(f"printed {len(found):,} of {total}; DuckDB cannot say the others", err=True)
    if refused:
        sys.exit(RULES)
