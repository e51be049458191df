"""What no rule reads fits or does not, as `batch.stored_values` says, for every type."""

import pytest

from fasttwitch.batch.point.rest import Rest
from fasttwitch.batch.profiles import wrong_values
from tests.core.batch.point.samples import ODD, SCHEMA


@pytest.mark.parametrize("name", SCHEMA.names)
def test_each_value_fits_or_not(name: str) -> None:
    rest = Rest(SCHEMA, frozenset())
    for value in ODD:
        assert rest.is_right({name: value}, "error") is not bool(wrong_values({name: value}, SCHEMA)), value


def test_names_that_the_schema_lacks_can_be_let_pass_but_not_what_is_wrong() -> None:
    rest = Rest(SCHEMA, frozenset({"i8"}))
    assert not rest.is_right({"shoe": 1}, "error")
    assert rest.is_right({"shoe": 1, "i16": 5}, "ignore")
    assert not rest.is_right({"shoe": 1, "i16": "5"}, "ignore")
    assert rest.is_right({"i8": "this is looked at elsewhere"}, "error")
