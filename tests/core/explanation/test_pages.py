"""Explanations for machines and for browsers."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import jsonschema
import pyarrow as pa

import fasttwitch as ft

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SCHEMA = pa.schema({"a": pa.bool_(), "b": pa.bool_(), "tier": pa.string(), "at": pa.timestamp("us", "UTC")})
EVIL = '</style><script>alert("x")</script>&'
VOID = {"meta"}

ANSWER = {"enum": ["true", "false", "unknown"]}
TOLD = {
    "type": "object",
    "required": ["value", "words", "age"],
    "additionalProperties": False,
    "properties": {"value": {}, "words": {"type": "string"}, "age": {"type": "string"}},
}
JSON_SCHEMA = {
    "type": "object",
    "required": ["segment", "answer", "now", "digest", "rules", "values", "missing", "fix"],
    "additionalProperties": False,
    "properties": {
        "segment": {"type": "string"},
        "answer": ANSWER,
        "now": {"type": "string", "pattern": "^[0-9-]{10}T[0-9:.]+Z$"},
        "digest": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
        "rules": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/rule"}},
        "values": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["attribute", "value", "words", "age", "missing", "decided"],
                "additionalProperties": False,
                "properties": {
                    "attribute": {"type": "string"},
                    "value": {"type": ["string", "number", "boolean", "null"]},
                    "words": {"type": "string"},
                    "age": {"type": "string"},
                    "missing": {"type": "boolean"},
                    "decided": {"type": "boolean"},
                },
            },
        },
        "missing": {"type": "array", "items": {"type": "string"}},
        "fix": {
            "oneOf": [
                {"type": "null"},
                {
                    "type": "object",
                    "required": ["found", "minimal", "possible", "tried", "most", "held", "changes"],
                    "additionalProperties": False,
                    "properties": {
                        "found": {"type": "boolean"},
                        "minimal": {"type": "boolean"},
                        "possible": {"type": "boolean"},
                        "tried": {"type": "integer", "minimum": 0},
                        "most": {"type": "integer", "minimum": 0},
                        "held": {"type": "array", "items": {"type": "string"}},
                        "changes": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["attribute", "before", "after", "others"],
                                "additionalProperties": False,
                                "properties": {
                                    "attribute": {"type": "string"},
                                    "before": TOLD,
                                    "after": TOLD,
                                    "others": {"type": "string"},
                                },
                            },
                        },
                    },
                },
            ]
        },
    },
    "$defs": {
        "node": {
            "type": "object",
            "required": ["kind", "span", "text", "answer", "decided"],
            "properties": {
                "kind": {"enum": ["all", "any", "not", "choice", "isTrue", "isKnown", "segment", "condition"]},
                "span": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
                "text": {"type": "string"},
                "answer": ANSWER,
                "decided": {"type": "boolean"},
                "attributes": {"type": "array", "items": {"type": "string"}},
                "name": {"type": "string"},
                "parts": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            },
        },
        "rule": {
            "allOf": [
                {"$ref": "#/$defs/node"},
                {
                    "required": ["segment", "rule"],
                    "properties": {"segment": {"type": "string"}, "rule": {"type": "string"}},
                },
            ]
        },
    },
}


class Reader(HTMLParser):
    """Reads a page strictly: what is opened is closed, and in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def explain(profile: dict[str, object], **rules: str) -> ft.Explanation:
    ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": rules})
    return ft.compile(ruleset, SCHEMA).explain(profile, list(rules)[-1], NOW)


def evil() -> ft.Explanation:
    """Return an explanation of hostile texts."""
    quoted = json.dumps(EVIL)
    return explain({"tier": EVIL + "2"}, x=f"tier == {quoted}", s=f'segment("x") && tier != {quoted}')


def test_nothing_of_a_rule_or_of_a_customer_is_taken_for_html() -> None:
    for html in (evil().to_html(f"<b>{EVIL}"), evil()._repr_html_()):
        reader = read(html)
        assert "script" not in reader.tags
        assert html.count("</style>") == 1
        assert json.dumps(EVIL) in "".join(reader.text)


def test_nothing_on_a_page_is_invisible() -> None:
    rule = "tier == 'a\u202eb' // \x1b"
    html = explain({"tier": "\x1b[2J\u202e\t"}, s=rule).to_html("\u202ewho")
    assert html.replace("\n", "").isprintable()
    assert "<code>&quot;\\x1b[2J\\u202e\\t&quot;</code>" in html
    assert "for \\u202ewho at" in html


def test_a_page_has_no_scripts_and_loads_nothing() -> None:
    reader = read(evil().to_html())
    assert not {"script", "link", "img", "iframe", "object"} & set(reader.tags)
    assert not [name for name in reader.attributes if name.startswith("on") or name in ("src", "href")]
    assert not re.search(r"url\(|@import|https?:", evil().to_html())


def test_answers_are_words_and_not_only_colours() -> None:
    words = "".join(read(explain({"a": True}, s="a && b").to_html()).text)
    assert "s is unknown" in words
    assert "true a  (did not decide)" in " ".join(read(explain({"a": True}, s="a && b").to_html()).text)


def test_segments_are_folded_open_where_they_decided() -> None:
    html = explain({"a": True, "b": False}, one="a", two="b", s='segment("one") && segment("two")').to_html()
    assert re.findall(r"<details( open)?>.*?segment\(&quot;(\w+)&quot;\)", html) == [("", "one"), (" open", "two")]


def test_a_segment_that_is_asked_often_stands_there_once() -> None:
    """A chain of segments, each of which asks the one before twice, would be a thousand copies."""
    rules = {"x0": "a"} | {f"x{one}": f'segment("x{one - 1}") || segment("x{one - 1}") && b' for one in range(1, 11)}
    assert len(explain({"a": False}, **rules).to_html()) < 30_000


def test_a_long_list_is_cut_short() -> None:
    names = ", ".join(f'"name {number}"' for number in range(5_000))
    found = explain({"tier": "x"}, s=f"tier in [{names}] || a")
    assert len(found.to_html()) < 10_000
    assert len(str(found)) < 4_000


def test_json_keeps_to_its_schema() -> None:
    rules = {
        "x": "b || tier == null",
        "s": '(a ? isTrue(b) : !isKnown(b)) && segment("x") && now - at < days(3) && (a == b) != true',
    }
    moments = (None, datetime(2026, 1, 1, tzinfo=UTC))
    for a in (None, True, False):
        for b in (None, True, False):
            for at in moments:
                found = explain({"a": a, "b": b, "at": at}, **rules)
                jsonschema.validate(json.loads(found.to_json()), JSON_SCHEMA)
    jsonschema.validate(json.loads(explain({"a": True}, s="a || b").to_json()), JSON_SCHEMA)


def test_a_small_explanation_as_json() -> None:
    found = explain({"a": True, "tier": "gold"}, s='a && !(tier == "gold")')
    assert found.to_dict() == {
        "segment": "s",
        "answer": "false",
        "now": "2026-02-01T00:00:00Z",
        "digest": found.digest,
        "rules": [
            {
                "segment": "s",
                "rule": 'a && !(tier == "gold")',
                "kind": "all",
                "span": [0, 22],
                "text": 'a && !(tier == "gold")',
                "answer": "false",
                "decided": True,
                "parts": [
                    {
                        "kind": "condition",
                        "span": [0, 1],
                        "text": "a",
                        "answer": "true",
                        "decided": False,
                        "attributes": ["a"],
                    },
                    {
                        "kind": "not",
                        "span": [5, 22],
                        "text": '!(tier == "gold")',
                        "answer": "false",
                        "decided": True,
                        "parts": [
                            {
                                "kind": "condition",
                                "span": [7, 21],
                                "text": 'tier == "gold"',
                                "answer": "true",
                                "decided": True,
                                "attributes": ["tier"],
                            }
                        ],
                    },
                ],
            }
        ],
        "values": [
            {"attribute": "a", "value": True, "words": "true", "age": "", "missing": False, "decided": False},
            {"attribute": "tier", "value": "gold", "words": '"gold"', "age": "", "missing": False, "decided": True},
        ],
        "missing": [],
        "fix": {
            "found": True,
            "minimal": True,
            "possible": True,
            "tried": 6,
            "most": 1,
            "held": [],
            "changes": [
                {
                    "attribute": "tier",
                    "before": {"value": "gold", "words": '"gold"', "age": ""},
                    "after": {"value": "other", "words": '"other"', "age": ""},
                    "others": 'any but "gold"',
                }
            ],
        },
    }


def test_exclusions_are_a_page_too() -> None:
    quoted = json.dumps(EVIL)
    ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": {"s": f"tier != {quoted} && a"}})
    table = pa.table({"tier": ["x", EVIL], "a": [False, True]})
    found = ft.compile(ruleset, table.schema).exclusions(table, "s", NOW)
    reader = read(found.to_html())
    assert "script" not in reader.tags
    told = " ".join(reader.text)
    assert "s: 0 of 2 customers" in told
    assert f"tier != {quoted}" in told
    assert found._repr_html_() in found.to_html()
