"""All rivals that answer about one customer: importing this needs them installed."""

from bench.rivals.point.datalogic_rules import datalogic
from bench.rivals.point.google_cel import google_cel
from bench.rivals.point.python_cel import python_cel
from bench.rivals.point.rule_engine_rules import rule_engine
from bench.rivals.point.rust_cel import rust_cel
from bench.rivals.point.ways import PointRival
from bench.rivals.point.zen_decisions import zen

POINT_RIVALS: dict[str, PointRival] = {
    "datalogic-py": datalogic,
    "zen-engine": zen,
    "CEL (Rust)": rust_cel,
    "CEL (Google's C++)": google_cel,
    "CEL (Python)": python_cel,
    "rule-engine": rule_engine,
}
