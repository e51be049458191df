"""The nearest fix: what it proposes for each type, how sure it is, and what it says when there is none."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.explanation import nearest_fix
from fasttwitch.explanation.changed_rows import changed_rows
from fasttwitch.explanation.fixes import Fix

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SCHEMA = pa.schema(
    {
        "id": pa.string(),
        "ok": pa.bool_(),
        "tiny": pa.int8(),
        "count": pa.uint8(),
        "ltv": pa.float64(),
        "rate": pa.float32(),
        "price": pa.decimal128(5, 2),
        "tier": pa.string(),
        "app": pa.dictionary(pa.int8(), pa.string()),
        "at": pa.timestamp("s", "UTC"),
        "fine": pa.timestamp("ns", "UTC"),
        "born": pa.date32(),
        "spent": pa.duration("ms"),
        "address": pa.struct({"city": pa.string(), "floor": pa.int16()}),
        "tags": pa.list_(pa.string()),
    }
)


def fix(rule: str, profile: dict[str, object], **others: str) -> Fix:
    """Return the nearest fix of a customer who is not inside."""
    document = {"version": 1, "language": "cel/1", "key": "id", "segments": {**others, "s": rule}}
    found = ft.compile(ft.load_ruleset(document), SCHEMA).explain(profile, "s", NOW).fix
    assert found is not None
    return found


def changes(rule: str, **profile: object) -> dict[str, str]:
    """Return the proposed values by attribute."""
    return {one.attribute: one.after.words for one in fix(rule, profile).changes}


@pytest.mark.parametrize(
    ("rule", "profile", "proposed"),
    [
        ("tiny > 5", {"tiny": 1}, {"tiny": "6"}),
        ("tiny < 5", {"tiny": 9}, {"tiny": "4"}),
        ("tiny != 5", {"tiny": 5}, {"tiny": "6"}),
        ("tiny in [1, 5, 100]", {"tiny": 7}, {"tiny": "5"}),
        ("tiny == null", {"tiny": 7}, {"tiny": "null"}),
        ("tiny >= 18", {}, {"tiny": "18"}),
        ("tiny < 100", {}, {"tiny": "0"}),
        ("tiny > 5.5", {"tiny": 1}, {"tiny": "6"}),
        ("count < 1u", {"count": 3}, {"count": "0"}),
        ("ltv > 500", {"ltv": 480.0}, {"ltv": "500.01"}),
        ("ltv >= 500", {"ltv": 480.0}, {"ltv": "500.0"}),
        ("ltv < 0.001", {"ltv": 1.0}, {"ltv": "0.0"}),
        ("ltv > 500 && ltv < 500.001", {"ltv": 1.0}, {"ltv": "500.0001"}),
        ("math.isNaN(ltv)", {"ltv": 1.0}, {"ltv": "NaN"}),
        ("rate > 0.1", {"rate": 0.0}, {"rate": "0.125"}),
        ("rate >= 0.1", {"rate": 0.0}, {"rate": "0.125"}),
        ("price > 19.99", {"price": Decimal("3.50")}, {"price": "20.00"}),
        ("price == 19.90", {"price": Decimal("3.50")}, {"price": "19.90"}),
        ('tier in ["gold", "platinum"]', {"tier": "silver"}, {"tier": '"gold"'}),
        ('tier != "gold"', {"tier": "gold"}, {"tier": '"other"'}),
        ('tier != "other" && tier != "gold"', {"tier": "other"}, {"tier": '"other_"'}),
        ('tier.startsWith("VIP-")', {"tier": "gold"}, {"tier": '"VIP-gold"'}),
        ('tier.contains("x") && tier.endsWith(".de")', {"tier": "a@b.com"}, {"tier": '"x.de"'}),
        ('tier.matches("^[A-Z]{2}-[0-9]+$")', {"tier": "gold"}, {"tier": '"AA-0"'}),
        ("size(tier) >= 6", {"tier": "gold"}, {"tier": '"goldxx"'}),
        ('tier.lowerAscii() == "gold"', {"tier": "silver"}, {"tier": '"gold"'}),
        ("int(tier) > 41", {"tier": "x"}, {"tier": '"42"'}),
        ('semver(app) >= "2.10.0"', {"app": "2.9.9"}, {"app": '"2.10.0"'}),
        ("now - at < days(30)", {"at": datetime(2025, 6, 1)}, {"at": '"2026-01-02T00:00:01Z"'}),
        ("now - at > days(30)", {"at": datetime(2026, 1, 31)}, {"at": '"2026-01-01T23:59:59Z"'}),
        ("fine > now", {"fine": NOW - timedelta(days=1)}, {"fine": '"2026-02-01T00:00:01Z"'}),
        ('at >= timestamp("2026-01-01T00:00:00Z")', {}, {"at": '"2026-02-01T00:00:00Z"'}),
        ("at.getFullYear() == 2024", {"at": datetime(2026, 1, 31)}, {"at": '"2024-12-31T23:59:59Z"'}),
        ('born < date("2000-01-01")', {"born": date(2001, 5, 5)}, {"born": '"1999-12-31"'}),
        ("spent > hours(2)", {"spent": timedelta(hours=1)}, {"spent": '"2h0.001s"'}),
        ("ok", {"ok": False}, {"ok": "true"}),
        ("!ok", {}, {"ok": "false"}),
        ('address.city == "Ulm"', {}, {"address.city": '"Ulm"'}),
        ("ltv > 1e300", {"ltv": 1.0}, {"ltv": "1.0000000000001e+300"}),
        # computed values
        ("ltv * 2.0 > 100.0", {"ltv": 1.0}, {"ltv": "50.1"}),
        ("tiny % 7 == 0", {"tiny": 5}, {"tiny": "7"}),
        ("ltv / double(tiny) > 50.0", {"ltv": 100.0, "tiny": 4}, {"ltv": "200.1"}),
        ("at.getHours() == 12", {"at": datetime(2026, 1, 31, 10, 30)}, {"at": '"2026-01-31T12:00:00Z"'}),
    ],
)
def test_the_nearest_value_of_one_attribute(rule: str, profile: dict[str, object], proposed: dict[str, str]) -> None:
    assert changes(rule, **profile) == proposed
    assert fix(rule, profile).minimal


def test_a_struct_that_is_missing_is_there_once_a_field_is() -> None:
    found = fix('has(address) && address.city == "Ulm"', {})
    assert [one.attribute for one in found.changes] == ["address.city"]
    found = fix('address.city == "Ulm" && address.floor > 2', {"address": {"floor": 1}})
    assert [one.attribute for one in found.changes] == ["address.city", "address.floor"]


def test_what_nothing_can_be_told_of_is_not_called_impossible() -> None:
    found = fix("has(address) && tags != null", {})
    assert (found.found, found.possible) == (False, True)


def test_what_a_column_cannot_hold_is_never_proposed() -> None:
    assert fix("tiny > 127", {"tiny": 3}).found is False
    assert fix("tiny > 126", {"tiny": 3}).changes[0].after.value == 127
    assert fix("count == 255u", {"count": 3}).changes[0].after.value == 255
    assert fix("price > 999.98", {"price": Decimal(1)}).changes[0].after.value == "999.99"
    assert not fix("price > 999.99", {"price": Decimal(1)}).found
    half = fix('at > timestamp("2026-01-01T00:00:00.5Z")', {"at": datetime(2025, 1, 1)})
    assert half.changes[0].after.value == "2026-01-01T00:00:01Z"
    assert not fix('at == timestamp("2026-01-01T00:00:00.5Z")', {"at": datetime(2025, 1, 1)}).possible


def test_the_key_is_left_alone() -> None:
    """Nobody becomes a member by changing who they are."""
    found = fix('id == "c1" && ok', {"id": "c2", "ok": True})
    assert (found.found, found.possible, found.held) == (False, False, ("id",))
    assert [line.text for line in found.lines("s", 80)] == [
        "  s cannot be made true while the key stays: no values of the other attributes",
        "  would do",
        "  left alone, being the key: id",
    ]
    found = fix('bucket(id, "salt", 100) < 50 || ok', {"id": "c2"})
    assert [one.attribute for one in found.changes] == ["ok"]


def test_six_failing_conditions_still_get_a_fix() -> None:
    rule = (
        'ok && tiny > 5 && ltv > 500 && tier == "gold" && now - at < days(30) && price > 3 && born > date("2000-01-01")'
    )
    found = fix(rule, {"ok": True})
    assert [one.attribute for one in found.changes] == ["tiny", "ltv", "tier", "at", "price", "born"]
    assert found.minimal


def test_the_fewest_attributes_not_the_fewest_conditions() -> None:
    """The first alternative needs one condition of one attribute each, the second three of one attribute."""
    found = fix("(ok && count > 3u) || (tiny > 5 && tiny < 8 && tiny != 6)", {"ok": False, "count": 1, "tiny": 0})
    assert {one.attribute: one.after.value for one in found.changes} == {"tiny": 7}


def test_one_change_that_breaks_another_condition_is_no_fix() -> None:
    found = fix("(tiny > 5 || ok) && (tiny < 3 || count > 2u)", {"tiny": 0, "ok": None, "count": 0})
    assert {one.attribute: one.after.value for one in found.changes} == {"ok": True}


def test_attributes_that_have_to_suit_each_other() -> None:
    found = fix("ltv / double(tiny) > 50.0 && tiny >= 3 && ltv < 400.0", {"ltv": 30.0, "tiny": 1})
    assert {one.attribute: one.after.value for one in found.changes} == {"ltv": 150.1, "tiny": 3}


def test_segments_are_looked_into() -> None:
    found = fix('segment("high") && !segment("banned")', {"ltv": 1.0}, high="ltv > 100", banned="ok")
    assert {one.attribute: one.after.value for one in found.changes} == {"ltv": 100.01, "ok": False}


def test_what_cannot_be_is_said_to_be_impossible() -> None:
    found = fix("tiny > 5 && tiny < 3", {"tiny": 0})
    assert (found.found, found.possible) == (False, False)
    assert found.sentence("s") == "s cannot be made true: at this instant its rule is true for nobody"
    found = fix('at > now && at < timestamp("2020-01-01T00:00:00Z")', {})
    assert (found.found, found.possible) == (False, False)
    assert [line.text for line in found.lines("s", 80)] == [
        "  s cannot be made true: no values of these attributes would do at this instant"
    ]
    assert not fix("false", {}).possible


def test_stored_instants_beyond_the_calendar_are_not_forgotten() -> None:
    """They count as its last microsecond, and nobody can write one down: that is no proof that there is none."""
    found = fix('at == timestamp("9999-12-31T23:59:59.999999Z")', {"at": NOW})
    assert (found.found, found.possible) == (False, True)


def test_what_was_not_found_is_said_to_be_not_found() -> None:
    """A pattern with a word that nothing in the rule gives away."""
    found = fix('tier.lowerAscii().reverse() == "dlog" && ok', {"tier": "silver"})
    assert (found.found, found.possible, found.minimal, found.changes) == (False, True, False, ())
    assert found.sentence("s") == (
        f"no fix was found for s: {found.tried:,} changed customers were tried, none of them is in it"
    )
    assert found.footnote() == "up to 2 attributes changed at once"


def test_a_fix_is_run_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the search believes is not enough: a wrong belief is our own fault, and must not be told."""
    from fasttwitch.explanation import nearest_fix

    monkeypatch.setattr(nearest_fix.NearestFix, "_asked", lambda self, changes, rows: _everything(self, rows))
    with pytest.raises(AssertionError):
        fix("tiny > 5 && ok", {"tiny": 0, "ok": False})


def _everything(search: object, rows: int) -> object:
    import numpy as np

    return np.ones((len(search._goal.leaves) + 1, rows), np.bool_)  # type: ignore[attr-defined]


def test_values_stand_below_each_other_where_there_is_no_room_beside() -> None:
    found = fix("now - at < days(30) && ok", {"at": datetime(2025, 6, 1)})
    assert [line.text for line in found.lines("s", 80)] == [
        "  s would be true with 2 other values",
        "",
        '    at  "2025-06-01T00:00:00Z", 245 days ago',
        '     →  "2026-01-02T00:00:01Z", 29 days 23 hours ago',
        "    ok  null",
        "     →  true",
        "",
        "  checked: the changed customer was run; no fewer changes would do",
    ]
    assert [line.text for line in found.lines("s", 100)][2:4] == [
        '    at  "2025-06-01T00:00:00Z", 245 days ago  →  "2026-01-02T00:00:01Z", 29 days 23 hours ago',
        "    ok  null                                  →  true",
    ]


def test_a_fix_as_json() -> None:
    found = fix("ltv > 500 && at > now - days(1)", {"ltv": 480.0, "at": datetime(2026, 1, 1)})
    assert found.to_dict() == {
        "found": True,
        "minimal": True,
        "possible": True,
        "tried": found.tried,
        "most": 2,
        "held": [],
        "changes": [
            {
                "attribute": "ltv",
                "before": {"value": 480.0, "words": "480.0", "age": ""},
                "after": {"value": 500.01, "words": "500.01", "age": ""},
                "others": "",
            },
            {
                "attribute": "at",
                "before": {"value": "2026-01-01T00:00:00Z", "words": '"2026-01-01T00:00:00Z"', "age": "31 days ago"},
                "after": {
                    "value": "2026-01-31T00:00:01Z",
                    "words": '"2026-01-31T00:00:01Z"',
                    "age": "23 hours 59 minutes ago",
                },
                "others": "",
            },
        ],
    }


@pytest.mark.parametrize(
    ("rule", "proposed", "rows"),
    [
        ('tier == "gold" && ltv > 3', {"tier": '"gold"', "ltv": "3.01"}, 0),
        ('address.city == "Ulm" && ltv > 3', {"address.city": '"Ulm"', "ltv": "3.01"}, 0),
        ('tier != "gold" && ltv > 3', {"ltv": "3.01"}, 0),
        ('tier.startsWith("VIP") && ltv * 2.0 > 7.0', {"tier": '"VIP"', "ltv": "3.51"}, 0),
        (
            'tier + "y" == address.city && ltv > 3',
            {"tier": '""', "address.city": '"y"', "ltv": "3.01"},
            3,
        ),
        ('tier.endsWith("xx") && size(tier) < 2000 && ltv > 3', {"tier": '"xx"', "ltv": "3.01"}, 6),
    ],
)
def test_a_long_text_is_not_copied_for_every_trial(
    rule: str, proposed: dict[str, str], rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short text stands in where rules cannot tell it apart; else few customers (`rows`) are run at once."""
    copies: list[int] = []

    def noted(*arguments: Any) -> pa.Table:
        found = changed_rows(*arguments)
        copies.append(found.num_rows if found.nbytes > 1_000_000 else 0)
        return found

    monkeypatch.setattr(nearest_fix, "changed_rows", noted)
    long = "x" * 5_000_000
    found = fix(rule, {"tier": long, "address": {"city": long}, "ltv": 1.0})
    assert {one.attribute: one.after.words for one in found.changes} == proposed
    assert max(copies) == rows
    for one in found.changes:
        if one.attribute != "ltv":
            assert (one.before.value, one.before.words) == (long, '"' + "x" * 58 + "…")


def test_a_rule_that_asks_for_nothing_but_the_key_is_no_lost_case() -> None:
    """Another customer may well be in it: the key is left alone, that is all."""
    told = [line.text for line in fix('id == "x"', {"id": "y"}).lines("s", 80)]
    assert told == ["  s reads nothing but the key, which is left alone: no fix was looked for"]
