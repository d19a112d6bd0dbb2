"""Holds the gateway's sockets against the Autobahn test suite, and prints a table.

    python -m tests.ws_conformance --tools .tools/wire --messages 100

`--tools` is what make/wire.sh made. `--messages` bounds how many messages the cases of categories
9, 12 and 13 send; the suite's own number is 1000. The status is 1 if a case failed, did not run, or
came out in a way that is not explained. See: docs/ws-conformance.md.
"""

import argparse
import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.ws_conformance.outcome import Outcome, table, unexplained
from tests.ws_conformance.suite import NAME, unpack

PLAIN: Final = "1,2,3,4,5,6,7,9,10"
DEFLATED: Final = "12,13"
CASE_COUNT: Final = 517

PATIENCE_S: Final = 300.0
MESSAGE_PATIENCE_S: Final = 3.0
"""For all cases together, and for each message that some send; 100 take about a minute."""

FUZZER: Final = Path(__file__).with_name("fuzzer.py")


@asynccontextmanager
async def echoing() -> AsyncIterator[list[str]]:
    """Run the server; yield its addresses, without and with compression."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.ws_conformance.echo", stdout=PIPE
    )
    try:
        async with asyncio.timeout(30):
            ports = (await _output(process).readline()).split()
        yield [f"ws://127.0.0.1:{int(port)}/v1/ws" for port in ports]
    finally:
        process.kill()
        await process.wait()


async def outcomes(
    url: str, cases: str, *, tools: Path, suite: Path, messages: int
) -> AsyncIterator[Outcome]:
    """Run cases and yield what came of each as it ends."""
    process = await asyncio.create_subprocess_exec(
        *(tools / "bin" / "python", FUZZER, suite, url),
        *("--cases", cases, "--messages", str(messages)),
        stdout=PIPE,
    )
    try:
        async for line in _output(process):
            found = json.loads(line)
            said = f"{found['result']} {found['result_of_close']}"
            yield Outcome.of(
                found["case"], behavior=found["behavior"], close=found["close"], said=said
            )
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def run(tools: Path, messages: int) -> int:
    """Run all cases and print what came of them; return the status."""
    suite, began = tools / "suite", time.monotonic()
    unpack(next((tools / "cases").glob(f"{NAME}-*.tar.gz")), suite)
    found: list[Outcome] = []
    limit_s = PATIENCE_S + MESSAGE_PATIENCE_S * messages
    async with asyncio.timeout(limit_s), echoing() as (plain, deflated):
        for url, cases in ((plain, PLAIN), (deflated, DEFLATED)):
            ending = outcomes(url, cases, tools=tools, suite=suite, messages=messages)
            found.extend([one async for one in ending])
    faults = list(unexplained(found))
    if len(found) != CASE_COUNT:
        faults.append(f"{len(found)} of {CASE_COUNT} cases ran")
    seconds = time.monotonic() - began
    sys.stdout.write(f"{table(found)}\n\n{len(found)} cases in {seconds:.0f} s\n")
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tools", type=Path, required=True)
    parser.add_argument("--messages", type=int, default=100)
    wanted = parser.parse_args()
    return asyncio.run(run(wanted.tools, wanted.messages))


def _output(process: Process) -> asyncio.StreamReader:
    if process.stdout is None:
        raise RuntimeError("the process was started without a pipe")
    return process.stdout


if __name__ == "__main__":
    sys.exit(main())
