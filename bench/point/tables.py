"""Measurements of single customers as Markdown, and where in the README they go."""

from collections.abc import Iterable, Sequence

from bench.markdown import head, line, many, ratio_of
from bench.point.results import OURS, Against, Call, Kernel, PointResults

BEGIN = "<!-- one customer: written by `make bench` -->"
END = "<!-- end of one customer -->"

CODES = ("30 codes", "realistic codes")
NAMES_READ = f"{OURS}, names read"
DOCUMENTED = "datalogic-py: evaluate_many"  # what its documentation recommends for many rules

TITLES = {
    "datalogic-py": "datalogic-py",
    "zen-engine": "zen-engine",
    "common-expression-language": "CEL in Rust",
    "cel-expr-python": "CEL in C++",
    "cel-python": "CEL in Python",
    "rule-engine": "rule-engine",
}
PACKAGES = ("numpy", "numba", "pyarrow", *TITLES)


def with_point(readme: str, results: PointResults) -> str:
    """Return the README with the part about single customers renewed, if it has one."""
    if BEGIN not in readme:
        return readme
    before, rest = readme.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + "\n" + measured(results) + END + after


def measured(results: PointResults) -> str:
    """Return the part of the README that tells the figures of single customers."""
    return "\n".join(
        (
            "One customer with 42 attributes against all rules at once, from Python (microseconds):",
            "",
            *_call_table(results.calls),
            "",
            "The same rules asked of others, complete customers, the quickest way that each of them has (microseconds;",
            "in brackets how many times as long as fasttwitch):",
            "",
            *_rival_table(results.against),
            "",
            _ways(results.against),
            "",
            "In compiled code alone, from codes to the numbers of the rules that hold (microseconds: median / 99th",
            "percentile over 2,000 different customers; *least* is the time in which the bytes that must be read come",
            "from the memory that holds them):",
            "",
            *_kernel_table(results.kernels),
            "",
            _machine(results),
            "",
        )
    )


def _call_table(cases: Sequence[Call]) -> Iterable[str]:
    """Yield one line a call and kind of rules."""
    yield from head("rules", "that hold", "asked about", "median", "99th percentile", "goal")
    for case in cases:
        high = _time(case.high) if case.highs else "–"
        label = f"{many(case.rules)} {case.kind}"
        yield line(label, _percent(case.matching), case.what, f"**{_time(case.median)}**", high, _goal(case.goal))


def _rival_table(cases: Sequence[Against]) -> Iterable[str]:
    """Yield one line a rival, ourselves first, with a column for each number of rules and category."""
    yield from head("", *(f"{many(case.rules)} rules, {_category(case)}" for case in cases))
    yield line(OURS, *(f"**{_time(case.median(OURS))}**" for case in cases))
    for contender in (NAMES_READ, DOCUMENTED):
        if all(contender in case.microseconds for case in cases):
            yield line(contender, *(_against(case, contender) for case in cases))
    best = [case.best_ways() for case in cases]
    most_rules_first = sorted(cases, key=lambda case: -case.rules)
    for rival in dict.fromkeys(rival for case in most_rules_first for rival in case.best_ways()):
        cells = [_against(case, ways.get(rival)) for case, ways in zip(cases, best, strict=True)]
        yield line(rival, *cells)


def _ways(cases: Sequence[Against]) -> str:
    """Return the sentence that says which way was the quickest, with the most rules."""
    case = max(cases, key=lambda case: case.rules)
    return f"Quickest ways: {'; '.join(case.best_ways().values())}."


def _against(case: Against, contender: str | None) -> str:
    if contender is None:
        return "–"
    return f"{_time(case.median(contender))} ({ratio_of(case.times(contender))})"


def _category(case: Against) -> str:
    return {"prepared": "prepared customer", "mapping": "mapping or JSON"}[case.category]


def _kernel_table(cases: Sequence[Kernel]) -> Iterable[str]:
    """Yield one line a kind and number of rules, with columns for each setting of codes."""
    columns = ("least", "bytes a rule", "that hold")
    yield from head("rules", "goal", *(column for codes in CODES for column in (codes, *columns)))
    for rules, kind in dict.fromkeys((case.rules, case.kind) for case in cases):
        found = {case.codes: case for case in cases if (case.rules, case.kind) == (rules, kind)}
        goals = sorted({_goal(case.goal) for case in found.values()})
        cells = [cell for codes in CODES for cell in _kernel_cells(found.get(codes))]
        yield line(f"{many(rules)} {kind}", " / ".join(goals), *cells)


def _kernel_cells(case: Kernel | None) -> tuple[str, ...]:
    if case is None:
        return ("–",) * 4
    return (
        f"**{_time(case.median)}** / {_time(case.high)}",
        f"{_time(case.limit)} ({case.level})",
        f"{case.bytes_a_rule:,.0f}",
        _percent(case.matching),
    )


def _machine(results: PointResults) -> str:
    about = results.machine
    speeds = ", ".join(f"{speed:.0f} GB/s from {level}" for level, speed in results.bandwidths.items())
    rounds = len(results.against[0].microseconds[OURS])
    versions = ", ".join(f"{title} {about[name]}" for name, title in TITLES.items() if name in about)
    kernels = f", {about['kernels']} kernels" if "kernels" in about else ""
    return (
        f"Medians of {rounds} rounds in which contenders take turns, one thread (many at once: two), everything warm, "
        f"all answers equal customer by customer. {about['processor']}{kernels}; one thread reads {speeds}. "
        f"{versions}. Repeat it with `python -m bench.report point`."
    )


def _goal(goal: float | None) -> str:
    return "–" if goal is None else _time(goal)


def _percent(part: float) -> str:
    return f"{part * 100:.2g} %"


def _time(microseconds: float) -> str:
    """Return a time with two significant digits or more."""
    if microseconds < 10:
        return f"{microseconds:.2f}"
    return f"{microseconds:.1f}" if microseconds < 100 else many(round(microseconds))
