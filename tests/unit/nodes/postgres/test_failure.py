"""What Postgres says becomes one line that says what to do."""

from pathlib import Path

import pytest

from services.nodes.postgres.failure import explain, verdict

STAMP = "2026-01-02 03:04:05.678 UTC [77] "
LOG = Path("/data/logs/postgres.log")


def explained(*lines: str) -> str:
    return explain(lines, folder=Path("/data"), log=LOG)


@pytest.mark.parametrize(
    ("line", "start"),
    [
        (
            STAMP + 'FATAL:  could not write lock file "postmaster.pid": No space left on device',
            "The disk that holds /data is full",
        ),
        (
            'initdb: error: could not create directory "/data/postgres/x": Read-only file system',
            "Postgres may not write to /data",
        ),
        (
            STAMP + 'FATAL:  lock file "postmaster.pid" already exists',
            "Another Postgres is using /data",
        ),
        (
            STAMP + "FATAL:  could not map anonymous shared memory: Cannot allocate memory",
            "There is not enough memory for Postgres",
        ),
    ],
)
def test_a_known_failure_names_its_mend(line: str, start: str) -> None:
    assert explained("creating files ... ok", line, "HINT:  more").startswith(start)


def test_an_unknown_failure_names_the_log() -> None:
    assert explained(STAMP + "LOG:  starting", STAMP + "FATAL:  bogus data in lock file") == (
        "Postgres did not start (FATAL:  bogus data in lock file): "
        "/data/logs/postgres.log says more."
    )


def test_the_last_error_counts_more_than_the_last_line() -> None:
    lines = [STAMP + "FATAL:  first", STAMP + "PANIC:  second", STAMP + "LOG:  shut down", " "]

    assert verdict(lines) == "PANIC:  second"


def test_without_an_error_the_last_line_counts() -> None:
    assert verdict(["one", "two", ""]) == "two"
    assert verdict([]) == "it said nothing"
