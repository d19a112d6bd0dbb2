"""Hold a server, or a client, to docs/transcripts.

python -m tests.transcripts server URL [FILE ...]    play what clients say, check what they hear
python -m tests.transcripts client FILE [--as B]     be the server, check what a client says
python -m tests.transcripts parts                    print docs/transcripts/parts.json

Without files a server is held to all of them. It must let people register.
"""

import argparse
import asyncio
import re
import sys
from pathlib import Path
from typing import Final
from uuid import uuid4

from hubbub_client.api import Api
from tests.transcripts import client, parts
from tests.transcripts.byhand import ByHand
from tests.transcripts.happenings import PEOPLE
from tests.transcripts.notation import FOLDER, Transcript, load, read, transcripts
from tests.transcripts.server import Strays, play

PASSWORD: Final = "correct horse battery staple"
CALLED: Final = re.compile(rf'"name":"({"|".join(PEOPLE)})"')


class Anywhere:
    """A server that somebody else runs, and people who are made for each transcript.

    They have an `ending` to their names, since a server may refuse one that looks like its owner's.
    """

    def __init__(self, url: str, ending: str) -> None:
        self._ending = ending
        self.url = url.rstrip("/")
        self.socket_url = f"{self.url.replace('http', 'ws', 1)}/v1/ws"
        self._people: list[Api] = []

    async def person(self, name: str) -> Api:
        api = Api(self.url)
        self._people.append(api)
        email = f"{name.lower()}-{self._ending}@example.org"
        await api.register(email, PASSWORD, f"{name} {self._ending}")
        return api

    async def stop(self) -> None:
        _say("Stop the server now.")

    async def close(self) -> None:
        for api in self._people:
            await api.close()


async def hold_server(url: str, wanted: list[Path]) -> int:
    """Play the transcripts one after the other and return how many the server strayed from."""
    strayed = 0
    for path in wanted:
        ending = uuid4().hex[:12]
        transcript = read(with_ending(path.read_text(encoding="utf-8"), ending), name=path.stem)
        stage = Anywhere(url, ending)
        try:
            await play(transcript, stage)
            _say(f"{transcript.name}: as written")
        except Strays as wrong:
            strayed += 1
            _say(str(wrong))
        finally:
            await stage.close()
    return strayed


def with_ending(text: str, ending: str) -> str:
    """Return a transcript in which everybody's name ends with this."""
    return CALLED.sub(rf'"name":"\1 {ending}"', text)


async def hold_client(transcript: Transcript, who: str, port: int) -> int:
    """Be the server of one transcript and return 1 if the client strayed from it."""
    try:
        await client.play(parts.part_of(transcript, who), ByHand(_say), port=port)
    except Strays as wrong:
        _say(str(wrong))
        return 1
    _say(f"{transcript.name}: as written")
    return 0


def main() -> int:
    wanted = _parsed()
    if wanted.side == "parts":
        sys.stdout.write(parts.written(transcripts()))
        return 0
    if wanted.side == "server":
        return asyncio.run(hold_server(wanted.url, wanted.files or sorted(FOLDER.glob("*.txt"))))
    return asyncio.run(hold_client(load(wanted.file), wanted.who, wanted.port))


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.transcripts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sides = parser.add_subparsers(dest="side", required=True)
    server = sides.add_parser("server")
    server.add_argument("url")
    server.add_argument("files", nargs="*", type=Path)
    one = sides.add_parser("client")
    one.add_argument("file", type=Path)
    one.add_argument("--as", dest="who", default="B", help="whose part the client has")
    one.add_argument("--port", type=int, default=0, help="of loopback; 0 takes any free one")
    sides.add_parser("parts")
    return parser.parse_args()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
