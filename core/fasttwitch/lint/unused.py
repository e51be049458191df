"""What the document declares and no rule reads."""

from collections.abc import Iterator

from fasttwitch.errors import Source
from fasttwitch.lint.findings import Finding
from fasttwitch.lint.subject import Subject, walk
from fasttwitch.logic.nodes import Attribute, In
from fasttwitch.ruleset.places import source_of


def unused_attributes(subject: Subject) -> Iterator[Finding]:
    """Yield attributes of the section `attributes` that no rule reads; the key is for the files of ids."""
    read: set[str] = {subject.ruleset.key}
    for tree in subject.trees.values():
        for part in walk(tree):
            if isinstance(part, Attribute):
                read |= {".".join(part.path[:length]) for length in range(1, len(part.path) + 1)}
    for name, definition in subject.ruleset.attributes.items():
        if name not in read:
            text = str(definition.type)
            message = f"attribute `{name}` is declared, and no rule reads it"
            source = source_of(definition.place, text)
            span = (0, len(text)) if source.lines else None
            yield Finding("unused-attribute", "", message, f"drop `{name}` from `attributes`", span, (), text, source)


def unused_lists(subject: Subject) -> Iterator[Finding]:
    """Yield named lists that no rule reads."""
    read = {part.list_name for tree in subject.trees.values() for part in walk(tree) if isinstance(part, In)}
    for name in subject.ruleset.lists:
        if name not in read and f'list("{name}")' not in _texts(subject):
            source = Source(subject.ruleset.name, ())
            message = f"list `{name}` is declared, and no rule reads it"
            yield Finding("unused-list", "", message, f"drop `{name}` from `lists`", source=source)


def _texts(subject: Subject) -> str:
    """Return all rules as written: a list beside a constant leaves no trace in the typed tree."""
    return "\n".join(rule.definition.when for rule in subject.rules.values())
