"""One customer against all rules: what is answered, in which order, and what people are told when it does not fit."""

import pickle
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.batch.point import signatures
from fasttwitch.kernels.point.index import Index
from fasttwitch.plan.lowering import TRUE
from tests.core.engine.point_customers import ANNA, ANNAS, NOW, SCHEMA, compiled, told


@pytest.fixture(scope="module")
def program() -> ft.Program:
    return compiled()


def test_a_match_names_segments_in_the_order_of_the_document(program: ft.Program) -> None:
    """Not in that of dependency: `vip` stands before `adult`, which it asks for."""
    match = program.match(ANNA, now=NOW)
    assert match.segments == ANNAS
    assert match.unknown == ()
    assert match.now == NOW
    assert match.digest == program.digest


def test_who_says_nothing_is_unknown_and_not_refused(program: ft.Program) -> None:
    """An absent attribute is null: rules about it are neither true nor false, unless they ask for null."""
    match = program.match({}, now=NOW)
    assert match.segments == ("everybody", "always")
    assert match.unknown == ("vip", "adult", "lapsed", "german", "nobody", "minor")


def test_null_by_name_is_absent(program: ft.Program) -> None:
    named = dict.fromkeys(SCHEMA.names)
    assert program.match(named, now=NOW) == program.match({}, now=NOW)
    assert program.match({"address": {}}, now=NOW).segments == ("everybody", "always")
    assert program.match({"address": {"city": None}}, now=NOW).segments == ("everybody", "always")


def test_every_way_to_ask_has_the_same_answer(program: ft.Program) -> None:
    profiles: list[Mapping[str, Any]] = [ANNA, {}, {"age": 3, "country": "FR"}, {"ltv": float("nan"), "age": 18}]
    base = program.encode(pa.Table.from_pylist([dict(profile) for profile in profiles], SCHEMA))
    matches = [program.match(profile, now=NOW) for profile in profiles]
    rows = [program.row(profile) for profile in profiles]
    base_rows = [base.row(number) for number in range(len(profiles))]
    assert [program.match(row, now=NOW) for row in rows] == matches
    assert [program.match(row, now=NOW) for row in base_rows] == matches
    assert list(program.match_many(profiles, now=NOW)) == matches
    assert list(program.match_many(rows, now=NOW)) == matches
    assert list(program.match_many(base_rows, now=NOW)) == matches
    assert list(program.match_many([rows[0], profiles[1], base_rows[2], rows[3]], now=NOW)) == matches


def test_any_mapping_is_a_profile(program: ft.Program) -> None:
    """Whatever order, and whatever mappings there are within it."""
    expected = program.match(ANNA, now=NOW)
    assert program.match(MappingProxyType(ANNA), now=NOW) == expected
    assert program.match(OrderedDict(reversed(ANNA.items())), now=NOW) == expected
    within = {**ANNA, "address": MappingProxyType({"floor": 3, "city": "Linz"})}
    assert program.match(within, now=NOW) == expected
    assert program.match_many([within, ANNA], now=NOW)[0] == expected


def test_a_match_is_asked_with_in(program: ft.Program) -> None:
    match = program.match(ANNA, now=NOW)
    assert "vip" in match
    assert "minor" not in match
    assert told(lambda: "vipp" in match) == "there is no segment `vipp`\n  = fix: did you mean `vip`?"
    assert told(lambda: 5 in match) == "there is no segment `5`"


def test_a_match_is_true_even_of_a_customer_in_no_segment(program: ft.Program) -> None:
    """`if match:` would otherwise ask for more than it says."""
    assert bool(compiled({"adult": "age >= 18"}).match({"age": 3}))
    assert repr(compiled({"adult": "age >= 18"}).match({"age": 3}, now=NOW)) == (
        "Match(0 of 1 segments at 2026-02-01T00:00:00+00:00)"
    )


def test_a_match_out_of_a_pickle_has_its_answers_and_not_the_program(program: ft.Program) -> None:
    match = program.match({"age": 40}, now=NOW)
    again = pickle.loads(pickle.dumps(match))
    assert again == match
    assert (again.segments, again.unknown, again.now, again.digest) == (
        match.segments,
        match.unknown,
        NOW,
        program.digest,
    )
    assert "adult" in again
    assert "minor" not in again
    assert told(lambda: "adultt" in again) == "there is no segment `adultt`\n  = fix: did you mean `adult`?"
    assert repr(again) == repr(match)
    assert len(pickle.dumps(match)) < 1000


def test_many_may_come_from_anywhere_in_order(program: ft.Program) -> None:
    profiles: list[Any] = [{"age": 3}, ANNA, {}]
    expected = list(program.match_many(profiles, now=NOW))
    assert list(program.match_many(iter(profiles), now=NOW)) == expected
    assert list(program.match_many(tuple(profiles), now=NOW)) == expected
    assert list(program.match_many(dict(enumerate(profiles)).values(), now=NOW)) == expected


@pytest.mark.parametrize("one", [ANNA, "anna", None, 5])
def test_what_is_no_list_of_customers_is_refused(program: ft.Program, one: object) -> None:
    assert told(lambda: program.match_many(one)) == (  # type: ignore[arg-type]
        f"`match_many` takes a list of customers, not a `{type(one).__name__}`\n"
        "  = fix: for a single one there is `match`"
    )


def test_a_wrong_customer_of_many_is_named_by_its_number_in_all(program: ft.Program) -> None:
    profiles: list[Any] = [ANNA] * 3000
    profiles[1500] = {"age": "x"}
    wrong = 'attribute `age` is an int, and "x" is a string (profile 1501 of 3000)\n  = fix: give an `int`'
    assert told(lambda: program.match_many(profiles)) == wrong
    profiles[2] = program.row(ANNA)
    assert told(lambda: program.match_many(profiles)) == wrong


def test_missing_values_of_pandas_are_null_but_nan_is_a_number(program: ft.Program) -> None:
    pandas = pytest.importorskip("pandas")
    missing = {"age": pandas.NA, "country": pandas.NA, "last_order_at": pandas.NaT}
    assert program.match(missing, now=NOW) == program.match({}, now=NOW)
    assert "vip" in program.match({"age": 40, "ltv": float("inf")})
    assert program.match({"age": 40, "ltv": float("nan")}).unknown == program.match({"age": 40, "ltv": 1.0}).unknown
    assert told(lambda: program.match({"country": float("nan")})) == (
        "attribute `country` is a string, and nan is a double\n"
        "  = fix: where a value is missing, give `None` or leave the attribute out: NaN is a number"
    )


def test_instants_at_the_ends_of_the_calendar_are_refused(program: ft.Program) -> None:
    ahead, behind = timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))
    assert told(lambda: program.match({}, now=datetime(1, 1, 1, tzinfo=ahead))).startswith("`now` lies in the year 1\n")
    late = datetime(9999, 12, 31, 23, tzinfo=behind)
    assert told(lambda: program.match({}, now=late)).startswith("`now` lies in the year 9999\n")
    pandas = pytest.importorskip("pandas")
    assert told(lambda: program.match({}, now=pandas.NaT)) == "`now` must be a datetime, not `NaTType`"


@pytest.mark.parametrize("number", ["00100", 1.0, None])
def test_a_row_of_a_base_is_asked_for_by_a_whole_number(program: ft.Program, number: Any) -> None:
    base = program.encode(pa.Table.from_pylist([ANNA], SCHEMA))
    assert told(lambda: base.row(number)) == (
        f"a row is an int, not a `{type(number).__name__}`\n  = fix: give its number, from 0"
    )


def test_customers_say_what_they_are(program: ft.Program) -> None:
    base = compiled({"adult": "age >= 18"}).encode(pa.Table.from_pylist([ANNA, ANNA], SCHEMA))
    assert repr(base.row(1)).startswith("BaseRow(1 of EncodedBase(2 customers, ")
    assert repr(program.row(ANNA)) == "Row(a customer prepared for Program(10 segments over 5 attributes))"


def test_a_prepared_row_stays_in_its_process(program: ft.Program) -> None:
    with pytest.raises(TypeError, match="send the profile, and prepare it there"):
        pickle.dumps(program.row(ANNA))


def test_matches_that_differ_are_told_apart(program: ft.Program) -> None:
    match = program.match(ANNA, now=NOW)
    assert repr(match) == (
        "Match(7 of 10 segments at 2026-02-01T00:00:00+00:00: "
        "known_city, vip, adult, lapsed, german, everybody, always)"
    )
    assert match != program.match({}, now=NOW)
    assert match != ANNAS
    with pytest.raises(TypeError, match="unhashable"):
        hash(match)


def test_what_is_prepared_tells_what_it_is(program: ft.Program) -> None:
    base = program.encode(pa.Table.from_pylist([ANNA], SCHEMA))
    assert repr(program.row(ANNA)) == ("Row(a customer prepared for Program(10 segments over 5 attributes))")
    assert isinstance(program.row(ANNA), ft.Row)
    assert isinstance(base.row(0), ft.BaseRow)
    assert isinstance(program.match(ANNA), ft.Match)


def test_nobody_can_change_an_answer(program: ft.Program) -> None:
    match, row = program.match(ANNA, now=NOW), program.row(ANNA)
    for name in ("segments", "unknown"):
        with pytest.raises(AttributeError):
            setattr(match, name, ())
    with pytest.raises(AttributeError):
        row.values = None  # type: ignore[misc, assignment]


def test_a_row_keeps_nothing_of_its_mapping(program: ft.Program) -> None:
    """Whoever changes the mapping later changes no row, and no match that was not yet looked at."""
    profile = {**ANNA, "address": {"city": "Linz"}}
    row, match = program.row(profile), program.match(profile, now=NOW)
    many = program.match_many([profile, profile], now=NOW)
    profile["address"] = None
    profile["age"] = 3
    del profile["ltv"]
    assert program.match(row, now=NOW).segments == match.segments == many[1].segments == ANNAS
    assert program.match(row, now=NOW).unknown == match.unknown == many[1].unknown == ()


def test_the_clock_moves_on_prepared_rows(program: ft.Program) -> None:
    """Forwards and backwards, for rows of a base too."""
    row = program.row(ANNA)
    base_row = program.encode(pa.Table.from_pylist([ANNA], SCHEMA)).row(0)
    for days, lapsed in ((0, True), (-2, False), (400, True), (-1, False), (0, True)):
        now = NOW + timedelta(days=days)
        for profile in (row, base_row, ANNA):
            match = program.match(profile, now=now)
            assert ("lapsed" in match, match.now) == (lapsed, now)


def test_a_match_stays_at_its_instant(program: ft.Program) -> None:
    """Also what it finds out later: `unknown` is looked for when it is asked for."""
    early = compiled({"recent": "now - last_order_at < days(30)", "old": '!segment("recent")'})
    row = early.row({"last_order_at": NOW - timedelta(days=20)})
    first = early.match(row, now=NOW)
    second = early.match(row, now=NOW + timedelta(days=20))
    assert (second.segments, second.unknown) == (("old",), ())
    assert (first.segments, first.unknown) == (("recent",), ())


def test_a_naive_instant_is_utc_and_zones_are_converted(program: ft.Program) -> None:
    expected = program.match(ANNA, now=NOW)
    assert program.match(ANNA, now=NOW.replace(tzinfo=None)) == expected
    assert program.match(ANNA, now=NOW.astimezone(timezone(timedelta(hours=5)))) == expected
    before = datetime.now(UTC)
    assert before <= program.match(ANNA).now <= datetime.now(UTC)
    matches = program.match_many([ANNA, {}, ANNA])
    assert len({match.now for match in matches}) == 1


def test_a_base_serves_every_program_over_its_columns(program: ft.Program) -> None:
    """As it does in bulk: what another program needs is encoded once and kept."""
    base = compiled({"adult": "age >= 18", "all": " || ".join(f"{name} == null" for name in SCHEMA.names)}).encode(
        pa.Table.from_pylist([{}, ANNA], SCHEMA)
    )
    assert program.match(base.row(1), now=NOW).segments == ANNAS
    assert program.match(base.row(0), now=NOW) == program.match({}, now=NOW)


def test_rulesets_without_tests_have_answers() -> None:
    """Constants alone: nothing is left to ask of a customer."""
    constants = compiled({"b": "true", "a": "false", "c": '!segment("a")', "d": 'segment("a") && age > 3'})
    base = constants.encode(pa.Table.from_pylist([{}, ANNA], SCHEMA))
    for profile in ({}, ANNA, constants.row(ANNA), base.row(0)):
        match = constants.match(profile)
        assert (match.segments, match.unknown) == (("b", "c"), ())
    assert told(lambda: constants.match({"aeg": 5})).startswith("there is no attribute `aeg`")


def test_nobody_asked_for_is_nobody_answered(program: ft.Program) -> None:
    matches = program.match_many([], now=NOW)
    assert len(matches) == 0
    assert list(matches) == []
    assert matches[:] == []
    with pytest.raises(IndexError):
        matches[0]


def test_many_matches_are_a_sequence(program: ft.Program) -> None:
    """More of them than are converted together, looked at in any order and more than once."""
    ages = [number % 60 for number in range(2500)]
    matches = program.match_many([{"age": age} for age in ages], now=NOW)
    assert len(matches) == 2500
    assert matches[-1] == matches[2499]
    assert ["adult" in match for match in reversed(matches)] == [age >= 18 for age in reversed(ages)]
    assert [match.unknown for match in matches[1020:1030]] == [program.match({"age": 5}, now=NOW).unknown] * 10
    assert [match.segments for match in matches[::-500]] == [
        matches[number].segments for number in range(2499, 0, -500)
    ]
    for index in (2500, -2501):
        with pytest.raises(IndexError):
            matches[index]


def test_answers_stay_the_same_when_the_data_is_analyzed() -> None:
    """Only the layout of the index changes; rows that were prepared before stay good."""
    program = compiled()
    profiles: list[Mapping[str, Any]] = [ANNA, {}, {"age": 3, "country": "FR"}]
    table = pa.Table.from_pylist([{"age": 70, "country": "DE"}] * 500 + [dict(profile) for profile in profiles], SCHEMA)
    rows = [program.row(profile) for profile in profiles]
    before = [program.match(profile, now=NOW) for profile in profiles]
    for data in (table, program.encode(table), table.slice(0, 0), table.to_batches()[0]):
        program.analyze(data)
        assert [program.match(profile, now=NOW) for profile in profiles] == before
        assert [program.match(row, now=NOW) for row in rows] == before
    assert told(lambda: program.analyze(table.drop_columns(["age"]))).startswith("the data has no column `age`")


def test_a_program_travels_without_its_index(program: ft.Program) -> None:
    expected = program.match(ANNA, now=NOW)
    packed = pickle.dumps(program)
    assert pickle.loads(packed).match(ANNA, now=NOW) == expected
    assert len(packed) < len(pickle.dumps(compiled())) * 1.1, "what was made for single customers stays here"


def test_a_draft_has_only_its_own_segments(program: ft.Program) -> None:
    draft = program.draft({"young_vip": 'segment("vip") && age < 30', "x": "ltv == null"})
    assert draft.match({"age": 20, "ltv": 900.0}, now=NOW).segments == ("young_vip",)
    assert draft.match({"age": 20}, now=NOW).unknown == ("young_vip",)
    assert draft.match({"age": 20}, now=NOW).segments == ("x",)


def test_two_names_of_one_rule_are_both_told() -> None:
    """Equal rules are one row of answers; so is a rule and what merely asks for it."""
    program = compiled({"a": "age > 5", "b": "5 < age", "c": 'segment("a")', "d": "!(age > 5)", "e": '!segment("c")'})
    assert program.match({"age": 6}).segments == ("a", "b", "c")
    assert program.match({"age": 5}).segments == ("d", "e")
    assert program.match({}).unknown == ("a", "b", "c", "d", "e")


def test_threads_do_not_disturb_each_other() -> None:
    """Eight of them, each with customers of its own, on one program whose index is laid out anew meanwhile."""
    segments = {f"s{number}": f"age > {number} && ltv < {900 - number}.0" for number in range(100)}
    segments |= {f"t{number}": f'country == "C{number}" || address.city.startsWith("{number}")' for number in range(60)}
    program = compiled(segments)
    profiles: list[dict[str, Any]] = [
        {"age": n % 100, "ltv": float(n * 7 % 1000), "country": f"C{n % 70}", "address": {"city": f"{n}"}}
        for n in range(96)
    ]
    profiles[5].clear()
    table = pa.Table.from_pylist(profiles, SCHEMA)
    base = program.encode(table)
    expected = [(match.segments, match.unknown) for match in (program.match(profile, now=NOW) for profile in profiles)]
    rows = [program.row(profile) for profile in profiles]
    wrong: list[object] = []
    start = threading.Barrier(9)

    def work(number: int) -> None:
        start.wait()
        try:
            for _ in range(6):
                for n in range(number, 96, 8):
                    for who in (profiles[n], rows[n], base.row(n)):
                        match = program.match(who, now=NOW)
                        if (match.segments, match.unknown) != expected[n]:
                            wrong.append((number, n, match))
                many = program.match_many(profiles[number::8], now=NOW)
                if [(match.segments, match.unknown) for match in many] != expected[number::8]:
                    wrong.append(number)
        except BaseException as error:
            wrong.append(error)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    start.wait()
    for _ in range(3):
        program.analyze(table)
    for worker in workers:
        worker.join()
    assert wrong == []


def test_strings_may_be_forgotten_while_others_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered of strings is thrown away again and again; who is reading it reads on."""
    monkeypatch.setattr(signatures, "MOST_STRINGS", 20)
    program = compiled(
        {"a": 'address.city.matches("7$")', "b": 'customer_id in ["c7", "c8"]', "c": "customer_id < address.city"}
    )
    wrong: list[object] = []

    def work(thread: int) -> None:
        for number in range(300):
            city, customer = f"{thread}-{number * 7 % 301}", f"c{number % 50}"
            profile = {"address": {"city": city}, "customer_id": customer}
            expected = {"a": city[-1] == "7", "b": customer in ("c7", "c8"), "c": customer < city}
            match = program.match(profile if number % 2 else program.row(profile), now=NOW)
            if list(match.segments) != [name for name, holds in expected.items() if holds] or match.unknown:
                wrong.append((profile, match))

    workers = [threading.Thread(target=work, args=(thread,)) for thread in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []


def test_the_first_match_may_come_from_several_threads() -> None:
    """What is made once is made once, or at least found to be the same."""
    for _ in range(3):
        program = compiled()
        start = threading.Barrier(8)
        found: list[object] = []

        def work(program: ft.Program = program, start: threading.Barrier = start, found: list[object] = found) -> None:
            start.wait()
            match = program.match(ANNA, now=NOW)
            found.append((match.segments, match.unknown, program.match(program.row({}), now=NOW).unknown))

        workers = [threading.Thread(target=work) for _ in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        unknown = ("vip", "adult", "lapsed", "german", "nobody", "minor")
        assert found == [(ANNAS, (), unknown)] * 8


def test_memory_grows_with_the_rules_and_not_faster() -> None:
    """Four times as many rules over the same constants: four times the bytes, and what was there anyway."""

    def bytes_of(rules: int) -> int:
        segments = {
            f"s{n}": f'age > {n % 60} && ltv < {n % 50}.5 && (country == "C{n % 40}" || address.floor != {n % 7})'
            for n in range(rules)
        }
        program = compiled(segments)
        program.match(ANNA, now=NOW)
        found = program.matcher.point(TRUE).parts[0].tables.index
        assert isinstance(found, Index)
        return found.nbytes

    small, large = bytes_of(1000), bytes_of(4000)
    assert large < 4.2 * small
    assert large < 4000 * 1100
