"""Rules as people read them: canonical, over several lines where one is too short, comments where they stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.syntax import Expression, layout, parse, print_expression
from fasttwitch.syntax.comments import comments_in
from fasttwitch.syntax.layout import ONE_LINE, WIDTH, lay_out
from fasttwitch.syntax.lexer import tokenize
from tests.core.syntax.trees import expressions

GAPS = st.sampled_from(
    ["", " ", "\n", "  \n\t", "// one\n", " // two\n// three\n", "\n// four\n", " // five // six  \n\n", "//\n"]
)
ENDS = st.sampled_from(["", "\n", " // last", "\n// last\n", "// seven\n// last"])


@st.composite
def texts(draw: st.DrawFn, comments: bool = True) -> str:
    """Return the text of some tree, with blanks, line ends and comments anywhere between its tokens."""
    tokens = tokenize(print_expression(draw(expressions)))
    gaps = GAPS if comments else st.sampled_from(["", " ", "\n"])
    pieces = []
    for number, token in enumerate(tokens.texts[:-1]):
        pieces.append(draw(gaps))
        # Two names need something between them; one that needs nothing does not mind a blank.
        pieces.append(f"{token} " if number + 1 < len(tokens.texts) else token)
    return "".join(pieces) + draw(ENDS if comments else st.just(""))


@given(text=texts())
def test_a_layout_keeps_the_tree_and_every_comment_and_is_laid_out_already(text: str) -> None:
    laid_out = lay_out(text)
    assert parse(laid_out) == parse(text)
    assert sorted(comments_in(laid_out)) == sorted(comments_in(text))
    assert lay_out(laid_out) == laid_out
    assert not any(line != line.rstrip() for line in laid_out.split("\n") if not line.lstrip().startswith("//"))


@given(text=texts(), width=st.integers(1, 60))
def test_a_narrow_layout_is_laid_out_already(text: str, width: int) -> None:
    laid_out = lay_out(text, width)
    assert parse(laid_out) == parse(text)
    assert sorted(comments_in(laid_out)) == sorted(comments_in(text))
    assert lay_out(laid_out, width) == laid_out


@given(tree=expressions)
def test_without_comments_a_rule_that_fits_is_its_canonical_text(tree: Expression) -> None:
    text = print_expression(tree)
    assert lay_out(text, ONE_LINE) == text
    assert lay_out(text) == text or len(text) > WIDTH


@given(text=texts(comments=False))
def test_how_a_rule_was_typed_does_not_show(text: str) -> None:
    assert lay_out(text) == lay_out(print_expression(parse(text)))


def test_a_rule_of_one_line_stays_on_one_line() -> None:
    assert lay_out("age>=18&&(country in ['DE','AT'])") == 'age >= 18 && country in ["DE", "AT"]'


def test_a_long_chain_has_its_operators_at_line_starts_and_groups_indented() -> None:
    text = (
        "email_opt_in && (last_order_at >= now - days(90) || lifetime_value > 500.0 || loyalty_tier == 'gold') && "
        "!(country in ['DE', 'AT'] || customer_id in list('suppressed_customers_of_this_year') || is_employee == true)"
    )
    assert lay_out(text) == (
        "email_opt_in\n"
        '&& (last_order_at >= now - days(90) || lifetime_value > 500.0 || loyalty_tier == "gold")\n'
        "&& !(\n"
        '  country in ["DE", "AT"]\n'
        '  || customer_id in list("suppressed_customers_of_this_year")\n'
        "  || is_employee == true\n"
        ")"
    )


def test_a_chain_in_a_chain_is_indented_where_no_parentheses_show_its_end() -> None:
    assert lay_out("aaaa == 1 && bbbb == 2 || cccc == 3 && dddd == 4", 20) == (
        "aaaa == 1\n  && bbbb == 2\n|| cccc == 3\n  && dddd == 4"
    )


def test_a_long_list_is_wrapped() -> None:
    text = f"country in [{', '.join(f'{number}' for number in range(40))}]"
    assert lay_out(text) == (
        "country in [\n"
        "  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,\n"
        "  27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39\n"
        "]"
    )


def test_long_calls_conditionals_and_sums_are_broken_where_they_bind_least() -> None:
    assert lay_out("coalesce(first_name, last_name) == name ? left_value + right_value : other(value)", 30) == (
        "coalesce(\n  first_name,\n  last_name\n) == name\n  ? left_value + right_value\n  : other(value)"
    )
    assert lay_out("first_summand + second_summand - third_summand > limit", 30) == (
        "first_summand\n  + second_summand\n  - third_summand > limit"
    )
    assert lay_out("first_summand_of_two + second_summand > limit_of_all", 40) == (
        "first_summand_of_two + second_summand\n  > limit_of_all"
    )


def test_a_sign_keeps_the_parentheses_that_its_operand_needs() -> None:
    assert lay_out("-(5) < age", 1) == "-(5)\n  < age"
    assert lay_out("!(-first_summand.size(second_summand))", 20) == (
        "!(\n  -first_summand.size(\n    second_summand\n  )\n)"
    )


def test_a_long_call_is_broken_where_its_arguments_allow() -> None:
    assert lay_out("customer_of_the_year.with_a_long_name()", 20) == "customer_of_the_year.with_a_long_name()"
    assert lay_out('"%s".format([first_name, last_name])', 20) == '"%s".format([\n  first_name,\n  last_name\n])'


def test_two_slashes_in_a_string_are_no_comment() -> None:
    assert lay_out("url  ==  'https://example.com'") == 'url == "https://example.com"'


def test_a_layout_that_has_not_settled_yet_keeps_tree_and_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes are limited, so that no text keeps anybody waiting."""
    text = "age // in years\n >= 18 // adults\n && active"
    monkeypatch.setattr(layout, "_PASSES", 1)
    laid_out = lay_out(text)
    assert parse(laid_out) == parse(text)
    assert comments_in(laid_out) == comments_in(text)


def test_comments_stay_beside_what_they_stood_beside() -> None:
    text = """\
// whom we write to
age>=18 && // adults
country in [ "DE", // Germany
  "AT",
  // "CH", not yet
] // where we deliver
// and those who want it
&& (email_opt_in || // by e-mail
sms_opt_in // by text message
) // either way
// so far"""
    assert (
        lay_out(text)
        == """\
// whom we write to
age >= 18 // adults
&& country in [
  "DE", // Germany
  "AT"
  // "CH", not yet
] // where we deliver
// and those who want it
&& (
  email_opt_in // by e-mail
  || sms_opt_in // by text message
) // either way
// so far"""
    )


def test_a_comment_where_no_line_can_end_goes_to_the_end_of_the_condition() -> None:
    assert lay_out("age // in years\n >= 18 && active") == "age >= 18 // in years\n&& active"
    assert lay_out("age // in years\n >= 18 // adults\n && active") == "// in years\nage >= 18 // adults\n&& active"


def test_a_comment_alone_breaks_the_line_it_stands_in_and_no_other() -> None:
    assert lay_out("a && b || c && d // last") == "a && b || c && d // last"
    assert lay_out("(a || b) && // first\nc") == "(a || b) // first\n&& c"


def test_a_character_that_would_end_a_comment_elsewhere_becomes_a_blank() -> None:
    assert lay_out("a // one\x85two\u2028three\rfour") == "a // one two three four"


def test_a_rule_that_would_grow_too_large_is_left_alone() -> None:
    largest = 4 * 1024 * 1024
    just_fits = f'x=="{"y" * (largest - 9)}"'
    assert len(lay_out(just_fits)) == largest
    does_not = f'x=="{"y" * (largest - 8)}"'
    assert lay_out(does_not) == does_not


def test_a_long_list_with_a_comment_at_every_element_takes_no_longer_than_its_length() -> None:
    lines = [f"{number}, // {number}" for number in range(5_000)]
    text = "id in [\n  " + "\n  ".join(lines)[:-1].replace("4999,", "4999") + "9\n]"
    assert lay_out(text.replace("  ", "")) == text


def test_a_list_of_many_constants_is_laid_out_in_one_sweep() -> None:
    """One hundred thousand constants, the most a list may have, take no time that grows faster than the list."""
    laid_out = lay_out(f"id in [{','.join(map(str, range(100_000)))}]")
    assert laid_out.count("\n") > 6_000
    assert max(map(len, laid_out.split("\n"))) <= WIDTH
