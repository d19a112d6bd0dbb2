"""A gateway that is pressed as hard as a test says, and what gives way there."""

from prometheus_client import CollectorRegistry

from libs.common.bus.local import LocalBus
from libs.common.bus.topology import Spread
from libs.common.clock import Clock
from libs.common.http.settings import HttpSettings
from libs.common.metrics import Metrics
from libs.common.process import Process
from services.gateway.connection.relief import Relief
from services.gateway.connection.tally import Tally
from services.gateway.core.pressure import Level, Pressure
from services.gateway.hub.asking import Asking
from services.gateway.hub.hub import Hub
from services.gateway.settings import GatewaySettings
from tests.support.clock import CountedChance
from tests.unit.gateway.fakes import FakeMessages, FakePresence


def pressure_of(level: Level = Level.CALM) -> Pressure:
    pressure = Pressure({}, rise_s=1.0, calm_s=5.0)
    pressure.level = level
    return pressure


def relief_for(
    hub: Hub,
    clock: Clock,
    *,
    settings: GatewaySettings | None = None,
    messages: FakeMessages | None = None,
    presence: FakePresence | None = None,
    tally: Tally | None = None,
) -> Relief:
    settings = settings or GatewaySettings()
    asking = Asking(messages or FakeMessages(), presence or FakePresence(), settings=settings)
    return Relief(
        hub,
        asking,
        settings=settings,
        tally=tally or Tally(Metrics(CollectorRegistry(), "gateway")),
        process=Process(
            "test",
            LocalBus(clock),
            Spread(shards=2, event_buckets=2),
            clock,
            CountedChance(),
            CollectorRegistry(),
            HttpSettings(),
        ),
    )
