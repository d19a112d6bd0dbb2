"""An inbox with people behind it, and a bus that a test speaks for."""

from typing import Any

from prometheus_client import CollectorRegistry

from libs.common.bus.interface import Delivery
from libs.common.contracts.facts import (
    FACT,
    BlockChanged,
    Fact,
    encode_fact,
)
from libs.common.contracts.ids import Seq
from libs.common.metrics import Metrics
from libs.common.tokens.revoked import RevokedSessions
from services.gateway.connection.tally import Tally
from services.gateway.consumers.facts import Facts
from services.gateway.consumers.inbox import GatewayInbox
from services.gateway.hub.hub import Hub
from services.gateway.hub.joining import Allowance
from services.gateway.hub.people import People
from tests.support.clock import SetClock
from tests.unit.gateway.fakes import (
    BOB,
    LOBBY,
    Counted,
    FakeMessages,
)
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.pressed import relief_for
from tests.unit.gateway.speaking import NOW, standing


class Rig:
    """An inbox with Alice and Bob behind it, who both listen to the lobby."""

    def __init__(self, **more: Any) -> None:
        self.clock = SetClock(NOW)
        self.hub, self.people = Hub(self.clock), People()
        self.revoked, self.rotations, self.gaps = RevokedSessions(), Counted(), Counted()
        self.registry = CollectorRegistry()
        self.tally = Tally(Metrics(self.registry, "gateway"))
        self.messages = FakeMessages()
        self.relief = relief_for(self.hub, self.clock, tally=self.tally, messages=self.messages)
        self.blocks: list[BlockChanged] = []
        self.facts = Facts(
            self.people,
            self.revoked,
            on_keys_rotated=self.rotations,
            on_block=self.blocks.append,
        )
        self.inbox = GatewayInbox(
            self.hub,
            self.people,
            self.facts,
            relief=self.relief,
            tally=self.tally,
            on_gap=self.gaps,
            on_roster=lambda _: None,
            clock=self.clock,
            **more,
        )
        self.alice, self.bob = FakeClient(), FakeClient(BOB, name="c-2")
        for client in (self.alice, self.bob):
            self.people.add(client, max_of_person=9)
            joining = self.hub.expect(client, LOBBY, Allowance())
            self.hub.meet(joining, standing(head_seq=Seq(0)))
            self.hub.go_live(client, LOBBY, joining)
            client.frames()

    def deliver(self, type_: str, body: bytes, *, key: str = "") -> None:
        self.inbox.on_delivery(Delivery(key, type_, body, 1, is_redelivered=False))

    def fact(self, key: str, fact: Fact) -> None:
        self.deliver(FACT, encode_fact(fact), key=key)
