"""Pictures of people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """The same picture in both sizes, as WebP."""

    small: bytes
    large: bytes
