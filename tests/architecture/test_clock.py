"""Time and randomness are passed in; only the clock and the chance of libs/common take them.

This binds the services, whose every wait and id a test must be able to choose. The Python client is
a library of its own and has no clock to be given.
"""

from collections.abc import Iterator

import pytest

from tests.architecture.allowed import CLOCK_AND_CHANCE
from tests.architecture.names import uses
from tests.architecture.tree import Finding, Module, modules, sample, verdict

HOMES = {"libs/common/clock.py", "libs/common/chance.py"}

TAKEN = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "os.getrandom",
    "os.urandom",
    "time.localtime",
    "time.gmtime",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.time",
    "time.time_ns",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid6",
    "uuid.uuid7",
}
TAKEN_WHOLE = ("random.", "secrets.")

# A generator that was given its seed, and a comparison.
HARMLESS = {"random.Random", "secrets.compare_digest"}


def takes_from_the_machine(module: Module) -> Iterator[Finding]:
    """Find where a module takes time or randomness itself, be it called or only named."""
    if module.path in HOMES:
        return
    for line, origin in uses(module.tree):
        if origin in TAKEN or (origin.startswith(TAKEN_WHOLE) and origin not in HARMLESS):
            yield Finding(module.path, line, f"takes {origin} instead of being given it")


def test_time_and_randomness_are_passed_in() -> None:
    findings = [
        found for module in modules("libs", "services") for found in takes_from_the_machine(module)
    ]

    assert verdict(findings, allowed=CLOCK_AND_CHANCE) == []


@pytest.mark.parametrize(
    "source",
    [
        "import time\nstarted = time.time()",
        "import time as t\nstarted = t.monotonic()",
        "from time import perf_counter\nstarted = perf_counter()",
        "from datetime import UTC, datetime\nmoment = datetime.now(UTC)",
        "import datetime\nmoment = datetime.datetime.now()",
        "from uuid import uuid4\nclass Post:\n    id = field(default_factory=uuid4)",
        "import secrets\ndef token(): return secrets.token_hex()",
        "def jitter():\n    import random\n    return random.uniform(0, 1)",
    ],
)
def test_taking_them_is_found(source: str) -> None:
    assert len(list(takes_from_the_machine(sample(source)))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def admit(now: float) -> float: return now",
        "from random import Random\ndef shuffle(chance: Random): return chance.random()",
        "from datetime import UTC, datetime\nmoment = datetime.fromtimestamp(0, UTC)",
        "import secrets\nsame = secrets.compare_digest",
    ],
)
def test_being_given_them_is_fine(source: str) -> None:
    assert list(takes_from_the_machine(sample(source))) == []


def test_the_clock_itself_may_ask_the_machine() -> None:
    clock = sample("import time\nnow = time.time", path="libs/common/clock.py")

    assert list(takes_from_the_machine(clock)) == []
