"""What all connections of one gateway share."""

from collections.abc import Collection
from dataclasses import dataclass

from libs.common.chance import Chance
from libs.common.clock import Clock
from services.gateway.connection.admitting import Admitting
from services.gateway.connection.attaching import Attaching
from services.gateway.connection.flusher import Flusher
from services.gateway.connection.sending import Sending
from services.gateway.connection.sweep import Sweep
from services.gateway.connection.syncing import Syncing
from services.gateway.connection.tally import Tally
from services.gateway.connection.typing import TypingSignals
from services.gateway.core.admission import Admission
from services.gateway.core.pace import Paces
from services.gateway.core.pressure import Pressure
from services.gateway.frames.heard import LimitsShown
from services.gateway.hub.hub import Hub
from services.gateway.hub.people import People
from services.gateway.hub.unattended import Unattended
from services.gateway.settings import GatewaySettings


@dataclass(frozen=True, slots=True)
class Surroundings:
    settings: GatewaySettings
    limits: LimitsShown
    paces: Paces
    clock: Clock
    chance: Chance
    hub: Hub
    people: People
    unattended: Unattended
    pressure: Pressure
    admission: Admission
    sweep: Sweep
    flusher: Flusher
    tally: Tally
    admitting: Admitting
    attaching: Attaching
    syncing: Syncing
    sending: Sending
    typing: TypingSignals
    trusted_proxies: Collection[str]
