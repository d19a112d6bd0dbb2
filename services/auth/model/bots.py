"""Bots: accounts that programs act as, each somebody's own."""

from dataclasses import dataclass

from libs.common.contracts.ids import PersonId
from services.auth.model.accounts import Account


@dataclass(frozen=True, slots=True)
class Bot:
    account: Account
    owner_id: PersonId
