"""Whatever the parser can hand over, the checker answers with a bool or with a `RulesetError`."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fasttwitch.errors import RulesetError
from fasttwitch.logic import nodes
from fasttwitch.logic.check import check
from fasttwitch.logic.checking import WRONG_TYPE
from fasttwitch.logic.datatypes import BOOL
from fasttwitch.logic.foreign_calls import SPECIAL, TEMPLATES
from fasttwitch.logic.functions import FUNCTIONS
from fasttwitch.logic.later import LATER, OUTSIDE
from fasttwitch.logic.misspelt import FOREIGN_WORDS
from fasttwitch.syntax import nodes as syntax
from fasttwitch.syntax import parse, print_expression
from tests.core.logic.typed_text import SCOPE

HERE = (0, 1)
texts = st.sampled_from(["DE", "18", "vip", "eu", "2026-01-31", "2026-01-31T00:00:00Z", "1h", "30d", "[", "", "é"])
ints = st.sampled_from([0, 1, -1, 2, 2**53 + 1, 2**63 - 1, -(2**63)])
doubles = st.sampled_from([0.0, -0.0, 1.5, 1e300, float(2**60)])
constants = st.one_of(
    st.booleans().map(lambda value: syntax.Constant("bool", value, HERE)),
    ints.map(lambda value: syntax.Constant("int", value, HERE, str(value))),
    st.sampled_from([0, 3, 2**64 - 1]).map(lambda value: syntax.Constant("uint", value, HERE, str(value))),
    doubles.map(lambda value: syntax.Constant("double", value, HERE, repr(value))),
    texts.map(lambda value: syntax.Constant("string", value, HERE)),
    st.just(syntax.Constant("null", None, HERE)),
    st.just(syntax.Constant("bytes", b"DE", HERE)),
)
columns = [*SCOPE.attributes, "now", "vip", "eu", "search_term", "purchase", "math", "agee", "DE", *FOREIGN_WORDS]
names = st.sampled_from(columns).map(lambda name: syntax.Name(name, HERE))
fields = st.sampled_from(["city", "geo", "lat", "cty", "age", "size", "lower"])
functions = st.sampled_from(
    [*FUNCTIONS, *FUNCTIONS, *sorted(LATER), *sorted(OUTSIDE), *SPECIAL, *TEMPLATES, "now", "startswith"]
)
operators = st.sampled_from(["<", "<=", ">", ">=", "==", "!=", "in", "+", "-", "*", "/", "%"])


def compounds(parts: st.SearchStrategy[syntax.Expression]) -> st.SearchStrategy[syntax.Expression]:
    """Return every node class around `parts`."""
    many = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(
        st.builds(syntax.Member, parts, fields, st.just(HERE)),
        st.builds(syntax.Index, parts, parts, st.just(HERE)),
        st.builds(syntax.Call, functions, st.none() | parts, many, st.just(HERE), st.just(HERE)),
        st.builds(syntax.Unary, st.sampled_from("!-"), parts, st.just(HERE)),
        st.builds(syntax.Binary, operators, parts, parts, st.just(HERE), st.just(HERE)),
        st.builds(syntax.Binary, operators, parts, parts, st.just(HERE), st.just(HERE)),
        st.builds(
            syntax.Logical,
            st.sampled_from(["&&", "||"]),
            st.lists(parts, min_size=2, max_size=4).map(tuple),
            st.just(HERE),
        ),
        st.builds(syntax.Conditional, parts, parts, parts, st.just(HERE)),
        st.builds(syntax.ListOf, many, st.just(HERE)),
        st.builds(syntax.MapOf, st.lists(st.tuples(parts, parts), max_size=2).map(tuple), st.just(HERE)),
        st.builds(
            syntax.Message, st.just("a.B"), st.lists(st.tuples(fields, parts), max_size=2).map(tuple), st.just(HERE)
        ),
    )


trees = st.recursive(constants | names | names, compounds, max_leaves=8)


@given(tree=trees)
@settings(max_examples=500, deadline=None)
def test_any_tree_is_a_bool_or_a_ruleset_error(tree: syntax.Expression) -> None:
    message = ""
    try:
        predicate = check(tree, SCOPE)
    except RulesetError as error:
        message = str(error)
    else:
        assert predicate.type is BOOL
        check_promises(predicate)
    assert WRONG_TYPE.name not in message  # a problem never speaks of what already has one


@given(tree=trees)
@settings(max_examples=200, deadline=None)
def test_the_printed_rule_means_what_the_tree_means(tree: syntax.Expression) -> None:
    text = print_expression(tree)
    try:
        predicate = check(tree, SCOPE)
    except RulesetError:
        return
    assert check(parse(text), SCOPE, text) == predicate


def check_promises(node: nodes.Expression) -> None:
    """Assert what `nodes` promises of every typed tree."""
    assert node.type is not WRONG_TYPE
    match node:
        case nodes.And(operands) | nodes.Or(operands):
            assert len(operands) >= 2
            assert all(type(operand) is not type(node) and operand.type is BOOL for operand in operands)
        case nodes.Compare(_, left, right):
            assert type(left) is not nodes.Constant
            assert left.type is right.type or {str(left.type), str(right.type)} <= {"int", "uint", "double"}
        case nodes.Apply(_, arguments):
            assert not all(type(argument) is nodes.Constant for argument in arguments)
        case nodes.Coalesce(operands, kind):
            assert all(type(operand) is nodes.Attribute for operand in operands[:-1])
            assert all(operand.type is kind for operand in operands)
        case nodes.Conditional(condition, then, otherwise, kind):
            assert condition.type is BOOL
            assert then.type is kind
            assert otherwise.type is kind
        case _:
            pass
    for part in parts(node):
        check_promises(part)


def parts(node: nodes.Expression) -> tuple[nodes.Expression, ...]:
    match node:
        case nodes.Apply(_, arguments):
            return arguments
        case nodes.And(operands) | nodes.Or(operands) | nodes.Coalesce(operands):
            return operands
        case nodes.Compare(_, left, right):
            return left, right
        case nodes.Conditional(condition, then, otherwise):
            return condition, then, otherwise
        case nodes.In(operand) | nodes.IsNull(operand) | nodes.Not(operand):
            return (operand,)
        case nodes.IsTrue(operand) | nodes.IsKnown(operand):
            return (operand,)
        case _:
            return ()
