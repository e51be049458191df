"""A synthetic customer base: seeded, in a few seconds, and shaped like the real thing.

What correlates in life correlates here: tiers follow spending, recency follows frequency, opens follow opt-ins, the
young use the app, returns follow orders, and what nobody ever asked about is null.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fasttwitch.demo import places

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)

Numbers: TypeAlias = NDArray[Any]
Truths: TypeAlias = NDArray[np.bool_]

_DAY = 86_400_000_000  # microseconds
_NOW = int(NOW.timestamp()) * 1_000_000
_TODAY = _NOW // _DAY
_CATEGORIES = ("fashion", "home", "sports", "beauty", "electronics", "books", "toys", "garden")
_TIERS = ("bronze", "silver", "gold", "platinum")


def customers(rows: int, seed: int = 7) -> pa.Table:
    """Return a table of `rows` customers with 45 attributes; the same rows and seed give the same table."""
    draw = np.random.default_rng(seed)
    columns: dict[str, pa.Array] = {"customer_id": _ids(rows)}
    age = _people(draw, rows, columns)
    orders, recency = _orders(draw, rows, columns)
    _value(draw, rows, columns, orders)
    _visits(draw, rows, columns, age, recency)
    _consent(draw, rows, columns, age)
    _engagement(draw, rows, columns)
    _taste(draw, rows, columns, orders)
    _mood(draw, rows, columns, orders, recency)
    return pa.table(columns)


def _people(draw: np.random.Generator, rows: int, columns: dict[str, pa.Array]) -> Numbers:
    """Add who people are, and return their true ages, told or not."""
    country = draw.choice(len(places.COUNTRIES), rows, p=places.COUNTRY_SHARES).astype(np.int32)
    city = country * places.CITIES_EACH + draw.choice(places.CITIES_EACH, rows, p=places.CITY_SHARES).astype(np.int32)
    columns["country"] = _words(country, places.COUNTRIES, draw.random(rows) < 0.004)
    columns["city"] = _words(city, places.CITIES, draw.random(rows) < 0.07)
    foreign = draw.random(rows) < 0.08
    language = np.where(foreign, places.LANGUAGES.index("en"), places.LANGUAGE_OF_COUNTRY[country]).astype(np.int32)
    columns["language"] = _words(language, places.LANGUAGES)
    days_lived = (draw.gamma(5.5, 7.2, rows).clip(0, 78) * 365.25 + 16 * 365.25).astype(np.int32)
    age = (days_lived / 365.25).astype(np.int16)
    silent = draw.random(rows) < 0.23  # never told their birthday
    columns["birthday"] = pa.array((_TODAY - days_lived).astype(np.int32), pa.date32(), mask=silent)
    columns["age"] = pa.array(age, mask=silent)
    to_birthday = (365 - days_lived % 365.25).astype(np.int16)
    columns["days_to_birthday"] = pa.array(to_birthday, mask=silent)
    member_days = (draw.beta(1.1, 1.9, rows) * 3_600).astype(np.int32)
    columns["signup_date"] = pa.array((_TODAY - member_days).astype(np.int32), pa.date32())
    columns["days_since_signup"] = pa.array(member_days)
    channel = draw.choice(5, rows, p=(0.38, 0.27, 0.19, 0.1, 0.06)).astype(np.int32)
    columns["signup_channel"] = _words(channel, ("web", "store", "app", "marketplace", "referral"))
    return age


def _orders(draw: np.random.Generator, rows: int, columns: dict[str, pa.Array]) -> tuple[Numbers, Numbers]:
    """Add what people ordered, and return the orders of twelve months and the days since the last order."""
    rate = draw.gamma(0.55, 3.4, rows)  # orders a year: few people order often
    orders = draw.poisson(rate).astype(np.int16)
    earlier = draw.poisson(rate * 1.7).astype(np.int32)
    total = earlier + orders
    # Somebody with many orders ordered lately; somebody with none in twelve months did so before, or never.
    recency = np.where(orders > 0, draw.random(rows) ** (1 + orders / 2) * 365, 365 + draw.exponential(420, rows))
    recency = recency.clip(0.02, 3_400)
    never = total == 0
    columns["orders_total"] = pa.array(total)
    columns["orders_12m"] = pa.array(orders)
    columns["returns_12m"] = pa.array(draw.binomial(orders, 0.16).astype(np.int16))
    at = _NOW - (recency * _DAY).astype(np.int64)
    columns["last_order_at"] = pa.array(at, pa.timestamp("us", "UTC"), mask=never)
    by_store = draw.random(rows) < 0.34
    columns["store_id"] = pa.array(draw.integers(100, 480, rows, dtype=np.int32), mask=~by_store)
    return orders, np.where(never, 3_400, recency)


def _value(draw: np.random.Generator, rows: int, columns: dict[str, pa.Array], orders: Numbers) -> None:
    """Add what people are worth."""
    total = columns["orders_total"].to_numpy()
    basket = draw.lognormal(3.9, 0.55, rows).round(2)
    columns["avg_basket"] = pa.array(basket, mask=total == 0)
    ltv = (basket * total * draw.normal(1.0, 0.06, rows).clip(0.7, 1.3)).round(2)
    columns["ltv"] = pa.array(ltv)
    columns["revenue_12m"] = _money(np.rint(basket * orders * 100).astype(np.int64))
    outsider = draw.random(rows) < 0.31
    tier = np.searchsorted((250.0, 900.0, 2_200.0), ltv * draw.lognormal(0, 0.12, rows)).astype(np.int32)
    columns["tier"] = _words(tier, _TIERS, outsider)
    points = (ltv * draw.uniform(0.4, 1.6, rows)).astype(np.uint32)
    columns["points"] = pa.array(points, mask=outsider)
    expiry = (_TODAY + draw.integers(1, 720, rows)).astype(np.int32)
    columns["points_expire_on"] = pa.array(expiry, pa.date32(), mask=outsider | (points == 0))
    columns["store_credit"] = _money(np.rint(draw.exponential(1_400, rows)).astype(np.int64), draw.random(rows) < 0.93)


def _visits(draw: np.random.Generator, rows: int, columns: dict[str, pa.Array], age: Numbers, recency: Numbers) -> None:
    """Add how people come by, and what they left in the cart."""
    on_app = draw.random(rows) < 1 / (1 + np.exp((age - 34.0) / 9))
    phone = draw.choice(2, rows, p=(0.42, 0.58)).astype(np.int32)  # ios, android
    device = np.where(on_app, phone, draw.choice(3, rows, p=(0.12, 0.18, 0.7))).astype(np.int32)
    columns["device"] = _words(device, ("ios", "android", "desktop"), draw.random(rows) < 0.11)
    liked = np.where(on_app, 1, draw.choice(4, rows, p=(0.52, 0.06, 0.27, 0.15))).astype(np.int32)
    columns["preferred_channel"] = _words(liked, ("email", "app", "web", "store"))
    columns["has_app"] = pa.array(on_app)
    since = np.minimum(recency, draw.exponential(60, rows)).clip(0.001, 3_400)
    columns["last_visit_at"] = pa.array(
        _NOW // 1000 - (since * _DAY / 1000).astype(np.int64), pa.timestamp("ms", "UTC")
    )
    visits = draw.poisson(6 * np.exp(-since / 25)).astype(np.int16)
    columns["visits_30d"] = pa.array(np.where(since > 30, 0, np.maximum(visits, 1)).astype(np.int16))
    no_cart = (since > 20) | (draw.random(rows) < 0.72)
    columns["cart_value"] = pa.array(draw.lognormal(3.7, 0.7, rows).round(2), mask=no_cart)
    columns["cart_updated_at"] = pa.array(
        _NOW - (since * _DAY).astype(np.int64), pa.timestamp("us", "UTC"), mask=no_cart
    )


def _consent(draw: np.random.Generator, rows: int, columns: dict[str, pa.Array], age: Numbers) -> None:
    """Add what people allow; null where nobody asked."""
    email = draw.random(rows) < 0.64
    columns["email_opt_in"] = pa.array(email, mask=draw.random(rows) < 0.035)
    columns["email_bounced"] = pa.array(draw.random(rows) < 0.021, mask=draw.random(rows) < 0.05)
    columns["phone_opt_in"] = pa.array(draw.random(rows) < 0.11 + age / 600, mask=draw.random(rows) < 0.42)
    columns["push_opt_in"] = pa.array(draw.random(rows) < 0.57, mask=~columns["has_app"].to_numpy(zero_copy_only=False))
    columns["profiling_consent"] = pa.array(draw.random(rows) < 0.71, mask=draw.random(rows) < 0.18)
    columns["deletion_requested"] = pa.array(draw.random(rows) < 0.0017)


def _engagement(draw: np.random.Generator, rows: int, columns: dict[str, pa.Array]) -> None:
    """Add what was sent and what came of it."""
    allowed = pc.fill_null(columns["email_opt_in"], False).to_numpy(zero_copy_only=False)
    sent = np.where(allowed, draw.poisson(7.5, rows), 0).astype(np.uint8)
    keen = draw.beta(1.3, 3.2, rows)
    opened = draw.binomial(sent, keen).astype(np.uint8)
    columns["emails_30d"] = pa.array(sent)
    columns["opens_30d"] = pa.array(opened)
    columns["clicks_30d"] = pa.array(draw.binomial(opened, 0.22).astype(np.uint8))
    ago = draw.exponential(4 / (keen + 0.05), rows).clip(0.01, 900)
    columns["last_open_at"] = pa.array(
        _NOW - (ago * _DAY).astype(np.int64), pa.timestamp("us", "UTC"), mask=(opened == 0) & (ago < 30) | ~allowed
    )


def _taste(draw: np.random.Generator, rows: int, columns: dict[str, pa.Array], orders: Numbers) -> None:
    """Add what people like, as a model sees it, and what they bought last."""
    strongest = np.zeros(rows, np.float32)
    favourite = np.zeros(rows, np.int32)
    for number, category in enumerate(_CATEGORIES[:5]):
        affinity = draw.beta(1.4, 4.0, rows).astype(np.float32)
        favourite = np.where(affinity > strongest, number, favourite).astype(np.int32)
        strongest = np.maximum(strongest, affinity)
        columns[f"affinity_{category}"] = pa.array(affinity, mask=(orders == 0) & (draw.random(rows) < 0.5))
    columns["favourite_category"] = _words(favourite, _CATEGORIES, draw.random(rows) < 0.2)
    wandered = draw.random(rows) < 0.55
    last = np.where(wandered, draw.integers(0, len(_CATEGORIES), rows), favourite).astype(np.int32)
    columns["last_category"] = _words(last, _CATEGORIES, columns["orders_total"].to_numpy() == 0)


def _mood(
    draw: np.random.Generator, rows: int, columns: dict[str, pa.Array], orders: Numbers, recency: Numbers
) -> None:
    """Add how people feel about us, as far as anybody knows."""
    complaints = draw.poisson(0.02 + 0.015 * orders).astype(np.uint8)
    columns["complaints_12m"] = pa.array(complaints)
    nps = (draw.normal(7.9, 2.1, rows) - 2.5 * complaints).clip(0, 10).astype(np.int8)
    columns["nps"] = pa.array(nps, mask=draw.random(rows) < 0.86)
    strain = recency / 160 - orders * 0.45 + complaints * 0.8 + draw.normal(0, 0.7, rows) - 0.6
    columns["churn_score"] = pa.array((1 / (1 + np.exp(-strain))).astype(np.float32), mask=recency >= 3_400)


def _ids(rows: int) -> pa.Array:
    """Return C0000001 and so on."""
    numbers = pc.utf8_lpad(pa.array(np.arange(1, rows + 1)).cast(pa.string()), width=7, padding="0")
    return pc.binary_join_element_wise("C", numbers, "")


def _words(codes: Numbers, words: tuple[str, ...], absent: Truths | None = None) -> pa.Array:
    """Return a dictionary column."""
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=absent), pa.array(words))


def _money(cents: Numbers, absent: Truths | None = None) -> pa.Array:
    """Return decimal(12, 2) of amounts in cents, none of them negative: Arrow stores 16 bytes, low word first."""
    pairs = np.zeros((cents.size, 2), np.int64)
    pairs[:, 0] = cents
    validity = None if absent is None else pa.array(~absent).buffers()[1]
    return pa.Array.from_buffers(pa.decimal128(12, 2), cents.size, [validity, pa.py_buffer(pairs)])


def describe(table: pa.Table) -> Mapping[str, int]:
    """Return how many columns of the table have each kind of type."""
    kinds: dict[str, int] = {}
    for column in table.schema:
        kind = str(column.type).split("[")[0].split("<")[0].split("(")[0]
        kinds[kind] = kinds.get(kind, 0) + 1
    return kinds
