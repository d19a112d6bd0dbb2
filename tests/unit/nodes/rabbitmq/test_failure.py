"""The one line for an operator, from what RabbitMQ says when it does not start."""

from pathlib import Path

import pytest

from services.nodes.rabbitmq.failure import explain

FOLDER = Path("/srv/hubbub")
LOG = FOLDER / "logs" / "rabbitmq.log"
TIME = "2026-11-21 00:31:36.219530+00:00"


def explained(*lines: str) -> str:
    return explain(lines, folder=FOLDER, log=LOG)


@pytest.mark.parametrize(
    "line",
    [
        f"{TIME} [error] <0.9.0> ERROR: could not bind to distribution port 28624 on host "
        "localhost. It could be in use by another process or cannot be bound to",
        f"{TIME} [notice] <0.9.0> Protocol 'inet_tcp': register/listen error: "
        "no_reg_reply_from_epmd",
        f"{TIME} [error] <0.9.0> Failed to start Ranch listener, reason: eaddrinuse",
    ],
)
def test_a_port_that_was_taken_is_named(line: str) -> None:
    assert explained(line) == (
        "Another program took a port of RabbitMQ while it started: start again."
    )


def test_a_full_disk_is_named() -> None:
    assert explained("{error,enospc}").startswith("The disk that holds /srv/hubbub is full")


def test_a_folder_that_may_not_be_written_is_named() -> None:
    assert explained("{file_error, eacces}").startswith("RabbitMQ may not write to /srv/hubbub")


def test_a_missing_erlang_is_named() -> None:
    assert explained("rabbitmq-server: 80: exec: erl: not found") == (
        "RabbitMQ needs Erlang, which is not on the path: apt-get install rabbitmq-server."
    )


def test_anything_else_is_told_in_the_words_of_the_first_error() -> None:
    verdict = explained(
        f"{TIME} [info] <0.9.0> Starting RabbitMQ 3.10.8",
        f"{TIME} [error] <0.9.0> Failed to create feature flags file: file already exists",
        f"{TIME} [error] <0.9.0> Error during startup: {{error,failed}}",
    )

    assert verdict == (
        "RabbitMQ did not start (Failed to create feature flags file: file already exists): "
        "/srv/hubbub/logs/rabbitmq.log says more."
    )


def test_silence_is_told_too() -> None:
    assert explained() == f"RabbitMQ did not start (it said nothing): {LOG} says more."
