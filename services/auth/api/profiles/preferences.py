"""How somebody likes the chat, over HTTP; clients do what it says."""

from typing import Annotated

from pydantic import Field

from libs.common.contracts.scopes import Scope
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import Caller
from services.auth.api.bodies import Body
from services.auth.model.preferences import NotifyOf, Preferences, Theme
from services.auth.store.preferences import PreferenceStore

# A language, and where it matters a script and a region (RFC 5646); what sites are translated into
# needs no more of that grammar.
Locale = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$")]


class NotificationsBody(Body):
    """What a client tells of while nobody looks at it. `email`: whether mail about missed messages
    is wanted.
    """

    messages: NotifyOf
    sound: bool
    email: bool


class PreferencesBody(Body):
    """All of them. Without a `locale` a client takes the one of its system."""

    locale: Locale | None
    theme: Theme
    notifications: NotificationsBody

    @classmethod
    def of(cls, preferences: Preferences) -> "PreferencesBody":
        return cls(
            locale=preferences.locale,
            theme=preferences.theme,
            notifications=NotificationsBody(
                messages=preferences.notify_of,
                sound=preferences.is_sound_wanted,
                email=preferences.is_email_wanted,
            ),
        )

    def wanted(self) -> Preferences:
        return Preferences(
            locale=self.locale,
            theme=self.theme,
            notify_of=self.notifications.messages,
            is_sound_wanted=self.notifications.sound,
            is_email_wanted=self.notifications.email,
        )


class PreferencesApi:
    """The endpoints around preferences."""

    def __init__(self, preferences: PreferenceStore) -> None:
        self._preferences = preferences

    def endpoints(self) -> list[Endpoint]:
        path = "/v1/me/preferences"
        return [
            Endpoint("GET", path, self.mine, scope=Scope.PROFILE),
            Endpoint("PUT", path, self.put, scope=Scope.PROFILE),
        ]

    async def mine(self, caller: Caller) -> PreferencesBody:
        """Return how the caller likes the chat; defaults for who never said."""
        return PreferencesBody.of(await self._preferences.find(caller.id))

    async def put(self, body: PreferencesBody, caller: Caller) -> PreferencesBody:
        """Replace all preferences of the caller."""
        await self._preferences.put(caller.id, body.wanted())
        return body
