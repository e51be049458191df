"""Negations over data with holes."""

import pyarrow as pa
import pytest

import fasttwitch as ft
from tests.core.lint.reviewing import findings, told

DATA = pa.table(
    {
        "country": pa.array(["DE", None, "AT", "DE"]).dictionary_encode(),
        "age": pa.array([1, 2, 3, 4], pa.int8()),
        "orders": [1, None, None, 4],
        "vip": [True, False, None, True],
        "holes": pa.DictionaryArray.from_arrays(pa.array([0, 1, 0, 1]), pa.array(["x", None])),
        "address": pa.StructArray.from_arrays(
            [pa.array(["Rome", None, "Bonn", "Rome"])], ["city"], mask=pa.array([True, False, False, False])
        ),
    }
)


def test_a_negation_tells_whom_it_leaves_out() -> None:
    (finding,) = findings('country != "DE"', data=DATA)
    assert str(finding) == (
        'warning: `country != "DE"` leaves out the 1 customer whose `country` is unknown (25 %)\n'
        " --> segments.r0:1:1\n"
        '1 | country != "DE"\n'
        "  | ^^^^^^^^^^^^^^^\n"
        '  = fix: `country != "DE" || country == null`\n'
        "  = kind: null-under-negation, in segment `r0`"
    )


SAID = {
    "!(orders in [1, 2])": "null-under-negation: `!(orders in [1, 2])` leaves out the 2 customers whose `orders` is "
    "unknown (50 %); `!(orders in [1, 2]) || orders == null`",
    "age > 2 && !(orders > 3)": "null-under-negation: `!(orders > 3)` leaves out the 2 customers whose `orders` is "
    "unknown (50 %); `(!(orders > 3) || orders == null)`",
    "age > 2 || !vip": "null-under-negation: `!vip` leaves out the 1 customer whose `vip` is unknown (25 %); "
    "`!vip || vip == null`",
    '!country.startsWith("D")': 'null-under-negation: `!country.startsWith("D")` leaves out the 1 customer whose '
    '`country` is unknown (25 %); `!country.startsWith("D") || country == null`',
    "!(orders > 3 && age > 2)": "null-under-negation: `!(orders > 3 && age > 2)` can leave out the 2 customers whose "
    "`orders` is unknown (50 %); `!isTrue(orders > 3 && age > 2)`",
    "!(orders > 3 || age > 2)": "null-under-negation: `!(orders > 3 || age > 2)` leaves out the 2 customers whose "
    "`orders` is unknown (50 %); `!(orders > 3 || age > 2) || orders == null`",
    'address.city != "Rome"': 'null-under-negation: `address.city != "Rome"` leaves out the 2 customers whose '
    '`address.city` is unknown (50 %); `address.city != "Rome" || address.city == null`',
    'holes != "y"': 'null-under-negation: `holes != "y"` leaves out the 2 customers whose `holes` is unknown (50 %); '
    '`holes != "y" || holes == null`',
    "isTrue(!vip)": "null-under-negation: `!vip` leaves out the 1 customer whose `vip` is unknown (25 %); "
    "`(!vip || vip == null)`",
}


@pytest.mark.parametrize(
    ("rows", "missing", "share"),
    [(1000, 2, "less than 1 %"), (1000, 299, "30 %"), (1000, 149, "15 %"), (1000, 998, "99 %"), (1000, 1000, "100 %")],
)
def test_shares_are_rounded_but_all_is_all(rows: int, missing: int, share: str) -> None:
    data = pa.table({"country": pa.array(["AT"] * (rows - missing) + [None] * missing, pa.string())})
    assert f"is unknown ({share})" in str(findings('country != "DE"', data=data)[0])


@pytest.mark.parametrize("rule", SAID)
def test_each_form_of_negation_is_told(rule: str) -> None:
    assert "\n".join(told(rule, data=DATA)) == SAID[rule]


@pytest.mark.parametrize(
    "rule",
    [
        "age != 3",  # nothing is missing
        "orders == 3",
        "!(orders != 3)",  # an equality after all
        "orders != 3 || orders == null",
        "orders != null && orders != 3",
        "!isTrue(orders == 3)",
        "coalesce(orders, 0) != 3",
        "orders > 1 && !(orders == 3)",  # the missing are out already, whatever the negation says
        "!isKnown(orders == 3)",
        "vip ? age != 3 : true",
    ],
)
def test_nothing_is_said_where_missing_values_are_spoken_of(rule: str) -> None:
    assert told(rule, data=DATA) == []


def test_nothing_is_said_without_data() -> None:
    assert told('country != "DE"') == []
    assert told('country != "DE"', data=DATA.slice(0, 0)) == []


def test_all_negations_of_an_attribute_are_one_finding() -> None:
    """Mended one by one, the others would still keep the same people out."""
    (finding,) = findings("orders != 3 && orders != 4", data=DATA)
    assert str(finding) == (
        "warning: `orders != 3` leaves out the 2 customers whose `orders` is unknown (50 %), "
        "and so does `orders != 4`\n"
        " --> segments.r0:1:1\n"
        "1 | orders != 3 && orders != 4\n"
        "  | ^^^^^^^^^^^    ^^^^^^^^^^^\n"
        "  = fix: `(orders != 3 || orders == null)`, and likewise for the others\n"
        "  = kind: null-under-negation, in segment `r0`"
    )
    (finding,) = findings("orders != 3 && orders != 4 && orders != 5", data=DATA)
    assert finding.message.endswith("(50 %), and so do 2 other conditions")


def test_a_segment_under_a_negation_counts_who_is_unknown_to_it() -> None:
    assert told('age > 0 && !segment("big")', data=DATA, big="orders > 3 && vip") == [
        'null-under-negation: `!segment("big")` leaves out the 1 customer for whom segment `big` is unknown (25 %); '
        '`!isTrue(segment("big"))`'
    ]
    assert told('age > 0 && !isTrue(segment("big"))', data=DATA, big="orders > 3 && vip") == []
    assert told('vip || !segment("old")', data=DATA, old="age > 2") == []


def test_a_share_below_one_percent_is_not_rounded_to_nothing() -> None:
    data = pa.table({"orders": [None, *range(999)]})
    (finding,) = findings("orders != 3", data=data)
    assert finding.message == "`orders != 3` leaves out the 1 customer whose `orders` is unknown (less than 1 %)"


def test_data_may_come_from_polars() -> None:
    """Its categories are views of strings, which Arrow cannot pick from."""
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"country": polars.Series(["DE", None, "de"], dtype=polars.Categorical)})
    ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": {"abroad": 'country != "DE"'}})
    assert [one.kind for one in ft.review(ruleset, frame.to_arrow().schema, frame)] == [
        "null-under-negation",
        "spelling",
    ]
