"""What rules name."""

from fasttwitch.ruleset import load_ruleset
from fasttwitch.ruleset.naming import attribute_names, attribute_paths, reads_the_clock
from fasttwitch.syntax import parse


def test_names_are_attributes_and_neither_variables_nor_namespaces() -> None:
    tree = parse(
        'b > 1 && a.x.y == 2 && now > seen && orders.exists(o, o.total > limit) && math.abs(b) == 1 && segment("c")'
        ' && x in list("l") && coalesce(d, e) == has(f.g)'
    )
    names = ["b", "a", "seen", "orders", "limit", "x", "d", "e", "f"]
    assert [name for name, _ in attribute_names(tree)] == names
    assert attribute_names(tree)[:2] == [("b", (0, 1)), ("a", (9, 10))]
    assert attribute_paths(tree) == ["b", "a.x.y", "seen", "orders", "limit", "x", "d", "e", "f.g"]


def test_a_segment_reads_the_clock_if_one_it_asks_does() -> None:
    segments = load_ruleset(
        {
            "version": 1,
            "language": "cel/1",
            "segments": {
                "late": "now > seen",
                "asks": 'x > 1 && !segment("middle")',
                "middle": 'segment("late") || x > 2',
                "text": 'x == "now"',
                "unknown": 'segment("nobody")',
            },
        }
    ).segments
    found = {name: reads_the_clock(name, segments) for name in segments}
    assert found == {"late": True, "asks": True, "middle": True, "text": False, "unknown": False}
