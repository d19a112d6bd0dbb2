"""The parts of the public API, each of which brings its endpoints."""

from libs.common.http.endpoint import Endpoint, paced
from libs.common.ratelimit import Limit
from services.rooms.api.archive import ArchiveApi
from services.rooms.api.blocks import BlocksApi
from services.rooms.api.direct import DirectApi
from services.rooms.api.guests import GuestsApi
from services.rooms.api.holding import Holding
from services.rooms.api.invited import InvitedApi
from services.rooms.api.invites import InvitesApi
from services.rooms.api.members import MembersApi
from services.rooms.api.moderation import ModerationApi
from services.rooms.api.rights import RightsApi
from services.rooms.api.rooms import RoomsApi
from services.rooms.api.showing import Showing
from services.rooms.api.surroundings import Surroundings
from services.rooms.core.invites import Codes
from services.rooms.store.changes import ChangeStore
from services.rooms.store.invites import InviteStore
from services.rooms.store.moderation import ModerationStore


class PublicApi:
    """All that people can ask of rooms. What changes something goes at a pace of its own."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._showing = Showing(
            around.rooms,
            around.members,
            around.guests,
            settings=around.settings,
            clock=around.clock,
        )
        self._holding = Holding(around.rooms, around.people, clock=around.clock)

    def endpoints(self) -> list[Endpoint]:
        settings = self._around.settings
        everything = [
            *self._rooms(),
            *self._people(),
            *self._looking_after(),
            *self._invites(),
            *self._guests().endpoints(),
        ]
        limit = Limit.per_minute(settings.writes_per_minute, burst=settings.writes_burst)
        return paced(everything, self._around.rates.of("write", limit))

    def _rooms(self) -> list[Endpoint]:
        around, showing = self._around, self._showing
        rooms = RoomsApi(
            around.founding,
            around.rooms,
            people=around.people,
            holding=self._holding,
            showing=showing,
            passwords=around.passwords,
            settings=around.settings,
            clock=around.clock,
            chance=around.chance,
        )
        archive = ArchiveApi(self._holding, showing, settings=around.settings)
        changes = ChangeStore(around.database)
        rights = RightsApi(changes, around.people, showing=showing, clock=around.clock)
        return [*rooms.endpoints(), *archive.endpoints(), *rights.endpoints()]

    def _people(self) -> list[Endpoint]:
        around, showing = self._around, self._showing
        direct = DirectApi(
            around.founding,
            around.people,
            showing=showing,
            settings=around.settings,
            clock=around.clock,
            chance=around.chance,
        )
        settings = around.settings
        joins = Limit.per_minute(
            settings.joins_of_one_per_minute, burst=settings.joins_of_one_burst
        )
        members = MembersApi(
            self._holding,
            around.members,
            people=around.people,
            showing=showing,
            joins=around.rates.of("join", joins),
            settings=settings,
            clock=around.clock,
        )
        return [*direct.endpoints(), *members.endpoints()]

    def _looking_after(self) -> list[Endpoint]:
        around = self._around
        blocks = BlocksApi(
            around.blocks, around.people, settings=around.settings, clock=around.clock
        )
        moderation = ModerationApi(
            self._holding,
            ModerationStore(around.database),
            people=around.people,
            showing=self._showing,
            clock=around.clock,
        )
        return [*blocks.endpoints(), *moderation.endpoints()]

    def _invites(self) -> list[Endpoint]:
        around, settings = self._around, self._around.settings
        secret = None if settings.secret is None else settings.secret.get_secret_value()
        looks = Limit.per_minute(
            settings.invite_looks_per_minute, burst=settings.invite_looks_burst
        )
        store = InviteStore(around.database)
        inviting = InvitesApi(
            self._holding,
            store,
            people=around.people,
            showing=self._showing,
            codes=Codes(secret),
            public_url=around.public_url,
            settings=settings,
            clock=around.clock,
            chance=around.chance,
        )
        invited = InvitedApi(
            self._holding,
            store,
            rooms=around.rooms,
            people=around.people,
            showing=self._showing,
            looks=around.rates.of("invites", looks),
            settings=settings,
            clock=around.clock,
        )
        return [*inviting.endpoints(), *invited.endpoints()]

    def _guests(self) -> GuestsApi:
        around = self._around
        return GuestsApi(
            around.rooms,
            around.guests,
            doors=around.doors,
            tokens=around.tokens,
            people=around.people,
            showing=self._showing,
            settings=around.settings,
            clock=around.clock,
            chance=around.chance,
        )
