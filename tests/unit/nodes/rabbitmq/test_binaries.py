"""The choice of a RabbitMQ, among folders that only look like one."""

from pathlib import Path

import pytest

from services.nodes.folder import StartFailed
from services.nodes.rabbitmq.binaries import Binaries, choose, find_binaries

EPMD = "/usr/bin/epmd"


def rabbitmq(path: Path, version: str) -> Path:
    home = path / f"rabbitmq_server-{version}"
    (home / "sbin").mkdir(parents=True)
    (home / "sbin" / "rabbitmq-server").touch()
    (home / "plugins" / f"rabbit-{version}").mkdir(parents=True)
    (home / "plugins" / "rabbit_common-99.0").mkdir()
    return home


def test_the_newest_is_chosen(tmp_path: Path) -> None:
    older, newer = rabbitmq(tmp_path, "3.9.27"), rabbitmq(tmp_path, "3.10.8")

    chosen = choose([newer, older], EPMD)

    assert chosen == Binaries(newer, (3, 10, 8), Path(EPMD))
    assert str(chosen) == "RabbitMQ 3.10.8"
    assert chosen.script("rabbitmqctl") == f"{newer}/sbin/rabbitmqctl"


def test_a_folder_without_programs_is_no_rabbitmq(tmp_path: Path) -> None:
    (tmp_path / "rabbitmq_server-3.12.0" / "plugins" / "rabbit-3.12.0").mkdir(parents=True)
    whole = rabbitmq(tmp_path, "3.11.0")

    assert choose(sorted(tmp_path.iterdir()), EPMD).home == whole


def test_the_folder_itself_may_have_any_name(tmp_path: Path) -> None:
    home = rabbitmq(tmp_path, "4.0.5").rename(tmp_path / "broker")

    assert choose([home], EPMD).version == (4, 0, 5)


def test_a_machine_without_one_is_told_what_to_install() -> None:
    with pytest.raises(StartFailed) as failure:
        choose([], EPMD)

    assert str(failure.value) == (
        "There is no RabbitMQ on this machine: apt-get install rabbitmq-server."
    )


def test_a_folder_that_was_named_wrongly_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match=f"There is no RabbitMQ in {tmp_path}: "):
        find_binaries(tmp_path)


def test_one_that_is_too_old_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match=r"is older than RabbitMQ 3\.10: apt-get install"):
        choose([rabbitmq(tmp_path, "3.9.27")], EPMD)


def test_one_without_erlang_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="needs Erlang, which is not on the path: apt-get"):
        choose([rabbitmq(tmp_path, "3.10.8")], None)
