"""Measurements as pictures: how many times as fast, what a cell costs, where the time goes."""

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import NullLocator

from bench.results import FOLDER, KEPT, RAW, Bulk, Results, Steps

matplotlib.use("svg")

INK = "#24292f"
FAINT = "#8c959f"
LIMIT = "#cf222e"
COLORS = {
    RAW: "#0b6e4f",
    KEPT: "#6bbf59",
    "Polars": "#3c6fb6",
    "DuckDB": "#e0a100",
    "DataFusion": "#c2571a",
    "pyarrow.compute": "#8a6fb3",
}
LABELS = {RAW: "fasttwitch, from Arrow", KEPT: "fasttwitch, on kept codes"}
STEP_COLORS = {"encode": "#0b6e4f", "compare": "#6bbf59", "combine": "#c9e4b8"}

STYLE = {
    "font.size": 10,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.titlesize": 11,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "fasttwitch",  # the same figures give the same file
    "figure.facecolor": "white",
}


def draw(results: Results, folder: Path = FOLDER) -> None:
    """Write all pictures into a folder."""
    with plt.rc_context(STYLE):
        _save(_ratios(results), folder / "ratios.svg")
        _save(_costs(results), folder / "costs.svg")
        _save(_shares(results), folder / "steps.svg")


def _save(figure: plt.Figure, path: Path) -> None:
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)


def _ratios(results: Results) -> plt.Figure:
    """Return bars: how many times as long each rival takes as fasttwitch from Arrow, which is the line at 1."""
    shapes = {"mixed": "every type", "plain": "five plain types"}
    figure, axes = plt.subplots(1, 2, figsize=(9.5, 4.0), sharey=True, sharex=True, layout="constrained")
    for axis, (shape, types) in zip(axes, shapes.items(), strict=True):
        cases = results.table(shape)
        places = _places(cases)
        for place, case, rival in places:
            ratio = case.times(rival, RAW)
            axis.barh(place, ratio - 1.0, left=1.0, color=COLORS[rival], height=0.8)
            axis.text(max(ratio, 1.0) * 1.08, place, _times(ratio), va="center", fontsize=9)
        axis.set_yticks([place for place, _, _ in places], [f"{rival}, {case.segments:,}" for _, case, rival in places])
        axis.tick_params(axis="y", length=0)
        axis.axvline(1.0, color=INK, linewidth=1)
        axis.set_title(f"{cases[0].attributes} attributes of {types}")
        axis.set_xlabel("time as a multiple of fasttwitch's")
    axes[0].set_xscale("log")
    axes[0].set_xlim(right=axes[0].get_xlim()[1] * 1.8)
    axes[0].set_ylabel("rival, number of segments")
    axes[0].invert_yaxis()
    for axis in axes:
        _plain_ticks(axis.xaxis, _times)
    return figure


def _places(cases: Sequence[Bulk]) -> list[tuple[float, Bulk, str]]:
    """Return each case with each of its rivals and where its bar goes: cases stand apart."""
    pairs = [(case, name) for case in cases for name in case.milliseconds if name in COLORS and name not in LABELS]
    return [(row + 0.7 * cases.index(case), case, name) for row, (case, name) in enumerate(pairs)]


def _costs(results: Results) -> plt.Figure:
    """Return curves: what one segment for one customer costs, over segments and over customers."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8), sharey=True, layout="constrained")
    _curves(left, results.over("segments"), [case.segments for case in results.over("segments")])
    left.set_xlabel("segments, over 1 million customers")
    left.set_ylabel("nanoseconds a segment and customer")
    left.set_title("Cost of a cell over segments")
    left.legend(frameon=False, fontsize=9)
    _curves(right, results.over("rows"), [case.customers for case in results.over("rows")])
    right.set_xlabel("customers, 100 segments")
    right.set_title("Cost of a cell over customers")
    for axis in (left.xaxis, left.yaxis, right.xaxis):
        _plain_ticks(axis, _number)
    return figure


def _curves(axis: Axes, cases: Sequence[Bulk], sizes: Sequence[int]) -> None:
    """Draw a curve for each contender."""
    for name in (RAW, KEPT, "Polars"):
        points = [
            (size, case.nanoseconds_a_cell(name))
            for size, case in zip(sizes, cases, strict=True)
            if name in case.milliseconds
        ]
        axis.plot(
            *zip(*points, strict=True), marker="o", markersize=4, color=COLORS[name], label=LABELS.get(name, name)
        )
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.grid(visible=True, which="major", color="#eaeef2")
    axis.set_axisbelow(True)


def _shares(results: Results) -> plt.Figure:
    """Return stacked bars: the steps of one run from Arrow, beside the least that reading the columns takes."""
    figure, axis = plt.subplots(figsize=(9.5, 0.75 + 0.62 * len(results.steps)), layout="constrained")
    for position, case in enumerate(results.steps):
        _share(axis, position, case)
    axis.set_yticks(range(len(results.steps)), [f"{case.segments:,} segments" for case in results.steps])
    axis.invert_yaxis()
    axis.set_xlabel("milliseconds for 1 million customers, two threads")
    speed = round(results.steps[0].megabytes / results.steps[0].limit, 1)
    axis.set_title("Where the time goes")
    axis.text(
        1.0, 1.03, f"│ reading the columns once at {speed} GB/s", color=LIMIT, ha="right", transform=axis.transAxes
    )
    handles = [plt.Rectangle((0, 0), 1, 1, color=color) for color in STEP_COLORS.values()]
    axis.legend(handles, STEP_COLORS, frameon=False, fontsize=9, loc="upper right")
    return figure


def _share(axis: Axes, position: int, case: Steps) -> None:
    """Draw the steps of one run, and the limit across them."""
    left = 0.0
    for step, color in STEP_COLORS.items():
        axis.barh(position, case.milliseconds[step], left=left, color=color, height=0.6)
        left += case.milliseconds[step]
    axis.plot([case.limit] * 2, [position - 0.38, position + 0.38], color=LIMIT, linewidth=2)
    whole = case.milliseconds["whole"]  # less than the sum where steps overlap
    axis.text(left, position, f"  {whole:.0f} ms, {case.megabytes:.0f} MB read", va="center", fontsize=9)
    axis.set_xlim(0, max(axis.get_xlim()[1], left * 1.25))


def _plain_ticks(axis: Axis, written: Callable[[float], str]) -> None:
    """Write the ticks of a logarithmic axis as people write numbers."""
    axis.set_major_formatter(lambda value, _: written(value))
    axis.set_minor_locator(NullLocator())


def _number(value: float) -> str:
    if value >= 1e6:
        return f"{value / 1e6:g} M"
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def _times(value: float) -> str:
    return f"{value:,.0f}×" if value >= 10 or value == 1 else f"{value:.1f}×"
