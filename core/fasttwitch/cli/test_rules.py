"""`fasttwitch test`: do the rules say what their authors expect?"""

import json
import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fasttwitch.cli.annotated import painted
from fasttwitch.cli.exits import OK, RULES, exits
from fasttwitch.cli.screens import Progress, counted, heading, is_terminal, paint, seconds

if TYPE_CHECKING:
    from fasttwitch.explanation.answers import Rule
    from fasttwitch.jobs.rule_tests import Failure, TestReport, TestResult
    from fasttwitch.ruleset import Ruleset

_MOST_COLUMNS = 100


@click.command("test", short_help="Run the tests of a ruleset.")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--data",
    type=click.Path(exists=True, path_type=Path),
    metavar="SCHEMA",
    help="A file of customers to take types from. Default: the ruleset's.",
)
@click.option("-k", "part", metavar="NAME", help="Run tests with this in their name or segments.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write JUnit XML too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@exits
def command(rules: Path, data: Path | None, part: str | None, junit: Path | None, as_json: bool) -> None:
    """Run the section `tests` of RULES: customers, and the segments they are expected in.

    \b
        tests:
          - name: a customer of last year has lapsed
            profile: {last_order_at: "2025-03-01T00:00:00Z", country: DE}
            now: 2026-01-01T00:00:00Z
            in: [lapsed]
            out: [vip]

    `in` means that the rule is true, `out` that it is false or unknown, `unknown` that it is neither true nor false.
    Ends with 1 if a test fails.
    """
    from fasttwitch.errors import RulesetError
    from fasttwitch.ruleset import load_ruleset

    progress = Progress(shown=False) if as_json else Progress()
    progress.tell("start", 0, 0)
    try:
        ruleset = load_ruleset(rules)
        report = _run(ruleset, data, part, progress)
    except RulesetError as error:
        progress.clear()
        if junit is not None:
            from fasttwitch.jobs.junit import write_problems

            write_problems(junit, str(rules), error)
        raise
    finally:
        progress.clear()
    if junit is not None:
        from fasttwitch.jobs.junit import write_results

        write_results(junit, report)
    if as_json:
        click.echo(json.dumps(_as_json(report), indent=2, ensure_ascii=False))
    else:
        _show(report, junit)
    sys.exit(RULES if report.failed else OK)


def _run(ruleset: "Ruleset", data: Path | None, part: str | None, progress: Progress) -> "TestReport":
    from fasttwitch.jobs.audience import start_engine
    from fasttwitch.jobs.rule_tests import TestRequest, choose, run_tests
    from fasttwitch.jobs.tables import open_customers

    start_engine(progress.say)
    chosen = choose(ruleset, part or "")
    if part and not chosen:
        raise click.BadParameter(f"no test has `{part}` in its name or segments", param_hint="-k")
    schema = None
    if data is not None:
        declared = {name: one.type for name, one in ruleset.attributes.items()}
        schema = open_customers(data, ruleset.key, declared).schema
    return run_tests(TestRequest(ruleset, schema, str(data or ""), chosen), progress.tell)


def _width() -> int:
    """Return the columns to use: the terminal's if there is one."""
    columns = shutil.get_terminal_size().columns if is_terminal() else 80
    return max(40, min(columns, _MOST_COLUMNS))


def _show(report: "TestReport", junit: Path | None) -> None:
    if not report.results:
        click.echo(f"{report.file} has no tests")
        click.echo("  add some: fasttwitch test --help shows how")
        return
    for one in report.results:
        if one.failures:
            _show_test(one, report.file)
    for warning in report.warnings:
        first, *rest = textwrap.wrap(warning, _width() - 9)
        click.echo("\n".join([f"{paint('warning', 'yellow')}: {first}", *(f"         {line}" for line in rest)]))
    passed, failed = len(report.results) - report.failed, report.failed
    words = [paint(counted(failed, "test") + " failed", "red", bold=True)] if failed else []
    words += [paint(f"{passed if failed else counted(passed, 'test')} passed", "" if failed else "green", bold=True)]
    click.echo(f"{', '.join(words)}: {counted(report.expectations, 'expectation')}, {seconds(report.seconds)}")
    if report.out_unknown:
        verb = "holds" if report.out_unknown == 1 else "hold"
        _note(f"{counted(report.out_unknown, 'expectation')} of `out` {verb} because a rule is unknown, not false")
    if report.types:
        _note(f"types of attributes from {report.types}")
    if junit is not None:
        _note(f"wrote {junit}")


def _note(text: str) -> None:
    for line in textwrap.wrap(text, _width(), initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False):
        click.echo(paint(line, "bright_black"))


def _show_test(result: "TestResult", file: str) -> None:
    click.echo(f"{paint('failed', 'red')}: {heading(result.title)}")
    click.echo(f"{paint(' -->', 'bright_black')} {file}:{result.line}")
    for failure in result.failures:
        click.echo(f"  {failure.sentence}")
        click.echo()
        for number, rule in enumerate(failure.rules):
            if number:
                click.echo(f"  {rule.segment}:")
            _show_rule(rule)
        _show_values(failure)
    if not any(one.values for one in result.failures):
        click.echo()


def _show_rule(rule: "Rule") -> None:
    from fasttwitch.explanation.annotation import annotated

    for line in annotated(rule, _width() - 4):
        click.echo(f"    {painted(line)}")
    click.echo()


def _show_values(failure: "Failure") -> None:
    if not failure.values:
        return
    width = max(len(name) for name in failure.values)
    for name, value in failure.values.items():
        click.echo(f"    {name:<{width}}  {value}")
    click.echo()


def _as_json(report: "TestReport") -> dict[str, object]:
    return {
        "ok": not report.failed,
        "file": report.file,
        "tests": len(report.results),
        "failed": report.failed,
        "expectations": report.expectations,
        "out_unknown": report.out_unknown,
        "seconds": round(report.seconds, 6),
        "types": report.types,
        "warnings": list(report.warnings),
        "results": [
            {
                "test": one.number,
                "name": one.name,
                "line": one.line,
                "ok": not one.failures,
                "answers": dict(one.answers),
                "failures": [_failure_as_json(failure) for failure in one.failures],
            }
            for one in report.results
        ],
    }


def _failure_as_json(failure: "Failure") -> dict[str, object]:
    return {
        "segment": failure.segment,
        "expected": failure.expected,
        "got": failure.got,
        "rules": [
            {
                "segment": one.segment,
                "rule": one.text,
                "answer": one.answer,
                "conditions": [
                    {"text": part.text, "span": list(part.span), "answer": part.answer, "decided": part.decided}
                    for part in one.conditions
                ],
            }
            for one in failure.rules
        ],
        "values": dict(failure.values),
    }
