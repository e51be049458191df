"""Write into RULES.md what the authors of its wrong rules are told today: `python -m tests.house.retell_rules_md`.

For whoever makes a message better. Read the difference: a message that got worse is taken over, too.
"""

from pathlib import Path

from tests.house import rules_page as page
from tests.house.test_rules_md import told


def main() -> None:
    """Replace each message of the page by today's."""
    text = page.PAGE
    for message in page.messages():
        text = text.replace(message.text, told(message.segment, message.rule))
    (Path(__file__).parents[2] / "RULES.md").write_text(text)


if __name__ == "__main__":
    main()
