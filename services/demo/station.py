"""Three weeks of a weather station: some ten thousand messages, so that scrolling can be tried.

Every twelve minutes it tells what its four places measure. The numbers follow the hour, the height
and a weather that changes from day to day, so that what people remark on is what one can read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import cos, pi, sin
from typing import Final

from services.demo.acts import React, Say
from services.demo.setting import Setting, Told

STATION: Final = "station"
EVERY_S: Final = 720
DAYS: Final = 20.58
DAY_S: Final = 86_400
HOUR_S: Final = 3_600

PLACES: Final = (("Harbour", 0.0), ("Market square", 0.8), ("Forest", -1.6), ("Hilltop", -3.4))
"""Each place, and how much warmer it is there, in degrees Celsius."""

WINDS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")

DRY: Final = 0.45
"""Above it, it rains."""

SKY: Final = ((0.75, "⛈"), (DRY, "🌧"), (0.1, "☁️"), (-0.35, "⛅"), (-9.0, "☀️"))
"""From how wet a weather which sign is shown."""

REMARKS: Final = {
    "frost": (
        ("jonas", "Erster Frost am Hügel! Balkonpflanzen reinholen."),
        ("kasia", "Minus w listopadzie? Szalik i herbata z malinami 🧣"),
        ("bob", "Below zero on the hilltop. I did *not* move here for this."),
        ("minjun", "언덕은 벌써 영하네요. 따뜻하게 입고 나가세요!"),
        ("oksana", "На пагорбі мороз, а я ще без шапки"),
    ),
    "rain": (
        ("ines", "Chuva outra vez… e a roupa toda lá fora 😅"),
        ("claire", "Il pleut au port. Parapluie obligatoire ☔"),
        ("mei", "又下雨了，记得带伞。"),
        ("alice", "Rain again. The garden is happy, I am not."),
        ("tamar", "גשם! הגיע הזמן למרק."),
    ),
    "storm": (
        ("eleni", "Τι αέρας! Δεν μπορώ να ανοίξω την πόρτα."),
        ("deniz", "Fırtına geliyor, pencereleri kapatın!"),
        ("mateo", "¡Qué tormenta! Se ve desde aquí ⛈"),
        ("yuki", "雷がすごい…みなさん気をつけて。"),
    ),
    "sun": (
        ("arjun", "आख़िरकार धूप निकली! ☀️"),
        ("mali", "แดดดีมาก ออกไปเดินเล่นกัน"),
        ("noor", "شمس أخيرًا! هيا إلى الميناء ☀️"),
        ("claire", "Enfin du soleil. Qui vient marcher à midi ?"),
        ("bob", "Sun! Lunch outside, who is in?"),
    ),
}
"""What people say when the weather turns, in the order in which their turns come."""

ANSWERS_S: Final = (120.0, 600.0)
LIKES_AFTER_S: Final = 90.0
AWAKE: Final = range(8, 22)


@dataclass(frozen=True, slots=True)
class Weather:
    """`wet` is from -1, bright, to 1, a storm; `turn` of the wind is in eighths of a circle."""

    celsius: float
    wet: float
    wind_kmh: float
    turn: int


def readings(setting: Setting) -> Sequence[Told]:
    """Return all that the station says, and what people say to it."""
    acts = list(_told(setting))
    return sorted(acts, key=lambda act: act.at)


def weather_at(moment: float, *, hour: float, lift: float) -> Weather:
    """Return the weather of a moment, at an hour of the day and `lift` degrees above the harbour.

    The same moment has always the same weather.
    """
    days = moment / DAY_S
    wet = 0.55 * sin(days * 1.9) + 0.35 * sin(days * 4.7 + 1.3) + 0.18 * sin(days * 23.0)
    daily = 3.2 * cos((hour - 14.5) * pi / 12)
    slow = 3.5 * sin(days * 0.61)
    celsius = 5.5 + slow + daily * (1.0 - 0.5 * max(0.0, wet)) + lift + 0.3 * sin(days * 311.0)
    wind_kmh = 9.0 + 22.0 * max(0.0, wet) + 5.0 * sin(days * 17.0) ** 2 - lift
    return Weather(celsius, wet, wind_kmh, int((sin(days * 1.1) + 1) * 4) % len(WINDS))


def spoken(place: str, weather: Weather) -> str:
    """Return a reading as the station tells it."""
    sign = next(sign for least, sign in SKY if weather.wet >= least)
    rain = f", {(weather.wet - DRY) * 6:.1f} mm/h" if weather.wet >= DRY else ""
    wind = f"{WINDS[weather.turn]} {weather.wind_kmh:.0f} km/h"
    return f"{sign} **{place}** {weather.celsius:.1f} °C, {wind}{rain}"


def kind_of(weather: Weather) -> str | None:
    """Return what is remarkable about the weather on the hilltop, if anything is."""
    if weather.wet >= SKY[0][0]:
        return "storm"
    if weather.celsius < 0:
        return "frost"
    if weather.wet >= DRY:
        return "rain"
    return "sun" if weather.wet < SKY[3][0] else None


def _told(setting: Setting) -> Iterator[Told]:
    number = setting.first
    turns = dict.fromkeys(REMARKS, 0)
    said: str | None = None
    for moment in _moments(setting):
        hour = _hour(setting, moment)
        weather = weather_at(moment, hour=hour, lift=0.0)
        for place, lift in PLACES:
            weather = weather_at(moment, hour=hour, lift=lift)
            yield Say(moment, STATION, (setting.room, number), spoken(place, weather))
            number += 1
        kind = kind_of(weather)
        if kind is not None and kind != said and int(hour) in AWAKE:
            remark = list(_remark(setting, moment, number, kind=kind, turn=turns[kind]))
            yield from remark
            turns[kind] += 1
            number += len(remark) // 2
        said = kind or said


def _remark(
    setting: Setting, moment: float, number: int, *, kind: str, turn: int
) -> Iterator[Told]:
    """Yield what somebody says and who likes it, if two are there."""
    here = [one for one in REMARKS[kind] if setting.has_come(one[0], moment)]
    if len(here) < 2:
        return
    who, text = here[turn % len(here)]
    fan, _ = here[(turn + 1) % len(here)]
    at = min(setting.end, moment + setting.chance.uniform(*ANSWERS_S))
    place = (setting.room, number)
    yield Say(at, who, place, text, answers=(setting.room, number - 1))
    yield React(min(setting.end, at + LIKES_AFTER_S), fan, place, "👍")


def _moments(setting: Setting) -> Iterator[float]:
    """Yield when the station speaks: every twelve minutes of the clock, up to the end."""
    last = setting.end // EVERY_S
    count = max(1, round(DAYS * DAY_S / EVERY_S * setting.share))
    for step in range(count):
        yield (last - count + 1 + step) * EVERY_S


def _hour(setting: Setting, moment: float) -> float:
    local = datetime.fromtimestamp(moment, UTC).astimezone(setting.zone)
    return local.hour + local.minute / 60
