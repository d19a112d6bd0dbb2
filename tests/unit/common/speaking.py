"""What our apps wrote to the log, line by line."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from libs.common import logs
from libs.common.logs import LogSettings
from tests.support.clock import SetClock


class Lines:
    """Everything that was written; `read` understands the JSON lines."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def text(self) -> str:
        return self.stream.getvalue()

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text().splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.read() if line["event"] == event]


@contextmanager
def written_logs(**settings: Any) -> Iterator[Lines]:
    """Collect what is logged inside the block, and leave logging as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    lines = Lines()
    logs.configure(LogSettings(**settings), SetClock(), instance="test-1", stream=lines.stream)
    try:
        yield lines
    finally:
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
        root.handlers[:] = handlers
        root.setLevel(level)
