"""`fasttwitch conflicts`: which segments are empty, the same, inside one another, or without anybody in common?"""

import json
import re
from datetime import datetime
from pathlib import Path

import click

from fasttwitch.cli.annotated import painted
from fasttwitch.cli.audience import now_option
from fasttwitch.cli.exits import exits
from fasttwitch.cli.screens import Progress

KINDS = ("empty", "everybody", "equal", "contained", "disjoint")  # as in `lint.conflict_findings`, which takes long


class Draft(click.ParamType[tuple[str, str]]):
    """A name and a rule on the command line."""

    name = "draft"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return name and rule, or fail with an example."""
        if isinstance(value, tuple):
            return value
        name, equals, rule = str(value).partition("=")
        if not equals or not re.fullmatch(r"[\w.-]+", name.strip()) or not rule.strip() or rule.startswith("="):
            self.fail(f"`{value}` is no draft: write a name and a rule, like 'young=age < 30'", param, ctx)
        return name.strip(), rule.strip()


@click.command("conflicts", short_help="Find segments that are empty, equal, nested or disjoint.")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--draft",
    "drafts",
    multiple=True,
    type=Draft(),
    metavar="NAME=RULE",
    help="A rule to compare with all segments, in place of these with each other; may be repeated.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Look for this alone; may be repeated. Default: all, but disjoint pairs only of drafts.",
)
@click.option("--key", metavar="COLUMN", help="Column of customer ids. Default: `key` of the ruleset.")
@now_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@exits
def command(
    rules: Path,
    data: Path,
    drafts: tuple[tuple[str, str], ...],
    kinds: tuple[str, ...],
    key: str | None,
    now: datetime | None,
    as_json: bool,
) -> None:
    """Find segments of RULES that are empty or hold everybody, are equal, or lie inside one another in DATA.

    \b
        fasttwitch conflicts rules.yaml customers.parquet
        fasttwitch conflicts rules.yaml customers.parquet --draft 'young=age < 30'

    What is proved holds whoever the customers are; what is observed is true of those in DATA.
    """
    twice = {name for name, _ in drafts if [one for one, _ in drafts].count(name) > 1}
    if twice:
        raise click.BadParameter(f"there are two drafts named `{min(twice)}`", param_hint="--draft")
    progress = Progress(shown=False) if as_json else Progress()
    progress.tell("start", 0, 0)
    try:
        from fasttwitch.jobs.audience import start_engine
        from fasttwitch.ruleset import load_ruleset

        ruleset = load_ruleset(rules)
        start_engine(progress.say)
        from fasttwitch.jobs.conflicts import ConflictsRequest, find_conflicts

        request = ConflictsRequest(ruleset, data, dict(drafts), key, kinds, now)
        found = find_conflicts(request, progress.tell)
    finally:
        progress.clear()
    if as_json:
        click.echo(json.dumps({"ruleset": ruleset.digest, **found.to_dict()}, indent=2, ensure_ascii=False))
        return
    for line in found.lines():
        click.echo(painted(line))
