"""All that is wrong with a form, gathered field by field."""

from collections.abc import Iterator
from contextlib import contextmanager

from libs.common.errors import ChatError, Invalid


class Faults:
    """Gathers faults. `coded` are refusals that are about a field and have a code of their own: one
    of those is what the client hears if it is all that is wrong.
    """

    def __init__(self, *coded: type[ChatError]) -> None:
        self._noted: tuple[type[ChatError], ...] = (Invalid, *coded)
        self._found: dict[str, ChatError] = {}

    @contextmanager
    def of(self, field: str) -> Iterator[None]:
        """Note what the block says against a field, and go on behind it. Any other refusal ends it
        all, since no other field could help.
        """
        try:
            yield
        except ValueError as wrong:
            self._found[field] = Invalid(fields={field: str(wrong)})
        except self._noted as refusal:
            self._found[field] = refusal

    def check(self) -> None:
        """Refuse the form if anything was noted.  Raises: Invalid, or the only refusal."""
        if len(self._found) == 1:
            raise next(iter(self._found.values()))
        if self._found:
            raise Invalid(
                fields={
                    field: (refusal.fields or {}).get(field, str(refusal))
                    for field, refusal in self._found.items()
                }
            )
