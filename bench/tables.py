"""Measurements as Markdown, and where in the README they go."""

from collections.abc import Iterable, Sequence

from bench.markdown import head, line, many, ratio_of
from bench.results import KEPT, PORTABLE, RAW, Bulk, Compile, Results

BEGIN = "<!-- measured: written by `make bench` -->"
END = "<!-- end of measured -->"

RIVALS = ("Polars", "DuckDB", "DataFusion", "pyarrow.compute")
VERSIONS = ("Python", "Polars", "DuckDB", "DataFusion", "pyarrow")


def with_measured(readme: str, results: Results) -> str:
    """Return the README with the measured part renewed."""
    before, rest = readme.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + "\n" + measured(results) + END + after


def measured(results: Results) -> str:
    """Return the part of the README that tells the figures."""
    mixed, plain = results.table("mixed"), results.table("plain")
    return "\n".join(
        (
            f"Count every segment over {many(mixed[0].customers)} customers with {mixed[0].attributes} attributes of "
            "every type (milliseconds; in brackets how many times as long as fasttwitch from Arrow):",
            "",
            *_bulk_table(mixed),
            "",
            f"The same with {plain[0].attributes} attributes of five plain types, where every engine is at home:",
            "",
            *_bulk_table(plain),
            "",
            *_functions(results),
            "From text to program (milliseconds):",
            "",
            *_compile_table(results.compile),
            "",
            _machine(results),
            "",
        )
    )


def _functions(results: Results) -> Iterable[str]:
    """Yield what rules with functions cost, if that was measured."""
    cases, kinds = results.over("functions"), results.over("kinds")
    if not cases:
        return
    customers = many(cases[0].customers)
    kinds_of = "parts of dates, casts, strings, mathematics"
    yield f"Rules with functions ({kinds_of}) over {customers} customers (milliseconds):"
    yield ""
    yield from _bulk_table(cases)
    yield ""
    yield "What one such condition costs for one customer, of ten different ones of a kind (nanoseconds):"
    yield ""
    rivals = [name for name in RIVALS if any(name in case.milliseconds for case in kinds)]
    yield from head("conditions on", "from Arrow", "on kept codes", *rivals)
    for case in kinds:
        ours = (f"**{case.nanoseconds_a_cell(RAW):.1f}**", f"{case.nanoseconds_a_cell(KEPT):.1f}")
        theirs = [f"{case.nanoseconds_a_cell(name):.0f}" if name in case.milliseconds else "–" for name in rivals]
        yield line(case.shape, *ours, *theirs)
    yield ""
    yield "Versions and buckets have no counterpart there."
    yield ""


def _bulk_table(cases: Sequence[Bulk]) -> Iterable[str]:
    """Yield one line a case, our ways first."""
    rivals = [name for name in RIVALS if any(name in case.milliseconds for case in cases)]
    yield from head("segments", "from Arrow", "on kept codes", "portable kernels", *rivals)
    for case in cases:
        ours = [_milliseconds(case.median(name)) for name in (RAW, KEPT, PORTABLE)]
        theirs = [_against(case, name) for name in rivals]
        label = " ".join((many(case.segments), case.shape)) if case.question == "functions" else many(case.segments)
        yield line(label.strip(), f"**{ours[0]}**", *ours[1:], *theirs)


def _against(case: Bulk, rival: str) -> str:
    """Return a rival's time and its ratio to ours, or a dash where it was not asked."""
    if rival not in case.milliseconds:
        return "–"
    return f"{_milliseconds(case.median(rival))} ({ratio_of(case.times(rival, RAW))})"


def _compile_table(cases: Sequence[Compile]) -> Iterable[str]:
    """Yield one line a kind of rules, with the median of each step."""
    steps = list(cases[0].milliseconds)
    yield from head("rules", *steps)
    for case in cases:
        medians = [sorted(case.milliseconds[step])[len(case.milliseconds[step]) // 2] for step in steps]
        yield line(f"{many(case.segments)} {case.kind}", *map(_milliseconds, medians))


def _machine(results: Results) -> str:
    """Return the line that says where and how."""
    about = results.machine
    rounds = len(results.table("mixed")[0].milliseconds[RAW])
    versions = ", ".join(f"{name} {about[name.lower()]}" for name in VERSIONS)
    return (
        f"Median of {rounds} rounds in which contenders take turns; two threads each, kernels warm, all counts equal. "
        f"{about['processor']}, {about['cores']} cores, {about['read_gigabytes_per_second']} GB/s from memory; "
        f"{versions}. Repeat it with `make bench`."
    )


def _milliseconds(value: float) -> str:
    """Return a time with two significant digits or more."""
    return f"{value:.1f}" if value < 100 else many(round(value))
