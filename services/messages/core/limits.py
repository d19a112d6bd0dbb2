"""The limits that the rules apply, made once from the settings."""

from dataclasses import dataclass

from libs.common.ratelimit import Limit
from services.messages.core.habits import Habits, Lately
from services.messages.settings import MessagesSettings


@dataclass(frozen=True, slots=True)
class Limits:
    """See `MessagesSettings` for what each of them means."""

    content_chars: int
    content_bytes: int
    mentions: int
    emoji_per_person: int
    room_sends: Limit


def limits_of(settings: MessagesSettings) -> Limits:
    return Limits(
        content_chars=settings.content_chars,
        content_bytes=settings.content_bytes,
        mentions=settings.mentions_per_message,
        emoji_per_person=settings.emoji_per_person,
        room_sends=Limit(settings.room_sends_per_s, settings.room_sends_burst),
    )


def habits_of(settings: MessagesSettings) -> Habits:
    """Return what is remembered of what people do again and again: nothing yet."""
    max_keys = settings.habits_remembered
    return Habits(
        words=Lately(
            limit=settings.same_text_times,
            window_s=settings.same_text_window_s,
            max_keys=max_keys,
        ),
        mentions=Lately(limit=settings.mentions_per_minute, window_s=60.0, max_keys=max_keys),
        links=Lately(limit=settings.links_per_minute, window_s=60.0, max_keys=max_keys),
    )
