"""Fuzzing of the parser, guided by coverage: `python tests/fuzz/fuzz_syntax.py --seconds 60`.

Mutates rule texts, keeps those that reach new branches, and stops at the first input that breaks a promise:

    nothing but RulesetError escapes    no input takes over a second    what parses survives printing and parsing

Where the checker is at hand, it is fuzzed with every tree that parses. Uses atheris if it is installed (`pip install
atheris`), else the guided mutation below, which needs nothing.
"""

import argparse
import importlib
import inspect
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from fasttwitch.errors import RulesetError
from fasttwitch.syntax import Expression, parse, print_expression

LIMIT_SECONDS = 1.0
SEEDS = (
    'age >= 18 && country in ["DE", "AT", "CH"] && !(tier == "gold") || ltv > 500.0',
    "now - last_order_at > days(90) ? -score % 7 : 0x1F + .5e3 * 2u",
    'purchase.within(days(30)).filter(p, p.amount > 50.0 && p["a b"] != null).size() >= 2',
    '{1: r\'\\d\', \'x\': b"\\x41\\101"}[k].`b-c` == """two\nlines\\U0001F600""" // comment',
    "a.b.Type{x: [true, false, null,], y: {}}.f(-1, --x, !!z)",
    'name LIKE "A%" AND age BETWEEN 18 AND 65 OR country NOT IN ("DE") and x is not null',
    "tier = “gold” & 1,000 < 10% ; 18 <= age < 65 => {{ x }} #",
)
PIECES = (
    *"&|!=<>+-*/%?:.,()[]{}\"'`\\ \n\r\t09aeruxXbU_;#@$^~\0é“\u00a0\u200b\ud800😀",
    *("&&", "||", "==", "!=", "<=", ">=", " in ", '"""', "'''", "//", "true", "null", "1e9", "0x", "\\u00", "\\777"),
    *("[1,2,3]", "(a)", "f(x)", "a.b", " is not ", " like ", " between ", " and ", " not in ", "9223372036854775808"),
)


class Broken(AssertionError):  # noqa: N818
    """A promise that an input breaks."""


def judge(text: str) -> None:
    """Raise unless `text` keeps all promises."""
    start = time.perf_counter()
    try:
        tree = parse(text)
    except RulesetError as error:
        str(error).encode()  # the message can be printed
        tree = None
    if tree is not None:
        if parse(print_expression(tree)) != tree:
            raise Broken("printing and parsing gives another tree")
        check(tree)
    if time.perf_counter() - start > LIMIT_SECONDS:
        raise Broken(f"took over {LIMIT_SECONDS} s")


def _find_checker() -> Callable[[Expression], object]:
    """Return what checks a tree against the names of the seeds, or nothing where there is no checker yet."""
    try:
        checking = importlib.import_module("fasttwitch.logic.check")
        scopes = importlib.import_module("fasttwitch.logic.scope")
        types = importlib.import_module("fasttwitch.logic.datatypes")
    except ImportError:
        return lambda tree: None
    kinds = (types.INT, types.STRING, types.DOUBLE, types.BOOL, types.TIMESTAMP, types.UINT, types.DATE, types.DURATION)
    words = sorted({word for seed in SEEDS for word in re.findall(r"[a-z_]+", seed)})
    attributes = {word: kinds[place % len(kinds)] for place, word in enumerate(words)}
    attributes["a"] = types.StructType((("b", types.INT), ("f", types.STRING)))
    scope = scopes.Scope(attributes, frozenset(words[:5]), {"vip": scopes.NamedList(types.STRING, ("x",))})

    def run(tree: Expression) -> None:
        try:
            checking.check(tree, scope)
        except RulesetError as error:
            str(error).encode()

    return run


check = _find_checker()


# --- guided mutation


class Arcs:
    """Pairs of consecutive lines of the syntax room that have ever been run."""

    def __init__(self) -> None:
        self.seen: set[tuple[CodeType, int, int]] = set()
        self.fresh = False

    def trace(self, frame: FrameType, event: str, argument: object) -> "Callable[..., Any] | None":
        """Follow calls into the rooms under test, and nowhere else."""
        code = frame.f_code
        if "/fasttwitch/syntax/" not in code.co_filename and "/fasttwitch/logic/" not in code.co_filename:
            return None
        last = 0

        def follow(frame: FrameType, event: str, argument: object) -> "Callable[..., Any]":
            nonlocal last
            arc = (code, last, frame.f_lineno)
            last = frame.f_lineno
            if arc not in self.seen:
                self.seen.add(arc)
                self.fresh = True
            return follow

        return follow

    def reaches_new(self, text: str) -> bool:
        """Return whether judging `text` runs an arc that no text before it has run."""
        self.fresh = False
        sys.settrace(self.trace)
        try:
            judge(text)
        finally:
            sys.settrace(None)
        return self.fresh


def mutations(corpus: list[str], dice: random.Random) -> Iterator[str]:
    """Yield texts without end, each made from texts of the corpus as it is by then."""
    while True:
        text = dice.choice(corpus)
        for _ in range(dice.choice((1, 1, 2, 3, 6))):
            place = dice.randint(0, len(text))
            match dice.randrange(6):
                case 0:
                    text = text[:place] + text[place + dice.randint(1, 8) :]
                case 1 | 2:
                    text = text[:place] + dice.choice(PIECES) + text[place + dice.choice((0, 0, 1)) :]
                case 3:
                    other = dice.choice(corpus)
                    cut = dice.randint(0, len(other))
                    text = text[:place] + other[cut : cut + dice.randint(1, 40)] + text[place:]
                case 4:
                    piece = text[place : place + dice.randint(1, 12)]
                    text = text[:place] + piece * dice.choice((2, 3, 120)) + text[place:]
                case _:
                    text = (
                        text[:place]
                        + chr(dice.choice((dice.randrange(128), dice.randrange(0x2100))))
                        + text[place + 1 :]
                    )
        yield text[:20_000]


def fuzz(seconds: float, seed: int) -> None:
    """Fuzz with our own guide until the time is over."""
    dice = random.Random(seed)
    arcs = Arcs()
    corpus = list(SEEDS)
    end = time.monotonic() + seconds
    count = 0
    for seed_text in SEEDS:
        arcs.reaches_new(seed_text)
    for text in mutations(corpus, dice):
        if time.monotonic() > end:
            break
        count += 1
        try:
            if arcs.reaches_new(text):
                corpus.append(text)
        except BaseException:
            print(f"broken by {text!r}")
            raise
    print(f"{count:,} texts, {len(arcs.seen):,} arcs, {len(corpus)} texts kept, no promise broken")


def fuzz_with_atheris(atheris: Any, seconds: float, seed: int) -> None:
    """Fuzz with libFuzzer, which leaves by itself when the time is over."""

    def one(data: bytes) -> None:
        judge(data.decode("utf-8", "replace"))

    for name, module in list(sys.modules.items()):
        if name.startswith(("fasttwitch.syntax", "fasttwitch.logic")):
            owners = [module, *(value for value in vars(module).values() if inspect.isclass(value))]
            for function in {value for owner in owners for value in vars(owner).values() if inspect.isfunction(value)}:
                if function.__module__ == name:
                    atheris.instrument_func(function)
    folder = Path(tempfile.mkdtemp(prefix="fuzz_syntax_"))  # libFuzzer ends the process: nobody could remove it after
    for place, text in enumerate(SEEDS):
        (folder / str(place)).write_text(text)
    flags = [f"-max_total_time={int(seconds)}", f"-seed={seed}", "-max_len=4096", "-timeout=5", "-only_ascii=0"]
    atheris.Setup([sys.argv[0], *flags, f"-artifact_prefix={folder}/", str(folder)], one)
    atheris.Fuzz()


def main() -> None:
    """Read the command line and fuzz."""
    parser = argparse.ArgumentParser(description="fuzz the parser")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--atheris", action="store_true", help="use atheris, which must be installed")
    options = parser.parse_args()
    if options.atheris:
        fuzz_with_atheris(importlib.import_module("atheris"), options.seconds, options.seed)
    else:
        fuzz(options.seconds, options.seed)


if __name__ == "__main__":
    main()
