"""The verbs of the Makefile explain themselves."""

import re

from tests.architecture.tree import read

VERBS = re.compile(r"^\.PHONY: ((?:.*\\\n)*.*)$", re.MULTILINE)
EXPLAINED = re.compile(r"^([a-z-]+):.*## \S", re.MULTILINE)


def unexplained(makefile: str) -> set[str]:
    """Return the verbs that `make help` would not show."""
    verbs = {word for line in VERBS.findall(makefile) for word in line.replace("\\\n", " ").split()}
    return verbs - set(EXPLAINED.findall(makefile))


def test_make_help_shows_every_verb() -> None:
    assert unexplained(read("Makefile")) == set()


def test_an_unexplained_verb_is_found() -> None:
    makefile = ".PHONY: run test \\\n\tclean\nrun: ## Start\ntest:\n\t@true\nclean: all ## Tidy\n"

    assert unexplained(makefile) == {"test"}
