"""Takes pictures of everything that the web client can show, on a desk and on a phone.

    python -m tests.browser.screens build/screens docs/screens

The first folder gets all of them and a sheet, the second the few that the documents show.
"""

import asyncio
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.async_api import Browser, expect

from tests.browser.chromium import chromium
from tests.browser.gathering import gather
from tests.browser.office import walk_office
from tests.browser.people import DESKTOP, PHONE, People
from tests.browser.person import WITHIN_MS
from tests.browser.relay import Relay
from tests.browser.rounds import Rounds
from tests.browser.scene import small_scene
from tests.browser.screens.camera import Camera, Picture
from tests.browser.screens.fonts import missing
from tests.browser.screens.sheet import sheet
from tests.browser.screens.story import read_on, story
from tests.browser.tour import Tour
from tests.support.program import Program

MOMENT: Final = datetime(2026, 5, 9, 9, 41, tzinfo=UTC)
"""When all pictures are taken, as far as they show it: a Saturday."""

DEVICES: Final[Mapping[str, dict[str, Any]]] = {"desktop": DESKTOP, "phone": PHONE}

SETTINGS: Final = {"LOG_LEVEL": "warning", "AUTH_REGISTRATIONS_BURST": "1000"}

STILL: Final = {"timezone_id": "UTC", "service_workers": "block"}
"""No worker: requests that it makes are not seen by who stands between."""

SHOWN: Final = {
    Picture("conversation", "desktop", "light").file: "conversation-light.png",
    Picture("conversation", "desktop", "dark").file: "conversation-dark.png",
    Picture("conversation", "phone", "light").file: "phone-light.png",
    Picture("conversation", "phone", "dark").file: "phone-dark.png",
}
"""By what they are called in the documents."""


async def take(folder: Path) -> list[Picture]:
    """Start the program, let the scene be played, and take all pictures."""
    cameras = [Camera(folder, device=name) for name in DEVICES]
    async with AsyncExitStack() as stack:
        place = stack.enter_context(TemporaryDirectory())
        program = Program(Path(place) / "data", settings=SETTINGS)
        await stack.enter_async_context(program)
        browser = await stack.enter_async_context(chromium())
        relay = Relay(MOMENT - datetime.now(UTC))
        scene = await stack.enter_async_context(small_scene(program))
        owner = await owner_of(program, browser)
        gathering = await gather(program)
        told = await stack.enter_async_context(story(Path(place) / "story", SETTINGS))
        for camera, device in zip(cameras, DEVICES.values(), strict=True):
            people = People(browser, url=program.url)
            await Tour(people, scene, device | STILL, relay=relay, look=camera.look).walk()
            olive = await people.stranger("Olive", **device | STILL)
            await relay.stand_before(olive.context)
            olive.email = owner
            await olive.open("/login")
            await olive.log_in()
            await Rounds(people, gathering, device | STILL, relay=relay, look=camera.look).walk()
            await walk_office(olive, camera.look)
            await people.leave()
            people = People(browser, url=told.url)
            await read_on(people, device | STILL, camera.look)
            await people.leave()
    return [picture for camera in cameras for picture in camera.taken]


async def owner_of(program: Program, browser: Browser) -> str:
    """Make the owner of the program and return their address."""
    people = People(browser, url=program.url)
    # Nobody may be called like an owner, and everybody of the tour has a usual name.
    olive = await people.stranger("Olive")
    await olive.open(f"/setup#token={program.owner_token}")
    await olive.register()
    await people.leave()
    return olive.email


def main(folders: Sequence[str]) -> None:
    expect.set_options(timeout=WITHIN_MS)
    everything, documents = map(Path, folders)
    shutil.rmtree(everything, ignore_errors=True)
    everything.mkdir(parents=True)
    for script in missing():
        sys.stdout.write(f"No font of this machine has {script}: pictures show empty boxes.\n")
    pictures = asyncio.run(take(everything))
    (everything / "index.html").write_text(sheet(pictures), encoding="utf-8")
    for file, name in SHOWN.items():
        shutil.copy(everything / file, documents / name)
    sys.stdout.write(f"{len(pictures)} pictures: {everything / 'index.html'}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
