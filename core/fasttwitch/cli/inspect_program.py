"""`fasttwitch inspect`: is this saved program whole, can it be used here, and what is in it?"""

import json
from pathlib import Path

import click

from fasttwitch.cli.exits import exits
from fasttwitch.cli.screens import counted, paint, size


@click.command("inspect", short_help="Look at a saved program: is it whole, and what is in it?")
@click.argument("program", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@exits
def command(program: Path, as_json: bool) -> None:
    """Look at PROGRAM, a file that `fasttwitch compile` has written.

    Ends with 3 if it is damaged, was saved by another version of fasttwitch, or was compiled with other clocks of a
    time zone than are installed here: then it has to be compiled anew.
    """
    import fasttwitch as ft

    loaded = ft.load_program(program)
    ruleset, written = loaded.ruleset, program.stat().st_size
    if as_json:
        result = {
            "ok": True,
            "file": str(program),
            "bytes": written,
            "digest": loaded.digest,
            "ruleset": {"name": ruleset.name, "digest": ruleset.digest},
            "segments": list(loaded.names),
            "attributes": sorted(loaded.attributes),
        }
        click.echo(json.dumps(result, indent=2, ensure_ascii=False))
        return
    found = f"{counted(len(loaded.names), 'segment')} over {counted(len(loaded.attributes), 'attribute')}"
    click.echo(f"{paint('ok', 'green')}: {found} ({size(written)})")
    click.echo(f"  program {loaded.digest}")
    click.echo(f"  {ruleset.name} {ruleset.digest}")
