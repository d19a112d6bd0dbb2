"""The words of `python -m services migrate`."""

import pytest

from libs.common.settings import SettingsInvalid
from services.__main__ import FAILED, main
from services.builders.catalog import KEEPING
from services.builders.migrating import run


def test_one_half_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["migrate", "--expand", "--contract"])

    assert "not allowed with argument --expand" in capsys.readouterr().err


def test_only_who_keeps_something_has_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["migrate", "--expand", "gateway"])

    assert f"gateway is none of {', '.join(KEEPING)}" in capsys.readouterr().err


@pytest.mark.parametrize("half", ["expand", "contract", None])
async def test_it_asks_for_a_database(half: str | None) -> None:
    with pytest.raises(SettingsInvalid, match="DATABASE_URL"):
        await run(KEEPING, {}, half=half)  # type: ignore[arg-type]


def test_what_is_missing_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://alice@127.0.0.1:1/hubbub")
    monkeypatch.setenv("DATABASE_WAIT_S", "0")

    assert main(["migrate", "--contract"]) == FAILED
    assert "The database of DATABASE_URL cannot be reached" in capsys.readouterr().err
