"""Laws of text and tree: printing is undone by parsing, and every part of a text means what it means alone."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.errors import Problem, RulesetError
from fasttwitch.syntax import Binary, Expression, Unary, parse, print_expression
from tests.core.syntax.trees import expressions

SAMPLES = (
    'age >= 18 && country in ["DE", "AT"] || !(tier == "gold") // adults',
    "now - last_order_at > days(90) ? ltv / 2.5 : -score % 7u",
    "purchase.within(days(30)).filter(p, p.amount > 50.0 && p.currency == 'EUR').size() >= 2",
    r'{"a": [1, -2, .5e3], 0x1F: b"\x41"}[r"\d+"].`b-c` == """two' + "\n" + r'lines""" + Type{x: null, y: true}',
)
SPICE = [*"abz019.,:?!&|=<>+-*/%()[]{}\"'`\\ \n\t_uexr;#@$~^é“ \u00a0", "&&", "in", "true", "//", '"""', "1e", "0x"]


@given(tree=expressions)
def test_parsing_undoes_printing(tree: Expression) -> None:
    text = print_expression(tree)
    assert parse(text) == tree
    assert print_expression(parse(text)) == text


def mutated(text: str, edits: list[tuple[int, int, str]]) -> str:
    """Return `text` after edits, each of which replaces some characters at a place."""
    for place, length, spice in edits:
        place %= len(text) + 1
        text = text[:place] + spice + text[place + length :]
    return text


edited = st.builds(
    mutated,
    st.sampled_from(SAMPLES) | expressions.map(print_expression),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 4), st.sampled_from(SPICE) | st.just("")), max_size=4),
)


def problem_of(text: str) -> Problem | None:
    """Return why `text` is refused, or None."""
    try:
        parse(text)
    except RulesetError as error:
        (problem,) = error.problems
        return problem
    return None


@given(text=edited | st.lists(st.sampled_from(SPICE), max_size=30).map("".join))
def test_a_text_parses_and_prints_or_is_refused_at_a_place(text: str) -> None:
    """Nothing but `RulesetError` may escape, whatever is typed; and its place is a place of the text."""
    problem = problem_of(text)
    if problem is None:
        assert parse(print_expression(parse(text))) == parse(text)
        return
    assert problem.span is not None
    start, end = problem.span
    assert 0 <= start <= end <= len(text)
    assert problem.fix
    assert str(problem).startswith(f"{problem.message}\n --> rule:")


def parts(tree: Expression) -> Iterator[Expression]:
    """Yield the tree and all trees in it."""
    yield tree
    waiting: list[object] = [getattr(tree, field.name) for field in fields(tree)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, tuple):
            waiting += value
        elif is_dataclass(value):
            yield from parts(value)  # type: ignore[arg-type]


@given(text=edited)
def test_the_text_at_a_span_is_the_text_of_that_node(text: str) -> None:
    for part in () if problem_of(text) else parts(parse(text)):
        start, end = part.span
        assert parse(text[start:end]) == part
        if isinstance(part, Binary):
            start, end = part.operator_span
            assert text[start:end] == part.operator
        if isinstance(part, Unary):
            assert text[part.span[0]] == part.operator


@given(tree=expressions)
def test_blanks_and_comments_between_tokens_mean_nothing(tree: Expression) -> None:
    text = print_expression(tree)
    assert parse(f" \t\r\n\f// a comment\n{text}\n  // another") == tree
