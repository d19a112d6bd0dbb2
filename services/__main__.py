"""The command line: `python -m services run` and its neighbours."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from libs.common.settings import SettingsInvalid
from services.embedded.folder import StartFailed
from services.embedded.program import run

FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Obey the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m services", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run everything in this one process")
    parser.parse_args(arguments)
    try:
        return asyncio.run(run(os.environ))
    except (StartFailed, SettingsInvalid) as reason:
        sys.stderr.write(f"Hubbub cannot start: {reason}\n")
        return FAILED
    except KeyboardInterrupt:
        # Stopped while it was still starting: nothing is left running.
        return 0


if __name__ == "__main__":
    sys.exit(main())
