"""Values of a mapping are what a bulk run would have read, and what is wrong is said in the same words."""

import math
from collections import UserDict, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from fasttwitch.batch.point import values as values_module
from fasttwitch.batch.point.values import Values, ValuesReader
from fasttwitch.batch.profiles import profile_table
from fasttwitch.errors import DataError
from tests.core.batch.point.samples import ODD, SCHEMA, UNREAD, any_profile, everything
from tests.oracle.arrow import rows

READER = everything()
# Arrow cannot make dictionaries of numbers from Python values, so the slow truth reads those as plain numbers.
EASY = SCHEMA.set(SCHEMA.get_field_index("number"), pa.field("number", pa.int64()))
THERE = (("address",), ("home",), ("home", "address"), ("tags",), ("pair",), ("limits",))


def expected(profiles: Sequence[dict[str, object]]) -> list[dict[str, object]] | str:
    """Return what the slow truth sees of each profile, or the error."""
    try:
        table = profile_table(profiles, EASY)
    except DataError as error:
        return str(error)
    lists = {name: table.column(name).is_valid().to_pylist() for name in ("tags", "pair", "limits")}
    return [{**row, **{name: lists[name][i] or None for name in lists}} for i, row in enumerate(rows(table))]


def found(profiles: Sequence[dict[str, object]]) -> list[dict[str, object]] | str:
    """Return what the reader sees of each profile, or the error; one profile is read in both ways."""
    many = answer(lambda: READER.read_many(profiles))
    if len(profiles) == 1:
        assert repr(answer(lambda: READER.read(profiles[0]))) == repr(many)
    return many


def answer(read: Callable[[], Values]) -> list[dict[str, object]] | str:
    try:
        return shown(read(), READER)
    except DataError as error:
        return str(error)


def shown(values: Values, reader: ValuesReader) -> list[dict[str, object]]:
    columns = {path: reader.column(values, path) for path in reader.places}
    return [
        {
            ".".join(path): (True if path in THERE and column[row] is not None else column[row])
            for path, column in columns.items()
        }
        for row in range(values.rows)
    ]


def same(one: object, other: object) -> bool:
    """Return whether two answers are the same, signs of zeros, NaN and digits of decimals included."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    assert isinstance(one, list)
    assert isinstance(other, list)
    if len(one) != len(other):
        return False
    return all(
        repr(row[path]) == repr(twin[path])
        for row, twin in zip(one, other, strict=True)
        for path in (row if row else ())
    )


@pytest.mark.parametrize("name", SCHEMA.names)
def test_every_value_of_every_type_is_read_or_refused_as_in_bulk(name: str) -> None:
    """Alone, and beside a hundred others that Arrow would take."""
    for value in ODD:
        assert same(found([{name: value}]), expected([{name: value}])), value
        profiles: list[dict[str, object]] = [{}, {name: None}, {name: value}]
        assert same(found(profiles), expected(profiles)), value


@pytest.mark.parametrize("seed", range(150))
def test_whole_profiles_are_read_or_refused_as_in_bulk(seed: int) -> None:
    """Of several faults the first is told, in the order of the profile."""
    random = Random(seed)
    faults = random.choice((0.0, 0.0, 0.02, 0.1))
    profiles = [any_profile(random, faults) for _ in range(random.choice((1, 1, 2, 7)))]
    assert same(found(profiles), expected(profiles))


def test_the_long_way_gives_the_same_values_to_the_byte() -> None:
    random = Random(1)
    for _ in range(50):
        profiles = [any_profile(random, 0.0) for _ in range(3)]
        short, long = READER.read_many(profiles), READER._slowly(profiles, "error")
        assert (short.raw, list(short.texts)) == (long.raw, list(long.texts))
        assert list(map(str, short.others)) == list(map(str, long.others))


@pytest.mark.parametrize(
    "profile",
    [
        {},
        {"i8": None, "text": None, "price": None, "micros": None, "f64": None, "flag": None, "tags": None},
        {"i8": 5, "text": "gold", "price": Decimal("1.5"), "micros": datetime(2026, 1, 1), "f64": 1.5, "flag": True},
        {"f64": 5, "f32": 5, "f16": 5},
        {"f64": np.float64(2.5), "i8": np.int64(5), "text": np.str_("gold"), "micros": np.datetime64("2026-01-01")},
        {
            "address": {"zip": "1010", "rent": None},
            "home": {"address": {"floor": 3}},
            "tags": ["a"],
            "limits": {"a": 1},
        },
        {"notes": "no rule reads this", "unread": 5},
    ],
)
def test_what_is_right_is_read_the_short_way(profile: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """The long way takes a hundred µs; nothing but time tells it from the short one."""
    wanted = expected([profile]), expected([profile] * 2)

    def refuse(*_: object) -> Values:
        raise AssertionError("the long way")

    monkeypatch.setattr(values_module, "long_way", refuse)
    assert same(found([profile]), wanted[0])
    assert same(found([profile] * 2), wanted[1])


SMALL = pa.schema({"age": pa.int8(), "ltv": pa.float64(), "tier": pa.string(), "notes": pa.string()})
RULES_READ = ValuesReader([("age",), ("ltv",), ("tier",)], SMALL)


def refused(profile: object, extra: str = "error", reader: ValuesReader = RULES_READ) -> str:
    with pytest.raises(DataError) as caught:
        reader.read(profile, extra)  # type: ignore[arg-type]
    return str(caught.value)


def test_what_no_rule_reads_is_checked_all_the_same() -> None:
    assert RULES_READ.read({"age": 3, "ltv": 1.0, "tier": "x", "notes": "fine"}).texts == ["x"]
    assert refused({"age": 3, "notes": 5}) == "attribute `notes` is a string, and 5 is an int\n  = fix: give a `str`"
    assert refused({"age": 3, "tiers": 5}) == "there is no attribute `tiers`\n  = fix: did you mean `tier`?"


def test_what_no_rule_reads_is_checked_in_many_profiles_too() -> None:
    """Also where every profile has all that rules read; and where a struct that they read is absent."""
    full: dict[str, object] = {"age": 3, "ltv": 1.0, "tier": "x"}
    with pytest.raises(DataError) as caught:
        RULES_READ.read_many([full, {**full, "notes": 5}])
    assert str(caught.value) == (
        "attribute `notes` is a string, and 5 is an int (profile 2 of 2)\n  = fix: give a `str`"
    )
    schema = pa.schema({"age": pa.int8(), "home": pa.struct([("zip", pa.string())])})
    of_struct = ValuesReader([("age",), ("home", "zip")], schema)
    with pytest.raises(DataError, match="there is no attribute `hoem`"):
        of_struct.read_many([{"age": 3, "hoem": {"zip": "1010"}}] * 2)


def test_unknown_names_can_be_ignored_but_not_wrong_values() -> None:
    profile = {"age": 3, "ltv": 1.0, "tier": "x", "shoe_size": [1, 2]}
    assert RULES_READ.read(profile, "ignore") == RULES_READ.read({"age": 3, "ltv": 1.0, "tier": "x"})
    assert RULES_READ.read_many([profile, {}], "ignore").texts == ["x", None]
    assert refused({"shoe": 1, "notes": 5}, "ignore").startswith("attribute `notes` is a string")
    assert refused({"shoe": 1, "age": "5"}, "ignore").startswith("attribute `age` is an int")


def test_another_word_than_error_and_ignore_is_refused() -> None:
    message = '`extra` is `drop`\n  = fix: give "error", or "ignore" for names that the schema lacks'
    assert refused({}, "drop") == message
    with pytest.raises(DataError) as caught:
        RULES_READ.read_many([], "drop")
    assert str(caught.value) == message


@pytest.mark.parametrize("profile", [None, [("age", 3)], "age", 5])
def test_what_is_no_mapping_is_refused(profile: object) -> None:
    kind = type(profile).__name__
    assert refused(profile) == (
        f"a profile is a mapping from attributes to values, and this is a `{kind}`\n"
        '  = fix: give a dict: `{"country": "DE", "age": 30}`'
    )


def test_which_of_many_is_no_mapping_is_said() -> None:
    with pytest.raises(DataError) as caught:
        RULES_READ.read_many([{"age": 3}, 5])  # type: ignore[list-item]
    assert str(caught.value) == (
        "a profile is a mapping from attributes to values, and this is a `int` (profile 2 of 2)\n"
        '  = fix: give a dict: `{"country": "DE", "age": 30}`'
    )


def test_any_mapping_will_do_and_none_is_changed() -> None:
    """A defaultdict must not be asked for what it lacks."""
    profile = {"age": 3, "tier": "x"}
    made: defaultdict[str, object] = defaultdict(lambda: 99, profile)
    assert RULES_READ.read(made) == RULES_READ.read(UserDict(profile)) == RULES_READ.read(profile)
    assert RULES_READ.read_many([made, profile]) == RULES_READ.read_many([UserDict(profile), UserDict(profile)])
    assert made == profile


def test_later_changes_of_a_mapping_do_not_matter() -> None:
    profile: dict[str, object] = {"i8": 3, "tags": ["a"], "text": "x"}
    values = READER.read(profile)
    before = shown(values, READER)
    profile["i8"] = 4
    profile["tags"].clear()  # type: ignore[attr-defined]
    assert shown(values, READER) == before


def test_no_profiles_have_no_values() -> None:
    values = READER.read_many([])
    assert (values.rows, values.raw, list(values.texts), list(values.others)) == (0, b"", [], [])


def test_rules_that_read_nothing_or_one_attribute() -> None:
    assert ValuesReader([], SMALL).read({"age": 3}) == Values(1, b"", [], [])
    with pytest.raises(DataError, match="there is no attribute `a`"):
        ValuesReader([], SMALL).read({"a": 3})
    alone = ValuesReader([("age",)], SMALL)
    assert list(alone.column(alone.read({"age": 3}), ("age",))) == [3]
    assert list(alone.column(alone.read({}), ("age",))) == [None]


def test_which_of_many_is_wrong_is_said() -> None:
    with pytest.raises(DataError) as caught:
        RULES_READ.read_many([{"age": 1}, {"age": 200}, {"ages": 1}])
    assert str(caught.value) == "200 does not fit attribute `age`, which is stored as int8 (profile 2 of 3)"


def test_an_int_of_ten_thousand_digits_is_refused_in_few_words() -> None:
    """Python by itself raises a ValueError where it should write such a number."""
    assert refused({"age": -(10**10_000)}) == "-1.000e+10000 does not fit attribute `age`, which is stored as int8"


def test_texts_are_looked_at_beside_values_of_other_types_too() -> None:
    """Half of a surrogate pair is refused, be the rest of a profile as it may."""
    assert refused({"ltv": np.float64(1.5), "tier": "\ud800", "age": 3}) == (
        "the text of attribute `tier` has half of a surrogate pair\n  = fix: repair it where it is made"
    )


def test_numbers_of_few_bits_are_held_to_them() -> None:
    values = READER.read(
        {"f32": 0.1, "f16": 0.1, "i8": -128, "u64": 2**64 - 1, "seconds": datetime(2026, 1, 1, 0, 0, 0, 9)}
    )
    seen = shown(values, READER)[0]
    assert seen["f32"] == float(np.float32(0.1))
    assert seen["f16"] == float(np.float16(0.1))
    assert (seen["i8"], seen["u64"]) == (-128, 2**64 - 1)
    assert seen["seconds"] == int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000


def test_nan_and_the_sign_of_zero_stay_and_decimals_have_none() -> None:
    seen = shown(READER.read({"f64": -0.0, "f32": math.nan, "price": Decimal("-0.0"), "length": timedelta(0)}), READER)[
        0
    ]
    assert math.copysign(1.0, seen["f64"]) == -1.0  # type: ignore[arg-type]
    assert math.isnan(seen["f32"])  # type: ignore[arg-type]
    assert str(seen["price"]) == "0.00"


def test_the_names_that_no_rule_reads_have_no_place() -> None:
    assert not {path[0] for path in READER.places} & set(UNREAD)


@pytest.mark.parametrize("name", ["seconds", "millis", "micros", "nanos"])
@pytest.mark.parametrize("zones", [(UTC,), (None,), (UTC, None), (timezone(timedelta(hours=5)), UTC)])
def test_instants_of_many_are_those_of_each(name: str, zones: tuple[tzinfo | None, ...]) -> None:
    """With zones, without and mixed; with and without nulls; before 1970, where parts of a length have two signs."""
    moments = [
        datetime(year, 3, 4, 5, 6, 7, fraction, zone)
        for year in (1700, 1969, 1970, 2026, 2200)
        for fraction in (0, 1, 999_999)
        for zone in zones
    ]
    profiles: list[dict[str, object]] = [{name: moment} for moment in moments]
    assert same(found(profiles), expected(profiles))
    profiles[1:3] = [{}, {name: None}]
    assert same(found(profiles), expected(profiles))
