"""A program that does what Hubbub does with its RabbitMQ, to be killed by the tests.

It says each line of progress, then `url <address>`, and ends when its standard input closes.
"""

import asyncio
import sys
from pathlib import Path

from services.nodes.folder import DataFolder, StartFailed
from services.nodes.rabbitmq.accounts import OWNER
from tests.integration.nodes.rabbitmq import START_S, VHOST, start


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(path: Path) -> None:
    with DataFolder.open(path, address="http://127.0.0.1:8080") as folder:
        server = await start(folder, timeout_s=START_S, say=say)
        say(f"url {server.url(OWNER, VHOST)}")
        await asyncio.to_thread(sys.stdin.read)
        await server.stop()


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1])))
    except StartFailed as failure:
        say(f"failed: {failure}")
        sys.exit(1)
