"""Results of tests as JUnit XML, which build servers read."""

import platform
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from fasttwitch.errors import OutputError, RulesetError
from fasttwitch.explanation.annotation import annotated
from fasttwitch.jobs.rule_tests import TestReport, TestResult
from fasttwitch.whole_file import reason_of

_WIDTH = 98  # of rules
# Characters that no XML document can hold, escaped or not.
_FOREIGN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_results(path: Path, report: TestReport) -> None:
    """Write a report with one test case for each test; raises OutputError."""
    cases = []
    for one in report.results:
        case = _case(report.file, one.title, report.seconds / len(report.results))
        if one.failures:
            words = "; ".join(failure.sentence for failure in one.failures)
            failure = ElementTree.SubElement(case, "failure", {"message": _clean(words)})
            failure.text = _clean(f"{report.file}:{one.line}\n\n" + "\n".join(_lines(one)))
        cases.append(case)
    _write(path, report.file, cases, report.failed, 0, report.seconds)


def write_problems(path: Path, file: str, error: RulesetError) -> None:
    """Write a report that says why no test could be run; raises OutputError."""
    case = _case(file, "the ruleset", 0.0)
    told = ElementTree.SubElement(case, "error", {"message": _clean(error.problems[0].message)})
    told.text = _clean(str(error))
    _write(path, file, [case], 0, 1, 0.0)


def _lines(result: TestResult) -> list[str]:
    lines = []
    for failure in result.failures:
        lines += [failure.sentence, ""]
        for number, rule in enumerate(failure.rules):
            lines += [f"{rule.segment}:"] if number else []
            lines += [f"  {line.text}" for line in annotated(rule, _WIDTH)] + [""]
        lines += [f"{name} = {value}" for name, value in failure.values.items()] + [""]
    return lines


def _case(file: str, name: str, seconds: float) -> ElementTree.Element:
    return ElementTree.Element(
        "testcase", {"classname": _clean(Path(file).stem), "name": _clean(name), "time": f"{seconds:.3f}"}
    )


def _write(
    path: Path, file: str, cases: Sequence[ElementTree.Element], failures: int, errors: int, seconds: float
) -> None:
    suites = ElementTree.Element("testsuites", {"name": "fasttwitch test"})
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        {
            "name": _clean(Path(file).name),
            "errors": str(errors),
            "failures": str(failures),
            "skipped": "0",
            "tests": str(len(cases)),
            "time": f"{seconds:.3f}",
            "timestamp": datetime.now().astimezone().isoformat(),
            "hostname": platform.node(),
        },
    )
    suite.extend(cases)
    ElementTree.indent(suites)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        ElementTree.ElementTree(suites).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        reason = reason_of(error.strerror or str(error))
        raise OutputError(f"cannot write to {path}: {reason}", "choose a file you may write to") from error


def _clean(text: str) -> str:
    return _FOREIGN.sub("\N{REPLACEMENT CHARACTER}", text)
