"""Asking a running node by its own tool, `rabbitmqctl`: half a second a call."""

import asyncio
import os
from collections.abc import Mapping

from services.nodes.rabbitmq.binaries import Binaries


class ControlFailed(Exception):
    """The tool refused or could not reach the node; the text is what it said."""


async def rabbitmqctl(
    binaries: Binaries, *arguments: str, environment: Mapping[str, str], timeout_s: float
) -> str:
    """Return what the tool answers.  Raises: ControlFailed, TimeoutError."""
    process = await asyncio.create_subprocess_exec(
        binaries.script("rabbitmqctl"),
        "--quiet",
        *arguments,
        env={"PATH": os.environ.get("PATH", os.defpath), **environment},
        cwd="/",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(timeout_s):
            answer, complaint = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    if process.returncode != 0:
        raise ControlFailed((complaint or answer).decode(errors="replace").strip())
    return answer.decode(errors="replace")
