"""What docker-compose.yml promises: every service, in order, with little to lose."""

import re
from pathlib import Path
from typing import Any

import pytest

from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.postgres import DatabaseSettings
from libs.common.runner import RunSettings
from libs.common.settings import Settings, load, rows
from services.auth.settings.general import AuthSettings
from services.builders.catalog import KEEPING, SERVICES
from services.builders.environment import filled_in, for_auth
from services.deployment import secrets
from services.deployment.edge import PORTS
from services.embedded.groups import GROUPS
from services.reference import OF_SEPARATE_PROCESSES
from services.split import keys
from services.split.settings import PEER, PeerSettings, SplitSettings
from tests.architecture.tree import files, read
from tests.unit.deploy.compose import compose, containers, networks_of, secrets_of

IN_CONTAINER = "/run/hubbub"
ONCE = ("migrate", "queues")
"""They end before the services start."""

OURS = (*SERVICES, *ONCE)
PINNED = re.compile(r"^[a-z/]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)*$")
FROM = re.compile(r"^FROM (\S+)", re.MULTILINE)
INTERNAL_PORTS = {"auth": 9081, "rooms": 9082, "messages": 9083, "presence": 9084, "gateway": 9080}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of secrets."""
    folder = tmp_path_factory.mktemp("secrets")
    clock = SystemClock()
    secrets.make(folder, chance=SystemChance(clock), now=clock.now())
    return folder


def environment(name: str, folder: Path) -> dict[str, str]:
    """Return what a container is told, with its secrets where the test has made them."""
    told = containers()[name]["environment"]
    return {
        variable: str(value).replace(IN_CONTAINER, f"{folder}/{name}")
        for variable, value in told.items()
    }


def test_every_service_has_a_container() -> None:
    assert set(SERVICES) <= containers().keys()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_runs_alone_in_its_own_image(service: str) -> None:
    container = containers()[service]

    assert container["command"] == ["run", service]
    assert container["build"]["args"] == {"SERVICE": service}
    assert f"requirements/{service}.txt" in files("requirements")


@pytest.mark.parametrize("name", OURS)
def test_every_setting_exists(name: str) -> None:
    known = {
        row.name + ending
        for _, prefix, model in (*GROUPS, *OF_SEPARATE_PROCESSES)
        for row in rows(model, prefix)
        for ending in (("", "_FILE") if row.is_secret else ("",))
    }

    assert set(containers()[name]["environment"]) - known == set()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_can_start_with_what_it_is_told(service: str, made: Path) -> None:
    told = environment(service, made)
    split = load(SplitSettings, "", environ=told)
    models: list[tuple[type[Settings], str]] = [
        *((model, prefix) for title, prefix, model in GROUPS if title == service),
        (BrokerSettings, "BUS_"),
        (PeerSettings, PEER),
        (RunSettings, ""),
    ]
    if service in KEEPING:
        models.append((DatabaseSettings, ""))
    filled = filled_in(told, for_auth(split.public_url, allow_plain_http=False))

    loaded = [load(model, prefix, environ=filled) for model, prefix in models]

    assert len(loaded) == len(models)
    keys.signing(split.service_keys_dir, [service])
    keys.callers(split.service_keys_dir, SERVICES)
    assert any(isinstance(one, AuthSettings) for one in loaded) == (service == "auth")


def test_the_queues_are_made_with_the_settings_of_the_services(made: Path) -> None:
    ours = load(BrokerSettings, "BUS_", environ=environment("queues", made))
    theirs = load(BrokerSettings, "BUS_", environ=environment("messages", made))

    assert containers()["queues"]["command"] == ["queues"]
    assert ours.model_dump(exclude={"url"}) == theirs.model_dump(exclude={"url"})


def test_services_find_each_other() -> None:
    peers = load(PeerSettings, PEER, environ=containers()["rooms"]["environment"])

    assert peers.auth_api == (f"http://auth:{PORTS['auth']}",)
    for service in KEEPING:
        assert getattr(peers, service) == (f"http://{service}:{INTERNAL_PORTS[service]}",)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_asked_whether_it_is_ready_at_its_internal_port(service: str) -> None:
    model = next(model for title, _, model in GROUPS if title == service)

    assert model.model_fields["internal_port"].default == INTERNAL_PORTS[service]
    assert containers()[service]["healthcheck"]["test"] == [
        "CMD", "python", "ready.py", str(INTERNAL_PORTS[service]),
    ]  # fmt: skip


def test_each_starts_after_what_it_needs() -> None:
    for name, before in {
        "migrate": {"postgres"},
        "queues": {"rabbitmq"},
        "auth": {*ONCE, "postgres", "rabbitmq"},
        "rooms": {*ONCE, "auth"},
        "messages": {*ONCE, "auth"},
        "presence": {*ONCE, "auth"},
        "gateway": {"auth", "rooms", "messages", "presence", "rabbitmq"},
        "edge": {"gateway"},
    }.items():
        conditions = containers()[name]["depends_on"]
        assert before <= conditions.keys()
        for other, condition in conditions.items():
            ended = "service_completed_successfully"
            assert condition == {"condition": ended if other in ONCE else "service_healthy"}
            assert other in ONCE or "healthcheck" in containers()[other]


def test_one_port_is_public() -> None:
    published = {name: one["ports"] for name, one in containers().items() if one.get("ports")}

    assert published.keys() == {"edge", "prometheus"}
    assert [port.count(":") for port in published["prometheus"]] == [2]
    assert published["prometheus"][0].startswith("127.0.0.1:")
    assert len(published["edge"]) == 1


def test_what_is_inside_reaches_nothing_outside() -> None:
    inside = {name for name, one in networks().items() if (one or {}).get("internal")}

    assert networks().keys() - inside == {"outside", "abroad", "operator"}
    for name in (*OURS, "postgres", "rabbitmq"):
        # Mail servers and identity providers are elsewhere.
        assert networks_of(containers()[name]) - inside == ({"abroad"} if name == "auth" else set())


def test_only_who_keeps_something_reaches_postgres() -> None:
    reach = {name for name, one in containers().items() if "data" in networks_of(one)}

    assert reach == {"postgres", "migrate", *KEEPING}


def test_only_services_and_who_makes_their_queues_reach_the_broker() -> None:
    reach = {name for name, one in containers().items() if "bus" in networks_of(one)}

    assert reach == {"rabbitmq", "queues", *SERVICES}


def test_services_believe_the_edge_and_nobody_else() -> None:
    address = containers()["edge"]["networks"]["front"]["ipv4_address"]

    for service in SERVICES:
        assert containers()[service]["environment"]["TRUSTED_PROXIES"] == address


@pytest.mark.parametrize("name", list(containers()))
def test_a_container_has_little_to_lose(name: str) -> None:
    container = containers()[name]

    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert "cap_add" not in container
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in container
    assert container.get("user") != "root"
    assert "user" in container or container["build"]["dockerfile"] == "deploy/Dockerfile"


@pytest.mark.parametrize("name", list(containers()))
def test_a_container_sees_its_own_secrets_only(name: str) -> None:
    expected = set() if name in ("edge", "prometheus") else {name}

    assert secrets_of(containers()[name]) == expected


def test_no_password_stands_in_the_file() -> None:
    for container in containers().values():
        for variable, value in container.get("environment", {}).items():
            if any(word in variable for word in ("PASSWORD", "SECRET", "DATABASE_URL", "BUS_URL")):
                assert variable.endswith("_FILE")
                assert value.startswith(f"{IN_CONTAINER}/")


def test_every_image_is_pinned() -> None:
    images = [one["image"] for one in containers().values() if "build" not in one]
    bases = [name for name in FROM.findall(read("deploy/Dockerfile")) if name != "service"]

    assert [name for name in images + bases if not PINNED.match(name)] == []


def test_our_images_end_as_nobody() -> None:
    stages = read("deploy/Dockerfile").split("\nFROM ")

    for stage in stages:
        if " AS service" in stage or " AS edge" in stage:
            assert [line for line in stage.splitlines() if line.startswith("USER ")] == [
                "USER 10001:10001"
            ]


def networks() -> dict[str, Any]:
    """Return the networks by name."""
    found: dict[str, Any] = compose()["networks"]
    return found
