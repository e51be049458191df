"""Exit codes, and the one place where errors become a message and a code.

0    done
1    the rules are wrong, a test of theirs failed, `fmt --check` would change one, or `doctor` found something broken
2    the command line is wrong
3    the data do not fit
4    the results cannot be written
130  interrupted (143 when asked to stop)
"""

import json
import sys
from collections.abc import Callable
from functools import wraps
from types import FrameType
from typing import NoReturn, ParamSpec

import click

from fasttwitch.cli.screens import paint
from fasttwitch.errors import (
    DataError,
    ExporterError,
    FasttwitchError,
    ImporterError,
    OutputError,
    Problem,
    RulesetError,
)

OK, RULES, USAGE, DATA, OUTPUT, INTERRUPTED, STOPPED = 0, 1, 2, 3, 4, 130, 143

Arguments = ParamSpec("Arguments")


def exits(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Return the command with its errors turned into messages and exit codes; `--json` gets them as JSON."""

    @wraps(command)
    def run(*arguments: Arguments.args, **options: Arguments.kwargs) -> None:
        as_json = bool(options.get("as_json"))
        try:
            command(*arguments, **options)
        except FasttwitchError as error:
            _show(error, as_json)
            sys.exit(_code(error))
        except MemoryError:
            _show(DataError("the machine has not enough memory for this", "try a smaller file"), as_json)
            sys.exit(DATA)
        except KeyboardInterrupt:
            click.echo("\ninterrupted: nothing was changed", err=True)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            _close_quietly()

    return run


def stop(number: int, frame: FrameType | None) -> NoReturn:
    """Leave as if by an error, so that unfinished output is removed."""
    sys.exit(STOPPED)


def _code(error: FasttwitchError) -> int:
    match error:
        case RulesetError() | ImporterError() | ExporterError():
            return RULES
        case OutputError():
            return OUTPUT
        case _:
            return DATA


def _show(error: FasttwitchError, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(error_to_json(error), indent=2, ensure_ascii=False))
    else:
        click.echo(f"{paint('error', 'red', err=True)}: {error}", err=True)
        for note in getattr(error, "__notes__", ()):
            click.echo(f"\n{note}", err=True)


def error_to_json(error: FasttwitchError) -> dict[str, object]:
    """Return an error as an object that a program can take apart."""
    if isinstance(error, RulesetError):
        told = {"ok": False, "problems": [problem_to_json(one) for one in error.problems]}
        notes = getattr(error, "__notes__", ())
        return {**told, "notes": list(notes)} if notes else told
    if isinstance(error, ImporterError):
        return {"ok": False, "problems": [{**problem_to_json(error.problem), "place": error.place}]}
    if isinstance(error, ExporterError):
        return {"ok": False, "problems": [problem_to_json(error.problem)]}
    fix = error.fix if isinstance(error, DataError) else ""
    message = error.message if isinstance(error, DataError) else str(error)
    return {"ok": False, "error": {"message": message, "fix": fix}}


def problem_to_json(problem: Problem) -> dict[str, object]:
    """Return a problem with its place: line and column count from 1, and are null where there is no place."""
    line = column = None
    if problem.source is not None and problem.span is not None:
        line, column = problem.source.locate(problem.text, problem.span[0])
    return {
        "message": problem.message,
        "fix": problem.fix,
        "file": problem.source.name if problem.source is not None else None,
        "line": line,
        "column": column,
    }


def _close_quietly() -> None:
    """End without the complaint that Python adds when the reader of a pipe has gone, as with `| head`."""
    sys.stderr.close()
    sys.exit(OK)
