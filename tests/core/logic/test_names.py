"""Suggestions for names that nobody knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.logic.names import _typing_errors, nearest

KNOWN = ("age", "country", "country_code", "last_order_at", "email_opt_in", "ltv", "orders_12m")


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("agee", "age"),
        ("Age", "age"),
        ("contry", "country"),
        ("cuontry", "country"),
        ("countryCode", "country_code"),
        ("lastOrderAt", "last_order_at"),
        ("last_order", "last_order_at"),
        ("emailoptin", "email_opt_in"),
        ("orders", "orders_12m"),
        ("ltv_total", "ltv"),
        ("gae", "age"),
        ("last_arder_an", "last_order_at"),
        ("lost_arder_an", "last_order_at"),
        ("lost_arder_in", None),
        ("weather", None),
        ("x", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_offered_if_it_is_near(name: str, suggestion: str | None) -> None:
    assert nearest(name, KNOWN) == suggestion


def test_a_swap_of_neighbours_is_one_mistake_and_fewest_mistakes_win() -> None:
    assert nearest("adn", ("abc", "and")) == "and"
    assert nearest("cost_a", ("cost_c", "cost_b")) == "cost_b"


def test_the_same_letters_in_other_case_win_over_everything() -> None:
    assert nearest("LTV", ("ltw", "ltv")) == "ltv"


@given(left=st.text("abc", max_size=8), right=st.text("abc", max_size=8), most=st.integers(0, 8))
def test_counting_may_stop_once_there_are_too_many_mistakes(left: str, right: str, most: int) -> None:
    whole, cut_short = _typing_errors(left, right, 100), _typing_errors(left, right, most)
    assert cut_short == whole if whole <= most else cut_short > most
    assert whole == _typing_errors(right, left, 100)
