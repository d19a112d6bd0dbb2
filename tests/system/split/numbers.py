"""What the processes of a fleet count, read where Prometheus reads it."""

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.support.fleet import Fleet


async def count_of(fleet: Fleet, sample: str, **labels: str) -> float:
    """Return the sum over all processes of the samples of this name that have these labels."""
    insides = [str(member["inside"]) for member in fleet.members().values()]
    return sum([await count_at(inside, sample, **labels) for inside in insides])


async def count_at(inside: str, sample: str, **labels: str) -> float:
    """Return the same of one process."""
    async with httpx.AsyncClient(trust_env=False) as http:
        page = (await http.get(f"{inside}/metrics")).raise_for_status().text
    return sum(
        one.value
        for family in text_string_to_metric_families(page)
        for one in family.samples
        if one.name == sample and labels.items() <= one.labels.items()
    )
