"""Logs: one JSON object per line on stdout, every line about one fact.

`event` is a constant phrase in the past tense, everything that varies is a field. Who speaks is
bound by context (`bind`), not by process, since five services may share one: the HTTP front binds
`service` for a request, the runner for a worker. Lines of libraries (uvicorn, asyncio) come
through the same pipe as `library_logged`.

    context + fields -> level, time, instance, trace -> traceback as text -> redaction -> one line
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Final, Literal, TextIO
from uuid import UUID

import structlog
from pydantic import BeforeValidator
from structlog.typing import EventDict, Processor, WrappedLogger

from libs.common import tracing
from libs.common.clock import Clock
from libs.common.redaction import (
    MAX_TEXT_CHARS,
    MAX_TRACEBACK_CHARS,
    redacted,
    scrubbed,
    visible,
)
from libs.common.settings import Settings
from libs.common.times import rfc3339

QUIET_LIBRARIES: Final = ("httpcore", "httpx")
"""They log every request at info; our own summary lines say it better."""

FIRST: Final = ("timestamp", "level", "service", "instance", "event")


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class LogSettings(Settings):
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = (
        "info"
    )
    """The least important lines that are written: debug, info, warning or error."""

    log_format: Annotated[Literal["auto", "json", "text"], BeforeValidator(_lower)] = "auto"
    """json, text for people, or auto: text when stdout is a terminal."""


def configure(settings: LogSettings, clock: Clock, *, instance: str, stream: TextIO) -> None:
    """Send every log line of this process to `stream`, whoever writes it.

    `instance` tells processes of the same service apart. Calling it again replaces what it did.
    """
    as_text = settings.log_format == "text" or (settings.log_format == "auto" and stream.isatty())
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _stamp(clock, instance),
        _add_trace,
        structlog.processors.format_exc_info,
        _redact,
        _text_line if as_text else _json_line,
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[LibraryLines()], level=level, force=True)
    for name in QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def bind(**fields: object) -> Iterator[None]:
    """Add `fields` to every line that this task and those it starts write inside the block."""
    with structlog.contextvars.bound_contextvars(**fields):
        yield


@contextmanager
def bind_only(**fields: object) -> Iterator[None]:
    """Bind `fields` and nothing else inside the block: work for somebody new begins here."""
    before = structlog.contextvars.get_contextvars()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**fields)
    try:
        yield
    finally:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(**before)


class LibraryLines(logging.Handler):
    """Passes the standard library's log records on to our own pipe."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; a record that cannot be formatted is told, not raised."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = str(record.msg)
        structlog.get_logger().log(
            record.levelno,
            "library_logged",
            library=record.name,
            message=scrubbed(message.strip(), max_chars=MAX_TEXT_CHARS),
            exc_info=record.exc_info,
        )


def _stamp(clock: Clock, instance: str) -> Processor:
    def stamp(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["timestamp"] = rfc3339(clock.now())
        event["instance"] = instance
        return event

    return stamp


def _add_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    trace = tracing.current()
    if trace is not None:
        event.setdefault("request_id", trace.request_id)
        event.setdefault("trace_id", trace.trace_id)
        event.setdefault("span_id", trace.span_id)
    return event


def _redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    traceback = event.pop("exception", None)
    clean = redacted(event)
    if traceback is not None:
        clean["exception"] = scrubbed(traceback, max_chars=MAX_TRACEBACK_CHARS)
    return clean


def _json_line(_: WrappedLogger, __: str, event: EventDict) -> str:
    ordered = {name: event.pop(name) for name in FIRST if name in event}
    return json.dumps({**ordered, **event}, default=_plain)


def _text_line(_: WrappedLogger, __: str, event: EventDict) -> str:
    time, level = event.pop("timestamp"), event.pop("level")
    service, name = event.pop("service", "-"), event.pop("event")
    event.pop("instance", None)
    traceback = event.pop("exception", None)
    fields = " ".join(f"{key}={json.dumps(event[key], default=_plain)}" for key in event)
    line = visible(f"{time[11:]} {level:<7} {service:<8} {name} {fields}".rstrip())
    line = line.replace("\n", "\\n")
    return line if traceback is None else f"{line}\n{visible(traceback)}"


def _plain(value: object) -> str:
    """Say a value that JSON does not know; of strangers only the type: they may hold secrets."""
    if isinstance(value, UUID | Path | date | Enum):
        return str(value)
    if isinstance(value, BaseException):
        return scrubbed(f"{type(value).__name__}: {value}", max_chars=MAX_TEXT_CHARS)
    return f"<{type(value).__name__}>"
