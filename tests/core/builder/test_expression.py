"""Rules built in Python: the same trees as those of text, and mistakes of Python told in its terms."""

import copy
import pickle
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

import fasttwitch as ft
from fasttwitch import builder, col, now, segment
from fasttwitch.errors import RulesetError
from fasttwitch.syntax import parse

NO_TRUTH = (
    "a rule is neither true nor false before it meets a customer: write `&`, `|`, `~` for `and`, `or`, `not`, with "
    "parentheses around each comparison; `.between(a, b)` for `a <= x <= b`; `.is_in([…])` for `in`"
)


@pytest.mark.parametrize(
    ("built", "text"),
    [
        (col("age") > 30, "age > 30"),
        (30 < col("age"), "age > 30"),  # noqa: SIM300
        (np.int64(30) < col("age"), "age > 30"),
        (col("age") != np.float64(2.5), "age != 2.5"),
        (col("age") == None, "age == null"),  # noqa: E711  # what is_null() is, too
        (col("a") + 1 - 2 * col("b") / 3 % col("c"), "a + 1 - 2 * b / 3 % c"),
        (1 - (2 - col("a")), "1 - (2 - a)"),
        (-col("a") * -5, "-a * -5"),
        (col("first") + " " + col("last"), 'first + " " + last'),
        ("Dr. " + col("last"), '"Dr. " + last'),
        ((col("a") & col("b")) & (col("c") & True), "a && b && c && true"),
        (col("a") & col("b") | col("c") & ~col("d"), "a && b || c && !d"),
        ((col("a") | col("b")) & np.True_, "(a || b) && true"),
        (True & col("a"), "true && a"),
        (~(col("a") == 1), "!(a == 1)"),
        (~~col("a"), "!!a"),
        (now - col("last_order_at") > timedelta(days=90), "now - last_order_at > days(90)"),
        (col("a").b.c == "x", 'a.b.c == "x"'),
        (col("a.b").field("zip-code").size() > 2, "a.b.`zip-code`.size() > 2"),
        (col("a.contains").contains("x"), 'a.contains.contains("x")'),
        (col("tags").split(",")[0], 'tags.split(",")[0]'),
        (ft.literal([1, col("a")]) == ft.literal([1, 2]), "[1, a] == [1, 2]"),
        (ft.all_of(col("a"), col("b") & col("c")), "a && b && c"),
        (ft.any_of(col("a")), "a"),
        (ft.when(col("a")).then(1).otherwise(ft.when(col("b")).then(2).otherwise(3)), "a ? 1 : b ? 2 : 3"),
        (ft.if_else(segment("vip"), "yes", "no"), 'segment("vip") ? "yes" : "no"'),
        (col("country").ne_or_missing("DE") & col("b"), '(country != "DE" || country == null) && b'),
        (ft.is_true(True), "isTrue(true)"),
        (ft.days(col("n")) + ft.hours(1), "days(n) + hours(1)"),
        (ft.Expr.from_cel("a&&(b)") & col("c"), "a && b && c"),
    ],
)
def test_an_expression_has_the_tree_of_its_text(built: ft.Expr, text: str) -> None:
    assert str(built) == text
    assert built.tree == parse(text)


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: bool(col("a")), NO_TRUTH),
        (lambda: col("a") and col("b"), NO_TRUTH),
        (lambda: not col("a"), NO_TRUTH),
        (lambda: 18 <= col("age") < 65, NO_TRUTH),
        (lambda: col("country") in ["DE", "AT"], NO_TRUTH),
        (
            lambda: "DE" in col("country"),
            "Python's `in` cannot make a rule: write `x.is_in(…)`, or `x.contains(…)` for a part of a text",
        ),
        (
            lambda: col("age") > 3 & col("ltv") > 5,  # type: ignore[operator]
            "`&` joins conditions, and 3 is none: put parentheses around each comparison, like `(age > 3) & (ltv < 5)`",
        ),
        (
            lambda: col("a") | "b",  # type: ignore[operator]
            "`|` joins conditions, and 'b' is none: put parentheses around each comparison, "
            "like `(age > 3) | (ltv < 5)`",
        ),
        (lambda: list(col("a")), "'Expr' object is not iterable"),  # type: ignore[call-overload]
        (lambda: {col("a")}, "unhashable type: 'Expr'"),
        (lambda: col("a").isin([1]), "there is no method `.isin()`: did you mean `.is_in()`?"),  # type: ignore[operator]
        (lambda: col("a").startswith("x"), "there is no method `.startswith()`: did you mean `.starts_with()`?"),  # type: ignore[operator]
        (lambda: col("a").frobnicate(), "there is no method `.frobnicate()`"),  # type: ignore[operator]
        (lambda: now(), "`now` is a value: write it without parentheses"),  # type: ignore[operator]
        (lambda: (col("a") + 1)(), "an expression is no function: it cannot be called"),  # type: ignore[operator]
        (lambda: col(5), "the name of an attribute is a string, not 5"),  # type: ignore[arg-type]
        (lambda: segment(col("a")), "the name of a segment is a string, not Expr(a)"),  # type: ignore[arg-type]
        (lambda: col("a").is_in("DE"), "'DE' is no list of values: write `['DE']`"),
        (lambda: col("a").is_in(5), "5 is no list of values: write `[5]`"),  # type: ignore[arg-type]
    ],
)
def test_a_mistake_is_told_in_the_terms_of_python(mistake: Callable[[], object], message: str) -> None:
    with pytest.raises(TypeError) as caught:
        mistake()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (
            lambda: col("zip-code"),
            "'zip-code' cannot name an attribute: letters, digits and `_` can, and no digit comes first",
        ),
        (lambda: col(""), "'' cannot name an attribute: letters, digits and `_` can, and no digit comes first"),
        (lambda: col("maß"), "'maß' cannot name an attribute: letters, digits and `_` can, and no digit comes first"),
        (lambda: col("in"), "`in` is a word of the language and cannot name an attribute"),
        (lambda: col("for"), "`for` is a word of the language and cannot name an attribute"),
        (
            lambda: col("a.`b`"),
            "'`b`' cannot name a field: letters, digits, blanks and any of `_ . - /` can",
        ),
        (lambda: col("a").field(""), "'' cannot name a field: letters, digits, blanks and any of `_ . - /` can"),
        (lambda: ft.all_of(), "there are no conditions, and an empty one would match everybody"),
        (lambda: ft.any_of(*[]), "there are no conditions, and an empty one would match everybody"),
    ],
)
def test_a_name_that_no_rule_can_say_is_refused(mistake: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the whole message is compared
        mistake()
    assert str(caught.value) == message


def test_an_expression_shows_its_text() -> None:
    assert repr(col("age") > 30) == "Expr(age > 30)"


def test_an_expression_cannot_change_and_survives_copies() -> None:
    rule = col("a.b") > 30
    with pytest.raises(AttributeError):
        rule.tree = col("c").tree  # type: ignore[misc]
    for twin in (copy.copy(rule), copy.deepcopy(rule), pickle.loads(pickle.dumps(rule))):
        assert twin.tree == rule.tree
        assert type(twin) is ft.Expr


def test_an_expression_larger_than_a_rule_is_refused_when_it_is_printed() -> None:
    """And not with a RecursionError; while someone is still looking at it, nothing is raised."""
    deep = col("a")
    for _ in range(5_000):
        deep = deep + 1
    with pytest.raises(RulesetError) as caught:
        deep.to_cel()
    assert str(caught.value) == (
        "the rule is nested more than 100 levels deep here\n"
        '  = fix: split it into segments that use each other: `segment("…")`'
    )
    assert repr(deep) == "Expr(…: the rule is nested more than 100 levels deep here)"


def test_the_package_offers_all_that_the_builder_offers() -> None:
    assert set(builder.__all__) <= set(ft.__all__)
    for name in ft.__all__:
        assert getattr(ft, name) is not None
        assert name in dir(ft)
    assert ft.col is builder.col
