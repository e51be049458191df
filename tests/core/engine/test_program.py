"""Programs: what people call, and what they are told when it does not fit."""

import pickle
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

import fasttwitch as ft

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SEGMENTS = {
    "adult": "age >= 18",
    "vip": 'segment("adult") && ltv > 500.0',
    "lapsed": "now - last_order_at > days(90)",
    "german": 'country in ["DE", "AT"]',
    "everybody": "age == null || age != null",
    "nobody": "age > 3 && age < 3",
}


@pytest.fixture
def customers() -> pa.Table:
    return pa.table(
        {
            "customer_id": ["a", "b", "c", "d"],
            "age": pa.array([10, 20, None, 40], pa.int16()),
            "ltv": pa.array([900.0, 600.0, None, float("nan")]),
            "country": ["DE", "FR", None, "AT"],
            "last_order_at": pa.array([NOW - timedelta(days=n) for n in (1, 91, 90, 400)], pa.timestamp("ms", "UTC")),
        }
    )


def compiled(customers: pa.Table, segments: dict[str, str] = SEGMENTS) -> ft.Program:
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": segments}), customers.schema)


def test_counts_are_of_customers_for_whom_the_rule_is_true(customers: pa.Table) -> None:
    """Null and NaN are neither above nor below."""
    assert compiled(customers).count(customers, now=NOW) == {
        "adult": 2,
        "vip": 1,
        "lapsed": 2,
        "german": 2,
        "everybody": 4,
        "nobody": 0,
    }


def test_audiences_tell_who_how_many_and_who_cannot_be_judged(customers: pa.Table) -> None:
    """The third customer has no age, no value and no country; an order 90 days ago is not more than 90 days ago."""
    audiences = compiled(customers).select(customers, now=NOW)
    assert audiences.names == tuple(SEGMENTS)
    assert audiences.mask("adult").to_pylist() == [False, True, False, True]
    assert audiences.ids("lapsed", key="customer_id").to_pylist() == ["b", "d"]
    assert audiences.unknown == {"adult": 1, "vip": 1, "lapsed": 0, "german": 1, "everybody": 0, "nobody": 1}
    assert audiences.mask("everybody").to_pylist() == [True] * 4
    assert audiences.mask("nobody").to_pylist() == [False] * 4
    assert (audiences.now, audiences.rows) == (NOW, 4)
    assert audiences.overlap(["adult", "german", "everybody"]).tolist() == [[2, 1, 2], [1, 2, 2], [2, 2, 4]]


def test_masks_are_arrow_booleans_that_nobody_can_write(customers: pa.Table) -> None:
    """Masks are shared with whoever asked: they are views of one buffer."""
    mask = compiled(customers).select(customers, now=NOW).mask("vip")
    assert mask.type == pa.bool_()
    assert mask.null_count == 0
    assert not mask.buffers()[1].is_mutable


def test_a_naive_instant_is_utc_and_zones_are_converted(customers: pa.Table) -> None:
    """One hour more or less decides who lapses."""
    program = compiled(customers)
    later = NOW + timedelta(seconds=1)
    assert program.count(customers, now=later)["lapsed"] == 3
    assert program.count(customers, now=later.replace(tzinfo=None))["lapsed"] == 3
    assert program.count(customers, now=later.astimezone(timezone(timedelta(hours=5))))["lapsed"] == 3
    assert program.select(customers).now.tzinfo is UTC


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("rows", [1, 63, 64, 65, 2047, 2048, 2049, 70_001])
def test_threads_and_batches_change_no_byte(rows: int, threads: int) -> None:
    """Whoever splits the work, and wherever: the same bits."""
    random = np.random.default_rng(rows)
    table = pa.table(
        {
            "x": pa.array(random.normal(size=rows), mask=random.random(rows) < 0.1),
            "word": pa.array(random.choice(["a", "bb", "ccc"], rows), mask=random.random(rows) < 0.1),
            "flag": pa.array(random.random(rows) < 0.5, mask=random.random(rows) < 0.1),
        }
    )
    program = compiled(table, {"a": 'x > 0.5 || word == "bb"', "b": "!flag && x < 0.0", "c": 'word != "a"'})
    whole = program.select(table, threads=1)
    pieces = [table.slice(at, size) for at, size in ((0, rows // 3), (rows // 3, 7), (rows // 3 + 7, rows))]
    split = program.select(pa.concat_tables(pieces), threads=threads)
    kept = program.select(program.encode(table), threads=threads)
    for name in whole.names:
        assert split.mask(name).equals(whole.mask(name))
        assert kept.mask(name).equals(whole.mask(name))
    assert split.counts == kept.counts == whole.counts == program.count(table, threads=threads)


def test_a_sliced_table_is_read_from_its_first_row(customers: pa.Table) -> None:
    """Offsets that are no multiple of 8 shift every validity bit."""
    program = compiled(customers)
    whole = program.select(customers, now=NOW)
    for first in range(4):
        part = program.select(customers.slice(first), now=NOW)
        for name in whole.names:
            assert part.mask(name).to_pylist() == whole.mask(name).to_pylist()[first:]


def test_no_rows_are_no_problem(customers: pa.Table) -> None:
    """An empty base has empty audiences."""
    audiences = compiled(customers).select(customers.slice(0, 0), now=NOW)
    assert set(audiences.counts.values()) == {0}
    assert len(audiences.mask("everybody")) == 0
    assert audiences.ids("adult", key="customer_id").to_pylist() == []
    assert set(audiences.unknown.values()) == {0}


def test_any_arrow_stream_will_do(customers: pa.Table) -> None:
    """Polars sends views of strings; a one-shot reader can be read only once."""
    program = compiled(customers)
    expected = program.count(customers, now=NOW)
    assert program.count(pl.from_arrow(customers), now=NOW) == expected
    assert program.count(customers.to_batches()[0], now=NOW) == expected
    audiences = program.select(customers.to_reader(2), now=NOW, keep=["customer_id"])
    assert audiences.counts == expected
    assert audiences.ids("vip", key="customer_id").to_pylist() == ["b"]
    assert audiences.unknown["vip"] == 1


def test_data_may_have_other_types_of_the_same_kind(customers: pa.Table) -> None:
    """Compiled for int16, double and plain strings; given int64, float32 and a dictionary, or nothing but nulls."""
    program = compiled(customers)
    expected = program.count(customers, now=NOW)
    other = (
        customers.set_column(1, "age", customers["age"].cast(pa.int64()))
        .set_column(2, "ltv", customers["ltv"].cast(pa.float32()))
        .set_column(3, "country", customers["country"].dictionary_encode())
    )
    assert program.count(other, now=NOW) == expected
    empty = other.set_column(1, "age", pa.nulls(4)).set_column(3, "country", pa.nulls(4))
    assert program.count(empty, now=NOW) == {**expected, "adult": 0, "vip": 0, "german": 0}


def test_a_program_travels(customers: pa.Table) -> None:
    """To another process, say."""
    program = compiled(customers)
    copy = pickle.loads(pickle.dumps(program))
    assert copy.count(customers, now=NOW) == program.count(customers, now=NOW)
    assert copy.digest == program.digest
    assert copy.select(customers, now=NOW).unknown == program.select(customers, now=NOW).unknown


def test_a_digest_is_of_meaning_and_schema(customers: pa.Table) -> None:
    """Spaces do not count; a rule, or a column's type, does."""
    program = compiled(customers)
    spaced = {name: rule.replace(" >= ", "  >=  ") for name, rule in SEGMENTS.items()}
    assert compiled(customers, spaced).digest == program.digest
    assert compiled(customers, {**SEGMENTS, "adult": "age >= 19"}).digest != program.digest
    wider = customers.set_column(1, "age", customers["age"].cast(pa.int64()))
    assert compiled(wider).digest != program.digest


def test_a_draft_may_use_what_is_there(customers: pa.Table) -> None:
    """Compiled beside the others, not with them: it has only its own segments."""
    draft = compiled(customers).draft({"young_vip": 'segment("vip") && age < 30'})
    assert draft.names == ("young_vip",)
    assert draft.count(customers, now=NOW) == {"young_vip": 1}
    assert draft.attributes == ("age", "ltv"), "columns that only other segments name are not asked for"
    with pytest.raises(ft.RulesetError, match='unknown segment `"wip"`'):
        compiled(customers).draft({"x": 'segment("wip")'})


def test_attributes_are_the_columns_that_rules_name(customers: pa.Table) -> None:
    """Also those of rules that can never hold: whoever renames a column wants to know."""
    assert compiled(customers).attributes == ("age", "ltv", "last_order_at", "country")
    nested = pa.table({"address": pa.array([{"city": "Bonn"}])})
    assert compiled(nested, {"a": 'address.city == "Bonn"'}).attributes == ("address.city",)


WRONG_DATA = [
    (
        lambda t: t.drop_columns(["ltv"]),
        "the data has no column `ltv`\n  = fix: its columns are: `customer_id`, `age`, `country`, `last_order_at`",
    ),
    (
        lambda t: t.append_column("ltv", t["ltv"]),
        "the data has 2 columns named `ltv`\n  = fix: its columns are: `customer_id`, `age`, `ltv`, `country`, "
        "`last_order_at`, `ltv`",
    ),
    (
        lambda t: t.set_column(1, "age", t["age"].cast(pa.string())),
        "column `age` is string, the rules were compiled for int\n"
        "  = fix: compile the rules for this data's schema, or convert the column",
    ),
    (
        lambda t: t.set_column(1, "age", t["age"].cast(pa.uint8())),
        "column `age` is uint (uint8), the rules were compiled for int\n"
        "  = fix: compile the rules for this data's schema, or convert the column",
    ),
    (
        lambda t: t.to_pylist(),
        "data of type `list` is no Arrow table\n"
        "  = fix: give a pyarrow Table or RecordBatch, a Polars or pandas frame, or anything with `__arrow_c_stream__`",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), WRONG_DATA, ids=["missing", "twice", "string", "unsigned", "list"])
def test_data_that_does_not_fit_is_named(customers: pa.Table, spoil: object, message: str) -> None:
    """What is wrong, where, and what to do."""
    assert callable(spoil)
    with pytest.raises(ft.DataError) as caught:
        compiled(customers).count(spoil(customers), now=NOW)
    assert str(caught.value) == message


def test_arguments_that_make_no_sense_are_named(customers: pa.Table) -> None:
    """At the edge, not in a kernel."""
    program = compiled(customers)
    with pytest.raises(ft.DataError, match="`threads` is 0\n  = fix: give a number from 1 to 256"):
        program.count(customers, threads=0)
    with pytest.raises(ft.DataError, match="`now` lies in the year 9999"):
        program.count(customers, now=datetime(9999, 1, 1))
    with pytest.raises(ft.DataError, match="`now` must be a datetime, not `str`"):
        program.count(customers, now="2026-01-01")  # type: ignore[arg-type]
    audiences = program.select(customers, now=NOW)
    with pytest.raises(ft.DataError, match="there is no segment `adlt`\n  = fix: did you mean `adult`"):
        audiences.mask("adlt")
    with pytest.raises(ft.DataError, match="there is no column `id` to take ids from"):
        audiences.ids("vip", key="id")
    with pytest.raises(ft.DataError, match="a schema must be a pyarrow\\.Schema, not `Table`"):
        ft.compile(program.ruleset, customers)
    with pytest.raises(ft.DataError, match="a schema must be a pyarrow\\.Schema, not `Table`"):
        ft.review(program.ruleset, customers)
    with pytest.raises(ft.DataError, match="rules must be a Ruleset, not `str`\n  = fix: `load_ruleset` makes one"):
        ft.compile("ltv > 500", customers.schema)  # type: ignore[arg-type]


def test_a_stream_that_breaks_off_is_an_error(customers: pa.Table) -> None:
    """Never half an audience."""

    def batches() -> object:
        yield customers.to_batches()[0]
        raise pa.ArrowInvalid("the line went dead")

    reader = pa.RecordBatchReader.from_batches(customers.schema, batches())
    with pytest.raises(ft.DataError, match="the stream of data broke off: the line went dead"):
        compiled(customers).count(reader)


def test_every_problem_of_every_segment_is_told() -> None:
    """One run of `check`, one list to work through."""
    table = pa.table({"age": [1], "name": ["x"]})
    with pytest.raises(ft.RulesetError) as caught:
        compiled(table, {"a": 'age > "18"', "b": "agee > 3", "c": 'name.startsWith("x")'})
    assert len(caught.value.problems) == 2
    assert "segments.a" in str(caught.value)
    assert "did you mean `age`" in str(caught.value)


MORNING = {"morning": 'last_order_at.getHours("Europe/Berlin") < 12'}


def test_the_clocks_of_a_zone_belong_to_a_digest(customers: pa.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    program = compiled(customers, MORNING)
    before = program.digest
    assert compiled(customers, MORNING).digest == before
    monkeypatch.setattr("fasttwitch.engine.program.clocks_digest", lambda name: "another release")
    assert compiled(customers, MORNING).digest != before


def test_a_program_does_not_travel_to_other_clocks(customers: pa.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pickle.dumps(compiled(customers, MORNING))
    assert pickle.loads(packed).count(customers, now=NOW) == compiled(customers, MORNING).count(customers, now=NOW)
    monkeypatch.setattr("fasttwitch.engine.program.clocks_digest", lambda name: "another release")
    with pytest.raises(ft.DataError) as caught:
        pickle.loads(packed)
    assert str(caught.value) == (
        "the program was compiled with other clocks for the time zone `Europe/Berlin` than are installed here\n"
        "  = fix: compile it anew, or install the same version of the package `tzdata`"
    )


def test_kept_codes_of_text_made_of_the_clock_follow_the_clock(customers: pa.Table) -> None:
    """Such a test is no register program: it is computed as a column, and must be computed anew."""
    program = compiled(customers, {"today": 'string(date(now)) == "2026-02-01" && country != null'})
    base = program.encode(customers)
    assert program.count(base, now=NOW) == {"today": 3}
    assert program.count(base, now=NOW + timedelta(days=1)) == {"today": 0}
    assert program.count(base, now=NOW) == {"today": 3}
