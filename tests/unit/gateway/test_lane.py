"""Deliveries wait in their order, and how long and how much is known."""

from collections.abc import Sequence

from libs.common.bus.interface import Delivery
from services.gateway.consumers.lane import Lane

NOW = 50.0


def words(body: bytes) -> Sequence[str]:
    return body.decode().split()


class Rig:
    def __init__(self) -> None:
        self.unreadable: list[str] = []
        self.lane = Lane[str](
            {"words": words},
            max_bytes=12,
            on_unreadable=lambda delivery, _: self.unreadable.append(delivery.type),
        )

    def add(self, body: bytes, *, now: float = NOW, type_: str = "words") -> None:
        self.lane.add(Delivery("", type_, body, 1, is_redelivered=False), now)

    def rest(self) -> list[str]:
        return list(iter(self.lane.next, None))


def test_items_come_one_by_one_in_their_order() -> None:
    rig = Rig()
    rig.add(b"one two")
    rig.add(b"three")

    assert rig.lane
    assert rig.rest() == ["one", "two", "three"]
    assert not rig.lane


def test_what_cannot_be_read_is_told_and_passed_over() -> None:
    rig = Rig()
    rig.add(b"one", type_="pictures")
    rig.add(b"two")

    assert rig.rest() == ["two"]
    assert rig.unreadable == ["pictures"]


def test_how_long_the_next_has_waited_is_known() -> None:
    rig = Rig()
    assert rig.lane.waited_s(NOW) == 0.0

    rig.add(b"one two", now=NOW)
    rig.add(b"three", now=NOW + 1)
    assert rig.lane.waited_s(NOW + 3) == 3.0

    rig.lane.next()
    assert rig.lane.waited_s(NOW + 3) == 3.0
    rig.lane.next()
    assert rig.lane.waited_s(NOW + 3) == 2.0
    rig.lane.next()
    assert rig.lane.waited_s(NOW + 3) == 0.0


def test_what_is_not_read_yet_is_bounded_and_may_be_forgotten() -> None:
    rig = Rig()
    rig.add(b"one two")
    rig.lane.next()
    rig.add(b"three four")
    assert (rig.lane.waiting_bytes, rig.lane.is_over) == (10, False)
    rig.add(b"five")
    assert rig.lane.is_over

    assert rig.lane.clear() == 2

    assert rig.rest() == ["two"]
    assert rig.lane.waiting_bytes == 0
