"""`fasttwitch compile`: a ruleset to one file, which a process loads in milliseconds."""

import json
from pathlib import Path

import click

from fasttwitch.cli.exits import exits
from fasttwitch.cli.screens import Progress, counted, size


@click.command("compile", short_help="Compile a ruleset to a file that loads in milliseconds.")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write, such as rules.ftp.")
@click.option(
    "--columns-only",
    is_flag=True,
    help="Look at the columns of DATA alone, not at its customers.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@exits
def command(rules: Path, data: Path, out: Path, columns_only: bool, as_json: bool) -> None:
    """Compile RULES for customers like those in DATA (Parquet, Arrow or CSV), and write the program to one file.

    `fasttwitch.load_program` maps it into memory, in any number of processes. The rules are laid out for the customers
    in DATA: which values are rare decides how fast one customer is matched, and changes no answer. The file is replaced
    in one step, so processes that have it loaded may go on.
    """
    progress = Progress(shown=False) if as_json else Progress()
    progress.tell("start", 0, 0)
    try:
        import fasttwitch as ft
        from fasttwitch.jobs.tables import open_customers
        from fasttwitch.ruleset import load_ruleset

        ruleset = load_ruleset(rules)
        declared = {name: one.type for name, one in ruleset.attributes.items()}
        customers = open_customers(data, ruleset.key, declared)
        progress.tell("compile", 0, 0)
        with customers.owning_guesses():
            program = ft.compile(ruleset, customers.schema)
        looked_at = 0
        if not columns_only and program.paths:
            progress.tell("read", 0, 0)
            table = customers.read({path[0] for path in program.paths})
            looked_at = table.num_rows
            program.analyze(table)
        progress.tell("write", 0, 0)
        program.save(out)
    finally:
        progress.clear()
    if as_json:
        result = {
            "ok": True,
            "file": str(out),
            "bytes": out.stat().st_size,
            "digest": program.digest,
            "segments": len(program.names),
            "attributes": sorted(program.attributes),
            "customers": looked_at,
        }
        click.echo(json.dumps(result, indent=2, ensure_ascii=False))
        return
    compiled = f"{counted(len(program.names), 'segment')} over {counted(len(program.attributes), 'attribute')}"
    laid_out = f", laid out for {counted(looked_at, 'customer')}" if looked_at else ""
    click.echo(compiled + laid_out)
    click.echo(f"wrote {out} ({size(out.stat().st_size)})")
    click.echo(f"  {program.digest}")
