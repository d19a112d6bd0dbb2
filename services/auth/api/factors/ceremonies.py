"""Asks passkeys to sign, and looks at what they answer.

A challenge is good once, for one purpose and one account; whoever answers wrong asks anew. The
looking is done in a thread: it may have to fetch its library, and a stranger chose the key.
"""

import asyncio
from uuid import UUID

import structlog

from libs.common.contracts.ids import PersonId
from services.auth.api.factors.bodies import Credential, PasskeyAnswer, PasskeyOptions
from services.auth.api.surroundings import Surroundings
from services.auth.core.factors import passkeys as rules
from services.auth.core.factors.passkeys import RelyingParty
from services.auth.core.factors.refusals import PasskeyRefused, PasskeysUnavailable
from services.auth.model.accounts import Account
from services.auth.model.passkeys import Passkey, PasskeyChallenge, Purpose, Registered
from services.auth.store.factors.passkey_challenges import PasskeyChallengeStore
from services.auth.store.factors.passkeys import PasskeyStore

log = structlog.get_logger()


class Ceremonies:
    """Adds passkeys and takes their proofs."""

    def __init__(self, around: Surroundings, passkeys: PasskeyStore) -> None:
        self._party = RelyingParty.at(around.settings.public_url)
        self._life_s = around.settings.challenge_life_s
        self._clock = around.clock
        self._chance = around.chance
        self._passkeys = passkeys
        self._challenges = PasskeyChallengeStore(around.database)

    @property
    def is_possible(self) -> bool:
        """Tell whether browsers offer passkeys for this server's address."""
        return self._party is not None

    async def ask_to_add(self, account: Account) -> PasskeyOptions:
        """Return what a browser is told to make a passkey.  Raises: PasskeysUnavailable."""
        party, asked = self._needed(), self._challenge(Purpose.ADD, account.id)
        options = await asyncio.to_thread(
            rules.creation_options,
            party,
            challenge=asked.challenge,
            handle=account.id.bytes,
            name=account.email or account.name,
            known=await self._passkeys.of(account.id),
        )
        await self._challenges.put(asked)
        return PasskeyOptions(challenge_id=asked.id, options=options)

    async def added(self, account_id: PersonId, answer: PasskeyAnswer) -> Registered:
        """Return the passkey that a browser made.  Raises: PasskeyRefused."""
        challenge = await self._claimed(answer.challenge_id, Purpose.ADD, account_id)
        credential = answer.credential.plain()
        return await asyncio.to_thread(
            rules.registered, credential, self._needed(), challenge=challenge
        )

    async def ask(self, account_id: PersonId | None) -> PasskeyOptions:
        """Return what a browser is told to use a passkey; one of this account, or of any.

        Raises: PasskeysUnavailable.
        """
        party, asked = self._needed(), self._challenge(_purpose(account_id), account_id)
        options = await asyncio.to_thread(
            rules.request_options,
            party,
            challenge=asked.challenge,
            known=await self._passkeys.of(account_id) if account_id else [],
        )
        await self._challenges.put(asked)
        return PasskeyOptions(challenge_id=asked.id, options=options)

    async def proved(self, answer: PasskeyAnswer, *, account_id: PersonId | None) -> PersonId:
        """Return whose passkey answered what `ask` asked for the same account.

        Raises: PasskeyRefused.
        """
        challenge = await self._claimed(answer.challenge_id, _purpose(account_id), account_id)
        passkey = await self._named(answer.credential)
        if account_id is not None and passkey.account_id != account_id:
            raise PasskeyRefused
        await self._check(answer.credential, passkey, challenge)
        return passkey.account_id

    async def _named(self, credential: Credential) -> Passkey:
        plain = credential.plain()
        passkey = await self._passkeys.find(rules.credential_id(plain))
        if passkey is None or not rules.is_handle(plain, passkey.account_id.bytes):
            raise PasskeyRefused
        return passkey

    async def _check(self, credential: Credential, passkey: Passkey, challenge: bytes) -> None:
        count = await asyncio.to_thread(
            rules.signed,
            credential.plain(),
            self._needed(),
            challenge=challenge,
            passkey=passkey,
        )
        if not await self._passkeys.use(passkey.id, sign_count=count, now=self._clock.now()):
            log.warning("passkey_copied", user_id=passkey.account_id, passkey_id=passkey.id)
            raise PasskeyRefused

    def _needed(self) -> RelyingParty:
        if self._party is None:
            raise PasskeysUnavailable
        return self._party

    def _challenge(self, purpose: Purpose, account_id: PersonId | None) -> PasskeyChallenge:
        return PasskeyChallenge(
            id=self._chance.new_id(),
            purpose=purpose,
            account_id=account_id,
            challenge=rules.challenge_from(self._chance.token()),
            expires_at=self._clock.now() + self._life_s,
        )

    async def _claimed(
        self, challenge_id: UUID, purpose: Purpose, account_id: PersonId | None
    ) -> bytes:
        claimed = await self._challenges.claim(
            challenge_id, purpose, account_id=account_id, now=self._clock.now()
        )
        if claimed is None:
            raise PasskeyRefused
        return claimed


def _purpose(account_id: PersonId | None) -> Purpose:
    return Purpose.LOG_IN if account_id is None else Purpose.PROVE
