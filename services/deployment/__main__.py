"""What the containers need beside the images.

secrets FOLDER   make the secrets that are missing, a folder for each container
routes           print the routes of the reverse proxy
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from services.deployment import secrets
from services.deployment.edge import routes
from services.nodes.folder import StartFailed


def main(arguments: Sequence[str] | None = None) -> int:
    """Obey the command line and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m services.deployment",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("secrets").add_argument("folder", type=Path)
    commands.add_parser("routes")
    wanted = parser.parse_args(arguments)
    if wanted.command == "routes":
        sys.stdout.write(routes())
        return 0
    clock = SystemClock()
    try:
        secrets.make(wanted.folder, chance=SystemChance(clock), now=clock.now())
    except StartFailed as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
