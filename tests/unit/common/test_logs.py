"""Every line of log is one fact that a machine can read and nobody can forge."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest
import structlog
from pydantic import SecretStr

from libs.common import logs, tracing
from libs.common.logs import LogSettings
from libs.common.settings import SettingsInvalid, load
from libs.common.tracing import Trace
from tests.support.clock import SetClock
from tests.unit.common.speaking import Lines, written_logs

log = structlog.get_logger()


class Terminal(Lines):
    def __init__(self) -> None:
        super().__init__()
        self.stream.isatty = lambda: True  # type: ignore[method-assign]


def test_a_line_says_when_how_bad_who_where_and_what_in_this_order() -> None:
    with written_logs() as lines, logs.bind(service="rooms"):
        log.info("room_created", room_id="r1")

    assert lines.text() == (
        '{"timestamp": "2023-11-14T22:13:20.000Z", "level": "info", "service": "rooms", '
        '"instance": "test-1", "event": "room_created", "room_id": "r1"}\n'
    )


def test_what_is_bound_is_on_every_line_until_the_block_ends() -> None:
    with written_logs() as lines:
        with logs.bind(service="rooms", worker="relay"):
            log.info("first_said")
        log.info("second_said")

    first, second = lines.read()
    assert (first["service"], first["worker"]) == ("rooms", "relay")
    assert "service" not in second


def test_the_current_trace_is_on_every_line() -> None:
    trace = Trace("r1", "a" * 32, "b" * 16, is_sampled=False)

    with written_logs() as lines, tracing.use(trace):
        log.info("something_done")

    (line,) = lines.read()
    assert (line["request_id"], line["trace_id"], line["span_id"]) == ("r1", "a" * 32, "b" * 16)


def test_lines_below_the_level_are_not_written() -> None:
    with written_logs(log_level="warning") as lines:
        log.info("small_thing_done")
        logging.getLogger("library").info("small thing")
        log.warning("large_thing_done")

    assert [line["event"] for line in lines.read()] == ["large_thing_done"]


def test_a_line_cannot_be_broken_by_what_a_user_wrote() -> None:
    with written_logs() as lines:
        log.info("room_created", title='x\r\n{"level": "error"}\x1b[2J\u2028')

    assert lines.text().count("\n") == 1
    assert lines.text().isascii()
    assert "\x1b" not in lines.text()


def test_secrets_are_hidden_by_name_wherever_they_stand() -> None:
    with written_logs() as lines, logs.bind(email="alice@example.org"):
        log.info("login_tried", password="hunter2", headers={"cookie": "canary"})

    (line,) = lines.read()
    assert line["email"] == line["password"] == line["headers"]["cookie"] == "[redacted]"


def test_an_exception_is_written_with_its_traceback_and_without_secrets() -> None:
    with written_logs() as lines:
        try:
            raise ValueError("no room for alice@example.org")
        except ValueError:
            log.exception("request_failed")

    (line,) = lines.read()
    assert line["level"] == "error"
    assert "Traceback" in line["exception"]
    assert "ValueError: no room for [redacted]" in line["exception"]


def test_values_that_json_does_not_know_are_said_in_words() -> None:
    with written_logs() as lines:
        log.info(
            "odd_values_seen",
            id=UUID(int=1),
            path=Path("/srv"),
            error=ValueError("Bearer abc"),
            secret_value=SecretStr("hunter2"),
            stranger=Lines(),
        )

    (line,) = lines.read()
    assert line["id"] == "00000000-0000-0000-0000-000000000001"
    assert line["path"] == "/srv"
    assert line["error"] == "ValueError: [redacted]"
    assert line["stranger"] == "<Lines>"
    assert "hunter2" not in lines.text()


def test_libraries_speak_through_the_same_pipe() -> None:
    with written_logs() as lines, logs.bind(service="rooms"):
        logging.getLogger("uvicorn.error").warning("Invalid %s from %s\n", "request", "a@b.example")

    (line,) = lines.read()
    assert line["event"] == "library_logged"
    assert line["library"] == "uvicorn.error"
    assert line["message"] == "Invalid request from [redacted]"
    assert (line["service"], line["level"]) == ("rooms", "warning")


def test_a_librarys_exception_keeps_its_traceback() -> None:
    with written_logs() as lines:
        try:
            raise KeyError("x")
        except KeyError:
            logging.getLogger("asyncio").exception("Task exception was never retrieved")

    assert "KeyError" in lines.read()[0]["exception"]


def test_a_library_line_with_wrong_arguments_is_still_written() -> None:
    with written_logs() as lines:
        logging.getLogger("library").warning("%d things", "many")

    assert lines.read()[0]["message"] == "%d things"


def test_requests_of_our_own_client_are_not_logged_by_its_library() -> None:
    with written_logs(log_level="debug") as lines:
        logging.getLogger("httpx").info("HTTP Request: GET http://rooms/")

    assert lines.read() == []


def test_configuring_again_replaces_the_first_time() -> None:
    with written_logs() as first, written_logs() as second:
        logging.getLogger("library").warning("once")

    assert first.read() == []
    assert len(second.read()) == 1


def text_of(event: str, fields: Mapping[str, object]) -> str:
    with written_logs(log_format="text") as lines, logs.bind(service="rooms"):
        log.info(event, **fields)
    return lines.text()


def test_text_for_people_is_one_line_too() -> None:
    assert text_of("room_created", {"title": "Tea\r\n\x1b[2J", "count": 3}) == (
        '22:13:20.000Z info    rooms    room_created title="Tea\\r\\n\\u001b[2J" count=3\n'
    )


def test_text_without_fields_has_no_blank_at_its_end() -> None:
    assert text_of("process_stopped", {}).endswith(" process_stopped\n")


def test_text_shows_a_traceback_below_its_line() -> None:
    with written_logs(log_format="text") as lines:
        try:
            raise ValueError("\x1b[2J")
        except ValueError:
            log.exception("request_failed")

    assert "request_failed\nTraceback" in lines.text()
    assert "\\x1b[2J" in lines.text()
    assert "\x1b" not in lines.text()


@pytest.mark.parametrize(("is_terminal", "is_json"), [(True, False), (False, True)])
def test_auto_writes_text_to_a_terminal_and_json_elsewhere(
    is_terminal: bool, is_json: bool
) -> None:
    with written_logs() as spare:
        lines = Terminal() if is_terminal else Lines()
        logs.configure(LogSettings(), SetClock(), instance="i", stream=lines.stream)
        log.info("process_started")

    assert spare.text() == ""
    assert lines.text().startswith("{") is is_json
    if is_json:
        json.loads(lines.text())


def test_settings_may_be_written_in_capitals() -> None:
    found = load(LogSettings, "", environ={"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "Json"})

    assert (found.log_level, found.log_format) == ("debug", "json")


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(SettingsInvalid, match="LOG_LEVEL='loud' is not valid"):
        load(LogSettings, "", environ={"LOG_LEVEL": "loud"})
