"""Many random programs saved and loaded, and files that are damaged or forged: the same answers, or a refusal.

    python tests/sweeps/sweep_artefact.py --schemas 60 --flips 200 --forged 60
    python tests/sweeps/sweep_artefact.py --first 17 --schemas 1     # one of them again, alone

For each random ruleset: all questions asked of the program and of what its file says; bits of the file flipped and its
end cut off, each of which has to be refused; and files with other contents and a right checksum, which may be refused
or answer anything, in a process of their own that has to end well. Prints what was done, and exits with 1 at any
mismatch, after the first few of them.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "core")]

import fasttwitch as ft  # noqa: E402
from tests.generators.profiles import said_profiles  # noqa: E402
from tests.generators.rulesets import FLAVOURS, ruleset_trial  # noqa: E402
from tests.generators.trials import Trial  # noqa: E402
from tests.oracle.arrow import rows  # noqa: E402
from tests.oracle.instants import moment  # noqa: E402
from tests.sweeps.artefact_verdicts import flipped, forged, quick_questions, refusal, trial_differences  # noqa: E402
from tests.sweeps.verdicts import accepted, case  # noqa: E402

SHOWN = 12
CUSTOMERS = 15


def sweep(options: argparse.Namespace) -> int:
    """Return the number of mismatches; prints the first of them and the totals."""
    begun, wrong = time.perf_counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.first, options.first + options.schemas):
            for one in found(number, options, Path(folder)):
                wrong += 1
                if wrong <= SHOWN:
                    print(f"schema {number}: {one}", flush=True)
    print(
        f"{options.schemas} programs saved and loaded, {options.schemas * options.flips:,} flipped bits, "
        f"{options.schemas * options.cuts:,} shorter files, {options.schemas * options.forged:,} forged ones: {wrong} "
        f"mismatches in {time.perf_counter() - begun:.0f} s (seed {options.seed}, first {options.first})"
    )
    return wrong


def found(number: int, options: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Yield what is wrong with one schema, in words."""
    trial = drawn(number, options)
    random = Random(f"artefact/{options.seed}/{number}/asked")
    try:
        yield from trial_differences(trial, random, folder)
    except Exception:  # whatever the engine raises: the sweep goes on and counts it
        yield traceback.format_exc(limit=-5)
        return
    data, path = (folder / "program.ftp").read_bytes(), folder / "other.ftp"
    for _ in range(options.flips):
        bit = random.randrange(8 * len(data))
        if not refusal(flipped(data, bit), path):
            yield f"bit {bit} flipped, and nobody minds"
    for _ in range(options.cuts):
        length = random.randrange(len(data))
        if not refusal(data[:length], path):
            yield f"cut to {length} bytes, and nobody minds"
    if options.forged:
        command = [sys.executable, "-X", "faulthandler", __file__, "--forger", "--first", str(number)]
        command += ["--seed", str(options.seed), "--rules", str(options.rules), "--forged", str(options.forged)]
        command += ["--flavour", options.flavour] if options.flavour else []
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            yield f"forged files end with {done.returncode}: {done.stdout[-300:]}{done.stderr[:1500]}"


def drawn(number: int, options: argparse.Namespace) -> Trial:
    """Return a trial all of whose rules are accepted; every schema can be repeated alone."""
    random = Random(f"artefact/{options.seed}/{number}")
    flavour = options.flavour or [*FLAVOURS][number % len(FLAVOURS)]
    rules = 30 * options.rules if flavour == "crowd" else options.rules
    trial = ruleset_trial(random, flavour, rules, CUSTOMERS)
    kept, _ = accepted(case(replace(trial, table=trial.table.slice(0, 0))))
    return replace(kept.trial, table=trial.table)


def forge(options: argparse.Namespace) -> int:
    """Load forged files of one program and ask those that are not refused; return how many end in an odd way."""
    trial = drawn(options.first, options)
    random = Random(f"artefact/{options.seed}/{options.first}/forged")
    profiles = [one for one in said_profiles(random, rows(trial.table), trial.shape.schema) if one]
    now, odd = moment(trial.shape.now), 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "forged.ftp"
        ft.compile(ft.load_ruleset(trial.document), trial.shape.schema).save(path)
        data = path.read_bytes()
        for number in range(options.forged):
            print(f"number {number}", flush=True)
            path.write_bytes(forged(data, Random(f"{options.seed}/{number}")))
            try:
                program = ft.load_program(path)
                for _, ask in quick_questions(profiles, trial.table, now):
                    ask(program)
            except (ft.DataError, ft.RulesetError):
                continue
            except Exception:
                odd += 1
                traceback.print_exc(limit=-4)
    return odd


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description="save programs, load them, damage them")
    parser.add_argument("--schemas", type=int, default=12)
    parser.add_argument("--rules", type=int, default=20, help="of each schema, of crowds 30 times as many")
    parser.add_argument("--flips", type=int, default=200, help="bits flipped, of each file, one at a time")
    parser.add_argument("--cuts", type=int, default=100, help="lengths to which each file is cut")
    parser.add_argument("--forged", type=int, default=50, help="files with a right checksum, of each program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first schema")
    parser.add_argument("--flavour", choices=[*FLAVOURS])
    parser.add_argument("--forger", action="store_true", help="only load forged files, of the first schema")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    given = parsed(None)
    sys.exit(1 if (forge(given) if given.forger else sweep(given)) else 0)
