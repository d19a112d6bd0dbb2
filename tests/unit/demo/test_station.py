"""The weather station says what one can believe."""

import re
from itertools import pairwise

from services.demo.acts import React, Say
from services.demo.station import EVERY_S, PLACES, Weather, kind_of, readings, spoken, weather_at
from tests.unit.demo.builders import END, setting


def test_it_reports_all_places_together_every_twelve_minutes() -> None:
    said = [act for act in readings(setting("weather", share=0.01)) if act.who == "station"]
    moments = sorted({act.at for act in said})

    assert len(said) == len(moments) * len(PLACES)
    assert {later - earlier for earlier, later in pairwise(moments)} == {EVERY_S}


def test_a_share_is_the_newest_part() -> None:
    some, whole = _reports(0.1), _reports(1.0)

    assert some < whole
    assert max(some) == max(whole)


def _reports(share: float) -> set[tuple[float, str]]:
    return {
        (act.at, act.text)
        for act in readings(setting("weather", share=share))
        if isinstance(act, Say) and act.who == "station"
    }


def test_every_message_has_a_place_of_its_own() -> None:
    places = [act.place for act in readings(setting("weather")) if isinstance(act, Say)]

    assert sorted(places) == [("weather", number) for number in range(len(places))]


def test_people_remark_on_what_the_hilltop_reports() -> None:
    acts = readings(setting("weather"))
    said = {act.place: act for act in acts if isinstance(act, Say)}
    remarks = [act for act in said.values() if act.who != "station"]

    assert len(remarks) > 30
    assert all(act.answers and "Hilltop" in said[act.answers].text for act in remarks)


def test_who_says_that_it_freezes_can_show_the_frost() -> None:
    acts = readings(setting("weather"))
    said = {act.place: act for act in acts if isinstance(act, Say)}
    frost = [act for act in said.values() if act.text.startswith("Below zero")]

    assert frost
    for act in frost:
        assert act.answers is not None
        assert re.search(r" -\d+\.\d °C", said[act.answers].text)


def test_nobody_remarks_on_anything_before_they_came() -> None:
    assert {act.who for act in readings(setting("weather", came=END))} == {"station"}


def test_likes_are_for_remarks() -> None:
    acts = readings(setting("weather"))
    remarks = {act.place for act in acts if isinstance(act, Say) and act.who != "station"}

    assert {act.place for act in acts if isinstance(act, React)} <= remarks


def test_it_is_warmer_in_the_afternoon_and_colder_above() -> None:
    night, noon = (weather_at(END, hour=hour, lift=0.0).celsius for hour in (3, 14))

    assert noon > night
    assert weather_at(END, hour=14, lift=-3.4).celsius < noon


def test_rain_is_told_when_it_rains() -> None:
    assert spoken("Harbour", Weather(4.04, 0.6, 20.4, 6)) == (
        "🌧 **Harbour** 4.0 °C, W 20 km/h, 0.9 mm/h"
    )
    assert spoken("Harbour", Weather(4.04, -0.6, 9.6, 0)) == "☀️ **Harbour** 4.0 °C, N 10 km/h"


def test_a_storm_is_more_remarkable_than_frost_and_frost_than_rain() -> None:
    assert kind_of(Weather(-1.0, 0.8, 30.0, 0)) == "storm"
    assert kind_of(Weather(-1.0, 0.5, 30.0, 0)) == "frost"
    assert kind_of(Weather(3.0, 0.5, 30.0, 0)) == "rain"
    assert kind_of(Weather(3.0, 0.0, 30.0, 0)) is None
    assert kind_of(Weather(3.0, -0.5, 30.0, 0)) == "sun"
