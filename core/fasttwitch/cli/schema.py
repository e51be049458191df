"""`fasttwitch schema`: the shape of a ruleset, for editors."""

import json

import click

from fasttwitch.cli.exits import exits


@click.command("schema", short_help="Print the JSON Schema of rulesets.")
@click.option("--json", "as_json", is_flag=True, help="Changes nothing: the schema is JSON.")
@exits
def command(as_json: bool) -> None:
    """Print the JSON Schema (2020-12) of ruleset documents: editors complete and check them with it.

    \b
        fasttwitch schema > ruleset.schema.json

    and on the first line of a ruleset in YAML, for the YAML plug-ins of most editors:

    \b
        # yaml-language-server: $schema=ruleset.schema.json
    """
    from fasttwitch.ruleset.document_schema import document_schema

    click.echo(json.dumps(document_schema(), indent=2, ensure_ascii=False))
