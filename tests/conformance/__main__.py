"""Holds a server against `chat.v1`, clause by clause, from outside.

    python -m tests.conformance --url http://127.0.0.1:8000

Only HTTP and the socket of the public address are used. People and rooms are made as any client
makes them; the rooms are removed afterwards, the accounts stay. The exit status is 1 when a clause
is not kept, and 2 when there is nothing to test.

See: docs/conformance.md.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.conformance.cast import Cast
from tests.conformance.catalogue import NUMBERS, clauses
from tests.conformance.clause import WAYS
from tests.conformance.report import as_json, markdown, table
from tests.conformance.runner import AT_ONCE, Verdict, run
from tests.conformance.server import Options, Server, Unreachable


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    options = Options(
        url=arguments.url.rstrip("/"),
        also=arguments.also and arguments.also.rstrip("/"),
        stop_command=arguments.stop_command,
        pid=arguments.pid,
        patience_s=arguments.patience,
        flow_per_s=arguments.flow,
        joins=arguments.joins,
        wait_s=arguments.wait,
        slack_s=arguments.slack,
        accounts=tuple(arguments.account),
    )
    try:
        return asyncio.run(_run(options, arguments))
    except Unreachable as error:
        sys.stderr.write(f"{error}\n")
        return 2


async def _run(options: Options, arguments: argparse.Namespace) -> int:
    server = await Server.find(options)
    chosen = [one for one in clauses() if one.number in (arguments.only or NUMBERS)]
    ways = [arguments.way] if arguments.way else WAYS
    async with Cast(server) as cast:
        outcomes = await run(cast, chosen, ways, at_once=arguments.at_once)
    sys.stdout.write(f"{table(outcomes)}\n")
    if arguments.json is not None:
        arguments.json.write_text(f"{as_json(outcomes)}\n")
    if arguments.markdown is not None:
        arguments.markdown.write_text(f"{markdown(outcomes)}\n")
    return int(any(one.verdict is Verdict.FAILED for one in outcomes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance",
        description="Hold a server against chat.v1, clause by clause.",
    )
    parser.add_argument("--url", required=True, help="where the installation is")
    parser.add_argument("--also", help="another gateway of the same installation")
    parser.add_argument("--way", choices=WAYS, help="only this way to be connected")
    parser.add_argument("--only", type=_numbers, help="only these clauses: P12,P13")
    parser.add_argument(
        "--account",
        type=_account,
        action="append",
        default=[],
        metavar="EMAIL:PASSWORD",
        help="an account to use, where people cannot register; three or more",
    )
    parser.add_argument("--stop-command", help="what stops the server at --url with SIGTERM")
    parser.add_argument("--pid", type=int, help="its process, if it is on this machine")
    parser.add_argument(
        "--patience", type=float, default=60.0, help="seconds to wait for times the server chose"
    )
    parser.add_argument(
        "--flow", type=float, default=200.0, help="events a second where they are to flow"
    )
    parser.add_argument(
        "--joins", type=int, default=100, help="how often somebody comes in meanwhile"
    )
    parser.add_argument(
        "--wait", type=float, default=20.0, help="seconds for what no clause names a time for"
    )
    parser.add_argument(
        "--slack", type=float, default=0.0, help="seconds something may be late, if it is busy"
    )
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="clauses at one time")
    parser.add_argument("--json", type=Path, help="a file for the report")
    parser.add_argument("--markdown", type=Path, help="a file for the table")
    return parser


def _numbers(text: str) -> frozenset[str]:
    numbers = frozenset(text.upper().replace(" ", "").split(","))
    if unknown := numbers - set(NUMBERS):
        raise argparse.ArgumentTypeError(f"no clause is called {sorted(unknown)}")
    return numbers


def _account(text: str) -> tuple[str, str]:
    email, colon, password = text.partition(":")
    if not colon:
        raise argparse.ArgumentTypeError("must be EMAIL:PASSWORD")
    return email, password


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
