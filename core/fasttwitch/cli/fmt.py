"""`fasttwitch fmt`: rules as they should be written."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from fasttwitch.cli.exits import OK, RULES, exits
from fasttwitch.cli.screens import counted, paint


@click.command("fmt", short_help="Lay out the rules of a ruleset.")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; end with 1 if a rule would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@exits
def command(rules: Path, check: bool, diff: bool, as_json: bool) -> None:
    """Write each rule in its canonical form: on one line if it fits into 100 columns, else laid out over several.

    Nothing else in the file changes: not its comments, its order or its blank lines. Comments in rules stay beside
    what they stood beside. The meaning of no rule changes.
    """
    from fasttwitch.jobs.formatting import look_at

    found = look_at(rules)
    dry = check or diff
    if not dry:
        found.write()
    code = RULES if check and found.changes else OK
    if as_json:
        result: dict[str, object] = {
            "ok": code == OK,
            "file": str(rules),
            "rules": found.rules,
            "written": not dry and bool(found.changes),
            "changes": [
                {"segment": one.segment, "line": one.line, "before": one.before, "after": one.after}
                for one in found.changes
            ],
        }
        if diff:
            result["diff"] = "".join(f"{line}\n" for line in found.difference())
        click.echo(json.dumps(result, indent=2, ensure_ascii=False))
        sys.exit(code)
    if diff:
        _show_difference(found.difference())
    if found.changes:
        of_all = f"{len(found.changes)} of {counted(found.rules, 'rule')} in {rules}"
        click.echo(f"would change {of_all}" if dry else f"{paint('formatted', 'green')} {of_all}", err=diff)
        if not diff:
            for one in found.changes:
                click.echo(f"  line {one.line}: {one.segment}")
    else:
        are = "is" if found.rules == 1 else "are"
        click.echo(
            f"{paint('ok', 'green')}: {counted(found.rules, 'rule')} in {rules} {are} laid out already", err=diff
        )
    sys.exit(code)


def _show_difference(lines: Sequence[str]) -> None:
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for number, line in enumerate(lines):
        # The first two lines name the files; they begin with signs that mean something else below.
        click.echo(paint(line, "", bold=True) if number < 2 else paint(line, colours.get(line[:1], "")))
