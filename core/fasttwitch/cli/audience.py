"""`fasttwitch audience`: one file of ids for each segment."""

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from fasttwitch.cli.exits import exits
from fasttwitch.cli.screens import Progress, Row, audience_table, counted, heading, paint, screen_width, timing_line


class Instant(click.ParamType[datetime]):
    """An ISO 8601 instant on the command line; naive means UTC."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the instant, or fail with an example."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"`{value}` is not an instant: write it like 2026-01-31T09:30:00Z", param, ctx)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


now_option = click.option(
    "--now",
    type=Instant(),
    help="What `now` is in the rules, such as 2026-01-31T09:30:00Z; without a zone it is UTC. Default: now.",
)


@click.command("audience", short_help="Write one file of customer ids for each segment.")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the results.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["parquet", "csv", "arrow"]),
    default="parquet",
    show_default=True,
    help="Format of the id files.",
)
@now_option
@click.option("--segments", metavar="A,B", default="", help="Write these segments alone.")
@click.option("--key", metavar="COLUMN", help="Column of customer ids. Default: `key` of the ruleset.")
@click.option("--threads", type=click.IntRange(1, 1024), help="How many work at once. Default: all processors.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@exits
def command(
    rules: Path,
    data: Path,
    out: Path,
    format_name: str,
    now: datetime | None,
    segments: str,
    key: str | None,
    threads: int | None,
    as_json: bool,
) -> None:
    """Evaluate RULES for all customers in DATA (Parquet, Arrow or CSV) and write one file of ids a segment.

    The folder appears complete, with a summary.json, or not at all; results of an earlier run are replaced.
    """
    progress = Progress(shown=False) if as_json else Progress()
    progress.tell("start", 0, 0)
    try:
        from fasttwitch.jobs.audience import AudienceRequest, Steps, run_audience
        from fasttwitch.ruleset import load_ruleset

        ruleset = load_ruleset(rules)
        names = tuple(dict.fromkeys(name.strip() for name in segments.split(",") if name.strip()))
        _refuse_unknown(names, ruleset.segments)
        request = AudienceRequest(ruleset, data, out, key or ruleset.key, format_name, names, now, threads)
        report = run_audience(request, Steps(progress.tell, progress.say))
    finally:
        progress.clear()
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
        return
    found = f"{counted(report.rows, 'customer')}, {counted(len(report.segments), 'segment')}"
    click.echo(heading(f"{found}, at {report.now:%Y-%m-%d %H:%M:%SZ}"))
    click.echo()
    width = screen_width()
    rows = [Row(one.name, one.customers, one.unknown) for one in report.segments]
    for line in audience_table(rows, report.rows, width):
        click.echo(line)
    click.echo()
    for warning in report.warnings:
        click.echo(f"{paint('warning', 'yellow')}: {warning}")
    click.echo(f"wrote {counted(len(report.segments), f'{report.format} file')} and summary.json to {out}{os.sep}")
    click.echo(paint(timing_line(report.seconds, width), "bright_black"))


def _refuse_unknown(names: Iterable[str], known: Iterable[str]) -> None:
    """Fail if a segment that was asked for does not exist: that is a mistake on the command line, not in the rules."""
    from fasttwitch.logic.names import nearest

    known = tuple(known)
    for name in names:
        if name not in known:
            meant = nearest(name, known)
            hint = f"did you mean `{meant}`?" if meant else f"there are {len(known)} others"
            raise click.BadParameter(f"there is no segment `{name}`: {hint}", param_hint="--segments")
