"""Every refusal has a code on the list, and every code on the list is somebody's."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

from libs.common.contracts.codes import ERROR_CODES
from libs.common.errors import ChatError
from services.builders.catalog import SERVICES

REFUSING: Final = ("libs.common", *(f"services.{name}" for name in SERVICES))
"""The packages that refuse something."""


def refusals() -> Iterator[type[ChatError]]:
    """Find every class; it is known once its module is imported, so all of them are."""
    for name in REFUSING:
        package = import_module(name)
        for module in walk_packages(package.__path__, f"{name}."):
            import_module(module.name)
    inside = tuple(f"{name}." for name in REFUSING)
    yield from (one for one in family(ChatError) if one.__module__.startswith(inside))


def family(refusal: type[ChatError]) -> Iterator[type[ChatError]]:
    yield refusal
    for special in refusal.__subclasses__():
        yield from family(special)


def test_the_list_has_the_codes_of_all_refusals() -> None:
    assert set(ERROR_CODES) == {refusal.code for refusal in refusals()}


def test_the_list_is_in_order_and_names_none_twice() -> None:
    assert list(ERROR_CODES) == sorted(set(ERROR_CODES))
