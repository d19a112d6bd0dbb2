"""Reads a handler's annotations once, when an app is built, and refuses what HTTP cannot call."""

import inspect
import re
import types
from dataclasses import dataclass
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict, create_model
from starlette.responses import Response

from libs.common.http.endpoint import Endpoint
from libs.common.http.inputs import GIVEN, Inputs
from libs.common.http.people import ANYONE, Caller, CallingService
from libs.common.http.reply import Reply

METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
PATH: Final = re.compile(r"(/(\{[a-z_]+\}|[A-Za-z0-9_.-]+))+")

INTERNAL: Final = "/internal/"
"""Begins the paths at which services ask each other."""

STRICT: Final = ConfigDict(extra="forbid", hide_input_in_errors=True)


MODELS: Final[WeakKeyDictionary[object, dict[tuple[str, ...], type[BaseModel]]]] = (
    WeakKeyDictionary()
)
"""Those of each handler's parameters, made once: pydantic takes a third of a millisecond for one,
and tests build services of a hundred endpoints again and again.
"""


class Nothing(BaseModel):
    """A path or a query without parameters, as most are."""

    model_config = STRICT


@dataclass(frozen=True, slots=True)
class Signature:
    """An endpoint with its handler's annotations understood.

    `returns` are the models that the handler may return: none for 204. A ready response (`is_raw`)
    has the one that the endpoint names, or none.
    """

    endpoint: Endpoint
    inputs: Inputs
    returns: tuple[type[BaseModel], ...]
    is_raw: bool

    @property
    def status(self) -> int:
        """What success answers."""
        return self.endpoint.status if self.returns or self.is_raw else 204

    @property
    def wants(self) -> frozenset[object]:
        """The types of caller that the handler asks for."""
        return frozenset({Caller, CallingService} & set(self.inputs.given.values()))


def read_signature(endpoint: Endpoint) -> Signature:
    """Return `endpoint` understood.

    Raises: TypeError when it cannot be served as it is.
    """
    _check(endpoint)
    hints = get_type_hints(endpoint.handler, include_extras=True)
    result = hints.pop("return")
    inputs = _inputs(endpoint, hints)
    if set(inputs.path.model_fields) != set(re.findall(r"{(\w+)}", endpoint.path)):
        raise TypeError(f"{endpoint}: the parameters do not fit the path")
    returns = _models(endpoint, result)
    if endpoint.answers is not None:
        returns = (endpoint.answers,)
    signature = Signature(endpoint, inputs, returns, _is_response(result))
    may_be_nobody = inputs.optional.issuperset(
        name for name, kind in inputs.given.items() if kind in {Caller, CallingService}
    )
    if endpoint.admits == ANYONE and not may_be_nobody:
        raise TypeError(f"{endpoint}: anyone may come, so the caller may be None")
    return signature


def _check(endpoint: Endpoint) -> None:
    if endpoint.method not in METHODS or not PATH.fullmatch(endpoint.path):
        raise TypeError(f"{endpoint}: no such method, or not a path")
    if not inspect.iscoroutinefunction(endpoint.handler):
        raise TypeError(f"{endpoint}: the handler must be an async function")
    if not endpoint.title:
        raise TypeError(f"{endpoint}: the handler needs a docstring")


def _inputs(endpoint: Endpoint, hints: dict[str, Any]) -> Inputs:
    path: dict[str, Any] = {}
    query: dict[str, Any] = {}
    bodies: dict[str, type[BaseModel]] = {}
    given: dict[str, object] = {}
    for name, parameter in inspect.signature(endpoint.handler).parameters.items():
        kind = _without_none(hints[name])
        if f"{{{name}}}" in endpoint.path:
            path[name] = (hints[name], ...)
        elif kind in GIVEN:
            given[name] = kind
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            bodies[name] = _closed(endpoint, kind)
        else:
            default = ... if parameter.default is parameter.empty else parameter.default
            query[name] = (hints[name], default)
    if len(bodies) > 1 or (bodies and endpoint.method == "GET"):
        raise TypeError(f"{endpoint}: one body at most, and none with GET")
    return Inputs(
        path=_parameters(endpoint, "Path", path),
        query=_parameters(endpoint, "Query", query),
        lists=frozenset(name for name in query if _is_list(hints[name])),
        body=next(iter(bodies.items()), None),
        given=given,
        optional=frozenset(name for name in given if hints[name] is not given[name]),
    )


def _parameters(endpoint: Endpoint, name: str, fields: dict[str, Any]) -> type[BaseModel]:
    if not fields:
        return Nothing
    # A method is another object each time that it is bound, its function is not.
    made = MODELS.setdefault(getattr(endpoint.handler, "__func__", endpoint.handler), {})
    key = (name, *fields)
    if key not in made:
        made[key] = create_model(name, __config__=STRICT, **fields)
    return made[key]


def _closed(endpoint: Endpoint, model: type[BaseModel]) -> type[BaseModel]:
    """Return a body's model if it tells people of their mistakes, and ignores what a service of the
    next release says beyond what is known.
    """
    wanted = "ignore" if endpoint.path.startswith(INTERNAL) else "forbid"
    if model.model_config.get("extra") != wanted:
        raise TypeError(f"{endpoint}: {model.__name__} must {wanted} extra fields")
    return model


def _models(endpoint: Endpoint, hint: Any) -> tuple[type[BaseModel], ...]:
    if get_origin(hint) is Reply:
        (hint,) = get_args(hint)
    if hint is type(None) or _is_response(hint):
        return ()
    models = _alternatives(hint)
    if not all(isinstance(model, type) and issubclass(model, BaseModel) for model in models):
        raise TypeError(f"{endpoint}: the handler may not return {hint}")
    return models


def _is_response(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Response)


def _alternatives(hint: Any) -> tuple[Any, ...]:
    if get_origin(hint) in {Union, types.UnionType}:
        return tuple(part for part in get_args(hint) if part is not type(None))
    return (hint,)


def _without_none(hint: Any) -> Any:
    alternatives = _alternatives(hint)
    return alternatives[0] if len(alternatives) == 1 else hint


def _is_list(hint: Any) -> bool:
    kind = _without_none(hint)
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return get_origin(kind) in {list, tuple}
