"""`Program.explain` and `Program.exclusions`: what they take, what they refuse, what they keep."""

import pickle
import sys
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.engine import explaining
from fasttwitch.explanation.nearest_fix import NearestFix
from fasttwitch.explanation.structure import Structure, structure_of
from fasttwitch.logic.scope import Scope
from fasttwitch.ruleset import SegmentDefinition

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SCHEMA = pa.schema(
    {
        "customer_id": pa.string(),
        "ltv": pa.float64(),
        "tier": pa.string(),
        "seen": pa.timestamp("us", "UTC"),
        "address": pa.struct({"city": pa.string()}),
    }
)
RULES = {
    "high": "ltv > 500",
    "vip": 'segment("high") && tier == "gold"',
    "lapsed": "now - seen > days(90)",
    "local": 'address.city == "Ulm"',
}


def program(segments: dict[str, str] = RULES, schema: pa.Schema = SCHEMA) -> ft.Program:
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": segments}), schema)


def refusal(profile: Any, segment: str = "vip", now: datetime | None = NOW) -> str:
    with pytest.raises(ft.DataError) as caught:
        program().explain(profile, segment, now)
    return str(caught.value)


def test_a_profile_is_a_mapping_or_one_row_of_a_table() -> None:
    profile = {"ltv": 900.0, "tier": "silver"}
    table = pa.Table.from_pylist([{}, profile], schema=SCHEMA)
    one = program()
    asked = one.explain(profile, "vip", NOW)
    for row in (table.slice(1, 1), table.slice(1, 1).to_batches()[0], one.encode(table).row(1)):
        assert one.explain(row, "vip", NOW).to_dict() == asked.to_dict()
    assert (asked.answer, asked.digest, asked.now) == ("false", one.digest, NOW)


def test_a_row_needs_only_the_columns_that_are_read() -> None:
    found = program().explain(pa.table({"tier": ["gold"], "ltv": [900.0]}), "vip", NOW)
    assert found.answer == "true"
    with pytest.raises(ft.DataError) as caught:
        program().explain(pa.table({"tier": ["gold"]}), "vip", NOW)
    assert str(caught.value) == "the data has no column `ltv`\n  = fix: its columns are: `tier`"


def test_a_row_of_other_arrow_types_that_are_read_alike() -> None:
    """What is proposed fits the data at hand: float32 and a dictionary here."""
    table = pa.table({"tier": pa.array(["silver"]).dictionary_encode(), "ltv": pa.array([0.5], pa.float32())})
    found = program().explain(table, "vip", NOW)
    assert [(one.attribute, one.words) for one in found.values] == [("tier", '"silver"'), ("ltv", "0.5")]
    assert found.fix is not None
    assert {one.attribute: one.after.words for one in found.fix.changes} == {"tier": '"gold"', "ltv": "500.25"}


def test_a_float32_is_told_as_it_is_compared() -> None:
    """0.3 is not above 0.3, and what float32 makes of it is."""
    one = program({"low": "!(r > 0.3)", "few": "r < 0.3"}, pa.schema({"r": pa.float32()}))
    found = one.explain({"r": 0.3}, "low", NOW)
    assert found.answer == "false"
    assert [(told.value, told.words) for told in found.values] == [(0.30000001192092896, "0.30000001192092896")]
    assert str(found).endswith("\n    r  0.30000001192092896  →  0.25\n\n  checked: the changed customer was run")
    assert "<code>0.30000001192092896</code>" in found.to_html()
    assert found.to_dict()["fix"]["changes"][0]["before"]["value"] == 0.30000001192092896


def test_what_is_no_profile_is_refused() -> None:
    assert refusal([("ltv", 1.0)]) == (
        "a profile is a mapping or one row of a table, not `list`\n  = fix: give a `dict`, or `table.slice(row, 1)`"
    )
    assert refusal(pa.Table.from_pylist([{}, {}, {}], schema=SCHEMA)) == (
        "a profile is one customer, and this table has 3 rows\n  = fix: give one of them: `table.slice(row, 1)`"
    )
    assert refusal({"ltvv": 1.0}) == "there is no attribute `ltvv`\n  = fix: did you mean `ltv`?"
    assert refusal({"ltv": "900"}) == 'attribute `ltv` is a double, and "900" is a string\n  = fix: give a `float`'
    assert refusal({"seen": 5, "tier": "gold"}) == (
        "attribute `seen` is a timestamp, and 5 is an int\n  = fix: give a `datetime`; naive means UTC"
    )


def test_unknown_segments_and_instants_are_refused() -> None:
    assert refusal({}, "vpi") == "there is no segment `vpi`\n  = fix: did you mean `vip`?"
    assert refusal({}, "something else") == "there is no segment `something else`"
    assert refusal({}, now=datetime(999, 1, 1)) == (
        "`now` lies in the year 999\n  = fix: give an instant between the years 1001 and 8998"
    )


def test_names_that_the_schema_lacks_are_refused_or_ignored() -> None:
    one = program()
    profile = {"ltv": 900.0, "ltvv": 1, "other": object()}
    assert one.explain(profile, "high", NOW, extra="ignore").answer == "true"
    with pytest.raises(ft.DataError) as caught:
        one.explain(profile, "high", NOW)
    assert str(caught.value) == "there is no attribute `ltvv`\n  = fix: did you mean `ltv`?"
    with pytest.raises(ft.DataError) as caught:
        one.explain({"ltv": "900", "other": 1}, "high", NOW, extra="ignore")
    assert str(caught.value) == 'attribute `ltv` is a double, and "900" is a string\n  = fix: give a `float`'
    with pytest.raises(ft.DataError) as caught:
        one.explain({}, "high", NOW, extra="all")
    assert str(caught.value) == ('`extra` is `all`\n  = fix: give "error", or "ignore" for names that the schema lacks')


def test_what_is_no_segment_and_no_number_of_threads_is_refused() -> None:
    wrong: Any = ["vip"]
    assert refusal({}, wrong) == "a segment is one name, not `list`\n  = fix: give a `str`"
    with pytest.raises(ft.DataError) as caught:
        program().exclusions(pa.Table.from_pylist([{}], schema=SCHEMA), wrong)
    assert str(caught.value) == "a segment is one name, not `list`\n  = fix: give a `str`"
    for threads, shown in (("2", "'2'"), (2.0, "2.0"), (0, "0")):
        with pytest.raises(ft.DataError) as caught:
            program().exclusions(pa.Table.from_pylist([{}], schema=SCHEMA), "vip", NOW, threads=threads)  # type: ignore[arg-type]
        assert str(caught.value).startswith(f"`threads` is {shown}\n  = fix: give a number from 1 to ")


def test_an_explanation_without_a_fix_looks_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(self: object) -> None:
        raise AssertionError("looked for a fix")

    monkeypatch.setattr(NearestFix, "find", find)
    found = program().explain({"ltv": 1.0}, "high", NOW)
    assert [line.text for line in found.lines(fix=False)] == [
        "high is false at 2026-02-01 00:00:00Z",
        "",
        "    ltv > 500",
        "    ^^^^^^^^^",
        "    false",
        "",
        "    ltv  1.0",
    ]
    assert found.to_dict(fix=False)["fix"] is None
    assert found.to_json(fix=False).endswith('"fix": null}')
    assert '<div class="fix">' not in found.to_html(fix=False)
    with pytest.raises(AssertionError, match="looked for a fix"):
        found.to_dict()


def test_without_an_instant_it_is_now() -> None:
    before = datetime.now(UTC)
    found = program().explain({"seen": datetime.now(UTC) - timedelta(days=91)}, "lapsed")
    assert before <= found.now <= datetime.now(UTC)
    assert found.answer == "true"


def test_a_rule_that_reads_nothing_is_explained() -> None:
    one = program({"nobody": "false", "all": "1 < 2 || ltv > 3"})
    assert one.explain({}, "nobody").answer == "false"
    assert str(one.explain({}, "nobody", NOW)) == (
        "nobody is false at 2026-02-01 00:00:00Z\n"
        "\n"
        "    false\n"
        "    ^^^^^\n"
        "    false\n"
        "\n"
        "  nobody cannot be made true: at this instant its rule is true for nobody"
    )
    assert one.explain({"ltv": 1.0}, "all").answer == "true"


def test_plans_are_kept_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "QUESTIONS_KEPT", 3)
    made: list[str] = []

    def noted(definition: SegmentDefinition, scope: Scope) -> Structure:
        made.append(definition.name)
        return structure_of(definition, scope)

    monkeypatch.setattr(explaining, "structure_of", noted)
    one = program()
    for name in ("high", "high", "lapsed", "local", "high", "vip", "lapsed"):
        one.explain({}, name, NOW)
    # `lapsed` was pushed out by `vip`, `high` was not: it had been asked for again.
    assert made == ["high", "lapsed", "local", "vip", "high", "lapsed"]


def test_an_explanation_travels_with_its_fix() -> None:
    found = program().explain({"ltv": 1.0}, "vip", NOW)
    copy = pickle.loads(pickle.dumps(found))
    assert copy.to_dict() == found.to_dict()
    assert str(copy) == str(found)


def test_a_program_that_was_pickled_explains_the_same() -> None:
    one = program()
    one.explain({}, "vip", NOW)
    copy = pickle.loads(pickle.dumps(one))
    assert copy.explain({"ltv": 1.0}, "vip", NOW).to_dict() == one.explain({"ltv": 1.0}, "vip", NOW).to_dict()


def test_a_draft_is_explained_with_the_segments_that_it_asks() -> None:
    found = program().draft({"new": 'segment("vip") || ltv < 3'}).explain({"ltv": 5.0}, "new", NOW)
    assert [rule.segment for rule in found.rules] == ["new", "vip", "high"]


def test_a_chain_of_thousands_of_segments_is_followed_a_while() -> None:
    rules = {"s0": "ltv > 1"} | {f"s{one}": f'segment("s{one - 1}") && ltv > {one}' for one in range(1, 3000)}
    found = program(rules).explain({"ltv": 2000.0}, "s2999", NOW)
    assert found.answer == "false"
    assert len(found.rules) == explaining.MOST_RULES
    assert found.rules[-1].segment == "s2900"
    assert sys.getrecursionlimit() < 3000
    assert len(str(found)) > 1000


def test_a_chain_that_is_true_all_the_way_is_fixed_through() -> None:
    rules = {"s0": "ltv > 1"} | {f"s{one}": f'segment("s{one - 1}") && ltv > {one}' for one in range(1, 300)}
    fix = program(rules).explain({"ltv": 0.0}, "s299", NOW).fix
    assert fix is not None
    assert [one.after.value for one in fix.changes] == [299.01]


def test_many_threads_may_ask_at_once() -> None:
    one = program()
    expected = {name: one.explain({"ltv": 700.0}, name, NOW).to_dict() for name in RULES}
    fresh = program()
    wrong: list[object] = []

    def ask() -> None:
        for name in (*RULES, *RULES):
            told = fresh.explain({"ltv": 700.0}, name, NOW).to_dict()
            if told != expected[name]:
                wrong.append(told)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_decimals_keep_their_digits() -> None:
    schema = pa.schema({"price": pa.decimal128(7, 3)})
    found = program({"s": "price >= 19.90"}, schema).explain({"price": Decimal("19.899")}, "s", NOW)
    assert found.values[0].words == "19.899"
    assert found.fix is not None
    assert found.fix.changes[0].after.words == "19.900"
