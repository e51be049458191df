"""Other engines that say which rules one customer meets, each used as its own documentation recommends for speed.

All get the same rules over the same customers, translated to their advantage: constants of the attribute's own type,
instants as whole seconds, so that no rival reads a clock or a date. Customers are complete, because most rivals raise
an error or take null for 0 where a value is missing. Where a way that no documentation mentions is quicker, such as one
rule that is the list of all of them, it is measured too.
"""

from bench.rivals.point.datalogic_rules import datalogic
from bench.rivals.point.google_cel import google_cel
from bench.rivals.point.python_cel import python_cel
from bench.rivals.point.rule_engine_rules import rule_engine
from bench.rivals.point.rust_cel import rust_cel
from bench.rivals.point.ways import PointRival, Question, Way, question
from bench.rivals.point.zen_decisions import zen

POINT_RIVALS: dict[str, PointRival] = {
    "datalogic-py": datalogic,
    "zen-engine": zen,
    "CEL (Rust)": rust_cel,
    "CEL (Google's C++)": google_cel,
    "CEL (Python)": python_cel,
    "rule-engine": rule_engine,
}

__all__ = ["POINT_RIVALS", "PointRival", "Question", "Way", "question"]
