"""Canonical text: what it looks like, by examples; that it loses nothing is a law in `test_round_trip.py`."""

import pytest

from fasttwitch.syntax import Constant, parse, print_expression


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("  age>=18&&( tier=='gold' )//adults", 'age >= 18 && tier == "gold"'),
        ("a&&(b&&c)||(d||e)", "a && b && c || d || e"),
        ("(a||b)&&c", "(a || b) && c"),
        ("!(a)", "!a"),
        ("!(a&&b)", "!(a && b)"),
        ("!(a==b)", "!(a == b)"),
        ("!!a", "!!a"),
        ("!(-a)", "!(-a)"),
        ("-(5)", "-(5)"),
        ("-(5.a)", "-(5.a)"),
        ("- 5", "-5"),
        ("-5.abs()", "(-5).abs()"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("(a*b)+c", "a * b + c"),
        ("a*(b+c)", "a * (b + c)"),
        ("a == b == c", "(a == b) == c"),
        ("(a?b:c)?d:(e?f:g)", "(a ? b : c) ? d : e ? f : g"),
        ("a?(b?c:d):e", "a ? (b ? c : d) : e"),
        ("(a+b).f( (c) , [d ,e,] )", "(a + b).f(c, [d, e])"),
        ("x in['DE','AT']", 'x in ["DE", "AT"]'),
        ("{'a':1,b:[ ]}['a']", '{"a": 1, b: []}["a"]'),
        ("T { x : 1 , `y z`: 2 , }", "T{x: 1, `y z`: 2}"),
        ("a.`b`.`in`.`b-c`", "a.b.`in`.`b-c`"),
    ],
)
def test_texts_of_one_meaning_have_one_canonical_text(written: str, canonical: str) -> None:
    assert print_expression(parse(written)) == canonical
    assert print_expression(parse(canonical)) == canonical


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("0x1F", "31"),
        ("007", "7"),
        ("3U", "3u"),
        ("500.0", "500.0"),
        ("5e2", "500.0"),
        (".5", "0.5"),
        ("1.10", "1.1"),
        ("1e300", "1e+300"),
        ("1e16", "1e+16"),
        ("-0.0", "-0.0"),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
        (".10000000000000000555000", "0.10000000000000000555"),
        ("-(.10000000000000000555)", "-(0.10000000000000000555)"),
        ("1234567890123456789012E-30", "1.234567890123456789012e-9"),
        ("12345678901234567890123.0", "12345678901234567890123.0"),
        ("123456789012345678901230.0", "1.2345678901234567890123e+23"),
        ("9007199254740993.0", "9007199254740993.0"),
        ("9007199254740992.00", "9007199254740992.0"),
        ("true", "true"),
        ("null", "null"),
    ],
)
def test_a_number_prints_as_its_kind(written: str, canonical: str) -> None:
    """A double always looks like one, and digits that no double holds are kept: a decimal column sees them."""
    assert print_expression(parse(written)) == canonical
    assert print_expression(parse(canonical)) == canonical


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("'gold'", '"gold"'),
        ("'it\\'s'", '"it\'s"'),
        ("'\"'", r'"\""'),
        (r"r'\d'", r'''r"\d"'''),
        (r"'^\\d\\s\'\\.é$'", r'''r"^\d\s'\.é$"'''),
        (r"'\\d\"'", r'"\\d\""'),
        (r"'\\'", r'"\\"'),
        (r"'\\d\n'", r'"\\d\n"'),
        ('"""two\nlines\t"""', r'"two\nlines\t"'),
        ("'größe 😀'", '"größe 😀"'),
        (r"'\000\x7f'", r'"\u0000\u007f"'),
        ("'\u00a0\u200b'", r'"\u00a0\u200b"'),
        (r"'\U000e0001'", r'"\U000e0001"'),
        (r"b'a\xff\n\"é'", r'b"a\xff\n\"\xc3\xa9"'),
    ],
)
def test_a_string_prints_in_double_quotes_with_what_cannot_be_seen_escaped(written: str, canonical: str) -> None:
    assert print_expression(parse(written)) == canonical
    assert print_expression(parse(canonical)) == canonical


def test_a_constant_that_nobody_wrote_prints_by_its_value() -> None:
    assert print_expression(Constant("double", 500.0, (0, 0))) == "500.0"
