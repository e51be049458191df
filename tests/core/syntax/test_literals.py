"""What digits, quotes and escapes mean."""

import math

import pytest

from fasttwitch.errors import RulesetError
from fasttwitch.syntax import Constant, parse


def value_of(text: str) -> tuple[str, object]:
    """Return kind and value of the constant that `text` is."""
    tree = parse(text)
    assert isinstance(tree, Constant)
    assert tree.span == (0, len(text))
    return tree.kind, tree.value


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("0", "int", 0),
        ("007", "int", 7),
        ("9223372036854775807", "int", 2**63 - 1),
        ("-9223372036854775808", "int", -(2**63)),
        ("000000000000000000000000000000000000000000000000000000001", "int", 1),
        ("0xFf", "int", 255),
        ("-0X10", "int", -16),
        ("-0x8000000000000000", "int", -(2**63)),
        ("0u", "uint", 0),
        ("18446744073709551615U", "uint", 2**64 - 1),
        ("0xFFFFFFFFFFFFFFFFu", "uint", 2**64 - 1),
        ("1.5", "double", 1.5),
        ("-1.5", "double", -1.5),
        (".5", "double", 0.5),
        ("-.5", "double", -0.5),
        ("1e3", "double", 1000.0),
        ("1E+3", "double", 1000.0),
        (".5e-1", "double", 0.05),
        ("1e-400", "double", 0.0),
        ("1.7976931348623157e308", "double", 1.7976931348623157e308),
        ("true", "bool", True),
        ("false", "bool", False),
        ("null", "null", None),
    ],
)
def test_a_number_or_word_has_its_value(text: str, kind: str, value: object) -> None:
    found_kind, found = value_of(text)
    assert (found_kind, found, type(found)) == (kind, value, type(value))


def test_minus_zero_keeps_its_sign() -> None:
    _, value = value_of("-0.0")
    assert isinstance(value, float)
    assert math.copysign(1, value) == -1


@pytest.mark.parametrize("text", ["1.10", "-1.10", "007", "0x1F", "12u", ".5", "1E+3"])
def test_a_number_keeps_its_digits(text: str) -> None:
    """A decimal column is compared with what was written, not with the nearest double."""
    tree = parse(text)
    assert isinstance(tree, Constant)
    assert tree.text == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('""', ""),
        ("''", ""),
        ('""""""', ""),
        ("''''''", ""),
        ('"it\'s"', "it's"),
        ("'\"'", '"'),
        ('"""a "quoted" word"""', 'a "quoted" word'),
        ("'''it's'''", "it's"),
        ('"""two\nlines"""', "two\nlines"),
        ('"""two\r\nlines\rof text"""', "two\nlines\nof text"),
        (r'"\a\b\f\n\r\t\v\\\"\'\`\?"', "\a\b\f\n\r\t\v\\\"'`?"),
        (r'"\x41\X42\u00e9\U0001F600\101\377"', "ABé😀Aÿ"),
        (r'"""\""""', '"'),
        (r'"""a\"""b"""', 'a"""b'),
        (r'r"\d+"', r"\d+"),
        ('r"\\"', "\\"),
        (r"R'\n'", r"\n"),
        ('r"""\\"a"""', '\\"a'),
        ('"größe 😀"', "größe 😀"),
        ('"\t"', "\t"),
    ],
)
def test_a_string_has_its_characters(text: str, value: str) -> None:
    assert value_of(text) == ("string", value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('b""', b""),
        ("B'abc'", b"abc"),
        ('b"é"', b"\xc3\xa9"),
        (r'b"\x41\377\000\n"', b"A\xff\x00\n"),
        (r'br"\x41"', rb"\x41"),
        ("bR'''\\'''", b"\\"),
        ('b"""a\nb"""', b"a\nb"),
    ],
)
def test_bytes_have_their_bytes(text: str, value: bytes) -> None:
    assert value_of(text) == ("bytes", value)


@pytest.mark.parametrize("escape", [r"\ud800", r"\uDFFF", r"\U0000D800", r"\U00110000", r"\UFFFFFFFF"])
def test_an_escape_is_a_whole_character_or_an_error(escape: str) -> None:
    with pytest.raises(RulesetError, match=r"half of a character|beyond the last character"):
        parse(f'"{escape}"')
