"""A process of its own looks at all of its settings before it opens anything."""

import pytest

from libs.common.settings import SettingsInvalid
from services.split.program import run

PUBLIC = {"PUBLIC_URL": "http://127.0.0.1:8000"}


async def test_the_faults_of_all_settings_are_told_at_once() -> None:
    wrong = {"ROOMS_PROT": "1", "PEER_AUTH": "nowhere", "LOG_LEVEL": "loud"}

    with pytest.raises(SettingsInvalid) as refused:
        await run(["rooms"], PUBLIC | wrong)

    told = "\n".join(refused.value.faults)
    for name in (*wrong, "BUS_URL", "DATABASE_URL"):
        assert name in told


async def test_a_gateway_is_asked_for_no_database() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        await run(["gateway"], PUBLIC)

    assert [fault.partition(" ")[0] for fault in refused.value.faults] == ["BUS_URL"]
