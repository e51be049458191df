"""Threads that ask without pause while rules are published: every answer against the slow truth of its version."""

import threading
import time
from dataclasses import dataclass, field, replace
from random import Random

import numpy as np

import fasttwitch as ft
from tests.generators.profiles import said_profiles
from tests.generators.rulesets import ruleset_trial
from tests.generators.trials import Trial
from tests.oracle.arrow import rows
from tests.oracle.instants import moment
from tests.oracle.interpreter import answers
from tests.sweeps.verdicts import accepted, case

CUSTOMERS = 24
SLOW_NS = 1_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What is done.

    publishes, changed  how often, and how many rules at a time
    threads             that ask
    rules, pool         of the ruleset, and texts to choose them from
    pause               seconds between two publishes
    """

    publishes: int = 1_000
    threads: int = 8
    rules: int = 200
    pool: int = 600
    changed: int = 10
    pause: float = 0.0
    seed: int = 1


@dataclass(slots=True)
class Told:
    """What came of it.

    calls     answers in all, each compared
    slow      calls that took more than a millisecond
    versions  that anybody has heard of
    took      seconds of each publish
    wrong     in words
    """

    calls: int = 0
    slow: int = 0
    versions: int = 0
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def publish_under_load(options: Options) -> Told:
    """Publish, and ask meanwhile; prepared rows and mappings in turn."""
    random = Random(f"publish/{options.seed}")
    trial, profiles = _drawn(random, options.pool)
    texts, now = list(trial.rules), moment(trial.shape.now)
    truths = answers(replace(trial.world, now=trial.shape.now), rows(trial.table))
    holds = {name: [truth[number] is True for number in range(trial.table.num_rows)] for name, truth in truths.items()}
    chosen = {f"s{number}": random.choice(texts) for number in range(options.rules)}
    document = trial.document | {"segments": {name: trial.rules[text] for name, text in chosen.items()}}
    engine = ft.Engine(document, trial.shape.schema)
    versions = {engine.digest: dict(chosen)}
    told = Told()
    done = threading.Event()
    heard: list[set[tuple[str, int, tuple[str, ...]]]] = []
    times: list[list[int]] = []

    def ask() -> None:
        own: set[tuple[str, int, tuple[str, ...]]] = set()
        taken: list[int] = []
        heard.append(own)
        times.append(taken)
        prepared = [(number, engine.row(profile)) for number, profile in profiles]
        clock = time.perf_counter_ns
        try:
            while not done.is_set():
                for (number, row), (_, profile) in zip(prepared, profiles, strict=True):
                    for asked in (row, profile):
                        begun = clock()
                        match = engine.match(asked, now=now)
                        taken.append(clock() - begun)
                        own.add((match.digest, number, match.segments))
        except Exception as error:  # whatever it is: nobody who asks may fail
            told.wrong.append(f"a question failed: {error!r}")

    threads = [threading.Thread(target=ask) for _ in range(options.threads)]
    for thread in threads:
        thread.start()
    for _ in range(options.publishes):
        fresh = {name: random.choice(texts) for name in random.sample(sorted(chosen), options.changed)}
        chosen |= fresh
        changed = {name: trial.rules[text] for name, text in fresh.items()}
        begun = time.perf_counter()
        program = engine.publish(engine.program.ruleset.with_changes(segments=changed))
        told.took.append(time.perf_counter() - begun)
        versions[program.digest] = dict(chosen)
        time.sleep(options.pause)
    done.set()
    for thread in threads:
        thread.join()
    answered = set().union(*heard)
    for digest, number, segments in answered:
        expected = tuple(name for name, text in versions[digest].items() if holds[text][number])
        if segments != expected:
            told.wrong.append(f"{digest} says {segments} of customer {number}, the slow truth {expected}")
    taken = np.array([one for own in times for one in own])
    told.calls, told.slow = taken.size, int((taken > SLOW_NS).sum())
    told.versions = len({digest for digest, _, _ in answered})
    return told


def _drawn(random: Random, pool: int) -> tuple[Trial, list[tuple[int, dict[str, object]]]]:
    """Return rules that ask for no segment, and customers with their rows."""
    while True:
        trial = ruleset_trial(random, random.choice(("counted", "ladder")), pool, CUSTOMERS)
        trial = replace(trial, rules={name: text for name, text in trial.rules.items() if "segment(" not in text})
        kept, _ = accepted(case(replace(trial, table=trial.table.slice(0, 0))))
        trial = replace(kept.trial, table=trial.table)
        said = said_profiles(random, rows(trial.table), trial.shape.schema)
        profiles = [(number, dict(one)) for number, one in enumerate(said) if one is not None]
        if len(trial.rules) > pool // 2 and len(profiles) > CUSTOMERS // 2:
            return trial, profiles
