"""What auth needs of the other services, and of keys, for export and erasure."""

from collections.abc import Mapping
from dataclasses import dataclass

from libs.common.client import InternalClient
from libs.common.tokens.receipts import ReceiptReader, Receipts
from services.auth.settings.privacy import PrivacySettings


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`others` are the services that keep something of people, by name, in the order in which they
    are asked. `receipts` signs for auth itself, `reader` checks what the others sign.
    """

    settings: PrivacySettings
    others: Mapping[str, InternalClient]
    receipts: Receipts
    reader: ReceiptReader
