"""Runs tests against mutants: everything is imported once, each mutant lives in a fork of that process.

In the fork the functions of the mutated module get the code of the mutant; then those tests run that reach the mutated
line, quick ones first, until one fails. What runs while modules are imported, such as tables, no test reaches: then all
modules but the kernels are imported anew, the mutant among them, for a choice of tests.
"""

import gc
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.abc import MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import coverage
import pytest
from hypothesis import Phase, settings

from tests.mutation.mutants import Mutant

CPU_SECONDS = 40  # of one mutant; a loop without an end is a fault that was noticed
WALL_SECONDS = 240
TESTS_SECONDS = 15  # of tests for one mutant, as they took without it
SURVIVED, KILLED = 0, 1
FRESH = (
    *("tests/core/logic/test_check.py", "tests/core/logic/test_instants.py", "tests/core/logic/test_folding.py"),
    *("tests/core/logic/test_coercion.py", "tests/core/logic/test_wrong_rules.py", "tests/core/plan", "tests/cases"),
    "tests/mcdc",
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What each test reaches.

    lines    file → line → tests
    seconds  test → how long it took
    """

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]


@dataclass(slots=True)
class Runner:
    """A pytest plugin that takes the place of the run.

    verdicts  mutant → whether a test failed
    """

    mutants: Sequence[Mutant]
    reach: Reach
    jobs: int
    report: Callable[[Mutant, bool], None]
    verdicts: list[tuple[Mutant, bool]] = field(default_factory=list)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try each mutant in a fork."""
        items = {item.nodeid: item for item in session.items}
        running: dict[int, Mutant] = {}
        waiting = list(reversed(self.mutants))
        while waiting or running:
            while waiting and len(running) < self.jobs:
                mutant = waiting.pop()
                child = os.fork()
                if child == 0:
                    _alone(partial(_tried, mutant, self.tests_of(mutant, items)))
                running[child] = mutant
            child, status = os.wait()
            mutant = running.pop(child)
            killed = status != SURVIVED
            self.verdicts.append((mutant, killed))
            self.report(mutant, killed)
        return True

    def tests_of(self, mutant: Mutant, items: dict[str, pytest.Item]) -> list[pytest.Item]:
        """Return the tests that reach a mutant, quick ones first; none for what runs while modules are imported."""
        of_file = self.reach.lines.get(str(mutant.path), {})
        # Not every line of a statement is reached: the last one before it is, that is.
        line = max((line for line in of_file if line <= mutant.line), default=0)
        names = of_file[line] if mutant.function and line > mutant.function else []
        ordered = sorted((name for name in names if name in items), key=lambda name: (self.reach.seconds[name], name))
        chosen, seconds = [], 0.0
        for name in ordered:
            seconds += self.reach.seconds[name]
            if seconds > TESTS_SECONDS:
                break
            chosen.append(items[name])
        return chosen


@dataclass(slots=True)
class Surveyor:
    """A pytest plugin that notes which test reaches which line; the run itself happens in a fork."""

    folder: Path
    out: Path

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests in a fork, one by one, and write what they reach."""
        child = os.fork()
        if child == 0:
            _alone(lambda: self.survey(session.items), limited=False)
        _, status = os.waitpid(child, 0)
        assert status == 0, "the tests fail without any mutant"
        return True

    def survey(self, items: Sequence[pytest.Item]) -> bool:
        """Return whether a test failed."""
        watch = coverage.Coverage(data_file=None, source=[str(self.folder)], config_file=False)
        seconds = {}
        watch.start()
        for item in items:
            watch.switch_context(item.nodeid)
            began = time.process_time()
            if _failed([item]):
                return True
            seconds[item.nodeid] = time.process_time() - began
        watch.stop()
        data = watch.get_data()
        lines = {
            file: {line: names for line, names in data.contexts_by_lineno(file).items() if any(names)}
            for file in data.measured_files()
        }
        self.out.write_text(json.dumps({"lines": lines, "seconds": seconds}))
        return False


def read_reach(path: Path) -> Reach:
    """Return what a surveyor wrote."""
    written = json.loads(path.read_text())
    lines = {file: {int(line): tests for line, tests in of.items()} for file, of in written["lines"].items()}
    return Reach(lines, written["seconds"])


def collect(paths: Sequence[str], plugin: object) -> None:
    """Collect tests and hand them to a plugin's loop."""
    settings.register_profile(
        "mutation",
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=40,
        phases=(Phase.explicit, Phase.generate),
    )
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    pytest.main([*paths, "-q", "-s", "--no-header", "--no-summary", "-p", "no:cacheprovider"], plugins=[plugin])


def _alone(run: Callable[[], bool], limited: bool = True) -> None:
    """Run something in this fork, which says nothing, and end it: status 0 if `run` returns false."""
    status = KILLED
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        if limited:
            signal.alarm(WALL_SECONDS)
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        status = KILLED if run() else SURVIVED
    finally:
        os._exit(status)


def _tried(mutant: Mutant, tests: Sequence[pytest.Item]) -> bool:
    """Return whether one of the tests notices a mutant."""
    if tests:
        _exchange(mutant.module())
        return _failed(tests)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("fasttwitch", "tests")]:
        if not name.startswith("fasttwitch.kernels"):
            del sys.modules[name]
    sys.meta_path.insert(0, _Served(mutant))
    return pytest.main([*FRESH, "-x", "-q", "-p", "no:cacheprovider", "-W", "ignore"]) != pytest.ExitCode.OK


class _Served(MetaPathFinder, SourceLoader):  # type: ignore[misc]  # the two bases disagree in typeshed
    """Finds the mutated module in place of the one on the disk."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the mutant's spec for its own name."""
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin != str(self.mutant.path):
            return None
        spec.loader = self
        return spec

    def get_filename(self, fullname: str) -> str:
        """Return the mutant's path."""
        return str(self.mutant.path)

    def get_data(self, path: str) -> bytes:
        """Return the text on the disk."""
        return Path(path).read_bytes()

    def get_code(self, fullname: str) -> CodeType:
        """Return the mutant's code."""
        return self.mutant.module()


def _exchange(module: CodeType) -> None:
    """Give every function of a module, also those that exist already, its code of a mutant."""
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(module)}
    for function in [each for each in gc.get_objects() if isinstance(each, FunctionType)]:
        if function.__code__.co_filename == module.co_filename:
            code = codes.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
            if code is not None and code.co_freevars == function.__code__.co_freevars:
                function.__code__ = code


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _failed(items: Sequence[pytest.Item]) -> bool:
    """Return whether one of the tests fails; those after it do not run."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        reports = pytest_reports(item, following)
        if any(report.failed for report in reports):
            return True
    return False


def pytest_reports(item: pytest.Item, following: pytest.Item | None) -> list[pytest.TestReport]:
    """Return the reports of one test."""
    from _pytest.runner import runtestprotocol

    return runtestprotocol(item, log=False, nextitem=following)
