"""What a text means as a tree, by examples; the laws are in `test_round_trip.py`."""

import pytest

from fasttwitch.syntax import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    Index,
    ListOf,
    Logical,
    MapOf,
    Member,
    Message,
    Name,
    Unary,
    parse,
)

HERE = (0, 0)  # spans take no part in equality


def name(text: str) -> Name:
    return Name(text, HERE)


def number(value: int) -> Constant:
    return Constant("int", value, HERE)


def binary(operator: str, left: Expression, right: Expression) -> Binary:
    return Binary(operator, left, right, HERE, HERE)


a, b, c, d = map(name, "abcd")


def test_a_rule_becomes_a_tree_with_the_place_of_every_part() -> None:
    tree = parse('age >= 18 && tier == "gold"')
    assert tree == Logical(
        "&&",
        (binary(">=", name("age"), number(18)), binary("==", name("tier"), Constant("string", "gold", HERE))),
        HERE,
    )
    assert isinstance(tree, Logical)
    age, tier = tree.operands
    assert isinstance(age, Binary)
    assert (tree.span, age.span, age.operator_span, age.right.span, tier.span) == (
        (0, 27),
        (0, 9),
        (4, 6),
        (7, 9),
        (13, 27),
    )


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a || b && c", "a || (b && c)"),
        ("a && b || c && d", "(a && b) || (c && d)"),
        ("a == b && c", "(a == b) && c"),
        ("a + b < c * d", "(a + b) < (c * d)"),
        ("a + b * c - d", "(a + (b * c)) - d"),
        ("a - b - c", "(a - b) - c"),
        ("a / b % c", "(a / b) % c"),
        ("a == b == c", "(a == b) == c"),
        ("a < b == c", "(a < b) == c"),
        ("a in b == c", "(a in b) == c"),
        ("-a * b", "(-a) * b"),
        ("!a && b", "(!a) && b"),
        ("!a.b", "!(a.b)"),
        ("-a[b]", "-(a[b])"),
        ("a ? b : c ? d : a", "a ? b : (c ? d : a)"),
        ("a || b ? c && d : a == b", "(a || b) ? (c && d) : (a == b)"),
        ("a ? b || c : d", "a ? (b || c) : d"),
    ],
)
def test_operators_bind_as_in_cel(text: str, same: str) -> None:
    assert parse(text) == parse(same)


def test_subtraction_leans_to_the_left() -> None:
    assert parse("a - b - c") == binary("-", binary("-", a, b), c)
    assert parse("a - (b - c)") == binary("-", a, binary("-", b, c))


@pytest.mark.parametrize(
    "text", ["a && b && c && d", "(a && b) && (c && d)", "a && (b && (c && d))", "((a && b) && c) && d"]
)
def test_a_chain_is_one_node_wherever_its_parentheses_stand(text: str) -> None:
    assert parse(text) == Logical("&&", (a, b, c, d), HERE)


def test_parentheses_stay_between_different_operators() -> None:
    assert parse("(a || b) && c") == Logical("&&", (Logical("||", (a, b), HERE), c), HERE)


def test_a_number_takes_its_sign_with_it() -> None:
    """Else the smallest int could not be written: its digits alone are out of range."""
    assert parse("-9223372036854775808") == number(-(2**63))
    assert parse("a - 1") == binary("-", a, number(1))
    assert parse("a -1") == binary("-", a, number(1))
    assert parse("a - -1") == binary("-", a, number(-1))
    assert parse("--1") == Unary("-", number(-1), HERE)
    assert parse("-(1)") == Unary("-", number(1), HERE)
    assert parse("!-1") == Unary("!", number(-1), HERE)
    assert parse("-1.abs()") == Call("abs", number(-1), (), HERE, HERE)
    assert parse("-5u") == Unary("-", Constant("uint", 5, HERE), HERE)


def test_a_call_after_a_dot_has_a_receiver() -> None:
    within = parse("purchase.within(days(30)).size()")
    thirty = Call("days", None, (number(30),), HERE, HERE)
    assert within == Call("size", Call("within", name("purchase"), (thirty,), HERE, HERE), (), HERE, HERE)
    assert isinstance(within, Call)
    assert within.name_span == (26, 30)


def test_macros_are_calls_like_any_other() -> None:
    assert parse("has(a.b)") == Call("has", None, (Member(a, "b", HERE),), HERE, HERE)
    assert parse("a.exists(b, b > c)") == Call("exists", a, (b, binary(">", b, c)), HERE, HERE)


def test_lists_maps_and_messages() -> None:
    assert parse("[]") == parse("[ ]") == ListOf((), HERE)
    assert parse("[a, 1,]") == parse("[a, 1]") == ListOf((a, number(1)), HERE)
    assert parse("{}") == MapOf((), HERE)
    assert parse("{a: b, 1: c,}") == MapOf(((a, b), (number(1), c)), HERE)
    assert parse("a.b.C{}") == Message("a.b.C", (), HERE)
    assert parse("C{a: b, `x-y`: c, if: d,}") == Message("C", (("a", b), ("x-y", c), ("if", d)), HERE)
    assert parse("a[b][1].c") == Member(Index(Index(a, b, HERE), number(1), HERE), "c", HERE)


def test_a_conditional_has_three_parts() -> None:
    assert parse("a ? b : c") == Conditional(a, b, c, HERE)


def test_a_field_may_have_any_name_in_backticks() -> None:
    assert parse("a.`zip code`") == Member(a, "zip code", HERE)
    assert parse("a.`in`") == Member(a, "in", HERE)
    assert parse("a.`b`") == Member(a, "b", HERE)
    assert parse("a.if.function") == Member(Member(a, "if", HERE), "function", HERE)


def test_comments_and_line_ends_are_blanks() -> None:
    assert parse("\ta // the first\r\n\f&&// the second\nb // no line end") == Logical("&&", (a, b), HERE)
    assert parse('a == "// no comment"') == binary("==", a, Constant("string", "// no comment", HERE))


def test_a_word_that_begins_like_a_keyword_is_a_name() -> None:
    for word in ("inner", "trues", "nullable", "In", "rb", "b", "r", "e5", "_", "__x1"):
        assert parse(word) == name(word)


def test_words_of_other_languages_may_be_names() -> None:
    """A column may be called `like` or `not`; only where nothing else can be meant is it a mistake."""
    assert parse("like == 1 && not && is.between(and)") is not None


@pytest.mark.parametrize("length", [1, 2, 255, 256, 257, 511, 512, 513, 2000])
@pytest.mark.parametrize("odd", ["3", '"x"', "-3", "3.5", "a", "[3]", r'"\n"', "'x'", "3u"])
@pytest.mark.parametrize("plain", ["1234", '"city"'])
def test_a_long_list_has_the_items_it_would_have_alone(length: int, odd: str, plain: str) -> None:
    """Long lists are read in sweeps; one item of another kind, at any place, must change nothing."""
    for place in {0, length // 2, length - 1}:
        texts = [plain] * length
        texts[place] = odd
        for tail in ("]", " , ]"):
            text = f"[{', '.join(texts)}{tail}"
            tree = parse(text)
            assert isinstance(tree, ListOf)
            assert tree.items == tuple(map(parse, texts))
            assert [text[item.span[0] : item.span[1]] for item in tree.items] == texts
