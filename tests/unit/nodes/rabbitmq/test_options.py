"""How a node is set up: on loopback only, with every path its own."""

import os
from pathlib import Path

import pytest

from services.nodes.rabbitmq.files import Files
from services.nodes.rabbitmq.options import (
    Plugin,
    Ports,
    advanced,
    config,
    enabled_plugins,
    environment,
)

BARE = Ports(amqp=20_001, mapper=20_002, distribution=20_003, plugins={})
MANAGED = Ports(20_001, 20_002, 20_003, {Plugin.MANAGEMENT: 20_004, Plugin.PROMETHEUS: 20_005})


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "rabbitmq")


def test_it_listens_on_loopback(files: Files) -> None:
    assert "listeners.tcp.1 = 127.0.0.1:20001\n" in config(MANAGED)
    assert "management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = 20004\n" in config(MANAGED)
    assert "prometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = 20005\n" in config(MANAGED)


def test_plugins_are_named_for_the_broker() -> None:
    assert enabled_plugins(BARE) == "[].\n"
    assert enabled_plugins(MANAGED) == "[rabbitmq_management,rabbitmq_prometheus].\n"


def test_its_own_tools_and_the_port_mapper_stay_on_loopback(files: Files) -> None:
    variables = environment(files, BARE)

    assert variables["ERL_EPMD_ADDRESS"] == "127.0.0.1"
    assert variables["ERL_EPMD_PORT"] == "20002"
    assert variables["RABBITMQ_DIST_PORT"] == "20003"
    for name in ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "RABBITMQ_CTL_ERL_ARGS"):
        assert "inet_dist_use_interface {127,0,0,1}" in variables[name]


def test_every_path_is_in_its_folder(files: Files) -> None:
    variables = environment(files, BARE)

    paths = {name for name, value in variables.items() if value.startswith("/")}
    assert {"HOME", "RABBITMQ_CONF_ENV_FILE", "RABBITMQ_PID_FILE"} < paths
    assert all(Path(variables[name]).is_relative_to(files.folder) for name in paths)


def test_a_path_in_any_language_is_written_byte_by_byte(tmp_path: Path) -> None:
    files = Files(tmp_path / 'ä "#')

    written = advanced(files).partition("[{load_definitions, [")[2].partition("]")[0]

    assert bytes(map(int, written.split(","))) == os.fsencode(files.definitions)
