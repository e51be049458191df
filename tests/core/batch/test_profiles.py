"""Profiles become what a bulk run would have read, or an error that says what is wrong."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.batch.profiles import profile_table, wrong_values
from fasttwitch.batch.stored_values import words_of
from fasttwitch.errors import DataError

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)
SCHEMA = pa.schema(
    {
        "age": pa.int8(),
        "visits": pa.uint64(),
        "half": pa.float16(),
        "score": pa.float32(),
        "ltv": pa.float64(),
        "opt_in": pa.bool_(),
        "tier": pa.string(),
        "city": pa.dictionary(pa.int32(), pa.string()),
        "seconds": pa.timestamp("s"),
        "micros": pa.timestamp("us", "UTC"),
        "nanos": pa.timestamp("ns", "Europe/Berlin"),
        "born": pa.date32(),
        "born64": pa.date64(),
        "length": pa.duration("ns"),
        "price": pa.decimal128(5, 2),
        "address": pa.struct([("zip", pa.string()), ("since", pa.timestamp("ms"))]),
        "tags": pa.list_(pa.string()),
        "pair": pa.list_(pa.int32(), 2),
        "limits": pa.map_(pa.string(), pa.int16()),
        "photo": pa.binary(),
    }
)


def stored(name: str, value: object, written: bool = False) -> object:
    return profile_table([{name: value}], SCHEMA, written).column(name).to_pylist()[0]


def refused(name: str, value: object, written: bool = False) -> str:
    with pytest.raises(DataError) as caught:
        profile_table([{name: value}], SCHEMA, written)
    return str(caught.value)


def test_a_table_has_all_columns_and_what_is_absent_is_null() -> None:
    table = profile_table([{"age": 30}, {}, {"tier": "gold", "age": None}], SCHEMA)
    assert table.schema == SCHEMA
    assert table.column("age").to_pylist() == [30, None, None]
    assert table.column("tier").to_pylist() == [None, None, "gold"]
    assert table.column("photo").null_count == 3
    assert profile_table([], SCHEMA).num_rows == 0


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("age", np.int64(-128), -128),
        ("visits", 2**64 - 1, 2**64 - 1),
        ("half", 0.1, 0.0999755859375),
        ("score", 0.1, 0.10000000149011612),
        ("score", float("inf"), float("inf")),
        ("ltv", 3, 3.0),
        ("ltv", 2**53, 2.0**53),
        ("opt_in", np.True_, True),
        ("tier", "", ""),
        ("city", "Wien", "Wien"),
        ("seconds", MOMENT, datetime(2026, 1, 2, 3, 4, 5)),
        ("seconds", datetime(1969, 12, 31, 23, 59, 59, 1), datetime(1969, 12, 31, 23, 59, 59)),
        ("micros", MOMENT.astimezone(timezone(timedelta(hours=5))), MOMENT),
        ("micros", datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)),
        ("micros", pd.Timestamp("2026-01-01T00:00:00.123456789Z"), datetime(2026, 1, 1, 0, 0, 0, 123_456, UTC)),
        ("micros", np.datetime64("1969-12-31T23:59:59.999999999"), datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC)),
        ("micros", pd.NaT, None),
        ("micros", np.datetime64("NaT"), None),
        ("born", date(1969, 12, 31), date(1969, 12, 31)),
        ("born64", date(1969, 12, 31), date(1969, 12, 31)),
        ("length", timedelta(days=-1), timedelta(days=-1)),
        ("price", Decimal("123.4"), Decimal("123.40")),
        ("price", 5, Decimal("5.00")),
        ("address", {"zip": "1010"}, {"zip": "1010", "since": None}),
        ("address", {"since": MOMENT}, {"zip": None, "since": datetime(2026, 1, 2, 3, 4, 5, 678_000)}),
        ("tags", ("a", None), ["a", None]),
        ("tags", np.array(["a", "b"]), ["a", "b"]),
        ("pair", [1, 2], [1, 2]),
        ("limits", {"a": 1}, [("a", 1)]),
        ("photo", None, None),
    ],
)
def test_a_value_is_stored_as_its_column_would_hold_it(name: str, value: object, expected: object) -> None:
    assert stored(name, value) == expected


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("age", True, "attribute `age` is an int, and true is a bool\n  = fix: give an `int`"),
        ("age", 2.0, "attribute `age` is an int, and 2.0 is a double\n  = fix: write `2`"),
        ("age", 128, "128 does not fit attribute `age`, which is stored as int8"),
        ("visits", -1, "-1 does not fit attribute `visits`, which is stored as uint64"),
        ("half", 70_000.0, "70000.0 does not fit attribute `half`, which is stored as halffloat"),
        ("score", 1e39, "1e+39 does not fit attribute `score`, which is stored as float"),
        (
            "ltv",
            2**53 + 1,
            "9007199254740993 is no exact double, and attribute `ltv` is one\n  = fix: write it with a fraction",
        ),
        ("ltv", "3", 'attribute `ltv` is a double, and "3" is a string\n  = fix: give a `float`'),
        ("opt_in", 1, "attribute `opt_in` is a bool, and 1 is an int\n  = fix: give `True` or `False`"),
        ("tier", 5, "attribute `tier` is a string, and 5 is an int\n  = fix: give a `str`"),
        (
            "tier",
            "\ud800",
            "the text of attribute `tier` has half of a surrogate pair\n  = fix: repair it where it is made",
        ),
        (
            "micros",
            "2026-01-01T00:00:00Z",
            'attribute `micros` is a timestamp, and "2026-01-01T00:00:00Z" is a string\n'
            "  = fix: give a `datetime`; naive means UTC",
        ),
        (
            "micros",
            date(2026, 1, 1),
            "attribute `micros` is a timestamp, and 2026-01-01 is a date\n  = fix: give a `datetime`; naive means UTC",
        ),
        (
            "nanos",
            datetime(1, 1, 1),
            "0001-01-01T00:00:00 does not fit attribute `nanos`, which is stored as timestamp[ns, tz=Europe/Berlin]",
        ),
        (
            "born",
            datetime(2026, 1, 1),
            "attribute `born` is a date, and 2026-01-01T00:00:00 is a timestamp\n  = fix: give a `date`",
        ),
        (
            "length",
            timedelta(days=365_000),
            "365000 days, 0:00:00 does not fit attribute `length`, which is stored as duration[ns]",
        ),
        (
            "price",
            Decimal("1.234"),
            "1.234 has more digits after the point than attribute `price`, stored as decimal128(5, 2)",
        ),
        ("price", Decimal(1000), "1000 does not fit attribute `price`, which is stored as decimal128(5, 2)"),
        ("price", 1.5, "attribute `price` is a decimal, and 1.5 is a double\n  = fix: give a `decimal.Decimal`"),
        (
            "price",
            Decimal("NaN"),
            "attribute `price` is a decimal, and NaN is no number\n  = fix: leave it out: null is unknown",
        ),
        ("address", {"zpi": "1"}, "attribute `address` has no field `zpi`\n  = fix: did you mean `zip`?"),
        ("address", {"zip": 1}, "attribute `address.zip` is a string, and 1 is an int\n  = fix: give a `str`"),
        ("tags", "a", 'attribute `tags` is a list(string), and "a" is a string\n  = fix: give a list'),
        ("tags", ["a", 1], "attribute `tags[1]` is a string, and 1 is an int\n  = fix: give a `str`"),
        ("pair", [1], "attribute `pair` holds 2 values, and these are 1"),
        ("limits", {"a": 2**15}, "32768 does not fit attribute `limits.a`, which is stored as int16"),
        (
            "photo",
            b"x",
            "attribute `photo` is of the Arrow type binary, which rules cannot read\n  = fix: leave it out",
        ),
        ("agee", 5, "there is no attribute `agee`\n  = fix: did you mean `age`?"),
        (
            "address.zip",
            "1",
            "there is no attribute `address.zip`\n  = fix: write the field inside its struct: `address: {zip: …}`",
        ),
        (
            "qqqqqq",
            5,
            "there is no attribute `qqqqqq`\n"
            "  = fix: attributes: `age`, `visits`, `half`, `score`, `ltv`, `opt_in`, `tier`, `city` and 12 more",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_refused(name: str, value: object, said: str) -> None:
    assert refused(name, value) == said


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("micros", "2026-01-02T04:04:05.5+01:00", datetime(2026, 1, 2, 3, 4, 5, 500_000, UTC)),
        ("micros", "2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        ("born", "2026-01-02", date(2026, 1, 2)),
        ("length", "1h30m", timedelta(minutes=90)),
        ("price", 12.1, Decimal("12.10")),
        ("price", "12.10", Decimal("12.10")),
    ],
)
def test_in_documents_texts_stand_for_instants_and_the_like(name: str, value: object, expected: object) -> None:
    assert stored(name, value, written=True) == expected


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("age", "42", 'attribute `age` is an int, and "42" is a string\n  = fix: write it like `age: 42`'),
        ("tier", 1010, 'attribute `tier` is a string, and 1010 is an int\n  = fix: put it in quotes: `"1010"`'),
        (
            "micros",
            "2026-01-02T00:00:00",
            'attribute `micros` is a timestamp, and `"2026-01-02T00:00:00"` has no time zone\n'
            '  = fix: add `Z` for UTC: `"2026-01-02T00:00:00Z"`',
        ),
        (
            "born",
            "2026-02-30",
            'attribute `born` is a date, and `"2026-02-30"` is no day of the calendar\n'
            '  = fix: the month ends on `"2026-02-28"`',
        ),
        (
            "length",
            "90",
            'attribute `length` is a duration, and `"90"` is not a duration\n  = fix: write it like `"1h30m"`',
        ),
        (
            "tags",
            "a",
            'attribute `tags` is a list(string), and "a" is a string\n  = fix: write it like `tags: [value, value]`',
        ),
    ],
)
def test_in_documents_errors_speak_of_documents(name: str, value: object, said: str) -> None:
    assert refused(name, value, written=True) == said


def test_all_that_is_wrong_with_a_profile_is_told_at_once() -> None:
    wrong = wrong_values({"age": 300, "tier": "gold", "opt_in": "yes", "nope": 1}, SCHEMA)
    assert [one.attribute for one in wrong] == ["age", "opt_in", "nope"]


def test_the_profile_that_does_not_fit_is_named() -> None:
    with pytest.raises(DataError) as caught:
        profile_table([{"age": 1}, {"age": 300}], SCHEMA)
    assert str(caught.value) == "300 does not fit attribute `age`, which is stored as int8 (profile 2 of 2)"


def test_values_are_shown_as_a_document_writes_them() -> None:
    values = {True: "true", 'x"y': '"x\\"y"', None: "null", 1.5: "1.5"}
    assert {value: words_of(value) for value in values} == values
    assert words_of([1, None]) == "[1, null]"


VALUES: dict[str, st.SearchStrategy[object]] = {
    "age": st.integers(-128, 127),
    "visits": st.integers(0, 2**64 - 1),
    "ltv": st.floats(allow_nan=False),
    "opt_in": st.booleans(),
    "tier": st.text(st.characters(exclude_categories=["Cs"])),
    "city": st.text(st.characters(exclude_categories=["Cs"])),
    "micros": st.datetimes(timezones=st.just(UTC)),
    "born": st.dates(),
    "price": st.decimals(-999, 999, places=2, allow_nan=False),
    "tags": st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), max_size=3),
    "pair": st.lists(st.integers(-(2**31), 2**31 - 1), min_size=2, max_size=2),
}


@given(profile=st.fixed_dictionaries({}, optional={name: st.none() | one for name, one in VALUES.items()}))
def test_what_fits_is_stored_as_it_is(profile: dict[str, object]) -> None:
    """Every value of every type, at the ends of its range too."""
    assert wrong_values(profile, SCHEMA) == []
    (row,) = profile_table([profile], SCHEMA).select(list(VALUES)).to_pylist()
    assert row == {name: profile.get(name) for name in VALUES}


@given(
    name=st.sampled_from(SCHEMA.names),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.decimals() | st.binary(),
        lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.text(max_size=2), inside, max_size=2),
    ),
    written=st.booleans(),
)
def test_any_value_is_stored_or_refused_in_words(name: str, value: object, written: bool) -> None:
    """Nothing but `DataError` may escape, and what is not refused Arrow must take."""
    wrong = wrong_values({name: value}, SCHEMA, written)
    if wrong:
        assert wrong[0].attribute == name
        assert name in wrong[0].message
        assert len(wrong[0].message) < 400
    else:
        profile_table([{name: value}], SCHEMA, written).validate(full=True)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a\tb\r\n", r'"a\tb\r\n"'),
        ("\x1b[31mred\x07", r'"\x1b[31mred\x07"'),
        ("left \u202e right\u200b", r'"left \u202e right\u200b"'),
        ("\U000e0041", r'"\U000e0041"'),
        ("Zoë \\ ☕", r'"Zoë \\ ☕"'),
        ({"\x1b": ["\x1b"]}, r'{\x1b: ["\x1b"]}'),
        (b"\x1b", r"b'\x1b'"),
        (Exception("\x1b"), r"\x1b"),
    ],
)
def test_what_cannot_be_seen_is_escaped(value: object, words: str) -> None:
    """A value must not move the cursor of whoever reads about it, nor turn the text around."""
    assert words_of(value) == words


def test_messages_have_nothing_of_a_value_that_cannot_be_seen() -> None:
    evil = "\x1b[2J\u202e"
    assert refused("age", evil) == (
        'attribute `age` is an int, and "\\x1b[2J\\u202e" is a string\n  = fix: give an `int`'
    )
    assert refused("micros", evil, written=True) == (
        'attribute `micros` is a timestamp, and `"\\x1b[2J\\u202e"` is not a timestamp\n'
        '  = fix: write it like `"2026-01-31T09:30:00Z"`'
    )
    assert refused("born", "x" * 100, written=True) == (
        f'attribute `born` is a date, and "{"x" * 58}… is a string\n  = fix: write it like `born: "2026-01-31"`'
    )
    assert refused("limits", {evil: "x"}) == (
        'attribute `limits.\\x1b[2J\\u202e` is an int, and "x" is a string\n  = fix: give an `int`'
    )
    assert refused("address", {evil: "x"}) == (
        "attribute `address` has no field `\\x1b[2J\\u202e`\n  = fix: its fields: `zip`, `since`"
    )
    assert refused(evil, 1).startswith("there is no attribute `\\x1b[2J\\u202e`\n")


def test_an_unsigned_attribute_has_its_article() -> None:
    assert refused("visits", "x") == 'attribute `visits` is a uint, and "x" is a string\n  = fix: give an `int`'
