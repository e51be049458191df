"""The commands, and nothing that takes long to import: `--help` answers at once."""

import errno
import os
import signal
import sys
from importlib import import_module

import click

from fasttwitch import __version__
from fasttwitch.cli.exits import INTERRUPTED, OUTPUT, stop

# Where each command lives, in the order of `--help`: as they are needed. Loaded when it is asked for.
_COMMANDS = {
    "demo": "fasttwitch.cli.demo",
    "check": "fasttwitch.cli.check",
    "test": "fasttwitch.cli.test_rules",
    "audience": "fasttwitch.cli.audience",
    "explain": "fasttwitch.cli.explain",
    "diff": "fasttwitch.cli.diff",
    "conflicts": "fasttwitch.cli.conflicts",
    "compile": "fasttwitch.cli.compile_rules",
    "inspect": "fasttwitch.cli.inspect_program",
    "fmt": "fasttwitch.cli.fmt",
    "import": "fasttwitch.cli.import_rules",
    "export": "fasttwitch.cli.export_rules",
    "schema": "fasttwitch.cli.schema",
    "doctor": "fasttwitch.cli.doctor",
}


class _Commands(click.Group):
    """A group whose commands are imported one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None if there is none of that name."""
        module = _COMMANDS.get(cmd_name)
        return getattr(import_module(module), "command") if module is not None else None  # noqa: B009


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog="Exit codes: 0 done, 1 problems in rules, 2 usage, 3 data, 4 output, 130 interrupted.",
)
@click.version_option(__version__, prog_name="fasttwitch")
def cli() -> None:
    """Segments of customers from rules that marketers can read.

    Try `fasttwitch demo`: a million customers, 24 segments, no data of yours.
    Then write rules.yaml, and let it be checked against a file of customers:

    \b
        version: 1
        language: cel/1
        segments:
          loyal: ltv > 500 && now - last_order_at < days(30)

    \b
        fasttwitch check rules.yaml --schema customers.parquet
        fasttwitch audience rules.yaml customers.parquet --out today
    """


def main() -> None:
    """Run the command line.

    Not in click's standalone mode, which ends an interrupted command with 1: that means "problems in rules" here.
    """
    signal.signal(signal.SIGTERM, stop)
    try:
        code = cli.main(prog_name="fasttwitch", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("\ninterrupted: nothing was changed", err=True)
        code = INTERRUPTED
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO) or error.filename is not None:
            raise
        _give_up_printing(str(error.strerror).lower())
        code = OUTPUT
    sys.exit(code)


def _give_up_printing(reason: str) -> None:
    """Say why standard output takes no more, and keep Python from trying again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    lines = f"error: the answer cannot be printed: {reason}\n  = fix: free some space, or send it elsewhere"
    click.echo(lines, err=True)


if __name__ == "__main__":
    main()
