"""Two programs asked the same, and files that are not as they were written."""

import hashlib
import json
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa

import fasttwitch as ft
from tests.generators.profiles import said_profiles
from tests.generators.trials import Trial
from tests.oracle.arrow import rows
from tests.oracle.instants import moment

Profile = Mapping[str, object]
Question = Callable[[ft.Program], object]

LATER = timedelta(days=3, hours=5)
EXPLAINED = 4  # rules of each program
HEAD = struct.Struct("<8sIIQQ")  # magic, two formats, bytes in all, bytes of the table
DIGEST = slice(32, 64)
WORDS = ("0", "1", "-1", "7", "1e9", "null", "[]", '""', "true", "99999999", '"int"', '"Constant"', "2.5")


def trial_differences(trial: Trial, random: Random, folder: Path) -> list[str]:
    """Return where a program and what its file says differ, in words; no rule may be refused."""
    program = ft.compile(ft.load_ruleset(trial.document), trial.shape.schema)
    if random.random() < 0.5 and trial.table.num_rows:
        program.analyze(trial.table)
    path = folder / "program.ftp"
    program.save(path)
    written = path.read_bytes()
    loaded = ft.load_program(path)
    profiles = [one for one in said_profiles(random, rows(trial.table), trial.shape.schema) if one]
    wrong = differences(program, loaded, trial.table, profiles, moment(trial.shape.now), random)
    for again in (program, loaded, ft.load_program(path)):  # the last one has parsed nothing
        again.save(path)
        if path.read_bytes() != written:
            wrong.append("saved twice, with other bytes")
    return wrong


def differences(
    one: ft.Program,
    other: ft.Program,
    table: pa.Table,
    profiles: Sequence[Mapping[str, object]],
    now: datetime,
    random: Random,
) -> list[str]:
    """Return the questions to which two programs have different answers, in words."""
    asked = dict(questions(profiles, table, now, random, one.names))
    return [name for name, ask in asked.items() if outcome(ask, one) != outcome(ask, other)]


def questions(
    profiles: Sequence[Profile], table: pa.Table, now: datetime, random: Random, names: Sequence[str]
) -> Iterator[tuple[str, Question]]:
    """Yield all that can be asked of a program, single customers first: the plan of these is read, too."""
    for number, profile in enumerate(profiles):
        other = random.choice(profiles)
        yield f"match {number}", partial(_match, profile, now)
        yield f"due {number}", partial(_due, profile, now)
        yield f"delta {number}", partial(_delta, profile, other, now)
        yield f"unknown {number}", partial(_unknown, profile, now)
    for number, name in enumerate(random.sample(names, min(EXPLAINED, len(names)))):
        for profile in profiles[number : number + 1]:
            yield f"explain {name}", partial(_explain, profile, name, now)
    yield from _of_many(profiles, table, now)
    yield "unknown", lambda program: program.select(table, now=now, threads=1).unknown
    for what in ("digest", "attributes", "names", "paths", "schema"):
        yield what, attrgetter(what)
    yield "ruleset", lambda program: said(program.ruleset)
    yield "trees", lambda program: dict(program.trees)


def quick_questions(profiles: Sequence[Profile], table: pa.Table, now: datetime) -> Iterator[tuple[str, Question]]:
    """Yield what kernels answer, of programs that may answer anything."""
    for profile, other in pairwise(profiles):
        yield "match", partial(_match, profile, now)
        yield "delta", partial(_delta, profile, other, now)
    yield from _of_many(profiles, table, now)
    yield "analyzed", partial(_analyze, table)
    for profile in profiles[:1]:
        yield "match again", partial(_match, profile, now)


def _of_many(profiles: Sequence[Profile], table: pa.Table, now: datetime) -> Iterator[tuple[str, Question]]:
    yield "match many", lambda program: [one.segments for one in program.match_many(profiles, now=now, threads=2)]
    yield "counts", lambda program: program.count(table, now=now, threads=1)
    yield "masks", lambda program: _masks(program.select(table, now=now, threads=2))
    yield "kept", lambda program: _kept(program, table, now)
    yield "moves", lambda program: _moves(program, table, now)


def _match(profile: Profile, now: datetime, program: ft.Program) -> object:
    return program.match(profile, now=now).segments


def _due(profile: Profile, now: datetime, program: ft.Program) -> object:
    return program.due(profile, now=now)


def _delta(profile: Profile, other: Profile, now: datetime, program: ft.Program) -> object:
    delta = program.delta(profile, other, now=now + LATER, since=now)
    return delta.entered, delta.left, delta.causes, delta.digest


def _unknown(profile: Profile, now: datetime, program: ft.Program) -> object:
    return program.match(profile, now=now).unknown


def _explain(profile: Profile, name: str, now: datetime, program: ft.Program) -> object:
    return str(program.explain(profile, name, now=now))


def _analyze(table: pa.Table, program: ft.Program) -> object:
    program.analyze(table)
    return None


def said(ruleset: ft.Ruleset) -> object:
    """Return what a ruleset says, without the places where it does; its digest made anew."""
    fresh = replace(ruleset, segments=dict(ruleset.segments))
    segments = [(one.name, one.when, one.description, one.owner, one.tags) for one in ruleset.segments.values()]
    return fresh.digest, ruleset.digest, segments, fresh.attributes, fresh.lists, fresh.tests, fresh.key


def outcome(ask: Question, program: ft.Program) -> str:
    """Return what a program answers, or the error that it raises, whatever that is: the other has to raise it, too."""
    try:
        return repr(ask(program))
    except Exception as error:
        return repr(error)


def _masks(audiences: ft.Audiences) -> object:
    return [audiences.mask(name).to_pylist() for name in audiences.names]


def _kept(program: ft.Program, table: pa.Table, now: datetime) -> object:
    base = program.encode(table, threads=1)
    some = range(0, table.num_rows, 7)
    return program.count(base, now=now), [program.match(base.row(number), now=now).segments for number in some]


def _moves(program: ft.Program, table: pa.Table, now: datetime) -> object:
    moves = program.sweep(program.encode(table, threads=1), since=now, now=now + LATER)
    return moves.entered, moves.left, [moves.entered_rows(name).to_pylist() for name in moves.entered]


def refusal(data: bytes, path: Path) -> str:
    """Return the words of the error with which a file is refused, "" if it is not."""
    path.write_bytes(data)
    try:
        ft.load_program(path)
    except ft.ProgramError as error:
        return str(error)
    return ""


def flipped(data: bytes, bit: int) -> bytes:
    """Return the data with one bit turned around."""
    other = bytearray(data)
    other[bit >> 3] ^= 1 << (bit & 7)
    return bytes(other)


def forged(data: bytes, random: Random) -> bytes:
    """Return a file with a right checksum whose sections say something else than any of ours."""
    _, _, _, size, table_size = HEAD.unpack_from(data)
    begin = 64 + table_size
    entries = json.loads(data[64:begin])
    other = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        name, kind, shape, offset = random.choice(entries)
        at, length = begin + offset, int(np.prod(shape, dtype=np.int64)) * np.dtype(kind).itemsize
        if not length:
            continue
        if name in ("program", "codes", "origin"):
            at += random.randrange(length)
            word = random.choice(WORDS).encode()
            other[at : at + len(word)] = word
            continue
        width = np.dtype(kind).itemsize
        place = at + width * random.randrange(length // width)
        value = int.from_bytes(other[place : place + width], "little")
        value = random.choice(
            (0, 1, value + 1, value - 1, value * 2, 2**31 - 1, 2**32 - 1, 2**62, random.getrandbits(20))
        )
        other[place : place + width] = (value % 2 ** (8 * width)).to_bytes(width, "little")
    return sealed(bytes(other[:size]))


def sealed(data: bytes) -> bytes:
    """Return the data with a checksum that is right."""
    digest = hashlib.sha256(data[: DIGEST.start] + data[DIGEST.stop :]).digest()
    return data[: DIGEST.start] + digest + data[DIGEST.stop :]
