"""What rules mean: each rule beside its typed form. `typed_text.py` says how to read the right side."""

import pytest

from fasttwitch.errors import RulesetError
from fasttwitch.logic import nodes
from fasttwitch.logic.check import check
from fasttwitch.syntax import parse
from tests.core.logic.typed_text import SCOPE, typed_text

TABLE = r"""
# comparisons
age > 3 ⇒ age:int > 3
5 < age ⇒ age:int > 5
age != visits ⇒ age:int != visits:int
age == visits ⇒ age:int == visits:int
country == "DE" ⇒ country:string == "DE"
country < city ⇒ country:string < city:string
opted_in ⇒ opted_in:bool
opted_in == true ⇒ opted_in:bool == true
true == opted_in ⇒ opted_in:bool == true
opted_in == (age > 3) ⇒ opted_in:bool == (age:int > 3)
opted_in < true ⇒ opted_in:bool < true
"a" < "b" ⇒ true
2 > 1.5 ⇒ true
true ⇒ true
# constants become what the other side is
ltv > 500 ⇒ ltv:double > 500.0
500 <= ltv ⇒ ltv:double >= 500.0
points == 3 ⇒ points:uint == 3u
3u == points ⇒ points:uint == 3u
ltv > 3u ⇒ ltv:double > 3.0
age > 2.5 ⇒ age:int > 2.5
age > 3u ⇒ age:int > 3u
points > 2.5 ⇒ points:uint > 2.5
age > ltv ⇒ age:int > ltv:double
points < age ⇒ points:uint < age:int
ltv > 1 + 2 * 3 ⇒ ltv:double > 7.0
price == 1 ⇒ price:decimal == 1d
price == 1.10 ⇒ price:decimal == 1.10d
price > -1.10 ⇒ price:decimal > -1.10d
price < -(1.10) ⇒ price:decimal < -1.10d
price == 2u ⇒ price:decimal == 2d
price == cost ⇒ price:decimal == cost:decimal
price in [1.10, 2, -0.5] ⇒ price:decimal in [Decimal('1.10'), Decimal('2'), Decimal('-0.5')]
# arithmetic
age + visits > 3 ⇒ +(age:int, visits:int):int > 3
ltv * 2 > 10 ⇒ *(ltv:double, 2.0):double > 10.0
2 * ltv > 10 ⇒ *(2.0, ltv:double):double > 10.0
points - 1 > 0 ⇒ -(points:uint, 1u):uint > 0u
-age < -3 ⇒ negate(age:int):int < -3
-ltv < -(3.0) ⇒ negate(ltv:double):double < -3.0
-(-5) == age ⇒ age:int == 5
7 / -2 == age ⇒ age:int == -3
-7 % 3 == age ⇒ age:int == -1
1.0 / 0.0 > ltv ⇒ ltv:double < inf
"a" + "b" == country ⇒ country:string == "ab"
(age + 1) * 2 % 5 == 0 ⇒ %(*(+(age:int, 1):int, 2):int, 5):int == 0
# instants, days and durations
last_order_at > timestamp("2026-01-31T09:30:00+01:00") ⇒ last_order_at:timestamp > @2026-01-31T08:30:00Z
last_order_at > "2026-01-31T09:30:00Z" ⇒ last_order_at:timestamp > @2026-01-31T09:30:00Z
last_order_at > "2026-01-31" ⇒ last_order_at:timestamp > @2026-01-31T00:00:00Z
"2026-01-31" <= signup ⇒ signup:date >= 2026-01-31
signup == date("2026-01-31") ⇒ signup:date == 2026-01-31
now - last_order_at > days(90) ⇒ -(now, last_order_at:timestamp):duration > +7776000s
last_order_at > now - days(90) ⇒ last_order_at:timestamp > -(now, +7776000s):timestamp
days(1) + last_order_at < now ⇒ +(last_order_at:timestamp, +86400s):timestamp < now
last_order_at - created_at < hours(36) ⇒ -(last_order_at:timestamp, created_at:timestamp):duration < +129600s
session > minutes(90) ⇒ session:duration > +5400s
session * 2 > session + hours(1) ⇒ *(session:duration, 2):duration > +(session:duration, +3600s):duration
2 * session > duration("1h30m") ⇒ *(session:duration, 2):duration > +5400s
session - duration("-2.5s") > days(0) ⇒ -(session:duration, +-2.5s):duration > +0s
days(30) + hours(2) < session ⇒ session:duration > +2599200s
signup + days(7) > "2026-01-31" ⇒ +(signup:date, +604800s):date > 2026-01-31
days(7 * 4) + signup > "2026-01-31" ⇒ +(signup:date, +2419200s):date > 2026-01-31
signup - days(7) == date("2026-02-28") + days(1) ⇒ -(signup:date, +604800s):date == 2026-03-01
timestamp(last_order_at) > now ⇒ last_order_at:timestamp > now
# lists
country in ["DE", "AT", "DE"] ⇒ country:string in ['DE', 'AT']
country in [] ⇒ country:string in []
age in [1, 2.0, 2.5] ⇒ age:int in [1, 2]
points in [1, 2u] ⇒ points:uint in [1, 2]
ltv in [1, 2.5] ⇒ ltv:double in [1.0, 2.5]
ltv in [1, 3u] ⇒ ltv:double in [1.0, 3.0]
signup in ["2026-01-31", date("2026-02-01")] ⇒ signup:date in [20484, 20485]
country in list("eu") ⇒ country:string in eu['DE', 'AT']
age in list("cohorts") ⇒ age:int in cohorts[1, 2, 3]
ltv in list("cohorts") ⇒ ltv:double in cohorts[1.0, 2.0, 3.0]
"DE" in ["DE"] ⇒ true
1 in [2.0, 1.0] ⇒ true
age in [9007199254740992, 9007199254740992.0] ⇒ age:int in [9007199254740992, 9007199254740992.0]
age in [18446744073709551615u] ⇒ age:int in []
opted_in in [true] ⇒ opted_in:bool in [True]
country.lowerAscii() in ["de"] ⇒ lowerAscii(country:string):string in ['de']
# null and truth
age == null ⇒ is_null(age:int)
null != age ⇒ not(is_null(age:int))
has(address.city) ⇒ not(is_null(address.city:string))
has(age) ⇒ not(is_null(age:int))
address.geo == null ⇒ is_null(address.geo:struct)
tags != null ⇒ not(is_null(tags:list(string)))
coalesce(age, 0) > 3 ⇒ coalesce(age:int, 0):int > 3
coalesce(ltv, 0) > 3 ⇒ coalesce(ltv:double, 0.0):double > 3.0
coalesce(age, visits, points > 3u ? 1 : 2) > 3 ⇒ coalesce(age:int, visits:int, if(points:uint > 3u, 1, 2):int):int > 3
coalesce(last_order_at, "2026-01-31") < now ⇒ coalesce(last_order_at:timestamp, @2026-01-31T00:00:00Z):timestamp < now
coalesce(opted_in, false) ⇒ coalesce(opted_in:bool, false):bool
isTrue(age > 3) && isKnown(segment("vip")) ⇒ and(is_true(age:int > 3), is_known(segment(vip)))
!(age > 3) || !opted_in ⇒ or(not(age:int > 3), not(opted_in:bool))
age > 3 && (ltv > 3 && opted_in) ⇒ and(age:int > 3, ltv:double > 3.0, opted_in:bool)
(true ? age > 3 && opted_in : opted_in) && age < 9 ⇒ and(age:int > 3, opted_in:bool, age:int < 9)
opted_in ? age > 3 : ltv > 3 ⇒ if(opted_in:bool, age:int > 3, ltv:double > 3.0):bool
(opted_in ? ltv : 0) > 3 ⇒ if(opted_in:bool, ltv:double, 0.0):double > 3.0
(opted_in ? 1 : 2.5) > ltv ⇒ if(opted_in:bool, 1.0, 2.5):double > ltv:double
price > (age > 3 ? 1.5 : 2) ⇒ price:decimal > if(age:int > 3, 1.5d, 2d):decimal
ltv + (opted_in ? 1 : 2) > 3 ⇒ +(ltv:double, if(opted_in:bool, 1.0, 2.0):double):double > 3.0
(opted_in ? (age > 3 ? 1 : 2) : ltv) > 3 ⇒ if(opted_in:bool, if(age:int > 3, 1.0, 2.0):double, ltv:double):double > 3.0
(opted_in ? "2026-01-31" : "2026-02-01") < signup ⇒ if(opted_in:bool, 2026-01-31, 2026-02-01):date < signup:date
(age > 3 ? "a" : country) == city ⇒ if(age:int > 3, "a", country:string):string == city:string
segment("vip") && !segment("lapsed") ⇒ and(segment(vip), not(segment(lapsed)))
segment("vip") == true ⇒ segment(vip) == true
# strings and structs
country.startsWith("D") || country.endsWith("E") || country.contains("x")
    ⇒ or(startsWith(country:string, "D"), endsWith(country:string, "E"), contains(country:string, "x"))
country.matches("^[A-Z]{2}$") ⇒ matches(country:string, "^[A-Z]{2}$")
size(country) == 2 ⇒ size(country:string):int == 2
country.size() == 2 ⇒ size(country:string):int == 2
country.lowerAscii() == "de" ⇒ lowerAscii(country:string):string == "de"
"ABC".lowerAscii().contains("b") ⇒ true
"abc".matches("b.$") ⇒ true
size("héé") == 3 ⇒ true
address.city.startsWith("B") ⇒ startsWith(address.city:string, "B")
address.geo.lat > 52 ⇒ address.geo.lat:double > 52.0
# what is known before any customer is
math.bitShiftRight(-8, 1) == age ⇒ age:int == 9223372036854775804
points == math.abs(3u) ⇒ points:uint == 3u
timestamp("2026-01-31T23:30:00Z").getHours("Europe/Berlin") == age ⇒ age:int == 0
startOfDay(timestamp("2026-01-31T23:30:00Z"), "Europe/Berlin") < last_order_at
    ⇒ last_order_at:timestamp > @2026-01-31T23:00:00Z
date(timestamp("2026-01-31T23:30:00Z"), "Europe/Berlin") == signup ⇒ signup:date == 2026-02-01
country.split(",") == city.split("-") ⇒ split(country:string, ","):list(string) == split(city:string, "-"):list(string)
["a", "b"] == ["a", "b"] ⇒ true
["a"] != ["a", "b"] ⇒ true
["a", "b"] == country.split(",") ⇒ split(country:string, ","):list(string) == ('a', 'b')
[] == country.split(",") ⇒ split(country:string, ","):list(string) == ()
ltv == 2.5 - 1.0 ⇒ ltv:double == 1.5
size([1, 2]) == age ⇒ age:int == 2
["a", "b"][1] == country ⇒ country:string == "b"
[].join() == country ⇒ country:string == ""
math.greatest(1, 2.5) < ltv ⇒ ltv:double > 2.5
math.least(1, 2u) == age ⇒ age:int == 1u
[country] == country.split(",") ⇒ [country:string]:list(string) == split(country:string, ","):list(string)
country.split(",")[age] == "x" ⇒ [](split(country:string, ","):list(string), age:int):string == "x"
country in city.split(",") ⇒ in(country:string, split(city:string, ","):list(string))
math.least(-1, 2u) == age ⇒ age:int == -1
math.greatest(-1, 2u) == age ⇒ age:int == 2u
!opted_in == true ⇒ not(opted_in:bool) == true
"""


def examples() -> list[tuple[str, str]]:
    """Return (rule, typed form) of every line; a long one goes on in the next line."""
    lines = [line for line in TABLE.replace("\n    ⇒", " ⇒").splitlines() if line and not line.startswith("#")]
    return [(rule, typed) for rule, _, typed in (line.partition(" ⇒ ") for line in lines)]


@pytest.mark.parametrize(("rule", "typed"), examples(), ids=[rule for rule, _ in examples()])
def test_a_rule_means(rule: str, typed: str) -> None:
    assert typed_text(check(parse(rule), SCOPE, rule)) == typed


def test_nodes_keep_the_place_of_their_text() -> None:
    rule = '  5 < age && country == "DE"'
    predicate = check(parse(rule), SCOPE, rule)
    assert isinstance(predicate, nodes.And)
    spans = [rule[slice(*operand.span)] for operand in predicate.operands]
    assert spans == ["5 < age", 'country == "DE"']


def test_equal_rules_have_equal_forms_wherever_they_stand() -> None:
    one, other = "age > 3 && ltv > 500", "  3 < age\n&&  (ltv > 500.0)"
    assert check(parse(one), SCOPE, one) == check(parse(other), SCOPE, other)


def test_without_the_text_messages_quote_the_printed_rule() -> None:
    with pytest.raises(RulesetError) as caught:
        check(parse("age  >=  '18'"), SCOPE)
    assert str(caught.value) == (
        'cannot compare `age` (int) with the string `"18"`\n  = fix: drop the quotes: `age >= 18`'
    )


def test_every_problem_of_a_rule_is_told_once_in_the_order_of_the_text() -> None:
    rule = "(agee > 3 || ltv) && country == 5 && !(agee + 1 > 2)"
    with pytest.raises(RulesetError) as caught:
        check(parse(rule), SCOPE, rule)
    assert [problem.message for problem in caught.value.problems] == [
        "unknown name `agee`",
        "`||` needs true or false on both sides; `ltv` is a double",
        "cannot compare `country` (string) with the int `5`",
        "unknown name `agee`",
    ]
