"""`fasttwitch demo`: a million customers, two dozen segments, one screen."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fasttwitch.cli.exits import exits
from fasttwitch.cli.screens import Progress, Row, audience_table, bar, heading, paint, seconds, timing_line

if TYPE_CHECKING:
    import pyarrow as pa

    from fasttwitch.demo.race import Race
    from fasttwitch.engine.audiences import Audiences

_SHOWN = "vip_at_risk"  # the list that somebody would call today
_COLUMNS = ("customer_id", "country", "city", "tier", "orders_12m", "ltv", "churn_score")


@click.command("demo", short_help="Find the segments of a million made-up customers.")
@click.option("--customers", default=1_000_000, show_default=True, type=click.IntRange(1, 50_000_000))
@click.option("--seed", default=7, show_default=True, help="Other seed, other customers.")
@click.option("--out", type=click.Path(path_type=Path), help="Write customers, rules and audiences to this folder.")
@click.option("--threads", type=click.IntRange(1, 1024), help="Default: all processors.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@exits
def command(customers: int, seed: int, out: Path | None, threads: int | None, as_json: bool) -> None:
    """Make customers, evaluate the rules of a retailer for all of them, and race Polars if it is installed.

    The same number and seed give the same customers and the same segments.
    """
    progress = Progress(shown=False) if as_json else Progress()
    progress.tell("start", 0, 0)
    try:
        result = _run(customers, seed, threads, progress)
    finally:
        progress.clear()
    table, audiences, race, times = result
    if as_json:
        click.echo(json.dumps(_to_json(audiences, race, times), indent=2, ensure_ascii=False))
    else:
        for line in _screen(table, audiences, race, times):
            click.echo(line)
    if out is not None:
        _write(table, out, audiences.now, threads, as_json)


def _run(
    rows: int, seed: int, threads: int | None, progress: Progress
) -> "tuple[pa.Table, Audiences, Race | None, dict[str, float]]":
    from fasttwitch.jobs.audience import Steps, start_engine

    steps = Steps(progress.tell)
    with steps.step("start"):
        start_engine(progress.say)
        import fasttwitch as ft
        from fasttwitch.demo.base import NOW, customers
        from fasttwitch.demo.race import race
    with steps.step("generate"):
        table = customers(rows, seed)
    with steps.step("compile"):
        ruleset = ft.load_ruleset(rules_path())
        program = ft.compile(ruleset, table.schema)
    with steps.step("evaluate"):
        audiences = program.select(table, now=NOW, threads=threads)
    progress.tell("compare", 0, 0)
    return table, audiences, race(program, table, NOW, threads), steps.seconds


def rules_path() -> Path:
    """Return where the rules of the demo stand."""
    return Path(__file__).parent.parent / "demo" / "rules.yaml"


def _screen(table: "pa.Table", audiences: "Audiences", race: "Race | None", times: dict[str, float]) -> Iterator[str]:
    now = audiences.now
    yield heading(
        f"{audiences.rows:,} customers × {table.num_columns} attributes, on {now:%Y-%m-%d} at {now:%H:%M} UTC"
    )
    yield ""
    unknown = audiences.unknown
    rows = [Row(name, audiences.counts[name], unknown[name]) for name in audiences.names]
    yield from audience_table(rows, audiences.rows)
    yield ""
    yield heading(f"{_SHOWN}: the first of {audiences.counts[_SHOWN]:,}")
    yield from _excerpt(table, audiences)
    yield ""
    yield paint(timing_line(times), "bright_black")
    yield from _race_lines(race, len(audiences.names))


def _excerpt(table: "pa.Table", audiences: "Audiences") -> Iterator[str]:
    """Yield the first customers of a segment, as a list that can be handed to somebody."""
    picked = table.select(_COLUMNS).filter(audiences.mask(_SHOWN)).slice(0, 4)
    widths = (11, 7, 12, 9, 10, 10, 11)
    aligned = ("<", "<", "<", "<", ">", ">", ">")
    yield paint(
        "  " + " ".join(f"{c:{a}{w}}" for c, a, w in zip(_COLUMNS, aligned, widths, strict=True)), "bright_black"
    )
    for row in picked.to_pylist():
        cells = [_cell(row[name]) for name in _COLUMNS]
        yield "  " + " ".join(f"{cell:{a}{w}}" for cell, a, w in zip(cells, aligned, widths, strict=True))


def _cell(value: object) -> str:
    match value:
        case None:
            return "-"
        case float():
            return f"{value:,.2f}"
        case _:
            return str(value)


def _race_lines(race: "Race | None", segments: int) -> Iterator[str]:
    if race is None:
        yield "install Polars to see how long it takes for the same rules"
        return
    yield ""
    yield heading(f"counting {segments} segments, median of rounds in turns")
    lanes = (
        ("fasttwitch, codes kept", race.kept),
        ("fasttwitch", race.raw),
        (f"Polars {race.polars_version}", race.polars),
    )
    slowest = max(value for _, value in lanes)
    for name, value in lanes:
        drawn = bar(value / slowest, 36)
        yield f"  {name:<24} {seconds(value):>9}  {paint(drawn, 'cyan' if 'fast' in name else 'yellow')}"
    if race.differing:
        yield paint(f"the counts differ for {', '.join(race.differing)}: please report this", "red")
    else:
        yield f"  the same {segments} counts from both; {race.polars / race.raw:.1f} times as fast"


def _to_json(audiences: "Audiences", race: "Race | None", times: dict[str, float]) -> dict[str, Any]:
    unknown = audiences.unknown
    return {
        "rows": audiences.rows,
        "now": audiences.now.isoformat(),
        "segments": [
            {"name": name, "customers": audiences.counts[name], "unknown": unknown[name]} for name in audiences.names
        ],
        "seconds": {step: round(value, 6) for step, value in times.items()},
        "race": None
        if race is None
        else {
            "fasttwitch": race.raw,
            "fasttwitch_codes_kept": race.kept,
            "polars": race.polars,
            "polars_version": race.polars_version,
            "counts_differ": list(race.differing),
        },
    }


def _write(table: "pa.Table", out: Path, now: datetime, threads: int | None, quiet: bool) -> None:
    """Write customers and rules, and run the audience job on them."""
    import shutil

    import pyarrow.parquet as pq

    from fasttwitch.jobs.audience import AudienceRequest, Steps, run_audience
    from fasttwitch.jobs.folders import cannot_write
    from fasttwitch.ruleset import load_ruleset

    try:
        out.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, out / "customers.parquet")
        shutil.copyfile(rules_path(), out / "rules.yaml")
    except OSError as error:
        raise cannot_write(out, error) from error
    ruleset = load_ruleset(out / "rules.yaml")
    request = AudienceRequest(
        ruleset, out / "customers.parquet", out / "audiences", ruleset.key, now=now, threads=threads
    )
    report = run_audience(request, Steps())
    if not quiet:
        click.echo(f"\nwrote {out}/customers.parquet, rules.yaml and audiences/; to do it again:")
        click.echo(f"  fasttwitch audience {out}/rules.yaml {out}/customers.parquet --out {out}/audiences")
        click.echo(paint(timing_line(report.seconds), "bright_black"))
