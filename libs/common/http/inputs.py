"""Reads a request's arguments, the way the handler's signature asks for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from starlette.datastructures import QueryParams
from starlette.requests import Request

from libs.common.errors import Invalid, NotFound
from libs.common.http.body import check_text, read_model
from libs.common.http.endpoint import ClientAddress, IdempotencyKey
from libs.common.http.people import Caller, CallingService
from libs.common.http.problems import fields_of

KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
KEY_HEADER: Final = "Idempotency-Key"

GIVEN: Final = (Caller, CallingService, ClientAddress, IdempotencyKey, QueryParams, Request)
"""Types of parameters that neither path, query nor body can supply."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where a handler's arguments come from.

    `path` and `query` are models made of the parameters of that name, `body` the parameter and its
    model. `given` maps all other parameters to one of `GIVEN`; those in `optional` may be None.
    """

    path: type[BaseModel]
    query: type[BaseModel]
    lists: frozenset[str]
    body: tuple[str, type[BaseModel]] | None
    given: Mapping[str, object]
    optional: frozenset[str]

    async def read(
        self, request: Request, caller: Caller | CallingService | None
    ) -> dict[str, Any]:
        """Return the handler's arguments.

        Raises: NotFound for the path, Invalid and what `read_model` raises for the rest.
        """
        arguments = self._from_path(request) | self._from_query(request.query_params)
        for name, kind in self.given.items():
            arguments[name] = self._given(name, kind, request, caller)
        if self.body is not None:
            name, model = self.body
            arguments[name] = await read_model(request, model)
        return arguments

    def _from_path(self, request: Request) -> dict[str, Any]:
        """An id that cannot be one names nothing, like an id that nobody has."""
        try:
            for value in request.path_params.values():
                check_text(value, ("path",))
            return dict(self.path.model_validate(request.path_params))
        except (ValidationError, Invalid):
            raise NotFound from None

    def _from_query(self, params: QueryParams) -> dict[str, Any]:
        if QueryParams in self.given.values():
            return {}
        found: dict[str, Any] = {}
        for name in params:
            known = name if name in self.query.model_fields else "*"
            values = params.getlist(name)
            for value in values:
                check_text(value, (known,))
            if name in self.lists:
                found[name] = [part for value in values for part in value.split(",")]
            elif len(values) > 1:
                raise Invalid(fields={known: "is given twice"})
            else:
                found[name] = values[0]
        try:
            return dict(self.query.model_validate(found))
        except ValidationError as wrong:
            raise Invalid(fields=fields_of(wrong.errors(include_url=False))) from None

    def _given(
        self, name: str, kind: object, request: Request, caller: Caller | CallingService | None
    ) -> object:
        if kind is Caller or kind is CallingService:
            return caller
        if kind is QueryParams:
            return request.query_params
        if kind is ClientAddress:
            return request.client.host if request.client else ""
        if kind is IdempotencyKey:
            return _key(request, is_optional=name in self.optional)
        return request


def _key(request: Request, *, is_optional: bool) -> str | None:
    key = request.headers.get(KEY_HEADER)
    if key is None and is_optional:
        return None
    if key is None or not KEY.fullmatch(key):
        raise Invalid(fields={KEY_HEADER: "must be 1 to 64 of A-Z a-z 0-9 _ -"})
    return key
