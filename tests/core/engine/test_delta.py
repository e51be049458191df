"""What a change does: segments entered and left with their causes, as recomputation and the slow truth have them."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.engine import flips
from tests.generators.rulesets import FLAVOURS, ruleset_trial
from tests.sweeps.delta_verdicts import Walked, check_walks
from tests.sweeps.sweep_delta import parsed, sweep

SCHEMA = pa.schema(
    {
        "ltv": pa.float64(),
        "tier": pa.string(),
        "order_at": pa.timestamp("us", "UTC"),
        "home": pa.struct([("zip", pa.string())]),
    }
)
SEGMENTS = {
    "high": "ltv > 500",
    "vip": 'segment("high") && tier in ["gold", "platinum"]',
    "lapsed": "now - order_at > days(30)",
    "win_back": 'segment("lapsed") && segment("high")',
    "vienna": 'home.zip == "1010"',
    "everybody": "true",
    "not_high": '!segment("high")',
}
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANNA = {"ltv": 300.0, "tier": "gold", "order_at": NOW - timedelta(days=29), "home": {"zip": "1010"}}


@pytest.fixture(scope="module")
def program() -> ft.Program:
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": SEGMENTS}), SCHEMA)


def test_a_change_moves_a_customer_and_says_why(program: ft.Program) -> None:
    delta = program.delta(ANNA, {**ANNA, "ltv": 600.0}, now=NOW)
    assert (delta.entered, delta.left) == (("high", "vip"), ("not_high",))
    assert delta.causes == {name: ft.Cause(("ltv",), False) for name in ("high", "vip", "not_high")}
    assert str(delta.causes["vip"]) == "`ltv`"
    assert repr(delta) == "Delta(+high, +vip, -not_high at 2026-01-01T00:00:00+00:00)"
    assert (delta.now, delta.since, delta.digest) == (NOW, NOW, program.digest)


def test_a_change_within_a_class_of_values_does_nothing(program: ft.Program) -> None:
    delta = program.delta(ANNA, {**ANNA, "ltv": 499.0, "tier": "platinum"}, now=NOW)
    assert not delta
    assert (delta.entered, delta.left, delta.causes) == ((), (), {})
    assert repr(delta) == "Delta(nothing at 2026-01-01T00:00:00+00:00)"


def test_what_becomes_unknown_is_left_and_entered_again(program: ft.Program) -> None:
    unknown = {**ANNA, "ltv": None}
    assert program.delta(ANNA, unknown, now=NOW).left == ("not_high",)
    assert program.delta(unknown, ANNA, now=NOW).entered == ("not_high",)


def test_time_alone_moves_a_customer(program: ft.Program) -> None:
    delta = program.delta(ANNA, ANNA, now=NOW + timedelta(days=1, microseconds=1), since=NOW)
    assert delta.entered == ("lapsed",)
    assert delta.causes["lapsed"] == ft.Cause((), True)
    assert not program.delta(ANNA, ANNA, now=NOW + timedelta(days=1), since=NOW)  # 30 days to the µs are not more
    with pytest.raises(
        ft.DataError, match=r"^`now` is 2026-01-01T00:00:00\+00:00, and the customer was last looked at"
    ):
        program.delta(ANNA, ANNA, now=NOW, since=NOW + timedelta(days=1))


def test_a_row_remembers_when_it_was_looked_at(program: ft.Program) -> None:
    row, first = program.advance(program.row(ANNA), {}, now=NOW)
    assert not first
    row, second = program.advance(row, {"ltv": 900.0}, now=NOW + timedelta(days=2))
    assert second.entered == ("high", "vip", "lapsed", "win_back")
    assert str(second.causes["win_back"]) == "`ltv` and the clock"
    assert second.causes["lapsed"] == ft.Cause((), True)
    assert second.since == NOW
    assert program.match(row, now=NOW).segments == program.match({**ANNA, "ltv": 900.0}, now=NOW).segments
    with pytest.raises(ft.DataError, match="last looked at at 2026-01-03"):
        program.advance(row, {}, now=NOW)


def test_a_field_of_a_struct_is_named_by_its_path(program: ft.Program) -> None:
    row, delta = program.advance(program.row(ANNA), {"home": {"zip": "1020"}}, now=NOW)
    assert delta.causes == {"vienna": ft.Cause(("home.zip",), False)}
    assert row.profile["home"] == {"zip": "1020"}
    _, delta = program.advance(row, {"home": None, "tier": None}, now=NOW)
    assert not delta


def test_what_a_change_may_be(program: ft.Program) -> None:
    row = program.row(ANNA)
    with pytest.raises(ft.DataError, match=r"^there is no attribute `ltw`\n  = fix: did you mean `ltv`\?"):
        program.advance(row, {"ltw": 5.0}, now=NOW)
    with pytest.raises(ft.DataError, match="attribute `ltv` is a double"):
        program.advance(row, {"ltv": "5"}, now=NOW)
    ignored, delta = program.advance(row, {"ltw": 5.0, "ltv": 501}, now=NOW, extra="ignore")
    assert delta.entered == ("high", "vip")
    assert "ltw" not in ignored.profile
    with pytest.raises(ft.DataError, match="a `dict` is no prepared row"):
        program.advance(ANNA, {}, now=NOW)  # type: ignore[arg-type]
    other = ft.compile(program.ruleset, SCHEMA)
    with pytest.raises(ft.DataError, match="prepared for another program"):
        other.advance(row, {}, now=NOW)
    with pytest.raises(ft.DataError, match="prepared for another program"):
        other.delta(row, ANNA, now=NOW)
    base = program.encode(pa.table({name: pa.array([], SCHEMA.field(name).type) for name in SCHEMA.names}))
    assert base.num_rows == 0
    full = program.encode(pa.Table.from_pylist([ANNA], SCHEMA))
    with pytest.raises(ft.DataError, match="a row of a base does not say what has changed in it"):
        program.delta(full.row(0), ANNA, now=NOW)


def test_a_row_before_a_change_is_as_it_was(program: ft.Program) -> None:
    row = program.row(ANNA)
    program.advance(row, {"ltv": 900.0, "tier": None}, now=NOW)
    assert program.match(row, now=NOW).segments == program.match(ANNA, now=NOW).segments


def test_a_pickled_program_answers_the_same(program: ft.Program) -> None:
    copy = pickle.loads(pickle.dumps(program))
    assert copy.delta(ANNA, {**ANNA, "ltv": 600.0}, now=NOW).entered == ("high", "vip")


@pytest.mark.parametrize("few", [-1, 1 << 40], ids=["all rules compared", "flips alone"])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_deltas_agree_with_the_slow_truth(flavour: str, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of finding what has changed, each as if it were always better."""
    monkeypatch.setattr(flips, "FEW_GATES", few)
    monkeypatch.setattr(flips, "ROWS_A_GATE", 1 << 40)
    random = Random(f"{flavour}/{few}")
    walked = Walked()
    rules, steps = (200, 5) if flavour == "crowd" else (25, 15)
    for _ in range(2):
        assert check_walks(ruleset_trial(random, flavour, rules, 20), random, steps, walked)[:2] == []
    assert walked.moves > 0


def test_threads_share_what_finds_changes(program: ft.Program) -> None:
    random = Random(7)
    trial = ruleset_trial(random, "shared", 60, 40)
    shared = ft.compile(ft.load_ruleset(trial.document), trial.shape.schema)
    table = trial.table.to_pylist()
    profiles = [{name: value for name, value in one.items() if not isinstance(value, dict)} for one in table]
    rows = []
    for profile in profiles:
        try:
            rows.append(shared.row(profile))
        except ft.DataError:
            continue
    pairs = [(rows[random.randrange(len(rows))], rows[random.randrange(len(rows))]) for _ in range(300)]
    expected = [repr(shared.delta(*pair, now=NOW)) for pair in pairs]
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: [repr(shared.delta(*pair, now=NOW)) for pair in pairs], range(8)):
            assert found == expected


@pytest.mark.slow
def test_thousands_of_changes_agree() -> None:
    assert sweep(parsed(["--schemas", "60", "--seed", "1"])) == 0
