"""Conflicts between segments: what is told, what is left out, and what is said of it."""

import gc
import json
import weakref
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.lint.conflict_findings import KINDS
from tests.sweeps.sweep_conflicts import parsed, sweep

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 86_400_000_000
ROWS = 2_000


def customers(rows: int = ROWS) -> pa.Table:
    """Return customers of every tier and country, with spendings of 0 to 1,000, a tenth of them unknown."""
    random = Random(5)
    ages = [int(NOW.timestamp()) * 1_000_000 - random.randrange(400) * DAY for _ in range(rows)]
    return pa.table(
        {
            "customer_id": [f"c{number}" for number in range(rows)],
            "ltv": [random.uniform(0, 1_000) if random.random() > 0.1 else None for _ in range(rows)],
            "tier": [random.choice(("gold", "silver", None)) for _ in range(rows)],
            "country": [random.choice(("DE", "AT", "FR")) for _ in range(rows)],
            "order_at": pa.array(ages, pa.timestamp("us", "UTC")),
        }
    )


def ruleset(**segments: str) -> ft.Ruleset:
    return ft.load_ruleset({"version": 1, "language": "cel/1", "segments": segments})


def told(found: ft.Conflicts) -> list[str]:
    """Return findings as `kind certainty: segment, segment`."""
    return [f"{one.kind} {one.certainty}: {', '.join(one.segments)}" for one in found]


def conflicts(beside: dict[str, str] | None = None, /, **segments: str) -> list[str]:
    """Return what is found of segments, or of drafts beside them."""
    return told(ft.conflicts(ruleset(**segments), customers(), NOW, drafts=beside))


def test_segments_of_nobody_and_of_everybody() -> None:
    """Whether it must be so, or just is."""
    assert conflicts(never="ltv > 3.0 && ltv < 2.0", none="ltv > 5000.0", always="true", all="country != null") == [
        "empty proved: never",
        "empty observed: none",
        "everybody proved: always",
        "everybody observed: all",
    ]


def test_an_empty_segment_is_not_also_inside_all_others() -> None:
    assert conflicts(none="ltv > 5000.0", high="ltv > 500.0", all="true") == [
        "empty observed: none",
        "everybody proved: all",
    ]


def test_equal_segments_are_told_once() -> None:
    """The first of them stands for all: that `same` lies in `some` goes without saying."""
    assert conflicts(high="ltv > 500.0", same="500.0 < ltv", again="ltv > 500.0", some="ltv > 100.0") == [
        "equal proved: high, same",
        "equal proved: high, again",
        "contained proved: high, some",
    ]


def test_nan_keeps_an_observed_equality_from_being_proved() -> None:
    assert conflicts(high="ltv > 500.0", not_low="!(ltv <= 500.0)") == ["equal observed: high, not_low"]


def test_only_the_nearest_of_nested_segments_are_told() -> None:
    chain = {f"over{bound}": f"ltv > {bound}.0" for bound in (100, 300, 500, 700, 900)}
    assert sorted(conflicts(**chain)) == [
        "contained proved: over300, over100",
        "contained proved: over500, over300",
        "contained proved: over700, over500",
        "contained proved: over900, over700",
    ]
    found = ft.conflicts(ruleset(**chain), customers(), NOW)
    assert (found.compared, found.implied, found.by_chance) == (10, 6, 0)


def test_what_chance_may_have_brought_about_is_counted_and_not_told() -> None:
    """Three customers, all of them gold: one time in 27. That half of the customers are all gold is no chance."""
    data = pa.table({"ltv": [float(n) for n in range(300)], "gold": [n % 3 != 0 or n > 296 for n in range(300)]})
    rules = ruleset(gold="gold", few="ltv > 296.0")
    found = ft.conflicts(rules, data, NOW)
    assert (told(found), found.by_chance) == ([], 1)
    found = ft.conflicts(rules, data, NOW, drafts={"half": "gold && ltv > 150.0"})
    assert (told(found), found.by_chance) == (["contained proved: half, gold"], 1)


def test_small_segments_are_told_if_it_is_proved() -> None:
    data = pa.table({"ltv": [float(n) for n in range(100)], "gold": [n % 2 == 0 for n in range(100)]})
    found = ft.conflicts(ruleset(gold="gold", few="gold && ltv > 97.0", other="ltv > 97.0"), data, NOW)
    assert told(found) == ["contained proved: few, other", "contained proved: few, gold"]


def test_disjoint_segments_are_told_of_drafts() -> None:
    """Of all pairs only if asked for; and not of segments inside others that are disjoint as well."""
    segments = {"de": 'country == "DE"', "at": 'country == "AT"', "rich_at": 'country == "AT" && ltv > 400.0'}
    assert conflicts(**segments) == ["contained proved: rich_at, at"]
    found = ft.conflicts(ruleset(**segments), customers(), NOW, kinds=["disjoint"])
    assert (told(found), found.implied) == (["disjoint proved: de, at"], 1)
    assert conflicts({"rich_de": 'country == "DE" && ltv > 300.0'}, **segments) == [
        "contained proved: rich_de, de",
        "disjoint proved: rich_de, at",
    ]


def test_a_draft_is_compared_with_the_nearest_on_both_sides() -> None:
    chain = {f"over{bound}": f"ltv > {bound}.0" for bound in (100, 300, 700, 900)}
    assert conflicts({"draft": "ltv > 500.0"}, **chain) == [
        "contained proved: draft, over300",
        "contained proved: over700, draft",
    ]


def test_drafts_are_compared_with_each_other() -> None:
    drafts = {"one": 'country == "DE"', "other": 'country == "DE" && ltv > 10.0', "third": 'tier == "gold"'}
    assert conflicts(drafts, third_too='tier == "gold"') == [
        "equal proved: third, third_too",
        "contained proved: other, one",
    ]


def test_a_draft_that_is_equal_to_a_segment_has_no_more_to_tell() -> None:
    segments = {"high": "ltv > 500.0", "low": "ltv < 100.0", "some": "ltv > 50.0"}
    assert conflicts({"draft": "ltv > 500.0"}, **segments) == ["equal proved: draft, high"]


def test_a_draft_takes_the_place_of_the_segment_of_its_name() -> None:
    """Also where others refer to it: they are compared as they would be."""
    segments = {"high": "ltv > 500.0", "vip": 'segment("high") && tier == "gold"', "rich": "ltv > 800.0"}
    assert conflicts({"high": "ltv > 900.0"}, **segments) == [
        "contained proved: high, rich",
        "contained proved: vip, high",
    ]
    assert conflicts({"high": "ltv < 100.0"}, **segments) == [
        "contained proved: vip, high",
        "disjoint proved: high, rich",
    ]


def test_a_finding_has_counts_and_customers() -> None:
    data = customers()
    found = ft.conflicts(ruleset(high="ltv > 500.0", rich="ltv > 800.0"), data, NOW)
    (one,) = found
    high = {row for row, value in enumerate(data["ltv"].to_pylist()) if value is not None and value > 500.0}
    rich = {row for row in high if data["ltv"][row].as_py() > 800.0}
    both, alone = min(rich), min(high - rich)
    assert one == ft.Conflict(
        "contained",
        "proved",
        ("rich", "high"),
        (len(rich), len(high)),
        (ft.Witness(("rich", "high"), both, f"c{both}"), ft.Witness(("high",), alone, f"c{alone}")),
    )
    assert str(one) == (
        f"`rich` inside `high`: {len(rich)} of {len(high)} customers (c{both} in both, c{alone} only in high)"
    )
    assert found.of("contained") == (one,)
    assert found.of("equal") == ()
    assert repr(found) == "Conflicts(1 of 2 segments at 2026-01-01T00:00:00+00:00)"
    assert json.loads(found.to_json()) == {
        "now": "2026-01-01T00:00:00Z",
        "customers": ROWS,
        "segments": 2,
        "drafts": [],
        "kinds": ["empty", "everybody", "equal", "contained"],
        "compared": 1,
        "implied": 0,
        "by_chance": 0,
        "findings": [
            {
                "kind": "contained",
                "certainty": "proved",
                "segments": ["rich", "high"],
                "customers": [len(rich), len(high)],
                "witnesses": [
                    {"inside": ["rich", "high"], "row": both, "id": f"c{both}"},
                    {"inside": ["high"], "row": alone, "id": f"c{alone}"},
                ],
            }
        ],
    }


def test_the_text_says_what_was_left_out() -> None:
    data = pa.table({"ltv": [float(n) for n in range(300)], "gold": [n % 3 != 0 or n > 296 for n in range(300)]})
    rules = ruleset(gold="gold", few="ltv > 296.0", low="ltv < 100.0", lower="ltv < 50.0")
    assert str(ft.conflicts(rules, data, NOW, drafts={"half": "ltv > 150.0"})) == (
        "1 draft beside 4 segments, 300 customers, at 2026-01-01 00:00:00Z: 2 conflicts\n"
        "\n"
        "one inside the other\n"
        "  proved    `few` inside `half`: 3 of 149 customers (row 297 in both, row 151 only in half)\n"
        "\n"
        "nobody in both\n"
        "  proved    `half` outside `low`: 149 and 100 customers (row 151 only in half, row 0 only in low)\n"
        "\n"
        "  proved: by the rules alone, whoever the customers are\n"
        "  left out, as they follow from these: 1 pair"
    )
    assert str(ft.conflicts(rules, data, NOW, kinds=["contained"])) == (
        "4 segments, 300 customers, at 2026-01-01 00:00:00Z: 1 conflict\n"
        "\n"
        "one inside the other\n"
        "  proved    `lower` inside `low`: 50 of 100 customers (row 0 in both, row 50 only in low)\n"
        "\n"
        "  proved: by the rules alone, whoever the customers are\n"
        "  left out, as they may be mere chance: 1 pair"
    )


def test_many_findings_of_a_kind_are_cut_short() -> None:
    found = ft.conflicts(ruleset(**{f"none{n:02}": f"ltv > {2_000 + n}.0" for n in range(13)}), customers(), NOW)
    assert str(found) == "\n".join(
        [
            "13 segments, 2,000 customers, at 2026-01-01 00:00:00Z: 13 conflicts",
            "",
            "nobody is in",
            *(f"  observed  `none{n:02}`" for n in range(10)),
            "  observed  … 3 more",
            "",
            "  observed: true of these customers",
        ]
    )


def test_all_kinds_of_data_tell_the_same() -> None:
    """A stream is read once, though two programs need it."""
    rules, data = ruleset(high="ltv > 500.0", none="ltv > 5000.0"), customers()
    drafts = {"gold": 'tier == "gold"', "rich": "ltv > 800.0"}
    program = ft.compile(rules, data.schema)
    expected = ft.conflicts(rules, data, NOW, drafts=drafts)
    assert told(expected) == ["contained proved: rich, high"]
    chunks = data.to_batches(max_chunksize=300)
    for base in (
        program.encode(data),
        data.combine_chunks().to_batches()[0],
        pa.RecordBatchReader.from_batches(data.schema, chunks),
        pa.Table.from_batches(chunks),
    ):
        assert ft.conflicts(program, base, NOW, drafts=drafts, threads=1) == expected
    assert ft.conflicts(rules, pl.DataFrame(data), NOW, drafts=drafts) == expected


def test_threads_do_not_change_the_answer() -> None:
    segments = {f"s{n}": f'ltv > {n * 7 % 100}0.0 && (tier == "gold" || ltv > {n * 13 % 100}0.0)' for n in range(80)}
    rules, data = ruleset(**segments), customers()
    one = ft.conflicts(rules, data, NOW, threads=1, kinds=KINDS)
    assert len(one) > 50
    assert ft.conflicts(rules, data, NOW, threads=3, kinds=KINDS) == one


def test_kept_masks_are_those_of_the_instant() -> None:
    data = customers()
    for rules in (
        ruleset(lapsed="now - order_at > days(90)", old="now - order_at > days(200)"),
        ruleset(night="now.getHours() >= 22 && ltv > 500.0", rich="ltv > 800.0"),
        ruleset(late='now > timestamp("2026-03-01T00:00:00Z") || ltv > 900.0', rich="ltv > 800.0"),
        ruleset(soon="order_at + days(200) > now", rich="ltv > 800.0"),
    ):
        kept_are_those_of_the_instant(ft.compile(rules, data.schema), data)


def kept_are_those_of_the_instant(program: ft.Program, data: pa.Table) -> None:
    base = program.encode(data)
    for hours in (0, 3_600, 0, 7_222):
        now = NOW + timedelta(hours=hours)
        drafts = {"year": "now - order_at > days(365)"}
        assert ft.conflicts(program, base, now, drafts=drafts) == ft.conflicts(program, data, now, drafts=drafts)
        assert ft.conflicts(program, base, now) == ft.conflicts(program, data, now)


def test_kept_masks_are_those_of_the_program_and_of_the_base() -> None:
    bases = [customers(), customers(500)]
    programs = [
        ft.compile(ruleset(a=f"ltv > {bound}.0", b="ltv > 500.0"), bases[0].schema) for bound in (100, 600, 800)
    ]
    encoded = [programs[0].encode(data) for data in bases]
    for _ in range(2):
        for program in programs:
            for data, base in zip(bases, encoded, strict=True):
                assert ft.conflicts(program, base, NOW) == ft.conflicts(program, data, NOW)


def test_what_is_kept_keeps_neither_the_program_nor_the_base_alive() -> None:
    data = customers()
    program = ft.compile(ruleset(high="ltv > 500.0", rich="ltv > 800.0"), data.schema)
    base = program.encode(data)
    ft.conflicts(program, base, NOW, drafts={"draft": "ltv > 600.0"})
    refs: list[weakref.ref[object]] = [weakref.ref(program), weakref.ref(base)]
    del program, base
    gc.collect()
    assert [ref() for ref in refs] == [None, None]


def test_drafts_leave_no_codes_behind() -> None:
    """Whoever tries a thousand drafts would otherwise keep a byte a customer of each."""
    data = customers()
    program = ft.compile(ruleset(high="ltv > 500.0"), data.schema)
    base = program.encode(data)
    ft.conflicts(program, base, NOW, drafts={"draft": "ltv > 600.0"})
    before = base.nbytes
    for bound in range(20):
        ft.conflicts(program, base, NOW, drafts={"draft": f"ltv > {bound}.0"})
    assert base.nbytes == before


def test_a_base_without_customers() -> None:
    found = ft.conflicts(ruleset(high="ltv > 500.0", all="true"), customers().slice(0, 0), NOW)
    assert told(found) == ["empty observed: high", "empty observed: all"]


def test_segments_that_read_no_column() -> None:
    assert conflicts(all="true", none="false") == ["empty proved: none", "everybody proved: all"]


def test_ids_that_json_has_no_words_for_are_text() -> None:
    days = pa.array(np.arange(200, dtype=np.int32), pa.date32())
    data = pa.table({"customer_id": days, "ltv": [float(number) for number in range(200)]})
    (one,) = ft.conflicts(ruleset(high="ltv > 50.0", rich="ltv > 150.0"), data, NOW)
    assert one.to_dict()["witnesses"][0]["id"] == "1970-06-01"
    assert str(one).endswith("(1970-06-01 in both, 1970-02-21 only in high)")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"drafts": {}},
            "there are no drafts to compare\n  = fix: give one, or no `drafts` at all to compare all segments",
        ),
        ({"kinds": ["disjont"]}, "there is no kind of conflict `disjont`\n  = fix: did you mean `disjoint`?"),
        (
            {"kinds": "overlap"},
            "there is no kind of conflict `overlap`\n"
            "  = fix: one of `empty`, `everybody`, `equal`, `contained`, `disjoint`",
        ),
        ({"threads": 0}, "`threads` is 0\n  = fix: give a number from 1 to 256"),
        ({"now": "today"}, "`now` must be a datetime, not `str`"),
        (
            {"base": [1, 2]},
            "data of type `list` is no Arrow table\n"
            "  = fix: give a pyarrow Table or RecordBatch, a Polars or pandas frame, or anything with "
            "`__arrow_c_stream__`",
        ),
        (
            {"ruleset": {"a": "ltv > 1.0"}},
            "rules must be a Ruleset, not `dict`\n"
            "  = fix: `load_ruleset` makes one of a file or a mapping: "
            '`{"version": 1, "language": "cel/1", "segments": {…}}`',
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: dict[str, object], message: str) -> None:
    asked = {"ruleset": ruleset(high="ltv > 500.0"), "base": customers(), "now": NOW, **arguments}
    with pytest.raises(ft.DataError) as caught:
        ft.conflicts(**asked)
    assert str(caught.value) == message


def test_data_that_lack_a_column_are_refused() -> None:
    data = customers()
    program = ft.compile(ruleset(high="ltv > 500.0"), data.schema)
    few = data.select(["customer_id", "ltv"])
    with pytest.raises(ft.DataError) as caught:
        ft.conflicts(program, few, NOW, drafts={"gold": 'tier == "gold"'})
    assert str(caught.value) == "the data has no column `tier`\n  = fix: its columns are: `customer_id`, `ltv`"
    stream = pa.RecordBatchReader.from_batches(few.schema, few.to_batches())
    with pytest.raises(ft.DataError) as caught:
        ft.conflicts(program, stream, NOW, drafts={"gold": 'tier == "gold"'})
    assert str(caught.value) == "the data has no column `tier`\n  = fix: its columns are: `customer_id`, `ltv`"


def test_a_wrong_draft_is_told_with_its_place() -> None:
    with pytest.raises(ft.RulesetError) as caught:
        conflicts({"gold": 'tire == "gold"'}, high="ltv > 500.0")
    assert str(caught.value) == (
        'unknown name `tire`\n --> segments.gold:1:1\n1 | tire == "gold"\n  | ^^^^\n  = fix: did you mean `tier`?'
    )
    with pytest.raises(ft.RulesetError) as caught:
        conflicts({"high": 'segment("vip")'}, high="ltv > 500.0", vip='segment("high")')
    assert str(caught.value).startswith("segments ")


@pytest.mark.parametrize("first", range(7))
def test_random_rules(first: int, capsys: pytest.CaptureFixture[str]) -> None:
    """A ruleset of each flavour against sets of customers, DuckDB, and customers not seen; the sweep asks more."""
    options = parsed(["--schemas", "1", "--first", str(first), "--rules", "25", "--rows", "200"])
    assert sweep(options) == 0, capsys.readouterr().out


def test_kept_masks_are_those_of_before_an_update_for_nobody() -> None:
    table = pa.table({"customer_id": list(range(500)), "n": [number % 50 for number in range(500)]})
    rules = {"version": 1, "language": "cel/1", "key": "customer_id", "segments": {"small": "n < 25"}}
    program = ft.compile(ft.load_ruleset(rules), table.schema)
    base = program.encode(table)
    drafts = {"tiny": "n == 3 || n == 40"}
    assert [one.segments for one in ft.conflicts(program, base, NOW, drafts=drafts).of("contained")] == []
    forties = [number for number in range(500) if number % 50 == 40]
    base.update(pa.table({"customer_id": forties, "n": [3] * len(forties)}), now=NOW)
    (found,) = ft.conflicts(program, base, NOW, drafts=drafts).of("contained")
    assert found.segments == ("tiny", "small")
