"""Which processes there are, where each listens, and what each is told: pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.builders.catalog import KEEPING, SERVICES
from services.fleet.settings import FleetSettings

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Member:
    """One process: the service it runs, its own name, and its two ports."""

    name: str
    service: str
    port: int
    internal_port: int

    @property
    def api(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def inside(self) -> str:
        return f"http://{HOST}:{self.internal_port}"


@dataclass(frozen=True, slots=True)
class Nodes:
    """Where each service finds its database and the bus, by the service's name."""

    databases: Mapping[str, str]
    buses: Mapping[str, str]


def names(settings: FleetSettings) -> Iterator[tuple[str, str]]:
    """Yield each process's own name and its service, in the order in which they start."""
    counts = {"messages": settings.messages, "gateway": settings.gateways}
    for service in SERVICES:
        count = counts.get(service)
        if count is None:
            yield service, service
        else:
            yield from ((f"{service}-{number}", service) for number in range(1, count + 1))


def members(settings: FleetSettings, free_ports: Sequence[int]) -> list[Member]:
    """Return the processes; `free_ports` has two for each, and gateways may have ports of ours."""
    free = iter(free_ports)
    planned: list[Member] = []
    gateways = 0
    for name, service in names(settings):
        port, internal_port = next(free), next(free)
        if service == "gateway" and settings.port:
            port = settings.port + gateways
            gateways += 1
        planned.append(Member(name, service, port, internal_port))
    return planned


def addresses(planned: Sequence[Member]) -> dict[str, str]:
    """Return where every process finds the others, as environment variables."""
    by_service = {name: [one for one in planned if one.service == name] for name in SERVICES}
    insides = {name: ",".join(one.inside for one in by_service[name]) for name in KEEPING}
    apis = {name: ",".join(one.api for one in by_service[name]) for name in KEEPING}
    return {
        "PUBLIC_URL": by_service["gateway"][0].api,
        "TRUSTED_PROXIES": HOST,
        "PEER_AUTH_API": apis["auth"],
        **{f"PEER_{name.upper()}": urls for name, urls in insides.items()},
        **{f"EDGE_{name.upper()}": urls for name, urls in apis.items()},
    }


def told(member: Member, planned: Sequence[Member], nodes: Nodes) -> dict[str, str]:
    """Return what one process is told, as environment variables."""
    prefix = f"{member.service.upper()}_"
    database = nodes.databases.get(member.service)
    return {
        **addresses(planned),
        f"{prefix}HOST": HOST,
        f"{prefix}PORT": str(member.port),
        f"{prefix}INTERNAL_HOST": HOST,
        f"{prefix}INTERNAL_PORT": str(member.internal_port),
        "BUS_URL": nodes.buses[member.service],
        **({"DATABASE_URL": database} if database is not None else {}),
    }
