"""Customers and conditions for measuring the functions of the language: what people use of them, as often as they do.

All questions but those about versions and buckets have a counterpart in Polars and DuckDB. Left out is about what
engines disagree: half-way cases of rounding, text beyond ASCII, quotients of nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import pyarrow as pa

from bench.workloads.attributes import ROUND_AMOUNTS, Attribute, amount, category, day, flag, instant, money, number
from bench.workloads.bases import CATEGORIES, COUNTRIES, NOW, TIERS
from bench.workloads.texts import (
    FIRST_NAMES,
    MAIL_HOSTS,
    MEDIA,
    SOURCES,
    Text,
    families,
    mail,
    numbered,
    padded,
    path,
    phone,
    picked,
    postal_code,
    version,
)

_NOW = int(NOW.timestamp())
_AMOUNTS = ("ltv", "basket_average", "spend_90d", "spend_365d", "refund_sum")
_COUNTS = ("orders", "visits_30d", "returns")
_INSTANTS = ("last_order_at", "last_visit_at", "last_email_at")
_ZONE = '"Europe/Berlin"'

FUNCTION_COLUMNS: Sequence[Attribute | Text] = (
    *(amount(name, 200.0, type=pa.float64(), nulls=0.05, weight=1) for name in _AMOUNTS),
    *(number(name, 4.0, type=pa.int32(), nulls=0.02, weight=1) for name in _COUNTS),
    number("permissions", 100.0, type=pa.int64(), nulls=0.0, weight=1),
    money("wallet_balance", 200, nulls=0.05, weight=1),
    money("gift_card_balance", 200, nulls=0.05, weight=1),
    instant("last_order_at", _NOW, 365, unit="us", nulls=0.1, weight=1),
    instant("last_visit_at", _NOW, 90, unit="us", nulls=0.1, weight=1),
    instant("last_email_at", _NOW, 90, unit="ms", nulls=0.1, weight=1),
    day("birthday", -9_000, 13_000, nulls=0.2, weight=1),
    day("signup_date", 16_436, 20_454, nulls=0.05, weight=1),
    flag("email_opt_in", 0.6, nulls=0.05, weight=1),
    category("tier", TIERS, nulls=0.03, weight=1),
    category("country", COUNTRIES, nulls=0.03, weight=1),
    category("favourite_category", CATEGORIES, nulls=0.03, weight=1),
    numbered("member_number", "M-", nulls=0.01),
    mail("email", nulls=0.05),
    phone("phone", nulls=0.3),
    picked("first_name", FIRST_NAMES, nulls=0.03),
    picked("family_name", families(), nulls=0.03),
    padded("city", [f"City {i}" for i in range(2_000)], nulls=0.05),
    postal_code("postal_code", nulls=0.05),
    path("first_touch", nulls=0.1),
    version("app_version", nulls=0.3),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A kind of condition.

    kind       of functions
    weight     how often rules ask so, against the others
    condition  writes one
    """

    kind: str
    weight: float
    condition: Callable[[Random], str]


def _order(random: Random) -> str:
    return random.choice(("<", ">", "<=", ">="))


def _clock(random: Random, zone: str) -> str:
    at = random.choice(_INSTANTS)
    match random.randrange(5):
        case 0:
            return f"{at}.getHours({zone}) {random.choice(('<', '>='))} {random.randrange(5, 23)}"
        case 1:
            return f"{at}.getDayOfWeek({zone}) in {random.choice(('[0, 6]', '[5]', '[1, 2, 3]'))}"
        case 2:
            return f"{at}.getMonth({zone}) == {random.randrange(12)}"
        case 3:
            return f"{at}.getFullYear({zone}) {random.choice(('==', '>='))} {random.randrange(2023, 2026)}"
        case _:
            return f"{at}.getDate({zone}) <= {random.randrange(1, 29)}"


def _of_days(random: Random) -> str:
    name = random.choice(("birthday", "signup_date"))
    match random.randrange(3):
        case 0:
            return f"{name}.getMonth() == {random.randrange(12)}"
        case 1:
            return f"{name}.getDate() == {random.randrange(1, 29)}"
        case _:
            return f"{name}.getFullYear() {_order(random)} {random.randrange(1960, 2020)}"


def _calendar(random: Random) -> str:
    at, other = random.sample(_INSTANTS, 2)
    written = f"2025-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"
    match random.randrange(5):
        case 0:
            return f'date({at}) {_order(random)} date("{written}")'
        case 1:
            return f'date({at}, {_ZONE}) {random.choice(("==", ">="))} date("{written}")'
        case 2:
            return f"startOfDay({at}, {_ZONE}) == startOfDay({other}, {_ZONE})"
        case 3:
            return f"date({at}) == date({other})"
        case _:
            return f'startOfDay({at}, {_ZONE}) {_order(random)} timestamp("{written}T12:00:00Z")'


def _casts_of_text(random: Random) -> str:
    low = random.randrange(1, 90) * 1_000
    return f"int(postal_code) {_order(random)} {low}"


def _casts_of_numbers(random: Random) -> str:
    match random.randrange(5):
        case 0:
            return f'string(customer_id).endsWith("{random.randrange(100):02d}")'
        case 1:
            return f"int({random.choice(_AMOUNTS)}) == {random.choice(ROUND_AMOUNTS)}"
        case 2:
            return f"double({random.choice(_COUNTS)}) * 25.0 > {random.choice(_AMOUNTS)}"
        case 3:
            return f'string({random.choice(_COUNTS)}) == "{random.randrange(9)}"'
        case _:
            return f"int({random.choice(_INSTANTS)}) > {_NOW - 86_400 * random.randrange(1, 300)}"


def _one_text(random: Random) -> str:
    match random.randrange(9):
        case 0:
            return f'email.lowerAscii().endsWith("@{random.choice(MAIL_HOSTS)}")'
        case 1:
            return f'email.indexOf("@") > {random.randrange(8, 20)}'
        case 2:
            return f'phone.replace(" ", "").startsWith("+491{random.randrange(50, 80)}")'
        case 3:
            return f'first_touch.split("/")[0] == "{random.choice(SOURCES)}"'
        case 4:
            return f'first_touch.split("/")[1] in ["{random.choice(MEDIA)}", "none"]'
        case 5:
            return f'city.trim().upperAscii() == "CITY {random.randrange(2_000)}"'
        case 6:
            return f'postal_code.substring(0, 2) == "{random.randrange(10, 99)}"'
        case 7:
            return f"size(first_name) {_order(random)} {random.randrange(3, 7)}"
        case _:
            return f'favourite_category.split("/")[1] == "{random.choice(("men", "kids", "sale"))}"'


def _two_texts(random: Random) -> str:
    match random.randrange(5):
        case 0:
            return "email.lowerAscii().startsWith(first_name.lowerAscii())"
        case 1:
            return "email.contains(family_name)"
        case 2:
            return f'first_name + " " + family_name == "{random.choice(FIRST_NAMES)} {random.choice(families())}"'
        case 3:
            return f"size(first_name + family_name) > {random.randrange(9, 16)}"
        case _:
            return "first_name.lowerAscii() < family_name.lowerAscii()"


def _mathematics(random: Random) -> str:
    one, other = random.sample(_AMOUNTS, 2)
    bound = float(random.choice(ROUND_AMOUNTS))
    match random.randrange(8):
        case 0:
            return f"math.abs({one} - {other}) {_order(random)} {bound}"
        case 1:
            return f"math.greatest({one}, {other}) > {bound}"
        case 2:
            return f"math.least({one}, {other}) < {bound}"
        case 3:
            return f"math.round({one}) == {bound}"
        case 4:
            return f"math.sqrt({one}) > {random.randrange(5, 25)}.0"
        case 5:
            return f"math.bitAnd(permissions, {2 ** random.randrange(8)}) != 0"
        case 6:
            return f"orders > 0 && {one} / double(orders) > {bound / 4}"
        case _:
            return f"math.ceil({one} / {float(random.choice((10, 25, 50)))}) > {float(random.randrange(2, 9))}"


def _decimals(random: Random) -> str:
    name, other = random.sample(("wallet_balance", "gift_card_balance"), 2)
    match random.randrange(4):
        case 0:
            return f"{name} {_order(random)} {random.choice(_COUNTS)}"
        case 1:
            return f"{name} > {other}"
        case 2:
            return f"double({name}) + double({other}) > {float(random.choice(ROUND_AMOUNTS))}"
        case _:
            return f"double({name}) * 1.19 > {random.choice(_AMOUNTS)}"


def _stored(random: Random) -> str:
    """Write a condition without functions: rules have some of those between."""
    match random.randrange(4):
        case 0:
            return f"{random.choice(_AMOUNTS)} {_order(random)} {float(random.choice(ROUND_AMOUNTS))}"
        case 1:
            return f"{random.choice(_COUNTS)} {_order(random)} {random.randrange(1, 9)}"
        case 2:
            return f'country == "{random.choice(COUNTRIES)}"'
        case _:
            return "email_opt_in"


def _versions(random: Random) -> str:
    wanted = f"{random.randrange(1, 5)}.{random.randrange(15)}.{random.randrange(6)}"
    if random.random() < 0.2:
        return f"semver(app_version).major() == {random.randrange(1, 5)}"
    return f'semver(app_version) {_order(random)} "{wanted}"'


def _buckets(random: Random) -> str:
    name = random.choice(("customer_id", "customer_id", "member_number"))
    return f'bucket({name}, "experiment-{random.randrange(12)}", 100) < {random.choice((1, 5, 10, 20, 50))}'


STORED = Question("stored columns", 4, _stored)
SHARED = (
    Question("clocks in UTC", 2, lambda random: _clock(random, "")),
    Question("clocks in a zone", 3, lambda random: _clock(random, _ZONE)),
    Question("parts of dates", 1, _of_days),
    Question("calendar days", 2, _calendar),
    Question("casts of strings", 1, _casts_of_text),
    Question("casts of numbers", 2, _casts_of_numbers),
    Question("one string", 5, _one_text),
    Question("two strings", 1, _two_texts),
    Question("mathematics", 3, _mathematics),
    Question("decimals", 1, _decimals),
)
OWN = (Question("versions", 2, _versions), Question("buckets", 3, _buckets))

FUNCTIONS: Sequence[Question] = (STORED, *SHARED)
FUNCTIONS_AND_OWN: Sequence[Question] = (STORED, *SHARED, *OWN)


def alike(question: Question, count: int, seed: int = 1) -> dict[str, str]:
    """Return so many segments, each one condition of one kind, no two the same where that can be."""
    random = Random(f"{seed}/{question.kind}")
    rules: dict[str, None] = {}
    for _ in range(50 * count):
        rules.setdefault(question.condition(random))
        if len(rules) == count:
            break
    return {f"rule_{number}": rule for number, rule in enumerate(rules)}
