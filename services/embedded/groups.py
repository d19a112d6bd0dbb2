"""All settings of all services in one process."""

from typing import Final

from libs.common.bus.topology import Spread
from libs.common.client import ClientSettings
from libs.common.http.settings import HttpSettings
from libs.common.logs import LogSettings
from libs.common.postgres import DatabaseSettings
from libs.common.runner import RunSettings
from libs.common.settings import Settings
from services.auth.settings.general import PREFIX as AUTH
from services.auth.settings.general import AuthSettings
from services.auth.settings.identity import PREFIX as IDENTITY
from services.auth.settings.identity import IdentitySettings
from services.auth.settings.mail import PREFIX as MAIL
from services.auth.settings.mail import MailSettings
from services.auth.settings.privacy import PREFIX as PRIVACY
from services.auth.settings.privacy import PrivacySettings
from services.embedded.settings import EmbeddedSettings
from services.gateway.settings import PREFIX as GATEWAY
from services.gateway.settings import GatewaySettings
from services.messages.settings import PREFIX as MESSAGES
from services.messages.settings import MessagesSettings
from services.presence.settings import PREFIX as PRESENCE
from services.presence.settings import PresenceSettings
from services.rooms.settings import PREFIX as ROOMS
from services.rooms.settings import RoomsSettings

Group = tuple[str, str, type[Settings]]

GROUPS: Final[tuple[Group, ...]] = (
    ("The program in one process", "", EmbeddedSettings),
    ("What it logs (in one process LOG_LEVEL is warning)", "", LogSettings),
    ("Listening and stopping", "", RunSettings),
    ("HTTP", "", HttpSettings),
    ("Calls between services", "", ClientSettings),
    ("Postgres", "", DatabaseSettings),
    ("The bus", "BUS_", Spread),
    ("auth", AUTH, AuthSettings),
    ("auth: e-mail", MAIL, MailSettings),
    ("auth: identity from elsewhere", IDENTITY, IdentitySettings),
    ("auth: export and erasure", PRIVACY, PrivacySettings),
    ("rooms", ROOMS, RoomsSettings),
    ("messages", MESSAGES, MessagesSettings),
    ("presence", PRESENCE, PresenceSettings),
    ("gateway", GATEWAY, GatewaySettings),
)
