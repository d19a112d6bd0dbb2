"""The OpenAPI 3.1 document of an app, made from the same endpoints that serve it.

Schemas are named by their classes. Every refusal that an endpoint declares is listed by code, next
to those that any endpoint of its kind may answer.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, Field
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from starlette.responses import Response

from libs.common.errors import (
    ChatError,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    TimedOut,
    TooLarge,
    TooMany,
    Unauthorized,
    Unavailable,
)
from libs.common.http.endpoint import Endpoint, IdempotencyKey
from libs.common.http.inputs import KEY, KEY_HEADER
from libs.common.http.people import ANYONE, Caller
from libs.common.http.problems import BodyTooSlow, ForeignOrigin, UnsupportedType
from libs.common.http.reply import json_response
from libs.common.http.signature import Signature, read_signature
from libs.common.permissions.scopes import InsufficientScope

REFERENCE: Final = "#/components/schemas/{model}"
JSON: Final = "application/json"
READING: Final[JsonSchemaMode] = "validation"
WRITING: Final[JsonSchemaMode] = "serialization"

Refs = Mapping[tuple[Any, JsonSchemaMode], dict[str, Any]]
"""Where the schema of a model stands, as it is read and as it is written."""


class Problem(BaseModel):
    """Every refusal and every error has this shape. What does not apply is left out."""

    code: str = Field(description="Stable: programs decide by it.")
    message: str = Field(description="For people, in English.")
    retryable: bool = Field(description="Whether the same request may work later.")
    fields: dict[str, str] = Field(default={}, description="What is wrong, by dotted name.")
    retry_after_ms: int = Field(default=0, description="Come back after so many milliseconds.")
    until: str = Field(default="", description="When the refusal ends.")
    first_available_seq: int = Field(default=0, description="Where history now begins.")
    error_id: str = Field(default="", description="What to tell the operator.")
    challenge: str = Field(default="", description="What the second half of a log-in shows.")
    methods: list[str] = Field(default=[], description="What proves who one is.")


def document(endpoints: Iterable[Endpoint], *, service: str) -> dict[str, Any]:
    """Return the document of `endpoints`.

    Raises: TypeError when an endpoint cannot be served as it is.
    """
    signatures = [read_signature(endpoint) for endpoint in endpoints]
    refs, schemas = _schemas(signatures)
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for signature in signatures:
        endpoint = signature.endpoint
        paths[endpoint.path][endpoint.method.lower()] = _operation(signature, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Hubbub {service}", "version": "1"},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def served(endpoints: Sequence[Endpoint], *, service: str) -> Endpoint:
    """Return the endpoint that hands the document of `endpoints` out.

    Made when it is first asked for, which few do: those of all services together take 60 ms.
    """

    @cache
    def body() -> bytes:
        return json.dumps(document(endpoints, service=service), indent=1).encode()

    async def openapi() -> Response:
        """Describe this API."""
        return json_response(body(), status=200)

    return Endpoint("GET", "/openapi.json", openapi, admits=ANYONE)


def _schemas(signatures: Sequence[Signature]) -> tuple[Refs, dict[str, Any]]:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, READING): None}
    for signature in signatures:
        if signature.inputs.body is not None:
            wanted[signature.inputs.body[1], READING] = None
        wanted |= dict.fromkeys((model, WRITING) for model in signature.returns)
    refs, definitions = models_json_schema(list(wanted), ref_template=REFERENCE)
    return refs, definitions["$defs"]


def _operation(signature: Signature, refs: Refs) -> dict[str, Any]:
    endpoint = signature.endpoint
    name = endpoint.handler.__qualname__.rpartition("<locals>.")[2]
    operation: dict[str, Any] = {
        "operationId": name.replace(".", "_"),
        "summary": endpoint.title,
        "parameters": list(_parameters(signature)),
        "responses": {
            **{
                str(status): _success(signature, status, refs)
                for status in sorted({signature.status, *endpoint.also})
            },
            **_refusals(signature, refs),
        },
        "x-admits": sorted(endpoint.admits),
    }
    if endpoint.admits != ANYONE:
        operation["security"] = [{"bearer": [endpoint.scope] if endpoint.scope else []}]
    if signature.inputs.body is not None:
        schema = refs[signature.inputs.body[1], READING]
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    elif endpoint.takes:
        content: dict[str, Any] = {kind: {} for kind in endpoint.takes}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameters(signature: Signature) -> Iterable[dict[str, Any]]:
    inputs = signature.inputs
    for place, model in (("path", inputs.path), ("query", inputs.query)):
        # Enums and the like are written out where they are used, so that nothing is left to name.
        schema = model.model_json_schema(ref_template=REFERENCE)
        definitions = schema.get("$defs", {})
        required = schema.get("required", [])
        for name, shape in schema.get("properties", {}).items():
            yield {
                "name": name,
                "in": place,
                "required": name in required,
                "schema": _inlined(shape, definitions),
            }
    for name, kind in inputs.given.items():
        if kind is IdempotencyKey:
            yield {
                "name": KEY_HEADER,
                "in": "header",
                "required": name not in inputs.optional,
                "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"},
            }


def _inlined(shape: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(shape, list):
        return [_inlined(part, definitions) for part in shape]
    if not isinstance(shape, dict):
        return shape
    if "$ref" in shape:
        return _inlined(definitions[shape["$ref"].rpartition("/")[2]], definitions)
    return {name: _inlined(part, definitions) for name, part in shape.items()}


def _success(signature: Signature, status: int, refs: Refs) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if signature.returns and status != HTTPStatus.NO_CONTENT:
        schemas = [refs[model, WRITING] for model in signature.returns]
        schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        answer["content"] = {JSON: {"schema": schema}}
    elif signature.endpoint.gives and status < HTTPStatus.MULTIPLE_CHOICES:
        answer["content"] = {signature.endpoint.gives: {}}
    return answer


def _refusals(signature: Signature, refs: Refs) -> dict[str, Any]:
    by_status: dict[int, set[str]] = defaultdict(set)
    for refusal in (*_implied(signature), *signature.endpoint.errors):
        by_status[refusal.status].add(refusal.code)
    return {
        str(status): {
            "description": ", ".join(sorted(codes)),
            "content": {JSON: {"schema": _problem(codes, refs)}},
        }
        for status, codes in sorted(by_status.items())
    }


def _problem(codes: Iterable[str], refs: Refs) -> dict[str, Any]:
    code = {"type": "object", "properties": {"code": {"enum": sorted(codes)}}}
    return {"allOf": [refs[Problem, READING], code]}


def _implied(signature: Signature) -> Iterable[type[ChatError]]:
    """What the HTTP layer itself may answer at such an endpoint."""
    inputs = signature.inputs
    yield from (ChatError, Unavailable, TimedOut, Invalid)
    if signature.endpoint.admits != ANYONE:
        yield from (Unauthorized, Forbidden)
    if Caller in signature.wants or signature.endpoint.admits != ANYONE:
        # What an API token is told that is shown too often, or where it is no good.
        yield from (TooMany, InsufficientScope)
    if signature.endpoint.method != "GET":
        yield ForeignOrigin
    if inputs.path.model_fields:
        yield NotFound
    if inputs.body is not None or signature.endpoint.takes:
        yield from (Malformed, TooLarge, UnsupportedType, BodyTooSlow)
