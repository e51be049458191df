"""Codes of customers are those of the definition, for every kind of dimension and at every cut."""

import random
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.batch.point.coder import ROWS_AT_ONCE, RowCoder
from fasttwitch.batch.point.values import ValuesReader
from fasttwitch.batch.profiles import profile_table
from fasttwitch.errors import DataError
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.lowering import FALSE, TRUE
from tests.core.batch.point.samples import RIGHT, SCHEMA, any_profile
from tests.generators.trials import trial
from tests.oracle import point_codes
from tests.oracle.instants import DAY, FIRST_TIMESTAMP, LAST_TIMESTAMP

NOW = int(datetime(2026, 1, 31, 9, 30, tzinfo=UTC).timestamp()) * 1_000_000
OPERATORS = ("<", "<=", ">", ">=", "==", "!=")
INTS = (0, -1, 5, 127, -128, 2**31, 2**53 + 1, 2**63 - 1, -(2**63))
UINTS = (0, 1, 5, 255, 2**32 - 1, 2**63, 2**64 - 1)
DOUBLES = (0.0, -0.5, 0.1, 0.5, 2.5, 65504.0, 3.4028234663852886e38, 1e308, 5e-324, 9007199254740992.0)
MOMENTS = ("0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2026-01-02T03:04:05.678901Z", "9999-12-31T23:59:59.999999Z")
DAYS = ("0001-01-01", "1970-01-01", "2026-01-31", "9999-12-31")
LENGTHS = ("-1us", "0s", "1h", "1h1us", "87660000h")


def comparisons() -> list[str]:
    """Return a rule for each operator, constant and attribute."""
    rules = []
    for names, constants in (
        (("i8", "i16", "i32", "i64", "number"), [str(value) for value in INTS]),
        (("u8", "u16", "u32", "u64"), [f"{value}u" for value in UINTS]),
        (("f16", "f32", "f64"), [repr(value) for value in DOUBLES]),
        (("seconds", "millis", "micros", "nanos", "address.since"), [f'timestamp("{text}")' for text in MOMENTS]),
        (("day", "day64", "home.since"), [f'date("{text}")' for text in DAYS]),
        (("length_s", "length_ms", "length", "length_ns"), [f'duration("{text}")' for text in LENGTHS]),
        (("price", "wide", "hundreds", "small", "address.rent"), ["0", "1.5", "5.5", "12", "999.99", "1200", "1e9"]),
        (("text", "large", "view", "word", "address.zip"), ['"gold"', '""', '"1010"', '"Zürich"', '"\\U0001f600"']),
    ):
        for name in names:
            rules += [f"{name} {operator} {constant}" for operator in OPERATORS for constant in constants]
    return rules


OTHERS = [
    "flag",
    "!flag",
    *(
        f"{name} == null"
        for name in ("tags", "pair", "limits", "address", "home", "home.address", "f64", "price", "text")
    ),
    *(f"now - {name} > days({n})" for name in ("seconds", "millis", "micros", "nanos") for n in (-1, 0, 29, 9_000)),
    "now - address.since < days(30)",
    "micros >= now - days(365)",
    "math.isNaN(f32)",
    *(f'{name}.startsWith("go")' for name in ("text", "large", "view", "word")),
    'text.matches("^.{1,4}$") || text.contains("ü") || text.size() > 100',
    "int(text) > 3",
    'int(word) > 3 || word.endsWith("d")',
    'text in ["a", "gold", "silver"]',
    "text == large",
    "text < view",
    "price < wide",
    "double(price) > 1.0",
    "f64 + f32 > 1.0",
    "1.0 / f64 < 0.0",
    "i64 + i32 > 100",
    "i64 * i64 > 100",
    "u64 / u8 >= 2u",
    "coalesce(i64, i32, 7) * 2 == 14",
    "text.size() + i64 > 5",
    "now - micros + length > hours(2)",
    'micros.getHours("Europe/Berlin") == 4',
    "day - days(30) > day64",
    "timestamp(i64) < now",
    "timestamp(text) < now",
    "timestamp(text) + length < now - days(1)",
    "int(string(now).substring(0, 4)) + i64 > 2025",
    "string(i64) == text",
    'string(now) > "2026"',
    "f64 in [0.5, 2.5]",
    f"i64 in [{', '.join(map(str, range(0, 400, 2)))}]",
    'bucket(text, "salt", 10) < 5',
    "math.greatest(f64, f32) > 2.0",
    'semver(text) > "1.2.3"',
]


def program(rules: Sequence[str], schema: pa.Schema = SCHEMA) -> ft.Program:
    segments = {f"r{number}": text for number, text in enumerate(rules)}
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": segments}), schema)


def reader_of(compiled: ft.Program) -> ValuesReader:
    return ValuesReader(compiled.paths, compiled.schema)


def disagreements(
    plan: Plan, reader: ValuesReader, profiles: Sequence[dict[str, object]], schema: pa.Schema, now: int
) -> list[str]:
    """Return where codes differ from the definition: of each profile alone, of all together, and coded anew."""
    coder = RowCoder(plan.codebooks, reader)
    expected = point_codes.codes(plan.codebooks, profile_table(profiles, easy(schema)), now)
    values = reader.read_many(profiles)
    moved = coder.codes(values, NOW - 37 * DAY)
    coder.recode(moved, values, now)
    alone = [coder.codes(reader.read(profile), now)[0].tolist() for profile in profiles]
    ways = {"alone": alone, "together": coder.codes(values, now).tolist(), "anew": moved.tolist()}
    return [
        f"{way}: {profiles[row]} has code {code} of {dimension.source}, not {wanted}"
        for way, rows in ways.items()
        for row, (codes, all_wanted) in enumerate(zip(rows, expected, strict=True))
        for code, wanted, dimension in zip(codes, all_wanted, coder.dimensions, strict=True)
        if code != wanted
    ]


def easy(schema: pa.Schema) -> pa.Schema:
    """Return the schema without dictionaries, which Arrow cannot make of all Python values."""
    return pa.schema([(field.name, without_dictionaries(field.type)) for field in schema])


def without_dictionaries(arrow: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(arrow):
        return arrow.value_type
    if pa.types.is_struct(arrow):
        return pa.struct([(field.name, without_dictionaries(field.type)) for field in arrow])
    return arrow


@cache
def everything() -> tuple[ft.Program, ValuesReader]:
    compiled = program(comparisons() + OTHERS)
    return compiled, reader_of(compiled)


@pytest.mark.parametrize("now", [NOW, FIRST_TIMESTAMP, LAST_TIMESTAMP])
@pytest.mark.parametrize("mode", [TRUE, FALSE])
def test_every_type_is_coded_at_and_around_every_cut(mode: int, now: int) -> None:
    compiled, reader = everything()
    profiles = [{name: value} for name, values in RIGHT.items() for value in values]
    assert disagreements(compiled.half(mode).plan, reader, profiles, SCHEMA, now) == []


def test_whole_profiles_have_the_codes_of_all_their_values() -> None:
    compiled, reader = everything()
    chance = random.Random(3)
    profiles = [any_profile(chance, 0.0) for _ in range(150)]
    assert disagreements(compiled.half(TRUE).plan, reader, profiles, SCHEMA, NOW) == []


@pytest.mark.parametrize("seed", range(12))
def test_codes_of_random_rules_are_those_of_the_definition(seed: int) -> None:
    drawn = trial(random.Random(seed), rules=30, rows=20)
    schema = drawn.shape.schema
    try:
        compiled = ft.compile(ft.load_ruleset(drawn.document), schema)
    except ft.RulesetError:
        pytest.skip("a rule with too many choices")
    profiles = [profile_of(drawn.table, row) for row in range(drawn.table.num_rows)]
    for mode in (TRUE, FALSE):
        assert disagreements(compiled.half(mode).plan, reader_of(compiled), profiles, schema, drawn.shape.now) == []


def profile_of(table: pa.Table, row: int) -> dict[str, object]:
    """Return a row as Python values, without those that Python or a profile cannot hold."""
    profile: dict[str, object] = {}
    for field in table.schema:
        try:
            value = table.column(field.name)[row].as_py()
            profile_table([{field.name: value}], easy(pa.schema([field])))
        except (DataError, ValueError, OverflowError):
            continue
        profile[field.name] = value
    return profile


def test_more_customers_than_the_kernel_takes_at_once() -> None:
    """Texts, slots, decimals, tests and register programs, on both sides of each border."""
    schema = pa.schema({"n": pa.int32(), "t": pa.string(), "p": pa.decimal128(9, 2), "at": pa.timestamp("us")})
    compiled = program(
        ["n + 1 > 3000", 't == "x7"', "p > 5.5", "now - at > days(3)", "string(n) == t", "n > 2048"], schema
    )
    reader = reader_of(compiled)
    coder = RowCoder(compiled.half(TRUE).codebooks, reader)
    chance = random.Random(5)
    profiles: list[dict[str, object]] = [
        {"n": row, "t": f"x{row % 10}" if row % 3 else str(row), "at": datetime(2026, 1, 1 + row % 31)}
        for row in range(2 * ROWS_AT_ONCE + 17)
    ]
    for profile in chance.sample(profiles, 900):
        profile[chance.choice(["n", "t", "at"])] = None
    values = reader.read_many(profiles)
    expected = point_codes.codes(compiled.half(TRUE).plan.codebooks, profile_table(profiles, schema), NOW)
    assert coder.codes(values, NOW).tolist() == expected
    moved = coder.codes(values, NOW - 37 * DAY)
    coder.recode(moved, values, NOW)
    assert moved.tolist() == expected


def test_only_what_follows_the_clock_is_coded_anew() -> None:
    schema = pa.schema({"n": pa.int32(), "at": pa.timestamp("us")})
    compiled = program(["n > 3", "now - at > days(3)", "n + 1 > 7"], schema)
    reader = reader_of(compiled)
    coder = RowCoder(compiled.half(TRUE).codebooks, reader)
    assert coder.follows_clock
    values = reader.read({"n": 5, "at": datetime(2026, 1, 30)})
    codes = np.full((1, len(coder.dimensions)), 77, np.int32)
    coder.recode(codes, values, NOW)
    assert sorted(codes[0].tolist()).count(77) == len(coder.dimensions) - 1
    still = RowCoder(program(["n > 3"], schema).half(TRUE).codebooks, reader)
    assert not still.follows_clock
    still.recode(codes, values, NOW)


def test_codes_are_written_where_they_are_wanted() -> None:
    compiled, reader = everything()
    coder = RowCoder(compiled.half(TRUE).codebooks, reader)
    values = reader.read({"text": "gold", "i64": 5})
    room = np.full(len(coder.dimensions), 99, np.int32)
    coder.write(values, NOW, int(room.ctypes.data))
    assert room.tolist() == coder.codes(values, NOW)[0].tolist()


def test_threads_never_share_a_room() -> None:
    """Each call has a frame to itself, with the clock of its own inside register programs."""
    schema = pa.schema({"n": pa.int32(), "t": pa.string(), "at": pa.timestamp("us")})
    compiled = program(["n + 1 > 30", 't == "x7"', 'now - at + duration("1h") > days(3)', "string(n) == t"], schema)
    reader = reader_of(compiled)
    coder = RowCoder(compiled.half(TRUE).codebooks, reader)
    clocks = (NOW, NOW - 37 * DAY)
    profiles = [{"n": row, "t": f"x{row % 9}", "at": datetime(2026, 1, 1 + row % 28)} for row in range(60)]
    values = [reader.read(profile) for profile in profiles]
    expected = {(row, now): coder.codes(each, now)[0].tolist() for row, each in enumerate(values) for now in clocks}
    wrong: list[tuple[int, int]] = []

    def work(seed: int) -> None:
        chance = random.Random(seed)
        room = np.zeros(len(coder.dimensions), np.int32)
        for _ in range(1_000):
            row, now = chance.randrange(len(values)), chance.choice(clocks)
            coder.write(values[row], clocks[0], int(room.ctypes.data))
            coder.rewrite(values[row], now, int(room.ctypes.data))
            if room.tolist() != expected[row, now]:
                wrong.append((row, now))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_no_rules_have_no_dimensions() -> None:
    compiled = program(["true"])
    coder = RowCoder(compiled.half(TRUE).codebooks, reader_of(compiled))
    assert coder.codes(reader_of(compiled).read({"i8": 3}), NOW).shape == (1, 0)
