"""The command line: `python -m services run` and its neighbours."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

from libs.common.settings import SettingsInvalid
from services.embedded.program import run
from services.embedded.reference import settings_page
from services.nodes.folder import StartFailed

DONE: Final = 0
FAILED: Final = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Obey the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m services", description=__doc__)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("run", help="run everything in this one process").set_defaults(do=_run)
    commands.add_parser("settings", help="print what can be set").set_defaults(do=_settings)
    do: Callable[[], int] = parser.parse_args(arguments).do
    return do()


def _run() -> int:
    try:
        return asyncio.run(run(os.environ))
    except (StartFailed, SettingsInvalid) as reason:
        sys.stderr.write(f"Hubbub cannot start: {reason}\n")
        return FAILED
    except KeyboardInterrupt:
        # Stopped while it was still starting: nothing is left running.
        return DONE


def _settings() -> int:
    sys.stdout.write(settings_page())
    return DONE


if __name__ == "__main__":
    sys.exit(main())
