"""The folder of keys by which services know each other."""

from pathlib import Path

import pytest

from libs.common.errors import Unauthorized
from libs.common.tokens.service import ServiceTokens, ServiceVerifier
from services.nodes.folder import StartFailed
from services.split import keys
from tests.support.clock import TEN_O_CLOCK, SetClock

NAMES = ("auth", "rooms")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keys.make(tmp_path / "keys", NAMES, now=TEN_O_CLOCK)
    return tmp_path / "keys"


def test_every_service_gets_a_secret_and_a_public_key(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "auth.key",
        "auth.pub",
        "rooms.key",
        "rooms.pub",
    }


def test_nobody_else_reads_a_secret(folder: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in folder.glob("*.key")} == {0o600}


def test_keys_that_are_there_stay(folder: Path) -> None:
    before = {path: path.read_text() for path in folder.iterdir()}

    assert keys.make(folder, NAMES, now=TEN_O_CLOCK) == []
    assert {path: path.read_text() for path in folder.iterdir()} == before


def test_a_public_key_that_is_missing_is_made_from_its_secret(folder: Path) -> None:
    before = (folder / "rooms.pub").read_text()
    (folder / "rooms.pub").unlink()

    assert keys.make(folder, NAMES, now=TEN_O_CLOCK) == [folder / "rooms.pub"]
    assert (folder / "rooms.pub").read_text() == before


def test_a_new_secret_gets_a_new_public_key(folder: Path) -> None:
    before = (folder / "rooms.pub").read_text()
    (folder / "rooms.key").unlink()

    keys.make(folder, NAMES, now=TEN_O_CLOCK)

    assert (folder / "rooms.pub").read_text() != before


def test_a_service_is_believed_by_who_has_its_public_key(folder: Path) -> None:
    clock = SetClock()
    rooms = ServiceTokens("rooms", keys.signing(folder, ["rooms"])["rooms"], clock=clock)
    auth = ServiceVerifier("auth", callers=keys.callers(folder, NAMES), leeway_s=0)

    assert auth.verify(rooms.mint("auth"), clock.now()) == "rooms"


def test_a_service_with_another_key_is_not_believed(folder: Path, tmp_path: Path) -> None:
    clock = SetClock()
    keys.make(tmp_path / "others", NAMES, now=TEN_O_CLOCK)
    stranger = keys.signing(tmp_path / "others", ["rooms"])["rooms"]
    auth = ServiceVerifier("auth", callers=keys.callers(folder, NAMES), leeway_s=0)

    with pytest.raises(Unauthorized):
        auth.verify(ServiceTokens("rooms", stranger, clock=clock).mint("auth"), clock.now())


def test_a_key_that_is_missing_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match=r"auth\.key cannot be read .*python -m services keys"):
        keys.signing(tmp_path, ["auth"])


@pytest.mark.parametrize("text", ["", "no key"])
def test_what_is_no_key_is_named(folder: Path, text: str) -> None:
    (folder / "auth.key").write_text(text)
    (folder / "auth.pub").write_text(text)

    with pytest.raises(StartFailed, match=r"auth\.key is not a secret key"):
        keys.signing(folder, ["auth"])
    with pytest.raises(StartFailed, match=r"auth\.pub is not a public key"):
        keys.callers(folder, ["auth"])


def test_a_public_key_does_not_pass_for_a_secret(folder: Path) -> None:
    (folder / "auth.key").write_text((folder / "auth.pub").read_text())

    with pytest.raises(StartFailed, match=r"auth\.key is not a secret key"):
        keys.signing(folder, ["auth"])


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StartFailed, match="Keys cannot be made in"):
        keys.make(tmp_path / "file" / "keys", NAMES, now=TEN_O_CLOCK)
