"""The demo of Hubbub.

seed           fill the data folder with people, rooms and three weeks of messages
run            the same if need be, then start Hubbub on it, with company and things to try
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from typing import Final

from libs.common.settings import SettingsInvalid
from libs.common.starting import CannotStart
from services.builders.saying import say
from services.demo import program, seed
from services.demo.people import PASSWORD

DONE: Final = 0
FAILED: Final = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Obey the command line and return the exit status."""
    wanted = _parsed(arguments)
    # As in services/__main__.py.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if wanted.command == "run":
            return asyncio.run(program.run(os.environ))
        asyncio.run(seed.run(os.environ, seed.Wanted(wanted.share, wanted.among_people)))
        say(f"Log in as alice@example.org or as anybody of them; the password is: {PASSWORD}")
        return DONE
    except (CannotStart, SettingsInvalid) as reason:
        sys.stderr.write(f"The demo cannot start: {reason}\n")
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write("Stopped before it was done.\n")
        return FAILED


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m services.demo",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run")
    seeding = commands.add_parser("seed")
    seeding.add_argument("--share", type=_share, default=1.0, help="of the long histories, 0 to 1")
    seeding.add_argument(
        "--among-people", action="store_true", help="mix the demo with people who are there"
    )
    return parser.parse_args(arguments)


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError("must be above 0 and at most 1")
    return share


if __name__ == "__main__":
    sys.exit(main())
