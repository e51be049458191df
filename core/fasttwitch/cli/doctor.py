"""`fasttwitch doctor`: is this machine fit to run on, and how fast is it?"""

import json
import sys

import click

from fasttwitch.cli.exits import OK, RULES, exits
from fasttwitch.cli.screens import Progress, heading, paint

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command("doctor", short_help="Look for what is wrong with this installation.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@exits
def command(as_json: bool) -> None:
    """Check versions, kernels, cache, threads and memory, and compare a few answers with NumPy's.

    Ends with 1 if something is broken; what merely could be better is a warning.
    """
    from fasttwitch.jobs.health import examine

    progress = Progress(shown=False) if as_json else Progress()
    progress.say("looking around")
    try:
        findings = examine(progress.say)
    finally:
        progress.clear()
    broken = any(one.state == "fail" for one in findings)
    if as_json:
        document = [{"what": one.what, "state": one.state, "found": one.found, "fix": one.fix} for one in findings]
        click.echo(json.dumps({"ok": not broken, "findings": document}, indent=2, ensure_ascii=False))
    else:
        for one in findings:
            click.echo(f"{paint(f'{one.state:<5}', _COLOURS[one.state])} {one.what:<11} {one.found}")
            if one.fix:
                click.echo(f"{'':<18}fix: {one.fix}")
        worst = "broken" if broken else "fit to run"
        click.echo(heading(f"\nthis installation is {worst}"))
    sys.exit(RULES if broken else OK)
