"""A program that does what Hubbub does with its Postgres, to be killed by the tests.

It says each line of progress, then `dsn <address>`, and ends when its standard input closes.
"""

import asyncio
import sys
from pathlib import Path

from services.nodes.folder import DataFolder, StartFailed
from services.nodes.postgres.binaries import find_binaries
from services.nodes.postgres.options import SUPERUSER
from services.nodes.postgres.server import PostgresServer


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(path: Path) -> None:
    with DataFolder.open(path, address="http://127.0.0.1:8080") as folder:
        server = await PostgresServer.start(
            folder, find_binaries(major=None), timeout_s=30, say=say
        )
        say(f"dsn {server.dsn(SUPERUSER, SUPERUSER)}")
        await asyncio.to_thread(sys.stdin.read)
        await server.stop()


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1])))
    except StartFailed as failure:
        say(f"failed: {failure}")
        sys.exit(1)
