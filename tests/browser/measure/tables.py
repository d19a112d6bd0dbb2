"""Tables for the terminal that a document can take as they are."""

from collections.abc import Mapping, Sequence

from tests.browser.measure.loading import Loading
from tests.browser.measure.scrolling import Scrolled
from tests.browser.measure.speaking import Speaking
from tests.browser.measure.surroundings import Surroundings


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown; all columns but the first are numbers."""
    rule = ["---", *["--:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def of_weight(found: Mapping[str, Mapping[str, int]]) -> str:
    rows = [[name, _kb(sizes["js"]), _kb(sizes["css"])] for name, sizes in found.items()]
    return table(["KB sent", "JavaScript", "CSS"], rows)


def of_loading(found: Mapping[Surroundings, Loading]) -> str:
    head = ["to the first message", "empty browser, s", "KB sent", "was here before, s", "KB sent"]
    rows = [
        [
            str(surroundings),
            f"{one.cold_ms / 1000:.2f}",
            _kb(one.cold_bytes),
            f"{one.warm_ms / 1000:.2f}",
            _kb(one.warm_bytes),
        ]
        for surroundings, one in found.items()
    ]
    return table(head, rows)


def of_frames(found: Mapping[Surroundings, Scrolled]) -> str:
    head = [
        "scrolling back",
        "messages",
        "seconds",
        "frame ms: median",
        "p95",
        "p99",
        "worst",
        "over 16.7 ms",
        "over 50 ms",
    ]
    rows = [
        [
            str(surroundings),
            str(frames.passed),
            f"{frames.seconds:.1f}",
            f"{frames.median_ms:.1f}",
            f"{frames.p95_ms:.1f}",
            f"{frames.p99_ms:.1f}",
            f"{frames.worst_ms:.1f}",
            f"{frames.share_over_17_ms:.1%}",
            f"{frames.share_over_50_ms:.1%}",
        ]
        for surroundings, frames in ((key, one.frames) for key, one in found.items())
    ]
    return table(head, rows)


def of_memory(scrolled: Scrolled) -> str:
    looks = {
        "the newest page of messages": scrolled.at_first,
        f"after scrolling back {scrolled.frames.passed} messages": scrolled.at_last,
    }
    head = ["memory", "JavaScript heap, MB", "nodes of the page"]
    rows = [[name, f"{one.heap_bytes / 1e6:.1f}", str(one.elements)] for name, one in looks.items()]
    return table(head, rows)


def of_speaking(one: Speaking) -> str:
    head = ["from a key press to the other page", "times", "median ms", "p95 ms"]
    row = ["this machine", str(one.count), f"{one.median_ms:.0f}", f"{one.p95_ms:.0f}"]
    return table(head, [row])


def _kb(size: int) -> str:
    return f"{size / 1000:.1f}"
