"""A caret stands under the character that is wrong, however the rule is written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.errors import RulesetError
from fasttwitch.ruleset import load_ruleset
from fasttwitch.ruleset.places import Place, Style, source_of

HEAD = "version: 1\nlanguage: cel/1\nsegments:\n"


def pointed_at(document: str) -> tuple[str, str]:
    """Return the line that the only problem shows, and its text from the caret on."""
    with pytest.raises(RulesetError) as caught:
        load_ruleset(document)
    (problem,) = caught.value.problems
    _, place, shown, carets, *_ = str(problem).split("\n")
    number = int(place.split(":")[1])
    line = shown.split(" | ", 1)[1]
    assert line == document.split("\n")[number - 1]
    assert int(place.split(":")[2]) == carets.index("^") - carets.index("|") - 1
    return line, line[carets.index("^") - carets.index("|") - 2 :]


@pytest.mark.parametrize(
    "document",
    [
        HEAD + '  gold: tier = "gold"\n',
        HEAD + '  "gold": tier = "gold"\n',
        HEAD + "  gold: ltv > 3 &&\n    country == 'DE' &&\n    tier = \"gold\"\n",
        HEAD + "  gold: 'country == ''DE'' && tier = ''gold'''\n",
        HEAD + "  gold: 'ltv > 3 &&\n\n    country == ''DE'' && tier = ''gold'''\n",
        HEAD + '  gold: "country == \\"DE\\" && tier = \\"gold\\""\n',
        HEAD + '  gold: "country == \\"\\U0001F600\\u00e9\\x41\\" &&\\n tier = \\"gold\\""\n',
        HEAD + '  gold: "country == \\"DE\\" \\\n     && tier = \\"gold\\""\n',
        HEAD + '  gold: |\n    tier = "gold"\n',
        HEAD + '  gold: |\n\n    country == "DE" &&\n      tier = "gold"\n',
        HEAD + '  gold: |-\n    country == "DE" &&\n    tier = "gold"',
        HEAD + '  gold: |2\n      country == "DE" &&\n    tier = "gold"\n',
        HEAD + '  gold: | # with a comment\n    tier = "gold"\n',
        HEAD + '  gold: >\n    country == "DE" &&\n    tier = "gold"\n',
        HEAD + '  gold: >-\n    country == "DE" &&\n\n      ltv > 3 &&\n\n    tier = "gold"\n',
        HEAD + '  gold:\n    when: >\n      country == "D  E"   &&\n      tier = "gold"\n    owner: crm\n',
        HEAD + '  gold: {when: tier = "gold"}\n',
        HEAD + '  größe: "city == \\"Köln\\" && tier = \\"gold\\""\n',
    ],
)
def test_the_caret_stands_under_the_single_equals_sign(document: str) -> None:
    assert pointed_at(document)[1].startswith("= ")


@pytest.mark.parametrize(
    "rule", ['tier = "gold"', 'name == "\U0001f600" && tier = "gold"', 'name == "\t\\n" &&\ntier = "gold"']
)
@pytest.mark.parametrize("indent", [None, 2])
def test_the_caret_finds_its_place_in_json(rule: str, indent: int | None) -> None:
    document = json.dumps({"version": 1, "language": "cel/1", "segments": {"gold": rule}}, indent=indent)
    assert pointed_at(document)[1].startswith("= ")


def test_a_mapping_names_the_value_and_shows_its_text() -> None:
    with pytest.raises(RulesetError) as caught:
        load_ruleset({"version": 1, "language": "cel/1", "segments": {"gold": {"when": 'ltv > 3 &&\ntier = "gold"'}}})
    assert str(caught.value) == (
        "`=` is not an operator here\n"
        " --> segments.gold.when:2:6\n"
        '2 | tier = "gold"\n'
        "  |      ^\n"
        "  = fix: write `==` to compare"
    )


words = st.text(st.sampled_from("abc(=&|\"'\\é😀"), min_size=1, max_size=6)
folded_texts = st.lists(words, min_size=1, max_size=12).map(" ".join)


@given(text=folded_texts, style=st.sampled_from(["double", "single", "folded", "literal", "json"]), data=st.data())
def test_every_character_is_found_where_it_stands(text: str, style: str, data: st.DataObject) -> None:
    """Whatever the reader did to a text, its characters are found in the document, in ascending order."""
    broken = data.draw(st.integers(0, text.count(" ")))
    lines = text.replace(" ", "\n", broken).split("\n")  # a folded text has line ends where it says spaces
    if style == "literal":
        text = "\n".join(lines)
    document, place = _written(lines, style)
    source = source_of(place, text)
    shown = document.split("\n")
    previous = (0, 0)
    for offset, character in enumerate(text):
        line, column = source.locate(text, offset)
        assert (line, column) > previous
        previous = (line, column)
        if not character.isspace():
            assert shown[line - 1][column - 1] in (character, "\\")


def _written(lines: list[str], style: str) -> tuple[str, Place]:
    """Return a document that says the lines in one style, and the place of the text in it."""
    match style:
        case "double":
            body = "\n    ".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
            document, kind = f'key: "{body}"', Style.DOUBLE
        case "json":
            document, kind = f"key: {json.dumps(' '.join(lines))}", Style.DOUBLE
        case "single":
            body = "\n    ".join(line.replace("'", "''") for line in lines)
            document, kind = f"key: '{body}'", Style.SINGLE
        case "folded":
            document, kind = "key: >\n    " + "\n    ".join(lines), Style.BLOCK
        case _:
            document, kind = "key: |\n    " + "\n    ".join(lines), Style.BLOCK
    shown = tuple(document.split("\n"))
    return document, Place("document", shown, 1, 6, len(shown), len(shown[-1]) + 1, kind)
