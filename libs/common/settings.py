"""Settings: what an operator may turn, read once at start from the environment.

A service declares a `Settings` model: one field per knob, its unit in the name (`lease_s`,
`max_bytes`), its default, and one sentence below it that says what it does. `load` fills it from
variables named prefix + field, in capitals: the field `access_ttl_s` of the prefix `AUTH_` is the
variable `AUTH_ACCESS_TTL_S`. An empty variable counts as not set. A secret (`SecretStr`) may come
from a file instead: `AUTH_MASTER_KEY_FILE=/run/secrets/master_key`.

Every fault is found before anything starts, all are told at once, a line each, and no message
repeats a secret. A rule over several settings names their variables itself.
A misspelt name is a fault too, because a limit that silently keeps its default is worse than a
refusal to start. Only names with a prefix can be checked this way: without one, every variable of
the machine would be a stranger.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

FROM_FILE = "_FILE"

MAX_SHOWN_CHARS = 80
"""How much of a wrong value is worth repeating."""

UNITS = {
    "s": "seconds",
    "ms": "milliseconds",
    "days": "days",
    "bytes": "bytes",
    "chars": "characters",
    "percent": "percent",
}


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part for part in (raw.strip() for raw in value.split(",")) if part)


CommaList = Annotated[tuple[str, ...], BeforeValidator(_split)]
"""Several values in one variable, separated by commas; blanks around them do not count."""


class Settings(BaseModel):
    """The parent of every settings model. The text below a field is its description."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
        validate_default=True,
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        for name, field in cls.model_fields.items():
            if not field.description:
                raise TypeError(f"{cls.__name__}.{name} has no description")


class SettingsInvalid(Exception):
    """The program cannot start with this environment. One line per fault in `faults`."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as documentation shows it. `default` is "required" when there is none."""

    name: str
    default: str
    unit: str
    description: str
    is_secret: bool


S = TypeVar("S", bound=Settings)


def load(model: type[S], prefix: str, *, environ: Mapping[str, str]) -> S:
    """Return the settings that `environ` asks for.

    With an empty `prefix` the fields' own names are looked up and nothing else is looked at.

    Raises: SettingsInvalid, with every fault.
    """
    given = {name: value for name, value in environ.items() if value}
    values, faults = _read(model, prefix, given)
    faults |= _strangers(model, prefix, given)
    try:
        settings = model.model_validate(values)
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False):
            name, fault = _fault(model, prefix, error)
            faults.setdefault(name, fault)
        raise SettingsInvalid(list(faults.values())) from None
    if faults:
        raise SettingsInvalid(list(faults.values()))
    return settings


def rows(model: type[Settings], prefix: str) -> list[SettingRow]:
    """Return one row per setting, in the order of the model."""
    return [
        SettingRow(
            name=_variable(prefix, name),
            default=_shown_default(field),
            unit="per second"
            if name.endswith("_per_s")
            else UNITS.get(name.rpartition("_")[2], ""),
            description=_sentence(field),
            is_secret=_is_secret(field),
        )
        for name, field in model.model_fields.items()
    ]


Faults = dict[str, str]
"""The first fault of each variable."""


def _read(
    model: type[Settings], prefix: str, given: Mapping[str, str]
) -> tuple[dict[str, str], Faults]:
    values: dict[str, str] = {}
    faults: Faults = {}
    for name, field in model.model_fields.items():
        variable = _variable(prefix, name)
        file = given.get(variable + FROM_FILE) if _is_secret(field) else None
        if variable in given:
            values[name] = given[variable]
            if file is not None:
                faults[variable] = f"{variable} and {variable}{FROM_FILE} are both set; keep one."
        elif file is not None:
            try:
                values[name] = Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as reason:
                faults[variable] = f"{variable}{FROM_FILE} cannot be read: {_why(reason)}."
    return values, faults


def _why(reason: OSError | UnicodeDecodeError) -> str:
    return (reason.strerror or "unknown") if isinstance(reason, OSError) else "it is not text"


def _strangers(model: type[Settings], prefix: str, given: Mapping[str, str]) -> Faults:
    if not prefix:
        return {}
    known = set(_names(model, prefix))
    faults: Faults = {}
    for name in sorted(given):
        if name not in known and name.upper().startswith(prefix):
            nearest = get_close_matches(name.upper(), known, n=1, cutoff=0.6)
            hint = f"; did you mean {nearest[0]}?" if nearest else "; remove it."
            faults[name] = f"{name} is not a setting{hint}"
    return faults


def _names(model: type[Settings], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield _variable(prefix, name)
        if _is_secret(field):
            yield _variable(prefix, name) + FROM_FILE


def _fault(model: type[Settings], prefix: str, error: ErrorDetails) -> tuple[str, str]:
    reason = " ".join(error["msg"].removeprefix("Value error, ").split())
    if not error["loc"]:
        # A rule over several settings names them itself, as an operator writes them.
        return reason, reason
    name = str(error["loc"][0])
    field = model.model_fields[name]
    variable = _variable(prefix, name)
    mend = f"{_sentence(field)} Default: {_shown_default(field)}."
    if error["type"] == "missing":
        return variable, f"{variable} is missing. {mend}"
    shown = "" if _is_secret(field) else f"={_shown(error['input'])}"
    return variable, f"{variable}{shown} is not valid: {reason}. {mend}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= MAX_SHOWN_CHARS else text[:MAX_SHOWN_CHARS] + "..."


def _shown_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True, validated_data={})
    match default:
        case None | "" | ():
            return "not set"
        case SecretStr():
            return "hidden"
        case bool():
            return str(default).lower()
        case tuple():
            return ",".join(map(str, default))
    return str(default)


def _sentence(field: FieldInfo) -> str:
    return " ".join((field.description or "").split())


def _is_secret(field: FieldInfo) -> bool:
    return "Secret" in str(field.annotation)


def _variable(prefix: str, name: str) -> str:
    return prefix + name.upper()
