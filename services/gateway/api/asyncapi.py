"""The AsyncAPI 3.0 document of `chat.v1`, from the models that the gateway reads and writes with.

It is written from the server's side: it *receives* what a client says, and for each command names
the answers, and it *sends* everything else that a client hears. What the format has no place for
is in members that begin with `x-`.

See: https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from pydantic import BaseModel, TypeAdapter

from libs.common.contracts.codes import ERROR_CODES
from libs.common.contracts.frames import Ack, ErrorFrame
from libs.common.json_schema import Schema, as_heard, tidied
from services.gateway.api.examples import HEARD, SAID
from services.gateway.core.greeting import limits_of
from services.gateway.core.refusals import CloseCode
from services.gateway.frames import heard, said
from services.gateway.frames.schemas import AnyHeard
from services.gateway.settings import GatewaySettings

SUBPROTOCOL: Final = "chat.v1"
PATH: Final = "/v1/ws"

_HERE: Final = "#/channels/chat/messages/"
_SCHEMAS: Final = "#/components/schemas/"

REPLIES: Final[Mapping[str, type[BaseModel]]] = {
    "auth": heard.Ready,
    "join_room": heard.RoomJoined,
    "resume": heard.Resumed,
    "leave_room": heard.RoomLeft,
    "sync": heard.Events,
    "ping": heard.Pong,
}
"""The answers that are not an `ack`. Each command may be answered by an `error` instead."""

ALSO_UNASKED: Final = (heard.Resumed, heard.Ready, heard.RoomLeft, ErrorFrame)
"""Replies that come without a command too: with the handshake's token, with `auth`, as news."""

DESCRIPTION: Final = """\
Rooms in which every durable change has the next `seq`: clients come back with the last one they
have and hear what they missed. One JSON object per text frame, in both directions; a client that
says the feature `batch` may hear arrays of frames. What a client says is read strictly; in what it
hears it ignores types and members that it does not know. docs/protocol.md has the rules that no
schema can say: order, resuming, repeating, closing; and how to do without a socket."""

SECURITY: Final = """\
An access token of POST /v1/auth/login: in the header of the handshake, or, from clients that cannot
set one, in the first frame, `auth`. It is never taken from the address."""

SERVER: Final[Schema] = {
    "host": "{host}",
    "pathname": "/",
    "variables": {"host": {"description": "Where Hubbub is.", "default": "localhost:8000"}},
    "security": [{"$ref": "#/components/securitySchemes/bearer"}],
}


def described() -> Schema:
    """Return the document. It is the same for every gateway: limits are those that are default."""
    said_here = {_said(model): model for model in _commands()}
    heard_here = {_heard(model): model for model in get_args(AnyHeard)}
    return {
        "asyncapi": "3.0.0",
        "id": "urn:hubbub:chat.v1",
        "info": {"title": "Hubbub chat.v1", "version": "1", "description": DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {
            "tls": {"protocol": "wss", "description": "As people reach it.", **SERVER},
            "loopback": {"protocol": "ws", "description": "On the same machine.", **SERVER},
        },
        "channels": {"chat": _channel([*said_here, *heard_here])},
        "operations": dict(_operations(said_here, heard_here)),
        "components": {
            "messages": {
                **{name: _message(name, model, SAID) for name, model in said_here.items()},
                **{name: _message(name, model, HEARD) for name, model in heard_here.items()},
            },
            "schemas": {**_schemas_said(), **_schemas_heard()},
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": SECURITY,
                }
            },
        },
        "x-error-codes": list(ERROR_CODES),
    }


def _channel(messages: list[str]) -> Schema:
    headers = {
        "Sec-WebSocket-Protocol": {"type": "string", "const": SUBPROTOCOL},
        "Authorization": {"type": "string", "pattern": "^Bearer .+$"},
    }
    settings = GatewaySettings()
    return {
        "address": PATH,
        "title": "The socket",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {
            "ws": {
                "method": "GET",
                "headers": {"type": "object", "properties": headers},
                "bindingVersion": "0.1.0",
            }
        },
        "x-subprotocol": SUBPROTOCOL,
        "x-limits": limits_of(settings).model_dump(mode="json"),
        "x-auth-timeout-ms": round(settings.auth_timeout_s * 1000),
        "x-heartbeat-ms": round(settings.heartbeat_s * 1000),
        "x-close-codes": [{"code": code.value, "name": code.name.lower()} for code in CloseCode],
    }


def _operations(
    said_here: Mapping[str, type[BaseModel]], heard_here: Mapping[str, type[BaseModel]]
) -> Iterator[tuple[str, Schema]]:
    channel = {"$ref": "#/channels/chat"}
    for name, model in said_here.items():
        type_ = _type(model)
        reply: type[BaseModel] = REPLIES.get(type_, Ack)
        yield (
            type_,
            {
                "action": "receive",
                "channel": channel,
                "messages": [{"$ref": f"{_HERE}{name}"}],
                "reply": {
                    "channel": channel,
                    "messages": [
                        {"$ref": f"{_HERE}{_heard(answer)}"} for answer in (reply, ErrorFrame)
                    ],
                },
            },
        )
    replies: set[type[BaseModel]] = {Ack, *REPLIES.values()}
    only_replies = {_heard(model) for model in replies.difference(ALSO_UNASKED)}
    yield (
        "tell",
        {
            "action": "send",
            "channel": channel,
            "title": "What is told unasked",
            "messages": [
                {"$ref": f"{_HERE}{name}"} for name in heard_here if name not in only_replies
            ],
        },
    )


def _message(name: str, model: type[BaseModel], examples: Mapping[str, Schema]) -> Schema:
    message: Schema = {"name": _type(model), "payload": {"$ref": f"{_SCHEMAS}{name}"}}
    if "ref" in model.model_fields:
        message["correlationId"] = {"location": "$message.payload#/ref"}
    return message | {"examples": [{"payload": examples[model.__name__]}]}


def _schemas_said() -> Schema:
    adapter: TypeAdapter[object] = TypeAdapter(said.AnyFrame)
    schema = adapter.json_schema(ref_template=f"{_SCHEMAS}said.{{model}}")
    return _named("said", tidied(schema["$defs"]))


def _schemas_heard() -> Schema:
    adapter: TypeAdapter[object] = TypeAdapter(AnyHeard)
    template = f"{_SCHEMAS}heard.{{model}}"
    schema = adapter.json_schema(mode="serialization", ref_template=template)
    return _named("heard", tidied(as_heard(schema["$defs"])))


def _named(side: str, definitions: Schema) -> Schema:
    return {f"{side}.{name}": schema for name, schema in sorted(definitions.items())}


def _commands() -> Iterator[type[BaseModel]]:
    """Yield the models of what a client may say, in the order of the union."""
    (union, *_) = get_args(said.AnyFrame)
    yield from get_args(union)


def _said(model: type[BaseModel]) -> str:
    return f"said.{model.__name__}"


def _heard(model: type[BaseModel]) -> str:
    return f"heard.{model.__name__}"


def _type(model: type[BaseModel]) -> str:
    (word,) = get_args(model.model_fields["type"].annotation)
    return str(word)
