"""A checker that finds nothing proves nothing: programs that are broken on purpose are caught."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.chaos import broken
from tests.chaos.crashes.person import Person
from tests.chaos.crashes.scene import Scene
from tests.chaos.embedded import run
from tests.chaos.scene import all_ready
from tests.support.fleet import Fleet

pytestmark = pytest.mark.proof

FOLDER = str(Path(broken.__file__).parent)

NOT_HEARD_S = 8.0
"""More than it takes to notice that an event is missing, and to read it."""


def settings_for(what: str) -> dict[str, str]:
    """Return what breaks a program that is started with these settings."""
    path = os.pathsep.join([FOLDER, *filter(None, [os.environ.get("PYTHONPATH")])])
    return {"PYTHONPATH": path, "HUBBUB_BROKEN": what}


@pytest.mark.parametrize(
    ("what", "breach"),
    [("acknowledge too early", "lost"), ("forget events", "holes")],
)
async def test_a_broken_program_is_caught(folder: Path, what: str, breach: str) -> None:
    async with asyncio.timeout(120):
        outcome = await run(
            folder, kills=1, per_s=60, seed=1, quiet_s=2, settings=settings_for(what)
        )

    assert getattr(outcome.verdict, breach) != (), outcome.verdict


async def test_a_service_that_keeps_nothing_unconfirmed_is_caught(folder: Path) -> None:
    async with (
        asyncio.timeout(180),
        Fleet(folder, settings=settings_for("keep nothing unconfirmed")) as fleet,
    ):
        names = ("Alice", "Bob", "Charlie")
        alice, bob, charlie = [
            await Person.register(fleet.url, fleet.socket_url, name) for name in names
        ]
        scene = Scene("careless", alice, bob, charlie)
        await scene.begin()

        await fleet.kill("rabbitmq")
        await charlie.call("POST", f"/v1/rooms/{scene.room_id}/join")
        scene.note("member_joined", {"person": {"id": charlie.id}})
        await all_ready(fleet)
        await scene.say("afterwards")
        await scene.all_heard(within_s=NOT_HEARD_S)
        breaches = await scene.breaches()
        for person in (alice, bob, charlie):
            await person.close()

    assert any(breach.startswith("lost") and charlie.id in breach for breach in breaches), breaches
