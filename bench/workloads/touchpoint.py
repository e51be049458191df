"""One customer at a touchpoint: 42 attributes, and rules whose selectivity is known.

plain      conjunctions of 4 to 8 conditions, each met by 30 to 80 % of the customers: about 1 % of the rules match
selective  the same, one of the conditions met by 1 %
nested     an AND of ORs, of negated ANDs, of choices and of plain conditions: 4 to 8 conditions as well
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from random import Random

import numpy as np
import pyarrow as pa

from bench.workloads.bases import NOW
from bench.workloads.graded import Graded, amount, count, flag, recency, share, word
from bench.workloads.rules import names_of_segments

_AMOUNTS = (
    "ltv basket_average spend_30d spend_90d spend_365d refund_sum margin shipping_paid discount_sum wallet_balance "
    "gift_card_balance session_minutes"
)
_SHARES = "churn_risk open_rate click_rate return_rate price_affinity"
_COUNTS = (
    "loyalty_points page_views app_seconds emails_opened searches kilometres items_bought items_seen days_as_customer"
)
_RECENCIES = "last_order_at last_visit_at last_email_at cart_updated_at"
_WORDS = "country language category last_category brand campaign store browser interest supplier"

TOUCHPOINT: tuple[Graded, ...] = (
    *(amount(name, 80.0 + 40.0 * place) for place, name in enumerate(_AMOUNTS.split())),
    *(share(name) for name in _SHARES.split()),
    *(
        count(name, 600.0 + 100.0 * place, pa.int64() if place % 2 else pa.int32())
        for place, name in enumerate(_COUNTS.split())
    ),
    *(recency(name, 500.0, int(NOW.timestamp())) for name in _RECENCIES.split()),
    *(word(name, tuple(f"{name}-{place:02d}" for place in range(50))) for name in _WORDS.split()),
    word("city", tuple(f"city-{place:04d}" for place in range(1_500))),
    flag("email_opt_in", 0.4),
)

Value = float | int | str | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Customers:
    """The same customers twice.

    table     as Arrow
    profiles  as mappings of all attributes, those without a value being None
    """

    table: pa.Table
    profiles: tuple[Mapping[str, Value], ...]

    def first(self, rows: int) -> "Customers":
        """Return the first customers."""
        return Customers(self.table.slice(0, rows), self.profiles[:rows])


@lru_cache(maxsize=4)
def touchpoint_customers(rows: int, nulls: float = 0.02, seed: int = 0) -> Customers:
    """Return so many customers; no two are the same."""
    generator = np.random.default_rng(seed)
    table = pa.table({each.name: each.column(generator, rows, nulls) for each in TOUCHPOINT})
    return Customers(table, tuple(table.to_pylist()))


def plain(number: int, seed: int = 1) -> dict[str, str]:
    """Return so many conjunctions, none of whose conditions is selective."""
    return _rules("plain", number, seed, lambda random: " && ".join(_wide(random, random.randrange(4, 9))))


def selective(number: int, seed: int = 1) -> dict[str, str]:
    """Return so many conjunctions, each with one condition that 1 % of the customers meet."""
    return _rules("selective", number, seed, _selective)


def nested(number: int, seed: int = 1) -> dict[str, str]:
    """Return so many rules of ORs below ANDs, negations and choices."""
    return _rules("nested", number, seed, _nested)


TOUCHPOINT_RULES: dict[str, Callable[[int], dict[str, str]]] = {
    "plain": plain,
    "selective": selective,
    "nested": nested,
}


def _rules(kind: str, number: int, seed: int, rule: Callable[[Random], str]) -> dict[str, str]:
    random = Random(f"{kind}/{seed}/{number}")
    return {name: rule(random) for name in names_of_segments(number)}


def _wide(random: Random, number: int) -> list[str]:
    """Return conditions on so many different attributes, each met by 30 to 80 %: 41 % on average."""
    return [each.wide(random, _share(random)) for each in random.sample(TOUCHPOINT, number)]


def _share(random: Random) -> float:
    return 0.3 + 0.5 * random.betavariate(1.0, 3.6)


def _selective(random: Random) -> str:
    chosen = random.sample(TOUCHPOINT, random.randrange(4, 9))
    place = next(place for place, each in enumerate(chosen) if each.narrow is not None)
    conditions = [each.wide(random, _share(random)) for each in chosen]
    narrow = chosen[place].narrow
    assert narrow is not None
    conditions[place] = narrow(random)
    return " && ".join(conditions)


def _nested(random: Random) -> str:
    """Return an AND of about three parts, of 4 to 8 conditions in all; a quarter of the customers meets each part."""
    attributes = random.sample(TOUCHPOINT, random.randrange(4, 9))

    def conditions(*shares: float) -> list[str]:
        return [f"({attributes.pop().wide(random, each * random.uniform(0.8, 1.1))})" for each in shares]

    parts: list[str] = []
    while attributes:
        match random.randrange(5), len(attributes):
            case 0, number if number >= 3:
                asked, yes, no = conditions(0.5, 0.25, 0.25)
                parts.append(f"({asked} ? {yes} : {no})")
            case 1, number if number >= 3:
                one, other, excluded = conditions(0.4, 0.4, 0.9)
                parts.append(f"({one} && {other} || !{excluded})")
            case 2, number if number >= 2:
                one, other = conditions(0.95, 0.95)
                parts.append(f"!({one} && {other})")
            case 3, number if number >= 2:
                one, other = conditions(0.14, 0.14)
                parts.append(f"({one} || {other})")
            case _:
                parts += conditions(0.33)
    return " && ".join(parts)
