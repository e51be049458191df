"""Structs by their fields, lists and maps by whether they are there; what may be wrong is left to the long way."""

from datetime import datetime

import pyarrow as pa
import pytest

from fasttwitch.batch.point.language_values import Irregular
from fasttwitch.batch.point.wholes import Wholes

INNER = pa.struct([("zip", pa.string()), ("floor", pa.int8()), ("tags", pa.list_(pa.string()))])
SCHEMA = pa.schema(
    {"home": pa.struct([("inner", INNER), ("since", pa.timestamp("s"))]), "tags": pa.list_(pa.int8()), "age": pa.int8()}
)
PATHS = (("home", "inner", "zip"), ("home", "inner"), ("home", "inner", "tags"), ("home", "since"), ("tags",), ("age",))
WHOLES = Wholes(PATHS, SCHEMA)
BLANK: dict[str | tuple[str, ...], object] = dict.fromkeys(PATHS[:4])


def test_fields_that_rules_read_have_keys_of_their_own() -> None:
    since = datetime(2026, 1, 1)
    profile = {"age": 5, "tags": [1], "home": {"since": since, "inner": {"zip": "1010", "floor": 3, "tags": []}}}
    assert WHOLES.flat(profile) == {
        "age": 5,
        "tags": True,
        "home": True,
        ("home", "since"): since,
        ("home", "inner"): True,
        ("home", "inner", "zip"): "1010",
        ("home", "inner", "tags"): True,
    }


def test_below_null_all_is_null() -> None:
    assert WHOLES.flat({"age": 5}) == {**BLANK, "age": 5}
    assert WHOLES.flat({"home": None, "tags": None}) == {**BLANK, "home": None, "tags": None}
    assert WHOLES.flat({"home": {"inner": None}}) == {**BLANK, "home": True}


def test_a_profile_stays_as_it_is() -> None:
    profile = {"home": {"inner": {"zip": "1010"}}}
    WHOLES.flat(profile)
    assert profile == {"home": {"inner": {"zip": "1010"}}}


@pytest.mark.parametrize(
    "profile",
    [
        {"home": 5},
        {"home": {"outer": 5}},
        {"home": {"inner": {"floor": 300}}},
        {"home": {"inner": {"tags": [5]}}},
        {"tags": "abc"},
        {"tags": [1, 300]},
    ],
)
def test_what_may_be_wrong_is_left_to_the_long_way(profile: dict[str, object]) -> None:
    with pytest.raises(Irregular):
        WHOLES.flat(profile)


def test_there_may_be_none() -> None:
    assert WHOLES
    assert not Wholes([("age",)], SCHEMA)
