"""`fasttwitch explain`: why is this customer in a segment, or not, and what would change that?"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fasttwitch.cli.annotated import painted
from fasttwitch.cli.audience import now_option
from fasttwitch.cli.exits import exits
from fasttwitch.cli.screens import Progress, paint, screen_width

if TYPE_CHECKING:
    from fasttwitch.explanation.annotation import Line
    from fasttwitch.explanation.exclusions import Exclusions
    from fasttwitch.explanation.explained import Explanation
    from fasttwitch.jobs.explanations import ExplainRequest


@click.command("explain", short_help="Say why a customer is in a segment, or not.")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("rest", nargs=-1, metavar="[DATA] SEGMENT")
@click.option("--id", "wanted", metavar="ID", help="The customer of DATA to explain. Default: whom SEGMENT keeps out.")
@click.option("--profile", metavar="JSON", help="A customer as JSON, or a file of it, in place of one of DATA.")
@click.option("--key", metavar="COLUMN", help="Column of customer ids. Default: `key` of the ruleset.")
@now_option
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a page too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@exits
def command(
    rules: Path,
    rest: tuple[str, ...],
    wanted: str | None,
    profile: str | None,
    key: str | None,
    now: datetime | None,
    html: Path | None,
    as_json: bool,
) -> None:
    """Explain SEGMENT of RULES for one customer: its rule, what each condition is, and what would make it true.

    \b
        fasttwitch explain rules.yaml customers.parquet vip --id c42
        fasttwitch explain rules.yaml vip --profile '{"ltv": 900, "tier": null}'

    Without a customer: how many of DATA each condition keeps out.

    \b
        fasttwitch explain rules.yaml customers.parquet vip
    """
    data, segment = _data_and_segment(rest)
    _refuse_nonsense(data, wanted, profile, html)
    progress = Progress(shown=False) if as_json else Progress()
    progress.tell("start", 0, 0)
    try:
        from fasttwitch.jobs.audience import start_engine
        from fasttwitch.ruleset import load_ruleset

        ruleset = load_ruleset(rules)
        _refuse_unknown(segment, ruleset.segments)
        start_engine(progress.say)
        from fasttwitch.jobs.explanations import ExplainRequest, write_page

        request = ExplainRequest(ruleset, segment, data, key or ruleset.key, now)
        found = _found(request, wanted, profile, progress)
    finally:
        progress.clear()
    if html is not None:
        write_page(html, found.page())
    if as_json:
        told = {**found.result.to_dict(), **found.beside, "ruleset": ruleset.digest}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for warning in found.warnings:
        click.echo(f"{paint('warning', 'yellow')}: {warning}")
    for line in found.lines:
        click.echo(painted(line))
    if html is not None:
        click.echo(paint(f"  wrote {html}", "bright_black"))


@dataclass(frozen=True, slots=True)
class _Found:
    """What to show.

    page    returns the HTML
    beside  what the result itself does not say, for JSON
    """

    result: "Explanation | Exclusions"
    lines: "Sequence[Line]"
    page: Callable[[], str]
    warnings: tuple[str, ...] = ()
    beside: Mapping[str, object] = field(default_factory=dict)


def _found(request: "ExplainRequest", wanted: str | None, profile: str | None, progress: Progress) -> _Found:
    from fasttwitch.jobs.explanations import exclusions, explain_customer, explain_profile, read_profile

    if wanted is not None:
        explained = explain_customer(request, wanted, progress.tell)
    elif profile is not None:
        explained = explain_profile(request, read_profile(profile), progress.tell)
    else:
        result = exclusions(request, progress.tell)
        return _Found(result, result.lines(screen_width()), result.to_html)
    explanation, who = explained.explanation, explained.who
    beside = {"customer": who, "warnings": list(explained.warnings)}
    lines = explanation.lines(screen_width(), who)
    return _Found(explanation, lines, lambda: explanation.to_html(who), explained.warnings, beside)


def _data_and_segment(rest: tuple[str, ...]) -> tuple[Path | None, str]:
    match rest:
        case (segment,):
            return None, segment
        case (data, segment):
            if not Path(data).exists():
                raise click.BadParameter(f"Path '{data}' does not exist.", param_hint="'DATA'")
            return Path(data), segment
        case ():
            raise click.UsageError("Missing argument 'SEGMENT'.")
    raise click.UsageError(f"Got unexpected extra argument ({rest[2]})")


def _refuse_nonsense(data: Path | None, wanted: str | None, profile: str | None, html: Path | None) -> None:
    """Fail if the options do not say one customer of one place, and where to write."""
    if html == Path():
        raise click.UsageError("--html needs the name of a file")
    if wanted is not None and profile is not None:
        raise click.UsageError("--id and --profile are two customers: keep one of them")
    if data is None and profile is None:
        raise click.UsageError("give a file of customers before the segment, or one customer with --profile")


def _refuse_unknown(segment: str, known: Iterable[str]) -> None:
    """Fail if the segment does not exist: that is a mistake on the command line, not in the rules."""
    from fasttwitch.logic.names import nearest

    known = tuple(known)
    if segment not in known:
        meant = nearest(segment, known)
        hint = f"did you mean `{meant}`?" if meant else f"there are {len(known)} others"
        raise click.BadParameter(f"there is no segment `{segment}`: {hint}", param_hint="SEGMENT")
