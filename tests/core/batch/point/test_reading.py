"""What a kernel reads of Python's objects is what Python says of them; what it cannot be sure of it leaves alone."""

import ctypes
import string
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from fasttwitch.batch.point import reading_tables
from fasttwitch.batch.point.values import Values, ValuesReader
from fasttwitch.errors import DataError
from fasttwitch.kernels.point import objects, reading
from fasttwitch.kernels.point.objects import ObjectLayout, object_layout
from tests.core.batch.point.samples import RIGHT, any_profile, everything

NOWHERE = ObjectLayout(types=False, datetimes=False, dates=False, timedeltas=False, ascii_bit=0)


def test_this_interpreter_keeps_things_where_they_are_looked_for() -> None:
    """Otherwise everything would be right, and slow."""
    layout = object_layout()
    assert (layout.types, layout.datetimes, layout.dates, layout.timedeltas) == (True,) * 4
    assert layout.ascii_bit.bit_count() == 1


@pytest.mark.parametrize(
    "layout",
    [NOWHERE]
    + [replace(object_layout(), **{name: False}) for name in ("datetimes", "dates", "timedeltas")]
    + [replace(object_layout(), ascii_bit=0)],
    ids=["nothing", "no datetimes", "no dates", "no timedeltas", "no ASCII"],
)
def test_an_interpreter_that_keeps_things_elsewhere_gives_the_same_values(
    layout: ObjectLayout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "object_layout", lambda: layout)
    blind, random = everything(), Random(3)
    monkeypatch.undo()
    seeing = everything()
    for _ in range(30):
        profiles = [any_profile(random, 0.0) for _ in range(3)]
        assert told(blind, blind.read_many(profiles)) == told(seeing, seeing.read_many(profiles))
        assert told(blind, blind.read(profiles[0])) == told(seeing, seeing.read(profiles[0]))


def told(reader: ValuesReader, values: Values) -> str:
    return repr([list(reader.column(values, path)) for path in reader.places])


def test_without_a_bit_that_says_so_no_text_is_taken_for_ascii() -> None:
    assert objects._bytes_at(1.5, 16, 8) == ctypes.string_at(id(1.5) + 16, 8)
    random = Random(0)
    bit = object_layout().ascii_bit
    for _ in range(500):
        text = "".join(random.choices(string.printable + "éÄ€\U0001f600", k=random.randrange(40)))
        state = int.from_bytes(objects._bytes_at(text, objects.TEXT_STATE_AT, 4), "little")
        assert (state & bit != 0) == text.isascii()


def test_days_are_counted_as_the_calendar_does() -> None:
    """Each first and last day of a month from year 1 to 9999."""
    reader = everything()
    days = [date(year, month, 1) for year in range(1, 10_000, 7) for month in (1, 2, 3, 12)]
    days += [day - timedelta(days=1) for day in days[1:]] + [date.max]
    values = reader.read_many([{"day": day} for day in days])
    first = date(1970, 1, 1).toordinal()
    assert list(reader.column(values, ("day",))) == [day.toordinal() - first for day in days]


@pytest.fixture
def counted() -> Iterator[list[object]]:
    """Give objects whose references nobody else holds, and check that none was lost or kept."""
    held: list[object] = ["x" * 50, "Zür" * 20, 2**70, 1.25, datetime(2026, 5, 6, tzinfo=UTC), date(2026, 5, 6)]
    before = list(map(sys.getrefcount, held))
    yield held
    assert list(map(sys.getrefcount, held)) == before


def test_references_are_given_back(counted: list[object]) -> None:
    reader = everything()
    names = ("text", "large", "i64", "f64", "micros", "day")
    for _ in range(20):
        profile = dict(zip(names, counted, strict=True)) | {"i64": 5}
        assert reader.read(profile).texts[:2] != [None, None]
        reader.read_many([profile] * 3)


def test_no_more_zones_are_remembered_than_there_is_room_for() -> None:
    class Made(ZoneInfo):  # a class of its own is no zone that says what it is
        pass

    tables = reading_tables.ReadingTables((), 0)
    tables.learn_zone(datetime(2026, 1, 1, tzinfo=Made("UTC")))
    assert len(tables._known_zones) == 1
    for _ in range(20):
        tables.learn_zone(datetime(2026, 1, 1, tzinfo=ZoneInfo.no_cache("UTC")))
    assert len(tables._known_zones) == reading_tables.MOST_ZONES
    tables.learn_zone(datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Berlin")))
    tables.learn_zone(datetime(2026, 1, 1))
    assert len(tables._known_zones) == reading_tables.MOST_ZONES


def test_a_zone_that_is_utc_by_another_name_is_learnt_and_read_as_before() -> None:
    reader = everything()
    moments = [value for value in RIGHT["micros"] if isinstance(value, datetime) and type(value) is datetime]
    zone = ZoneInfo("UTC")
    profiles: list[dict[str, object]] = [{"micros": moment.replace(tzinfo=zone)} for moment in moments]
    first = told(reader, reader.read_many(profiles))
    assert zone in reader._tables._known_zones
    assert told(reader, reader.read_many(profiles)) == first
    assert told(reader, reader.read_many([{"micros": moment.replace(tzinfo=UTC)} for moment in moments])) == first


def test_a_key_that_cannot_be_compared_is_an_error_of_the_profile_not_of_the_process() -> None:
    class Angry:
        def __hash__(self) -> int:
            return hash("i8")

        def __eq__(self, other: object) -> bool:
            raise RuntimeError("do not compare me")

    with pytest.raises(DataError, match="there is no attribute `"):
        everything().read({Angry(): 1, "i16": 5})  # type: ignore[dict-item]


FEW = pa.schema(
    {"age": pa.int8(), "ltv": pa.float64(), "tier": pa.string(), "notes": pa.string(), "unread": pa.int64()}
)


def few() -> ValuesReader:
    return ValuesReader([("age",), ("ltv",), ("tier",), ("notes",)], FEW)


def of_keys(keys: list[str], count: int, random: Random) -> list[dict[str, object]]:
    """Return profiles whose keys are the same objects."""
    values = {"age": 3, "ltv": 1.5, "tier": "gold", "notes": "n", "unread": 7, "other": 1}
    return [
        {
            key: None if random.random() < 0.2 else (random.randrange(100) if key == "age" else values[key])
            for key in keys
        }
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    "keys",
    [
        ["age", "ltv", "tier", "notes"],
        ["notes", "tier", "ltv", "age"],
        ["tier", "age"],
        ["unread", "age", "ltv", "tier", "notes"],
        ["ltv", "unread"],
        [],
    ],
)
def test_keys_in_the_order_in_which_they_were_met_are_not_searched(keys: list[str]) -> None:
    """Whether they are all that is read, or only some of it, or more."""
    random = Random(1)
    reader, fresh = few(), few()
    profiles = of_keys(keys, 40, random)
    reader.read_many(profiles[:3])
    before = reader._tables._head[reading.READ_LOOKED_UP]
    found = told(reader, reader.read_many(profiles))
    if keys:
        assert reader._tables._head[reading.READ_LOOKED_UP] == before
    assert found == told(fresh, fresh._slowly(profiles, "error"))
    for profile in profiles:
        assert told(reader, reader.read(profile)) == told(fresh, fresh._slowly([profile], "error"))


def test_orders_may_change_from_customer_to_customer() -> None:
    random = Random(2)
    reader, fresh = few(), few()
    orders = [random.sample(["age", "ltv", "tier", "notes", "unread"], random.randrange(6)) for _ in range(8)]
    for _ in range(60):
        profiles = [
            profile
            for _ in range(random.randrange(1, 6))
            for profile in of_keys(random.choice(orders), random.randrange(4), random)
        ]
        if random.random() < 0.3:  # equal keys that are other objects
            profiles = [{"".join(list(key)): value for key, value in profile.items()} for profile in profiles]
        assert told(reader, reader.read_many(profiles)) == told(fresh, fresh._slowly(profiles, "error"))
        assert reader._tables._learn_at <= 2 * reader._tables._head[reading.READ_LOOKED_UP] + 1


def test_a_wrong_name_in_a_known_order_is_an_error_still() -> None:
    reader = few()
    keys = ["age", "other"]
    for _ in range(3):
        with pytest.raises(DataError, match="there is no attribute `other`"):
            reader.read_many(of_keys(keys, 2, Random(3)))
    assert reader.read_many(of_keys(keys, 2, Random(3)), "ignore").rows == 2
    ignored = reader.read_many(of_keys(keys, 5, Random(3)), "ignore")
    assert list(reader.column(ignored, ("tier",))) == [None] * 5
