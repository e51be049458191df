"""Whole rulesets of one shape each: deep, shared, long, crowded; what single random rules hardly ever are.

mixed     single rules of every kind, as `trials.trial` draws them
deep      OR under AND under OR, NOT and `?:` everywhere, many levels
shared    segments of segments of segments, asked for plainly, negated and under bridges
counted   conjunctions and disjunctions of exactly 0 to 20 literals
ladder    hundreds of constants on one attribute, long lists with gaps, each in many rules
crowd     thousands of rules over few attributes: selective ones, vague ones, both under one roof
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from fasttwitch.logic.datatypes import BOOL
from tests.generators.batches import STRUCT, Column, Leaf, shape, table
from tests.generators.constants import beside, compared, near
from tests.generators.crowds import crowd_shape
from tests.generators.profiles import sayable
from tests.generators.rules import NUMERIC, ORDERED, RuleWriter, grouped
from tests.generators.samples import samples
from tests.generators.trials import Trial, named_lists

BRIDGES = ("{}", "{}", "!{}", "!{}", "!!{}", "isTrue({})", "isKnown({})", "!isTrue({})", "!isKnown({})")
MOST_LITERALS = 20
MOST_CONSTANTS = 400


def ruleset_trial(random: Random, flavour: str, rules: int, rows: int) -> Trial:
    """Return so many rules of one flavour over a random schema, and a table of so many rows."""
    drawn = crowd_shape(random) if flavour == "crowd" else shape(random)
    if random.random() < 0.8:  # else stored values beyond what a profile can say are among them
        drawn = sayable(drawn)
    if random.random() < 0.25:
        drawn = replace(drawn, columns=tuple(with_long_texts(random, column) for column in drawn.columns))
    leaves = drawn.leaves
    lists = named_lists(random, leaves)
    writer = RuleWriter(random, leaves, samples(random, drawn, lists), (), lists)
    texts: dict[str, str] = {}
    for text in FLAVOURS[flavour](writer, texts):
        texts[f"r{len(texts)}"] = text
        if len(texts) == rules:
            break
    return Trial(drawn, table(random, drawn, rows), texts, lists)


def with_long_texts(random: Random, column: Column) -> Column:
    """Return a column some of whose texts are of hundreds of characters."""
    texts = tuple(
        value * random.randint(1, 700 // len(value)) if isinstance(value, str) and 0 < len(value) < 40 else value
        for value in column.pool
    )
    kept = tuple(random.choice(pair) for pair in zip(texts, column.pool, strict=True))
    return replace(column, pool=kept, children=tuple(with_long_texts(random, child) for child in column.children))


def mixed(writer: RuleWriter, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield single rules; they may ask for earlier ones."""
    while True:
        yield RuleWriter(writer.random, writer.leaves, writer.samples, tuple(texts), writer.lists).rule()


def deep(writer: RuleWriter, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield rules of many levels, each level of another connective."""
    atoms = Atoms(writer)
    while True:
        yield tangled(atoms, tuple(texts), writer.random.randint(3, 14), writer.random.choice(("&&", "||")))


def tangled(atoms: "Atoms", segments: tuple[str, ...], depth: int, operator: str) -> str:
    """Return a predicate that goes deep on one side; the other operands are shallow."""
    random = atoms.writer.random
    if depth == 0:
        return atoms.any()
    below = bridged(random, tangled(atoms, segments, depth - 1, "||" if operator == "&&" else "&&"))
    match random.randrange(12):
        case 0:
            sides = [below, grouped(atoms.any()), grouped(atoms.any())]
            random.shuffle(sides)
            return f"{sides[0]} ? {sides[1]} : {sides[2]}"
        case 1:
            return f"{below} {random.choice(('==', '!='))} {grouped(atoms.any())}"
        case 2 if segments:
            below = f"({below} || {asked(random, segments)})"
    others = [bridged(random, atoms.any()) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    if depth <= 4 and random.random() < 0.3:  # two deep sides, near the ground only: the text stays linear
        others.append(bridged(random, tangled(atoms, segments, depth - 1, operator)))
    operands = [*others, below]
    random.shuffle(operands)
    return f" {operator} ".join(operands)


def shared(writer: RuleWriter, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield rules that are made of earlier ones: a few atoms first, then layer upon layer."""
    random, atoms = writer.random, Atoms(writer)
    for _ in range(random.randint(3, 10)):
        yield atoms.any()
    while True:
        near_top = tuple(texts)[-random.choice((2, 5, 20, 1000)) :]
        match random.randrange(10):
            case 0:
                yield asked(random, near_top)
            case 1:
                yield atoms.any()
            case 2:
                yield f"{asked(random, near_top)} ? {asked(random, tuple(texts))} : {asked(random, near_top)}"
            case 3:
                yield f"{asked(random, near_top)} {random.choice(('==', '!='))} {asked(random, near_top)}"
            case _:
                operands = [asked(random, near_top) for _ in range(random.choice((1, 2, 2, 3, 8)))]
                operands += [bridged(random, atoms.any()) for _ in range(random.choice((0, 0, 1, 2)))]
                random.shuffle(operands)
                yield random.choice((" && ", " || ")).join(operands)


def counted(writer: RuleWriter, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield one connective over 0 to 20 literals; now and then under a NOT, now and then a mere constant."""
    random, atoms = writer.random, Atoms(writer)
    while True:
        size = random.randint(0, MOST_LITERALS)
        if size == 0:
            yield random.choice(
                ("true", "false", "!true", "!(false)", "true || false", "isKnown(true)", atoms.certain())
            )
            continue
        leaves = random.sample(writer.leaves, min(size, len(writer.leaves)))
        literals = [bridged(random, atoms.on(leaf)) for leaf in leaves]
        literals += [bridged(random, atoms.any()) for _ in range(size - len(literals))]
        text = random.choice((" && ", " && ", " || ")).join(literals)
        yield f"!({text})" if random.random() < 0.25 else text


def ladder(writer: RuleWriter, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield rules over one or two attributes whose constants are hundreds."""
    random, atoms = writer.random, Atoms(writer)
    plain = [leaf for leaf in writer.leaves if leaf.kind not in (STRUCT, BOOL)] or list(writer.leaves)
    chosen = random.sample(plain, min(len(plain), random.choice((1, 1, 2))))
    while True:
        leaf = random.choice(chosen)
        if leaf.kind in (STRUCT, BOOL):
            yield atoms.any()
            continue
        constants = [near(random, leaf.kind, leaf.values) for _ in range(random.choice((1, 2, 3, 30, MOST_CONSTANTS)))]
        match random.randrange(5):
            case 0:  # runs with gaps between them
                bounds = [compared(random, leaf.kind, constant) for constant in constants[:12]]
                pairs = zip(bounds[::2], bounds[1::2], strict=False)
                text = " || ".join(f"({leaf.path} >= {low} && {leaf.path} < {high})" for low, high in pairs)
            case 1 | 2:
                text = f"{leaf.path} {random.choice(ORDERED)} {compared(random, leaf.kind, constants[0])}"
            case _:
                text = f"{leaf.path} in [{', '.join(beside(random, leaf.kind, constant) for constant in constants)}]"
        text = bridged(random, text or atoms.on(leaf))
        others = [bridged(random, atoms.any()) for _ in range(random.choice((0, 0, 1, 3)))]
        yield random.choice((" && ", " || ")).join([text, *others])


def crowd(writer: RuleWriter, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield rules of every size over a stock of atoms, so that thousands cost little to write."""
    random = writer.random
    equal = [leaf for leaf in writer.leaves if len(leaf.values) > 20]
    stock = [Atoms(writer).any() for _ in range(60)] + [writer.plain_condition() for _ in range(240)]
    while True:
        match random.randrange(10):
            case 0 | 1 | 2:  # one selective literal, and company
                parts = [picked(random, random.choice(equal)), *random.choices(stock, k=random.randint(0, 7))]
                yield " && ".join(map(grouped, parts))
            case 3 | 4:
                yield " && ".join(bridged(random, text) for text in random.choices(stock, k=random.randint(1, 8)))
            case 5 | 6:  # an OR of selective operands, as many as an index may list and more
                size = random.choice((1, 2, 4, 15, 16, 17, 18, 40))
                sides = [
                    " && ".join(
                        map(
                            grouped,
                            [picked(random, random.choice(equal)), *random.choices(stock, k=random.randint(0, 2))],
                        )
                    )
                    for _ in range(size)
                ]
                yield " || ".join(map(grouped, sides))
            case 7:
                groups = [" || ".join(map(grouped, random.choices(stock, k=random.randint(1, 3)))) for _ in range(4)]
                yield " && ".join(bridged(random, group) for group in groups)
            case 8 if texts:
                names = tuple(texts)[-300:]
                parts = [asked(random, names) for _ in range(random.choice((1, 1, 2, 4)))]
                yield random.choice((" && ", " || ")).join([*parts, grouped(random.choice(stock))])
            case _:
                yield bridged(random, random.choice(stock))


def picked(random: Random, leaf: Leaf) -> str:
    """Return a test that few customers pass: one or a few of many values."""
    constants = [beside(random, leaf.kind, random.choice(leaf.values)) for _ in range(random.choice((1, 1, 1, 2, 5)))]
    return f"{leaf.path} == {constants[0]}" if len(constants) == 1 else f"{leaf.path} in [{', '.join(constants)}]"


@dataclass(frozen=True, slots=True)
class Atoms:
    """Predicates without connectives, half of them plain."""

    writer: RuleWriter

    def any(self) -> str:
        """Return a test of one or two attributes, or of what functions make of some."""
        random = self.writer.random
        return self.writer.atom() if random.random() < 0.5 else self.on(random.choice(self.writer.leaves))

    def on(self, leaf: Leaf) -> str:
        """Return a plain test of this attribute."""
        writer = self.writer
        if leaf.kind == STRUCT:
            return writer.null_test(leaf)
        makers = [writer.against_constant, writer.against_constant, writer.listed, writer.null_test]
        makers += [writer.truth] * 3 if leaf.kind == BOOL else []
        makers += [self.beyond] if leaf.kind in NUMERIC else []
        return writer.random.choice(makers)(leaf)

    def beyond(self, leaf: Leaf) -> str:
        """Return a comparison with what no whole number is, and few doubles are."""
        constant = self.writer.random.choice(("0.0 / 0.0", "1.0 / 0.0", "-1.0 / 0.0", "-0.0", "0.5", "1e300"))
        return f"{leaf.path} {self.writer.random.choice(ORDERED)} {constant}"

    def certain(self) -> str:
        """Return something that holds for everybody or for nobody, whatever the data say."""
        text = grouped(self.any())
        return self.writer.random.choice(
            (f"isKnown({text}) || !isKnown({text})", f"isTrue({text}) && !isTrue({text})", f"isKnown(isKnown({text}))")
        )


def bridged(random: Random, text: str) -> str:
    """Return the text in parentheses, perhaps negated or under a bridge."""
    return random.choice(BRIDGES).format(f"({text})")


def asked(random: Random, names: tuple[str, ...]) -> str:
    """Return an earlier segment, perhaps negated or under a bridge."""
    return random.choice(BRIDGES).format(f'segment("{random.choice(names)}")')


FLAVOURS: Mapping[str, Callable[[RuleWriter, Mapping[str, str]], Iterator[str]]] = {
    "mixed": mixed,
    "deep": deep,
    "shared": shared,
    "counted": counted,
    "ladder": ladder,
    "crowd": crowd,
}
