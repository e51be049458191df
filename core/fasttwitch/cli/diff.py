"""`fasttwitch diff`: who would enter and leave which segments if these rules replaced those?"""

import json
from datetime import datetime
from pathlib import Path

import click

from fasttwitch.cli.audience import now_option
from fasttwitch.cli.exits import exits
from fasttwitch.cli.screens import Progress, can_draw


@click.command("diff", short_help="Say who enters and leaves segments when rules change.")
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@now_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@exits
def command(old: Path, new: Path, data: Path, now: datetime | None, as_json: bool) -> None:
    """Compare the rulesets OLD and NEW on the customers of DATA: exactly who enters and who leaves which segments.

    \b
        fasttwitch diff rules.yaml new-rules.yaml customers.parquet

    Rules that are written differently and have the same customers are no difference.
    """
    progress = Progress(shown=False) if as_json else Progress()
    progress.tell("start", 0, 0)
    try:
        from fasttwitch.jobs.audience import start_engine
        from fasttwitch.ruleset import load_ruleset

        rulesets = load_ruleset(old), load_ruleset(new)
        start_engine(progress.say)
        from fasttwitch.jobs.difference import DiffRequest, difference

        found = difference(DiffRequest(*rulesets, data, now), progress.tell)
    finally:
        progress.clear()
    if as_json:
        click.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False, default=str))
    else:
        text = str(found)
        click.echo(text if can_draw() else text.replace("→", "->").replace("…", "..."))
