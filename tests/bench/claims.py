"""What a bench holds to be so, besides what it prints; one that finds otherwise ends with 1."""

import sys
from dataclasses import dataclass, field


@dataclass(slots=True)
class Claims:
    held: int = 0
    broken: list[str] = field(default_factory=list)

    def hold(self, what: str, *, found: float, at_most: float) -> None:
        """Note whether a number is no larger than claimed."""
        if found <= at_most:
            self.held += 1
        else:
            self.broken.append(f"{what}: {found:,.2f}, at most {at_most:,.2f} was claimed")

    def end(self) -> None:
        """Say how many claims hold and which do not; those end the program with status 1."""
        tell(f"\n{self.held} claims hold, {len(self.broken)} do not")
        for line in self.broken:
            tell(line)
        if self.broken:
            sys.exit(1)


def tell(line: str) -> None:
    """Put a line of what was found on the terminal at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
