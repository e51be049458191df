"""Two bases of customers.

mixed   44 attributes of every type that rules can name
plain   43 attributes of five types only (doubles, 32-bit counts, 64-bit instants, Booleans, dictionaries): what
        every engine is at home with, so that nobody can say that rivals lost on exotic types
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
import pyarrow as pa

from bench.workloads.attributes import (
    Attribute,
    amount,
    category,
    day,
    flag,
    instant,
    money,
    number,
    share,
    text,
    unix_seconds,
)
from bench.workloads.texts import Text

NOW = datetime(2026, 1, 1, tzinfo=UTC)  # the instant of every run: results may not depend on the day of measurement
_NOW = int(NOW.timestamp())

COUNTRIES = tuple("AR AT AU BE BR CA CH CN DE DK EG ES FI FR GB GR IN IT JP KE MX NG NL NO PL PT SE TR US ZA".split())
LANGUAGES = tuple("ar bg ca cs da de el en es et fi fr he hi hr hu it ja ko nl no pl pt ro ru sk sv tr uk zh".split())
TIERS = ("bronze", "silver", "gold", "platinum")
DEVICES = ("phone", "tablet", "desktop", "television")
CHANNELS = ("email", "sms", "push", "web", "call")
DEPARTMENTS = ("shoes", "coats", "toys", "books", "garden", "kitchen", "audio", "sports", "beauty", "food")
LINES = ("women", "men", "kids", "home", "sale")
CATEGORIES = tuple(f"{department}/{line}" for department in DEPARTMENTS for line in LINES)
CITIES = tuple(f"city-{i:04d}" for i in range(2_000))
SEASONS = ("spring", "summer", "autumn", "winter", "flash", "partner")

_DOUBLE, _FLOAT, _INT32, _INT16, _UINT16 = pa.float64(), pa.float32(), pa.int32(), pa.int16(), pa.uint16()

MIXED = (
    amount("ltv", 200.0, type=_DOUBLE, nulls=0.05, weight=3),
    amount("basket_average", 200.0, type=_DOUBLE, nulls=0.05, weight=3),
    amount("spend_90d", 200.0, type=_DOUBLE, nulls=0.05, weight=2),
    amount("spend_365d", 200.0, type=_DOUBLE, nulls=0.05, weight=2),
    amount("refund_sum", 200.0, type=_DOUBLE, nulls=0.05, weight=1),
    amount("margin", 200.0, type=_DOUBLE, nulls=0.05, weight=1),
    amount("session_minutes", 200.0, type=_FLOAT, nulls=0.05, weight=1),
    share("churn_risk", nulls=0.05, weight=2),
    share("open_rate", nulls=0.05, weight=2),
    money("wallet_balance", 200, nulls=0.05, weight=1),
    money("gift_card_balance", 200, nulls=0.05, weight=1),
    number("orders", 4.0, type=_INT32, nulls=0.02, weight=3),
    number("visits_30d", 4.0, type=_INT32, nulls=0.02, weight=2),
    number("emails_opened_90d", 4.0, type=_INT32, nulls=0.02, weight=2),
    number("items_in_cart", 4.0, type=_INT32, nulls=0.02, weight=2),
    number("wishlist_items", 4.0, type=_INT32, nulls=0.02, weight=1),
    number("returns", 4.0, type=_INT16, nulls=0.02, weight=1),
    number("support_tickets", 4.0, type=_INT16, nulls=0.02, weight=1),
    number("store_visits", 4.0, type=_INT16, nulls=0.02, weight=1),
    number("age", 42.0, type=_INT16, nulls=0.2, weight=2),
    number("vouchers", 4.0, type=_UINT16, nulls=0.02, weight=1),
    number("referrals", 4.0, type=_UINT16, nulls=0.02, weight=1),
    instant("last_order_at", _NOW, 365, unit="us", nulls=0.1, weight=4),
    instant("last_visit_at", _NOW, 90, unit="us", nulls=0.1, weight=2),
    instant("last_email_at", _NOW, 90, unit="us", nulls=0.1, weight=2),
    instant("last_push_at", _NOW, 90, unit="ms", nulls=0.1, weight=1),
    instant("cart_updated_at", _NOW, 60, unit="ms", nulls=0.1, weight=1),
    unix_seconds("first_seen", 1_700_000_000, 1_760_000_000, nulls=0.1, weight=1),
    unix_seconds("consent_given", 1_700_000_000, 1_760_000_000, nulls=0.1, weight=1),
    day("signup_date", 16_436, 20_454, nulls=0.05, weight=2),
    day("contract_end", 19_723, 21_184, nulls=0.3, weight=1),
    flag("email_opt_in", 0.6, nulls=0.05, weight=2),
    flag("sms_opt_in", 0.3, nulls=0.05, weight=1),
    flag("has_app", 0.4, nulls=0.0, weight=1),
    flag("newsletter", 0.3, nulls=0.0, weight=1),
    flag("blocked", 0.02, nulls=0.0, weight=1),
    category("tier", TIERS, nulls=0.03, weight=2),
    category("device", DEVICES, nulls=0.03, weight=1),
    category("country", COUNTRIES, nulls=0.03, weight=3),
    category("language", LANGUAGES, nulls=0.03, weight=1),
    category("favourite_category", CATEGORIES, nulls=0.03, weight=2),
    category("last_category", CATEGORIES, nulls=0.03, weight=2),
    category("city", CITIES, nulls=0.03, weight=1),
    text("campaign", SEASONS, 500, nulls=0.03, weight=1),
)

_AMOUNTS = (
    "ltv basket_average spend_30d spend_90d spend_365d refund_sum margin shipping_paid discount_sum wallet_balance "
    "gift_card_balance session_minutes"
).split()
_NUMBERS = (
    "orders visits_30d emails_opened_90d items_in_cart wishlist_items returns support_tickets store_visits vouchers "
    "referrals reviews logins_7d"
).split()
_INSTANTS = "last_order last_visit last_email last_push cart_updated first_seen".split()
_FLAGS = "email_opt_in sms_opt_in has_app newsletter blocked".split()

# The weights ask about amounts 30 % of the time, numbers 25 %, instants 15 %, flags 8 %, categories 22 %.
PLAIN = (
    *(amount(name, 200.0, type=_DOUBLE, nulls=0.05, weight=30 / 12) for name in _AMOUNTS),
    *(number(name, 4.0, type=_INT32, nulls=0.02, weight=25 / 12) for name in _NUMBERS),
    *(unix_seconds(name, 1_700_000_000, 1_760_000_000, nulls=0.1, weight=15 / 6) for name in _INSTANTS),
    *(flag(name, 0.3, nulls=0.0, weight=8 / 5) for name in _FLAGS),
    category("country", COUNTRIES, nulls=0.03, weight=22 / 8),
    category("tier", TIERS, nulls=0.03, weight=22 / 8),
    category("channel", CHANNELS, nulls=0.03, weight=22 / 8),
    category("city", CITIES, nulls=0.03, weight=22 / 8),
    category("first_category", CATEGORIES, nulls=0.03, weight=22 / 8),
    category("last_category", CATEGORIES, nulls=0.03, weight=22 / 8),
    category("favourite_category", CATEGORIES, nulls=0.03, weight=22 / 8),
    category("wished_category", CATEGORIES, nulls=0.03, weight=22 / 8),
)

SHAPES = {"plain": PLAIN, "mixed": MIXED}


@lru_cache(maxsize=2)
def base(shape: str, rows: int) -> pa.Table:
    """Return the customers of a shape, drawn once a process: every benchmark asks for the same ones."""
    return customers(rows, 0, SHAPES[shape])


def customers(rows: int, seed: int = 0, attributes: Sequence[Attribute | Text] = MIXED) -> pa.Table:
    """Return a base of so many customers: `customer_id`, then one column an attribute, each in one chunk."""
    columns = {"customer_id": pa.array(np.arange(rows, dtype=np.int64))}
    for index, attribute in enumerate(attributes):
        columns[attribute.name] = attribute.column(np.random.default_rng((seed, index)), rows)
    return pa.table(columns)
