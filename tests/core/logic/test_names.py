"""Suggestions for names that nobody knows."""

import pytest

from fasttwitch.logic.names import nearest

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
