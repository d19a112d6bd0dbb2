"""Asks everybody everything and writes down the answers: `python -m tests.system.access`."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.system.access.places import PLACES, people_of
from tests.system.access.running import scene
from tests.system.access.table import FOLDER, written


async def main() -> None:
    with TemporaryDirectory() as folder:
        async with scene(Path(folder) / "data") as everybody:
            for kind in PLACES:
                rows = await everybody.table(kind)
                (FOLDER / f"{kind}.txt").write_text(written(rows, people_of(kind)))


if __name__ == "__main__":
    asyncio.run(main())
