"""Who may make an account, over HTTP: seen by anyone as far as a page needs it, set by owners."""

from libs.common.contracts.people import SystemRole
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE, Caller
from services.auth.api.administration.bodies import PolicyChange, PolicyShown, RegistrationShown
from services.auth.api.administration.staff import StaffDoor
from services.auth.api.identities.bodies import ProviderShown
from services.auth.api.surroundings import Surroundings
from services.auth.model.acts import Act, Kind
from services.auth.model.admission import Policy
from services.auth.store.audit import note


class PolicyAdministration:
    """The endpoints of the policy."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._door = StaffDoor(around.accounts)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/v1/auth/registration", self.registration, admits=ANYONE),
            Endpoint("GET", "/v1/admin/policy", self.shown),
            Endpoint("PATCH", "/v1/admin/policy", self.change),
        ]

    async def registration(self) -> RegistrationShown:
        """Return who may make an account and how, for the page on which people do."""
        policy = await self._around.admission.policy()
        return RegistrationShown(
            mode=policy.registration,
            mail=self._around.mail.is_on,
            domains=list(policy.domains),
            providers=[
                ProviderShown.of(provider) for provider in self._around.identity.listed_providers()
            ],
        )

    async def shown(self, caller: Caller) -> PolicyShown:
        """Return who may make an account."""
        await self._door.admit(caller, least=SystemRole.ADMIN)
        return PolicyShown.of(await self._around.admission.policy())

    async def change(
        self, body: PolicyChange, caller: Caller, address: ClientAddress
    ) -> PolicyShown:
        """Say who may make an account from now on, on all instances."""
        await self._door.admit(caller, least=SystemRole.OWNER)
        now = self._around.clock.now()
        async with self._around.database.transaction() as connection:
            policy = await self._around.admission.policies.change(
                connection,
                registration=body.registration,
                domains=None if body.domains is None else list(dict.fromkeys(body.domains)),
                now=now,
            )
            await note(connection, _act(policy, caller, address), now=now)
        return PolicyShown.of(policy)


def _act(policy: Policy, caller: Caller, address: str) -> Act:
    return Act(
        kind=Kind.POLICY_CHANGED,
        actor_id=caller.id,
        subject_id=None,
        outcome="done",
        address=address,
        session_id=caller.session_id,
        details={"registration": policy.registration, "domains": len(policy.domains)},
    )
