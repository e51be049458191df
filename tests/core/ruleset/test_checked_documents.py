"""What the checker finds is shown in the document, however the rule is written there."""

import pyarrow as pa
import pytest

import fasttwitch as ft

SCHEMA = pa.schema(
    {
        "ltv": pa.float64(),
        "age": pa.int16(),
        "country": pa.dictionary(pa.int32(), pa.string()),
        "opted_in": pa.bool_(),
        "at": pa.timestamp("us"),
        "address": pa.struct({"city": pa.string()}),
    }
)
HEAD = "version: 1\nlanguage: cel/1\nlists: {blocked: [a]}\nsegments:\n  base: ltv > 1.0\n"


@pytest.mark.parametrize(
    ("segment", "said"),
    [
        (
            '  vip: age >= "18"\n',
            'cannot compare `age` (int) with the string `"18"`\n'
            " --> ruleset:6:15\n"
            '6 |   vip: age >= "18"\n'
            "  |               ^^^^\n"
            "  = fix: drop the quotes: `age >= 18`",
        ),
        (
            "  vip: |\n    ltv > 3.0\n      && contry == 'DE'\n",
            "unknown name `contry`\n"
            " --> ruleset:8:10\n"
            "8 |       && contry == 'DE'\n"
            "  |          ^^^^^^\n"
            "  = fix: did you mean `country`?",
        ),
        (
            "  vip: >\n    ltv > 3.0\n    && segment('bass')\n",
            'unknown segment `"bass"`\n'
            " --> ruleset:8:16\n"
            "8 |     && segment('bass')\n"
            "  |                ^^^^^^\n"
            '  = fix: did you mean `segment("base")`?',
        ),
        (
            '  vip: "country == \\"DE\\" && address.town == \\"Köln\\""\n',
            "`address` has no field `town`\n"
            " --> ruleset:6:38\n"
            '6 |   vip: "country == \\"DE\\" && address.town == \\"Köln\\""\n'
            "  |                                      ^^^^\n"
            "  = fix: it has `city`",
        ),
        (
            "  vip: 'country in list(''blokced'')'\n",
            'unknown list `"blokced"`\n'
            " --> ruleset:6:25\n"
            "6 |   vip: 'country in list(''blokced'')'\n"
            "  |                         ^^^^^^^^^^\n"
            '  = fix: did you mean `list("blocked")`?',
        ),
        (
            "  vip: {when: opted_in + 1 > 2, owner: crm}\n",
            "cannot calculate `opted_in` (bool) + the int `1`\n"
            " --> ruleset:6:15\n"
            "6 |   vip: {when: opted_in + 1 > 2, owner: crm}\n"
            "  |               ^^^^^^^^^^^^",
        ),
    ],
)
def test_a_caret_of_the_checker_finds_its_place(segment: str, said: str) -> None:
    with pytest.raises(ft.RulesetError) as caught:
        ft.compile(ft.load_ruleset(HEAD + segment), SCHEMA)
    assert str(caught.value) == said
