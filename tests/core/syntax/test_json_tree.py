"""Trees as JSON: a shape that stored rules rely on, and every mistake in one told by its place."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.errors import RulesetError
from fasttwitch.syntax import Call, Expression, ListOf, Name, Unary, from_json, limits, parse, print_expression, to_json
from tests.core.syntax.trees import expressions

HERE = (0, 0)
STORED = json.loads((Path(__file__).parent / "stored_trees.json").read_text())


@pytest.mark.parametrize("stored", STORED, ids=[stored["text"] for stored in STORED])
def test_the_shape_stays_as_it_was_stored(stored: dict[str, object]) -> None:
    """Whoever stored a tree must be able to read it in a year: change this file only with a new version."""
    text = stored["text"]
    assert isinstance(text, str)
    tree = parse(text)
    assert to_json(tree) == stored["json"]
    assert repr(from_json(stored["json"])) == repr(tree)


@given(tree=expressions)
def test_reading_undoes_writing(tree: Expression) -> None:
    """Spans, written digits and the sign of zero included, which equality of trees passes over."""
    read = parse(print_expression(tree))
    assert repr(from_json(json.loads(json.dumps(to_json(read))))) == repr(read)


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("18446744073709551615u", "18446744073709551615", "18446744073709551615u"),
        ("-9223372036854775808", "-9223372036854775808", "-9223372036854775808"),
        ("-0.0", "-0.0", "-0.0"),
        ("5e-324", "5e-324", "5e-324"),
        ("1.10", "1.1", "1.10"),
        (".10000000000000000555", "0.1", ".10000000000000000555"),
        ("0x1F", "31", "0x1F"),
    ],
)
def test_numbers_are_strings_and_keep_what_was_written(text: str, value: str, written: str) -> None:
    document = to_json(parse(text))
    tree = document["tree"]
    assert isinstance(tree, dict)
    assert (tree["value"], tree["text"]) == (value, written)
    assert repr(from_json(document)) == repr(parse(text))


def test_types_stand_where_the_checker_found_them() -> None:
    document = to_json(parse("age > 3"), {(0, 7): "bool", (0, 3): "int"})
    assert document["tree"] == {
        "node": "binary",
        "operator": ">",
        "left": {"node": "name", "name": "age", "span": [0, 3], "type": "int"},
        "right": {"node": "constant", "kind": "int", "value": "3", "text": "3", "span": [6, 7]},
        "operator_span": [4, 5],
        "span": [0, 7],
        "type": "bool",
    }
    assert from_json(document) == parse("age > 3")


def test_a_program_may_leave_out_what_only_texts_have() -> None:
    constant = {"node": "constant", "kind": "uint", "value": "3"}
    call = {"node": "call", "function": "size", "arguments": [{"node": "name", "name": "x"}]}
    tree = from_json({"version": 1, "tree": {"node": "binary", "operator": ">", "left": call, "right": constant}})
    assert print_expression(tree) == "size(x) > 3u"


NAME = {"node": "name", "name": "a"}
INT = {"node": "constant", "kind": "int", "value": "1"}
OPERATORS = "`<`, `<=`, `>`, `>=`, `==`, `!=`, `in`, `+`, `-`, `*`, `/`, `%`"
NODES = (
    "`constant`, `name`, `member`, `index`, `call`, `unary`, `binary`, `logical`, `conditional`, `list`, `map`, "
    "`message`"
)
NO_SPAN = "a span is two offsets, the smaller first\n --> tree.span\n  = fix: write it like `[0, 8]`"
KINDS = "`bool`, `int`, `uint`, `double`, `string`, `bytes`, `null`"


def constant(kind: str, value: object, **more: object) -> dict[str, object]:
    return {"node": "constant", "kind": kind, "value": value, **more}


def chain(*operands: object) -> dict[str, object]:
    return {"node": "logical", "operator": "&&", "operands": list(operands)}


# What stands under "tree", and what is said of it.
MALFORMED: list[tuple[object, str]] = [
    (None, "a node must be an object, not null\n --> tree"),
    ([NAME], "a node must be an object, not an array\n --> tree"),
    (("a",), "a node must be an object, not something that JSON has no word for\n --> tree"),
    ({}, f"a node has no `node`\n --> tree\n  = fix: known here: {NODES}"),
    ({"node": "nam"}, f'unknown node `"nam"`\n --> tree.node\n  = fix: known here: {NODES}'),
    ({"node": ["name"]}, "this must be a string, not an array\n --> tree.node"),
    ({"node": None}, "this must be a string, not null\n --> tree.node"),
    ({"node": "name"}, "a `name` has no `name`\n --> tree\n  = fix: add `name`"),
    (
        {**NAME, "nmae": 1},
        'unknown key `"nmae"` in a `name`\n --> tree\n  = fix: known here: `node`, `name`, `span`, `type`',
    ),
    (
        dict([*NAME.items(), (5, 1)]),
        "unknown key `5` in a `name`\n --> tree\n  = fix: known here: `node`, `name`, `span`, `type`",
    ),
    ({**NAME, "type": 1}, "this must be a string, not a number\n --> tree.type"),
    ({**NAME, "name": None}, "this must be a string, not null\n --> tree.name"),
    ({**NAME, "name": "in"}, '`"in"` cannot be a name\n --> tree.name'),
    ({**NAME, "name": "for"}, '`"for"` cannot be a name\n --> tree.name'),
    ({**NAME, "name": "a b"}, '`"a b"` cannot be a name\n --> tree.name'),
    ({**NAME, "name": "größe\n"}, '`"größe\\n"` cannot be a name\n --> tree.name'),
    ({**NAME, "name": "x" * 50 + "!"}, f'`"{"x" * 40}…"` cannot be a name\n --> tree.name'),
    ({**NAME, "name": "\ud800"}, "half of a character stands here\n --> tree.name"),
    ({**NAME, "span": [3, 1]}, NO_SPAN),
    ({**NAME, "span": [0, True]}, NO_SPAN),
    ({**NAME, "span": [-1, 1]}, NO_SPAN),
    ({**NAME, "span": [0, 10**9]}, NO_SPAN),
    ({**NAME, "span": "0-1"}, NO_SPAN),
    (
        {"node": "member", "operand": NAME, "field": "a`b"},
        '`"a`b"` cannot name a field\n --> tree.field',
    ),
    (
        {"node": "member", "operand": {**NAME, "name": "1"}, "field": "b"},
        '`"1"` cannot be a name\n --> tree.operand.name',
    ),
    (
        {"node": "call", "function": "in", "receiver": NAME, "arguments": []},
        '`"in"` cannot name a method\n --> tree.function',
    ),
    ({"node": "call", "function": "for", "arguments": []}, '`"for"` cannot be a name\n --> tree.function'),
    ({"node": "call", "function": "f", "arguments": {}}, "this must be an array, not an object\n --> tree.arguments"),
    (
        {"node": "call", "function": "f", "arguments": [NAME, 5]},
        "a node must be an object, not a number\n --> tree.arguments[1]",
    ),
    (
        {"node": "unary", "operator": "~", "operand": NAME},
        'unknown operator `"~"`\n --> tree.operator\n  = fix: known here: `!`, `-`',
    ),
    (
        {"node": "binary", "operator": "&&", "left": NAME, "right": NAME},
        f'unknown operator `"&&"`\n --> tree.operator\n  = fix: known here: {OPERATORS}',
    ),
    (
        {"node": "binary", "operator": "<", "left": NAME, "right": chain(NAME, {**INT, "value": "x"})},
        '`"x"` is not an int\n --> tree.right.operands[1].value\n  = fix: write its digits as a string: `"42"`',
    ),
    (chain(NAME), "a chain has at least two operands\n --> tree.operands"),
    (
        chain(NAME, chain(NAME, NAME)),
        "a chain of `&&` stands in another\n --> tree.operands[1]\n  = fix: put its operands into the outer one",
    ),
    (
        {"node": "map", "entries": [{"key": NAME}]},
        "an entry has no `value`\n --> tree.entries[0]\n  = fix: add `value`",
    ),
    (
        {"node": "message", "type_name": "a..b", "fields": []},
        '`"a..b"` cannot name a type\n --> tree.type_name',
    ),
    (
        {"node": "message", "type_name": "T", "fields": [{"name": "", "value": NAME}]},
        '`""` cannot name a field\n --> tree.fields[0].name',
    ),
    (constant("number", "1"), f'unknown kind of constant `"number"`\n --> tree.kind\n  = fix: known here: {KINDS}'),
    (constant("int", 5), "this must be a string, not a number\n --> tree.value"),
    (constant("int", "1_0"), '`"1_0"` is not an int\n --> tree.value\n  = fix: write its digits as a string: `"42"`'),
    (constant("int", "٣"), '`"٣"` is not an int\n --> tree.value\n  = fix: write its digits as a string: `"42"`'),
    (
        constant("int", "9223372036854775808"),
        '`"9223372036854775808"` is not an int\n --> tree.value\n  = fix: write its digits as a string: `"42"`',
    ),
    (constant("uint", "-1"), '`"-1"` is not a uint\n --> tree.value\n  = fix: write its digits as a string: `"42"`'),
    (
        constant("double", "NaN"),
        '`"NaN"` is not a finite double\n --> tree.value\n  = fix: write its digits as a string: `"2.5"`',
    ),
    (
        constant("double", "1e999"),
        '`"1e999"` is not a finite double\n --> tree.value\n  = fix: write its digits as a string: `"2.5"`',
    ),
    (constant("double", 2.5), "this must be a string, not a number\n --> tree.value"),
    (constant("double", float("nan")), "this must be a string, not a number\n --> tree.value"),
    (
        constant("double", "0.0", text="-0.0"),
        'the text `"-0.0"` does not say the value `"0.0"`\n --> tree.text',
    ),
    (constant("int", "5", text="5u"), 'the text `"5u"` does not say the value `"5"`\n --> tree.text'),
    (constant("int", "5", text="+5"), 'the text `"+5"` does not say the value `"5"`\n --> tree.text'),
    (
        constant("double", "0.0", text="1e-99999999999999999999"),
        'the text `"1e-99999999999999999999"` does not say the value `"0.0"`\n --> tree.text',
    ),
    (constant("string", "5", text="5"), 'the text `"5"` does not say the value `"5"`\n --> tree.text'),
    (constant("string", True), "this must be a string, not a Boolean\n --> tree.value"),
    (constant("string", b"x"), "this must be a string, not something that JSON has no word for\n --> tree.value"),
    (constant("bool", "true"), "this must be true or false, not a string\n --> tree.value"),
    (constant("bool", 1), "this must be true or false, not a number\n --> tree.value"),
    (constant("null", 0), "the value of null must be null, not a number\n --> tree.value"),
    (constant("bytes", "0g"), '`"0g"` is not hexadecimal\n --> tree.value\n  = fix: write two digits for each byte'),
]


@pytest.mark.parametrize(("tree", "message"), MALFORMED)
def test_a_malformed_tree_is_told_by_its_place(tree: object, message: str) -> None:
    with pytest.raises(RulesetError) as caught:
        from_json({"version": 1, "tree": tree})
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "the document must be an object, not null\n --> the document"),
        ("{}", "the document must be an object, not a string\n --> the document"),
        ({"tree": NAME}, "the document has no `version`\n --> the document\n  = fix: add `version`"),
        (
            {"version": 2, "tree": NAME},
            'version `2` of the tree is not known here\n --> version\n  = fix: write `"version": 1`',
        ),
        (
            {"version": True, "tree": NAME},
            'version `true` of the tree is not known here\n --> version\n  = fix: write `"version": 1`',
        ),
        (
            {"version": 1, "tree": NAME, "text": "a"},
            'unknown key `"text"` in the document\n --> the document\n  = fix: known here: `version`, `tree`',
        ),
    ],
)
def test_a_malformed_document_is_told(document: object, message: str) -> None:
    with pytest.raises(RulesetError) as caught:
        from_json(document)
    assert str(caught.value) == message


def deep(levels: int) -> dict[str, object]:
    tree: dict[str, object] = {**NAME}
    for _ in range(levels - 1):
        tree = {"node": "unary", "operator": "!", "operand": tree}
    return tree


def wide(operands: int) -> dict[str, object]:
    return chain(*[NAME] * operands)


def listed(constants: int) -> dict[str, object]:
    return {"node": "list", "items": [INT] * constants}


def written(bytes_of_text: int) -> dict[str, object]:
    return constant("string", "é" * ((bytes_of_text - 2) // 2))


@pytest.mark.parametrize(
    ("shape", "most", "message"),
    [
        (deep, 100, "the rule is nested more than 100 levels deep here"),
        (wide, 1_999, "the rule has more than 2,000 parts"),
        (listed, 100_000, "this list has more than 100,000 values"),
        (
            written,
            limits.MAXIMUM_BYTES,
            "the rule's text has 4,194,306 bytes, and at most 4,194,304 are allowed",
        ),
    ],
)
def test_a_tree_may_be_as_large_as_a_rule_and_no_larger(
    shape: Callable[[int], dict[str, object]], most: int, message: str
) -> None:
    tree = from_json({"version": 1, "tree": shape(most)})
    assert parse(print_expression(tree)) == tree
    with pytest.raises(RulesetError) as caught:
        from_json({"version": 1, "tree": shape(most + 2)})
    (problem,) = caught.value.problems
    assert problem.message == message
    assert problem.fix
    assert problem.source is not None
    assert problem.source.name.startswith("tree")


def test_constants_outside_of_lists_are_parts_of_a_rule() -> None:
    with pytest.raises(RulesetError) as caught:
        from_json({"version": 1, "tree": chain(*[constant("bool", True)] * 2_000)})
    assert str(caught.value) == (
        "the rule has more than 2,000 parts\n --> tree\n"
        '  = fix: split it into segments that use each other: `segment("…")`'
    )


def test_a_string_longer_than_any_rule_is_not_read() -> None:
    with pytest.raises(RulesetError) as caught:
        from_json({"version": 1, "tree": constant("string", "x" * (limits.MAXIMUM_BYTES + 1))})
    assert str(caught.value) == (
        "the rule's text has 4,194,305 bytes, and at most 4,194,304 are allowed\n --> tree.value\n"
        '  = fix: keep long lists in a file and name it: `x in list("…")`'
    )


def test_no_document_is_too_deep_or_too_wide_for_a_clear_answer() -> None:
    for hostile in (deep(100_000), wide(1_000_000)):
        with pytest.raises(RulesetError):
            from_json({"version": 1, "tree": hostile})


def test_a_circle_of_python_objects_is_refused() -> None:
    circle: dict[str, object] = {"node": "unary", "operator": "!"}
    circle["operand"] = circle
    with pytest.raises(RulesetError, match="nested more than 100 levels"):
        from_json({"version": 1, "tree": circle})


def test_a_tree_larger_than_a_rule_is_not_written() -> None:
    tree: Expression = Name("a", HERE)
    for _ in range(50_000):
        tree = Unary("!", tree, HERE)
    with pytest.raises(RulesetError, match="nested more than 100 levels"):
        to_json(tree)


def test_constants_of_a_list_count_neither_as_nodes_nor_as_a_level() -> None:
    tree: Expression = ListOf(tuple(parse(str(number)) for number in range(3_000)), HERE)
    for _ in range(99):
        tree = Call("f", None, (tree,), HERE, HERE)
    assert from_json(to_json(tree)) == tree


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def damaged(draw: st.DrawFn) -> object:
    """A good document with one value somewhere in it replaced, removed or put under another key."""
    document = json.loads(json.dumps(to_json(draw(expressions))))
    place: object = document
    while isinstance(place, dict | list) and place:
        key = draw(st.sampled_from(sorted(place))) if isinstance(place, dict) else draw(st.integers(0, len(place) - 1))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or draw(st.integers(0, 3)) == 0:
            match draw(st.integers(0, 3)):
                case 0:
                    del place[key]
                case 1 if isinstance(place, dict):
                    place[draw(st.sampled_from(("node", "kind", "value", "operands", "text", "x")))] = inner
                case 2:
                    words = ("", "a", "0", "5u", "int", "double", "name", "logical", "&&", "-", "`", "in", "1e400")
                    place[key] = draw(st.sampled_from(words))
                case _:
                    place[key] = draw(json_values)
            break
        place = inner
    return document


@given(document=damaged() | json_values)
def test_whatever_is_read_has_a_text_that_parses_to_it(document: object) -> None:
    """And nothing but `RulesetError` escapes, with a place and in words that can be printed."""
    try:
        tree = from_json(document)
    except RulesetError as error:
        told = str(error).encode()
        assert b" --> " in told  # a document may be good, too
        return
    assert parse(print_expression(tree)) == tree
    assert repr(from_json(to_json(tree))) == repr(tree)
