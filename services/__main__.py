"""The command line of Hubbub.

run            everything in this one process; or, with names, those services alone
split          every service as a process of its own, on this machine
split-status   who lives of them
keys FOLDER    make the keys by which services know each other
migrate        bring the schemas in DATABASE_URL up to date: all at once while nothing runs; or
               --expand before a new release starts, --contract when nothing older runs any more
queues         make the queues that stay on the broker in BUS_URL
drop-dead-letters ID
               drop what nobody could obey and names this person, from the broker in BUS_URL
settings       print what can be set
permissions    print who may do what in a room
schemas FOLDER write what clients and server say to each other, as JSON Schema
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from libs.common.settings import SettingsInvalid
from libs.common.starting import CannotStart
from services.builders.catalog import KEEPING, SERVICES

DONE: Final = 0
FAILED: Final = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Obey the command line and return the exit status."""
    wanted = _parsed(arguments)
    # Started in the background by a shell we would ignore SIGINT; whoever sends it means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return _obey(wanted)
    except (CannotStart, SettingsInvalid) as reason:
        sys.stderr.write(f"Hubbub cannot start: {reason}\n")
        return FAILED
    except KeyboardInterrupt:
        # Stopped while it was still starting: nothing is left running.
        return DONE


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m services",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run")
    run.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SERVICES)}")
    for name in ("split", "split-status", "queues", "settings", "permissions"):
        commands.add_parser(name)
    for name in ("keys", "schemas"):
        commands.add_parser(name).add_argument("folder", type=Path)
    commands.add_parser("drop-dead-letters").add_argument("person_id", type=UUID, metavar="ID")
    migrate = commands.add_parser("migrate")
    migrate.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(KEEPING)}")
    half = migrate.add_mutually_exclusive_group()
    for one, does in (("expand", "add what is new"), ("contract", "take away what is old")):
        half.add_argument(f"--{one}", action="store_const", dest="half", const=one, help=does)
    wanted = parser.parse_args(arguments)
    known = KEEPING if wanted.command == "migrate" else SERVICES
    for name in getattr(wanted, "names", ()):
        if name not in known:
            parser.error(f"{name} is none of {', '.join(known)}")
    return wanted


def _obey(wanted: argparse.Namespace) -> int:
    """Do what is wanted. Each command imports its own part: a service is installed alone."""
    match wanted.command:
        case "keys":
            return _make_keys(wanted.folder)
        case "settings":
            return _print_settings()
        case "permissions":
            return _print_permissions()
        case "schemas":
            return _write_schemas(wanted.folder)
        case _:
            return asyncio.run(_running(wanted))


def _running(wanted: argparse.Namespace) -> Coroutine[Any, Any, int]:
    match wanted.command:
        case "run" if wanted.names:
            from services.split import program as split

            running = split.run(wanted.names, os.environ)
        case "run":
            from services.embedded import program as embedded

            running = embedded.run(os.environ)
        case "split":
            from services.fleet import program as fleet

            running = fleet.run(os.environ)
        case "split-status":
            from services.fleet import state

            running = state.show(os.environ)
        case "queues":
            from services.builders import lasting

            running = lasting.run(os.environ)
        case "drop-dead-letters":
            from services.builders import dead_letters

            running = dead_letters.run(wanted.person_id, os.environ)
        case _:
            from services.builders import migrating

            running = migrating.run(wanted.names or KEEPING, os.environ, half=wanted.half)
    return running


def _print_settings() -> int:
    from services.reference import settings_page

    sys.stdout.write(settings_page())
    return DONE


def _print_permissions() -> int:
    from services.rights import permissions_page

    sys.stdout.write(permissions_page())
    return DONE


def _write_schemas(folder: Path) -> int:
    from libs.common import logs
    from libs.common.clock import SystemClock
    from services.schemas import writing

    quiet = logs.LogSettings(log_level="warning")
    logs.configure(quiet, SystemClock(), instance="schemas", stream=sys.stderr)
    for path in writing.write(folder):
        sys.stdout.write(f"{path}\n")
    return DONE


def _make_keys(folder: Path) -> int:
    from libs.common.clock import SystemClock
    from services.split import keys

    for made in keys.make(folder, SERVICES, now=SystemClock().now()):
        sys.stdout.write(f"{made}\n")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
