"""Ports that follow from a folder, among those that others have taken."""

import socket
from pathlib import Path

import pytest

from services.nodes.folder import StartFailed
from services.nodes.rabbitmq.ports import LOOPBACK, is_free, ports_for


def every_port(port: int) -> bool:
    return port > 0


def test_a_folder_has_the_same_ports_again(tmp_path: Path) -> None:
    first = ports_for(tmp_path, 3, is_free=every_port)

    assert ports_for(tmp_path / "." / "x" / "..", 3, is_free=every_port) == first
    assert len(set(first)) == 3


def test_folders_have_different_ports(tmp_path: Path) -> None:
    ports = {
        ports_for(tmp_path / name, 3, is_free=every_port) for name in ("alice", "bob", "charlie")
    }

    assert len(ports) == 3


def test_no_outgoing_connection_is_given_one_of_them(tmp_path: Path) -> None:
    ports = ports_for(tmp_path, 10_000, is_free=every_port)

    assert set(ports) == set(range(20_000, 30_000))


def test_a_port_of_somebody_else_is_passed_over(tmp_path: Path) -> None:
    wanted = ports_for(tmp_path, 3, is_free=every_port)

    given = ports_for(tmp_path, 3, is_free=lambda port: port != wanted[0])

    assert given[:2] == wanted[1:]


def test_a_machine_without_free_ports_says_so(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match=r"There are no 3 free ports on 127\.0\.0\.1"):
        ports_for(tmp_path, 3, is_free=lambda _: False)


def test_a_port_is_free_when_nobody_listens() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        assert not is_free(port)

    assert is_free(port)
