"""What becomes of an expression whose constants turn into columns."""

import pytest

from fasttwitch.syntax import parse, print_expression
from tests.conformance.lifting import lift
from tests.conformance.suite import Known


@pytest.mark.parametrize(
    ("written", "lifted"),
    [
        ("1 + 2 == 3", "k_0 + k_1 == k_2"),
        ('"abc".matches("b$")', 'k_0.matches("b$")'),
        ('timestamp("2009-02-13T23:31:30Z").getHours("UTC")', 'timestamp(k_0).getHours("UTC")'),
        ('"%d".format([7])', '"%d".format([k_0])'),
        ("3 in [1, 2]", "k_0 in [1, 2]"),
        ("math.greatest(1.5, 2)", "math.greatest(k_0, 2)"),
        ("math.greatest(1.5, 2u)", "math.greatest(1.5, 2u)"),
        ("null == null", "null == null"),
    ],
)
def test_what_the_profile_wants_constant_stays(written: str, lifted: str) -> None:
    assert print_expression(lift(parse(written), "k").tree) == lifted


def test_each_column_holds_the_constant_that_it_replaces() -> None:
    assert lift(parse('x == "a" || -5 < 2u'), "k").columns == {
        "k_0": Known("string", "a"),
        "k_1": Known("int", -5),
        "k_2": Known("uint", 2),
    }
