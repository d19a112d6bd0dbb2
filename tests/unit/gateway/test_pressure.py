"""How hard a gateway is pressed: up in a second, down after some calm, and not up and down."""

import pytest

from services.gateway.core.pressure import (
    LEFT_OUT_FROM,
    NEVER,
    PATIENCE_MAX,
    Level,
    Pressure,
    Sign,
    signs_of,
)
from services.gateway.settings import GatewaySettings

RISE_S, CALM_S = 1.0, 5.0
LOOK_S = 0.1
SIGNS = {"late_s": Sign(0.2, 0.5), "slow_s": Sign(1.0, NEVER)}


class Watched:
    """A gateway that is looked at ten times a second."""

    def __init__(self) -> None:
        self.pressure = Pressure(SIGNS, rise_s=RISE_S, calm_s=CALM_S)
        self.now = 100.0

    def see(self, late_s: float, seconds: float, *, slow_s: float = 0.0) -> Level:
        """Show the same for some time, and return the level then."""
        for _ in range(round(seconds / LOOK_S)):
            self.now += LOOK_S
            self.pressure.look({"late_s": late_s, "slow_s": slow_s}, self.now)
        return self.pressure.level

    def calm_after_s(self) -> float:
        """Return how long it takes from now to be calm again."""
        began = self.now
        while self.see(0.0, LOOK_S):
            assert self.now < began + 1_000
        return self.now - began


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_it_rises_within_about_a_second(watched: Watched) -> None:
    assert watched.see(0.3, 0.9) is Level.CALM
    assert watched.see(0.3, 0.3) is Level.BUSY


def test_it_rises_two_levels_at_once(watched: Watched) -> None:
    assert watched.see(0.6, 1.2) is Level.OVERLOADED


def test_one_long_pause_is_no_pressure(watched: Watched) -> None:
    watched.see(0.0, 1)
    watched.now += 4
    watched.pressure.look({"late_s": 4.0, "slow_s": 0.0}, watched.now)

    assert watched.see(0.0, 1) is Level.CALM


def test_what_comes_and_goes_is_no_pressure(watched: Watched) -> None:
    for _ in range(20):
        watched.see(0.6, 0.5)
        assert watched.see(0.1, 0.1) is Level.CALM


def test_it_falls_one_step_at_a_time_after_some_calm(watched: Watched) -> None:
    watched.see(0.6, 1.2)

    assert watched.see(0.0, CALM_S - 0.2) is Level.OVERLOADED
    assert watched.see(0.0, 0.4) is Level.BUSY
    assert watched.see(0.0, CALM_S - 0.4) is Level.BUSY
    assert watched.see(0.0, 0.4) is Level.CALM


def test_half_of_what_led_to_it_keeps_a_level(watched: Watched) -> None:
    watched.see(0.6, 1.2)

    assert watched.see(0.3, 20) is Level.OVERLOADED
    assert watched.see(0.24, CALM_S + 0.2) is Level.BUSY
    assert watched.see(0.12, 20) is Level.BUSY
    assert watched.see(0.09, CALM_S + 0.2) is Level.CALM


def test_a_load_that_stays_is_tried_again_ever_more_seldom(watched: Watched) -> None:
    waits = []
    for _ in range(6):
        watched.see(0.3, 1.2)
        waits.append(round(watched.calm_after_s() / CALM_S))

    assert waits == [1, 2, 4, 8, PATIENCE_MAX, PATIENCE_MAX]


def test_a_load_that_was_gone_for_long_is_a_new_one(watched: Watched) -> None:
    watched.see(0.3, 1.2)
    watched.calm_after_s()
    watched.see(0.0, 3 * CALM_S)

    watched.see(0.3, 1.2)

    assert round(watched.calm_after_s() / CALM_S) == 1


def test_rising_on_is_no_relapse(watched: Watched) -> None:
    watched.see(0.3, 1.5)
    assert watched.see(0.6, 1.5) is Level.OVERLOADED

    assert round(watched.calm_after_s() / CALM_S) == 2


def test_a_slow_owner_alone_makes_a_gateway_no_more_than_busy(watched: Watched) -> None:
    assert watched.see(0.0, 3, slow_s=60) is Level.BUSY


@pytest.mark.parametrize(
    ("level", "left_out"),
    [
        (Level.CALM, set()),
        (Level.BUSY, {"typing"}),
        (Level.OVERLOADED, {"typing", "presence", "receipt", "room_head", "arrival"}),
    ],
)
def test_each_level_leaves_out_so_much(watched: Watched, level: Level, left_out: set[str]) -> None:
    watched.pressure.level = level

    assert {what for what in LEFT_OUT_FROM if watched.pressure.leaves_out(what)} == left_out


def test_the_signs_are_settings() -> None:
    signs = signs_of(GatewaySettings(loop_late_busy_s=0.1, inbox_overloaded_bytes=7))

    assert signs["loop_late_s"].level(0.1) is Level.BUSY
    assert signs["inbox_bytes"].level(7) is Level.OVERLOADED
