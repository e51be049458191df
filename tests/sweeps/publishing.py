"""Threads that ask without pause while rules are published: every answer against the slow truth of its version."""

import threading
import time
from dataclasses import dataclass, field
from random import Random

import fasttwitch as ft
from bench.workloads import NOW, base, conjunctions
from fasttwitch.syntax import parse
from tests.oracle.arrow import paths, rows
from tests.oracle.instants import microseconds
from tests.oracle.interpreter import answers
from tests.oracle.kinds import World

CUSTOMERS = 24
SLOW_NS = 1_000_000
MAPPINGS_EVERY = 10  # rounds of prepared rows


@dataclass(frozen=True, slots=True)
class Options:
    """What is done.

    publishes, changed  how often, and how many rules at a time
    threads             that ask
    rules, pool         of the ruleset, and texts to choose them from
    pause, idle         seconds between two publishes, and before the first one
    """

    publishes: int = 1_000
    threads: int = 8
    rules: int = 200
    pool: int = 600
    changed: int = 10
    pause: float = 0.0
    idle: float = 0.0
    seed: int = 1


@dataclass(slots=True)
class Told:
    """What came of it.

    calls, idle_calls  answers while somebody published, and before; each compared
    slow, idle_slow    of these the calls that took more than a millisecond
    heard              digests that anybody has heard
    took               seconds of each publish
    wrong              in words
    """

    calls: int = 0
    idle_calls: int = 0
    slow: int = 0
    idle_slow: int = 0
    heard: set[str] = field(default_factory=set)
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def publish_under_load(options: Options) -> Told:
    """Publish, and ask meanwhile; prepared rows and mappings in turn."""
    random = Random(f"publish/{options.seed}")
    rules = conjunctions(options.pool, options.seed)
    table = base("mixed", CUSTOMERS)
    profiles = list(enumerate(table.to_pylist()))
    world = World(paths(table.schema), {name: parse(rule) for name, rule in rules.items()}, {}, microseconds(NOW))
    holds = {name: [truth is True for truth in truths] for name, truths in answers(world, rows(table)).items()}
    texts, now = list(rules), NOW
    chosen = {f"s{number}": random.choice(texts) for number in range(options.rules)}
    document = {"version": 1, "language": "cel/1", "segments": {name: rules[text] for name, text in chosen.items()}}
    engine = ft.Engine(document, table.schema)
    expected: dict[str, list[tuple[str, ...]]] = {}

    def know(program: ft.Program) -> None:
        """Write down what a version has to say, before anybody can hear of it."""
        inside = [(name, holds[text]) for name, text in chosen.items()]
        expected[program.digest] = [
            tuple([name for name, held in inside if held[number]]) for number in range(CUSTOMERS)
        ]

    know(engine.program)
    told = Told()
    done, publishing = threading.Event(), threading.Event()

    def ask() -> None:
        prepared = [(number, engine.row(profile)) for number, profile in profiles]
        heard: set[str] = set()
        rounds = 0
        calls, slow, clock = [0, 0], [0, 0], time.perf_counter_ns
        try:
            while not done.is_set():
                place = int(publishing.is_set())
                for number, asked in prepared if (rounds := rounds + 1) % MAPPINGS_EVERY else profiles:
                    begun = clock()
                    match = engine.match(asked, now=now)
                    calls[place] += 1
                    slow[place] += clock() - begun > SLOW_NS
                    heard.add(match.digest)
                    if match.segments != expected[match.digest][number]:
                        told.wrong.append(f"{match.digest} says {match.segments} of customer {number}")
        except Exception as error:  # whatever it is: nobody who asks may fail
            told.wrong.append(f"a question failed: {error!r}")
        with lock:
            told.idle_calls, told.calls = told.idle_calls + calls[0], told.calls + calls[1]
            told.idle_slow, told.slow = told.idle_slow + slow[0], told.slow + slow[1]
            told.heard |= heard

    lock = threading.Lock()
    threads = [threading.Thread(target=ask) for _ in range(options.threads)]
    for thread in threads:
        thread.start()
    time.sleep(options.idle)
    publishing.set()
    for _ in range(options.publishes):
        fresh = {name: random.choice(texts) for name in random.sample(sorted(chosen), options.changed)}
        chosen |= fresh
        begun = time.perf_counter()
        changes = {name: rules[text] for name, text in fresh.items()}
        program = engine.program.updated(engine.program.ruleset.with_changes(segments=changes))
        know(program)
        engine.publish(program)
        told.took.append(time.perf_counter() - begun)
        time.sleep(options.pause)
    done.set()
    for thread in threads:
        thread.join()
    return told
