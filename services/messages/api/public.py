"""Puts the public API of messages together."""

from libs.common.http.endpoint import Endpoint, paced
from libs.common.postgres import Database
from libs.common.process import Process
from libs.common.ratelimit import Limit
from libs.common.rates_postgres import PostgresRates
from services.messages.api.access import Access
from services.messages.api.entries import EntryApi
from services.messages.api.history import HistoryApi
from services.messages.api.messages import MessageApi
from services.messages.api.news import News
from services.messages.api.reactions import ReactionApi
from services.messages.api.receipts import ReceiptApi
from services.messages.api.reports import ReportApi
from services.messages.api.room_list import RoomListApi
from services.messages.api.transcripts import TranscriptApi
from services.messages.api.wishes import Wishes
from services.messages.settings import MessagesSettings
from services.messages.store.entries import EntryStore
from services.messages.store.known import KnownStore
from services.messages.store.members import MemberStore
from services.messages.store.messages import MessageStore
from services.messages.store.reports import ReportStore
from services.messages.store.roles import RoleStore
from services.messages.store.room_list import RoomListStore


def public_endpoints(
    settings: MessagesSettings,
    process: Process,
    *,
    database: Database,
    news: News,
    wishes: Wishes,
    members: MemberStore,
    rates: PostgresRates,
) -> list[Endpoint]:
    """Return what people may ask, each at their pace."""
    messages, clock = MessageStore(database), process.clock
    access = Access(KnownStore(database), news, clock)
    transcripts = Limit.per_minute(
        settings.transcripts_per_minute, burst=settings.transcripts_per_minute
    )
    reports = Limit.per_minute(settings.reports_per_hour / 60, burst=settings.reports_per_hour)
    writes = Limit.per_minute(settings.writes_per_minute, burst=settings.writes_burst)
    everything = [
        *HistoryApi(messages, access).endpoints(),
        *MessageApi(messages, access, wishes).endpoints(),
        *ReactionApi(messages, access, wishes).endpoints(),
        *ReceiptApi(members, wishes).endpoints(),
        RoomListApi(RoomListStore(database, bounds=members.bounds)).endpoint(),
        *EntryApi(EntryStore(database), access).endpoints(),
        *TranscriptApi(
            messages, access, pace=rates.of("transcript", transcripts), clock=clock
        ).endpoints(),
        *ReportApi(
            ReportStore(database),
            messages,
            access,
            RoleStore(database),
            pace=rates.of("report", reports),
            clock=clock,
            chance=process.chance,
        ).endpoints(),
    ]
    return paced(everything, rates.of("write", writes))
