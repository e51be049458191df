"""The JSON Schema for editors agrees with the readers about the shape of documents."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from fasttwitch.errors import Problem, RulesetError
from fasttwitch.ruleset import load_ruleset
from fasttwitch.ruleset.document_schema import document_schema
from fasttwitch.ruleset.fields import INTEGER, TRUE_WORDS, scalar_kind
from fasttwitch.ruleset.load import read_tree
from fasttwitch.ruleset.nodes import MappingNode, Node, ScalarNode, SequenceNode
from fasttwitch.ruleset.sections import read_document
from tests.core.ruleset import test_rewriting
from tests.core.ruleset.test_load import DOCUMENT

VALIDATOR = jsonschema.Draft202012Validator(document_schema())
HERE = Path(__file__)


def value_of(node: Node) -> object:
    """Return what a YAML 1.2 reader, such as an editor's, makes of a document."""
    match node:
        case MappingNode(entries):
            return {key.text: value_of(value) for key, value in entries if isinstance(key, ScalarNode)}
        case SequenceNode(items):
            return [value_of(item) for item in items]
        case ScalarNode(text):
            kind = scalar_kind(node)
            if kind == "a number":
                return (
                    int(text, 0)
                    if INTEGER.fullmatch(text)
                    else float(text.replace(".inf", "inf").replace(".nan", "nan"))
                )
            return {"nothing": None, "a Boolean": text in TRUE_WORDS}.get(kind, text)
        case _:
            raise AssertionError(node)


def faults(document: str) -> list[str]:
    """Return what the schema finds wrong."""
    problems: list[Problem] = []
    tree = read_tree(document, "ruleset", problems)
    assert not problems
    return [error.json_path for error in VALIDATOR.iter_errors(value_of(tree))]


START = "version: 1\nlanguage: cel/1\n"
RULE = "segments: {vip: ltv > 500}\n"


def test_the_schema_is_a_schema_and_its_examples_are_right() -> None:
    schema = document_schema()
    VALIDATOR.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema)) == schema
    seen = 0
    waiting: list[object] = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
            for example in one.get("examples", []) if isinstance(one.get("examples"), list) else []:
                jsonschema.Draft202012Validator(one).validate(example)
                seen += 1
        elif isinstance(one, list):
            waiting += one
    assert seen > 30


def test_every_key_has_a_description() -> None:
    missing: list[str] = []

    def look(part: object, path: str) -> None:
        if isinstance(part, dict):
            properties = part.get("properties")
            for name, inside in properties.items() if isinstance(properties, dict) else ():
                if not (isinstance(inside, dict) and inside.get("description") and inside.get("examples")):
                    missing.append(f"{path}.{name}")
            for name, inside in part.items():
                look(inside, f"{path}.{name}")
        elif isinstance(part, list):
            for inside in part:
                look(inside, path)

    look(document_schema(), "")
    assert missing == []


@pytest.mark.parametrize("document", [DOCUMENT, test_rewriting.BEFORE, test_rewriting.AFTER])
def test_a_right_document_is_valid(document: str) -> None:
    assert faults(document) == []


@pytest.mark.parametrize(
    "more",
    [
        "key: id\n",
        "attributes: {age: int, tags: list(string), deep: 'map(string, list(int))', a.b: struct}\n",
        "attributes: {age: {type: int, description: years, unit: a}}\n",
        "attributes:\nlists:\ntests:\nevents: {}\noffers: []\nranking:\n",
        "lists: {a: [1, 2], b: {values: [x]}, c: {type: date, values: [2026-01-01]}}\n",
        "tests: [{profile: {ltv: 3, x: [1, {y: z}]}, now: 2026-01-01T00:00:00Z, in: vip, out: [], unknown: []}]\n",
        "tests:\n  - name: nobody\n    profile:\n",
    ],
)
def test_what_the_readers_take_is_valid(more: str) -> None:
    document = START + RULE + more
    load_ruleset(document)
    assert faults(document) == []


@pytest.mark.parametrize(
    ("document", "at"),
    [
        ("vip: x\n", "$"),
        ("- vip\n", "$"),
        (START, "$"),
        ("version: 2\nlanguage: cel/1\n" + RULE, "$.version"),
        ('version: "1"\nlanguage: cel/1\n' + RULE, "$.version"),
        ("version: 1\nlanguage: cel/2\n" + RULE, "$.language"),
        (START + "segments: {}\n", "$.segments"),
        (START + "segments:\n", "$.segments"),
        (START + "segments: [a]\n", "$.segments"),
        (START + 'segments: {vip: ""}\n', "$.segments.vip"),
        (START + "segments: {vip: 5}\n", "$.segments.vip"),
        (START + "segments: {vip: true}\n", "$.segments.vip"),
        (START + "segments: {vip: [a]}\n", "$.segments.vip"),
        (START + "segments: {vip: {owner: me}}\n", "$.segments.vip"),
        (START + "segments: {vip: {when: a, wehn: b}}\n", "$.segments.vip"),
        (START + "segments: {vip: {when: a, tags: {b: c}}}\n", "$.segments.vip"),
        (START + "segments: {a/b: ltv > 5}\n", "$.segments"),
        (START + "segments: {-a: ltv > 5}\n", "$.segments"),
        (START + f"segments: {{{'a' * 121}: ltv > 5}}\n", "$.segments"),
        (START + RULE + "sgements: {}\n", "$"),
        (START + RULE + "key: [a]\n", "$.key"),
        (START + RULE + "offers: {a: b}\n", "$.offers"),
        (START + RULE + "attributes: {age: integer}\n", "$.attributes.age"),
        (START + RULE + "attributes: {age: {description: years}}\n", "$.attributes.age"),
        (START + RULE + "attributes: [age]\n", "$.attributes"),
        (START + RULE + "lists: {a: {file: x, values: [y]}}\n", "$.lists.a"),
        (START + RULE + "lists: {a: {type: struct, values: [y]}}\n", "$.lists.a"),
        (START + RULE + "lists: {a: {}}\n", "$.lists.a"),
        (START + RULE + "lists: {a: [{b: c}]}\n", "$.lists.a"),
        (START + RULE + "lists: {a: [null]}\n", "$.lists.a"),
        (START + RULE + "tests: {}\n", "$.tests"),
        (START + RULE + "tests: [{in: vip}]\n", "$.tests[0]"),
        (START + RULE + "tests: [{profile: {}, inn: vip}]\n", "$.tests[0]"),
        (START + RULE + "tests: [{profile: []}]\n", "$.tests[0].profile"),
        (START + RULE + "tests: [{profile: {}, in: {vip: yes}}]\n", "$.tests[0].in"),
    ],
)
def test_what_the_readers_refuse_for_its_shape_is_invalid_at_that_place(document: str, at: str) -> None:
    with pytest.raises(RulesetError):
        load_ruleset(document)
    assert at in faults(document)


def test_reader_and_schema_know_the_same_sections() -> None:
    problems: list[Problem] = []
    read_document(read_tree("version: 1\nnone: 1\n", "ruleset", []), "ruleset", HERE.parent, problems)
    known = next(one.fix for one in problems if one.message.startswith("unknown key"))
    properties = document_schema()["properties"]
    assert isinstance(properties, dict)
    assert re.findall(r"`(\w+)`", known) == list(properties)
