"""Profiles over HTTP: people, their pictures, how they like the chat."""

from libs.common.http.endpoint import Endpoint
from libs.common.service import Worker
from services.auth.api.profiles.avatars import AvatarsApi
from services.auth.api.profiles.drawing import Drawing
from services.auth.api.profiles.people import PeopleApi
from services.auth.api.profiles.preferences import PreferencesApi
from services.auth.api.profiles.search_words import SearchWords
from services.auth.api.surroundings import Surroundings
from services.auth.store.avatars import AvatarStore
from services.auth.store.bots import BotStore
from services.auth.store.preferences import PreferenceStore
from services.auth.store.searching import SearchStore


class ProfilesApi:
    """All endpoints and workers of profiles."""

    def __init__(self, around: Surroundings) -> None:
        self._people = PeopleApi(SearchStore(around.database), around)
        self._avatars = AvatarsApi(
            AvatarStore(around.database, around.facts),
            BotStore(around.database, around.facts),
            Drawing(timeout_s=around.settings.avatar_timeout_s),
            around,
        )
        self._preferences = PreferencesApi(PreferenceStore(around.database))

        self._search_words = SearchWords(
            around.database, around.clock, every_s=around.settings.sweep_every_s
        )

    def workers(self) -> list[Worker]:
        return [Worker("search_words", self._search_words.run)]

    def endpoints(self) -> list[Endpoint]:
        return [
            *self._people.endpoints(),
            *self._avatars.endpoints(),
            *self._preferences.endpoints(),
        ]
