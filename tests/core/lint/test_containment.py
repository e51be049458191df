"""Segments that lie inside others."""

from tests.core.lint.reviewing import findings, told


def test_equal_segments_are_told_however_they_are_written() -> None:
    (finding,) = findings(first="orders > 3 && vip", second="!(!vip || orders <= 3)")
    assert str(finding) == (
        "warning: segments `first` and `second` have the same customers\n"
        " --> segments.second:1:1\n"
        "1 | !(!vip || orders <= 3)\n"
        "  | ^^^^^^^^^^^^^^^^^^^^^^\n"
        '  = fix: `segment("first")`\n'
        "  = kind: equal-segments, in segment `second`"
    )


def test_a_segment_inside_another_can_say_so_in_fewer_words() -> None:
    assert told(buyers="orders > 0", regulars="orders > 5 && vip") == [
        "contained-segment: every customer of `regulars` is in `buyers`; "
        'say so: `segment("buyers") && orders > 5 && vip`'
    ]
    assert told(buyers="orders > 0", vips="vip && orders > 0") == [
        'contained-segment: every customer of `vips` is in `buyers`; say so: `segment("buyers") && vip`'
    ]


def test_only_the_nearest_segments_around_one_are_told() -> None:
    assert told(some="orders > 1", more="orders > 2", most="orders > 3") == [
        'contained-segment: every customer of `more` is in `some`; say so: `segment("some") && orders > 2`',
        'contained-segment: every customer of `most` is in `more`; say so: `segment("more") && orders > 3`',
    ]


def test_what_a_rule_says_itself_is_not_told() -> None:
    assert told(buyers="orders > 0", good='segment("buyers") && vip', best='segment("good") && ltv > 100.0') == []
    assert told(good="vip", any='segment("good") || ltv > 100.0') == []


def test_a_long_rule_is_not_repeated() -> None:
    long = " && ".join(f'city != "town number {number}"' for number in range(20))
    assert told(inside=f"{long} && vip", around="vip") == [
        'contained-segment: every customer of `inside` is in `around`; say so: `segment("around") && …`'
    ]


def test_many_segments_around_one_are_counted() -> None:
    around = {f"s{number}": f"{column}" for number, column in enumerate(("vip", "opted_out", "ltv > 1.0", "age > 1"))}
    (finding,) = findings(inner="vip && opted_out && ltv > 1.0 && age > 1 && orders == 1", **around)
    assert finding.message == "every customer of `inner` is in `s0`, `s1`, `s2` and 1 more"


def test_a_missing_value_decides_like_any_other() -> None:
    """`orders != 3` holds for no one without orders, so it lies inside `orders != null`; `!isTrue(…)` does not."""
    assert told(known="orders != null", other="orders != 3") == [
        'contained-segment: every customer of `other` is in `known`; say so: `segment("known") && orders != 3`'
    ]
    assert told(known="orders != null", other="!isTrue(orders == 3)") == []


def test_everybody_and_nobody_are_compared_with_no_one() -> None:
    assert told(everybody="true", nobody="false", vips="vip") == []


def test_many_segments_stay_within_the_budget() -> None:
    """A million pairs are not looked at one by one."""
    rules = {f"s{n}": f"orders > {n % 50} && ltv > {n % 37}.0 && age > {n % 29} || visits > {n}u" for n in range(100)}
    assert {one.kind for one in findings(**rules)} == {"contained-segment"}
