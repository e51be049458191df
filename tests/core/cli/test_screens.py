"""Tables, bars and numbers as people read them."""

import os

import pytest

from fasttwitch.cli import screens
from fasttwitch.cli.screens import Row, audience_table, bar, clip, counted, percent, seconds, timing_line


@pytest.mark.parametrize(
    ("share", "drawn"), [(0.0, ""), (0.001, "▏"), (0.05, "▌"), (0.5, "█████"), (0.56, "█████▋"), (1.0, "██████████")]
)
def test_bars_grow_by_eighths_of_a_cell(monkeypatch: pytest.MonkeyPatch, share: float, drawn: str) -> None:
    monkeypatch.setattr(screens, "can_draw", lambda: True)
    assert bar(share, 10) == drawn


@pytest.mark.parametrize(("share", "drawn"), [(0.0, ""), (0.001, "#"), (0.56, "######"), (1.0, "##########")])
def test_bars_do_without_unicode(monkeypatch: pytest.MonkeyPatch, share: float, drawn: str) -> None:
    monkeypatch.setattr(screens, "can_draw", lambda: False)
    assert bar(share, 10) == drawn


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "0.0 %"), (0.0001, "< 0.1 %"), (0.0005, "0.1 %"), (0.4119, "41.2 %"), (1, "100.0 %")]
)
def test_nobody_and_hardly_anybody_differ(share: float, shown: str) -> None:
    assert percent(share) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.00012, "0.1 ms"), (0.0123, "12.3 ms"), (0.5, "0.50 s"), (99.0, "99.00 s"), (120, "2.0 min")]
)
def test_times_have_the_unit_that_suits_them(value: float, shown: str) -> None:
    assert seconds(value) == shown


def test_one_is_one() -> None:
    assert (counted(1, "segment"), counted(0, "segment"), counted(1_200, "segment")) == (
        "1 segment",
        "0 segments",
        "1,200 segments",
    )


def test_long_names_and_large_bases_keep_to_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "can_draw", lambda: True)
    rows = [Row("a_segment_with_a_name_that_goes_on_and_on", 50_000_000, 49_999_999), Row("b", 0, 0)]
    lines = list(audience_table(rows, 50_000_000))
    assert {len(line) for line in lines} == {80}
    assert lines == [
        "  segment                      customers    share                        unknown",
        "  a_segment_with_a_name_tha…  50,000,000  100.0 %  █████████████████  49,999,999",
        "  b                                    0    0.0 %                              -",
    ]


def test_names_and_bars_give_way_on_a_narrow_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "can_draw", lambda: True)
    rows = [Row("a_segment_with_a_long_name", 500_000, 1), Row("b", 1_000_000, 0)]
    assert list(audience_table(rows, 1_000_000, 60)) == [
        "  segment                    customers    share      unknown",
        "  a_segment_with_a_long_na…    500,000   50.0 %            1",
        "  b                          1,000,000  100.0 %            -",
    ]
    assert list(audience_table(rows[1:], 1_000_000, 60)) == [
        "  segment  customers    share                        unknown",
        "  b        1,000,000  100.0 %  ██████████████████          -",
    ]


@pytest.mark.parametrize(("columns", "width"), [(200, 80), (80, 80), (60, 60), (0, 40), (3, 40)])
def test_screens_are_as_wide_as_the_terminal_up_to_eighty(
    monkeypatch: pytest.MonkeyPatch, columns: int, width: int
) -> None:
    monkeypatch.setattr(screens, "is_terminal", lambda err=False: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((columns, 24)))
    assert screens.screen_width() == width


def test_an_empty_base_has_no_shares() -> None:
    assert list(audience_table([Row("vip", 0, 0)], 0))[1].split() == ["vip", "0", "0.0", "%", "-"]


def test_clipping_says_that_it_clipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "can_draw", lambda: True)
    assert (clip("abcdef", 6), clip("abcdef", 5)) == ("abcdef", "abcd…")


def test_where_the_time_went_takes_as_many_lines_as_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "can_draw", lambda: True)
    assert timing_line({"start": 1.0, "read": 0.01, "write": 0.002}) == "start 1.00 s · read 10.0 ms · write 2.0 ms"
    assert timing_line({"start": 1.0, "read": 0.01, "write": 0.002}, 30) == "start 1.00 s · read 10.0 ms\nwrite 2.0 ms"
