"""One request keeps its id and its trace over every hop."""

import asyncio

import pytest

from libs.common import tracing
from libs.common.tracing import Trace
from tests.support.clock import CountedChance

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
HEADER = f"00-{TRACE}-{SPAN}-01"


def begin(request_id: str | None = None, traceparent: str | None = None) -> Trace:
    return tracing.begin(request_id, traceparent, chance=CountedChance())


def test_a_request_without_headers_gets_an_id_and_a_trace() -> None:
    trace = begin()

    assert trace.request_id == "00000000-0000-4000-8000-000000000001"
    assert len(trace.trace_id) == 32
    assert len(trace.span_id) == 16
    assert trace.traceparent == f"00-{trace.trace_id}-{trace.span_id}-00"


def test_a_good_request_id_is_taken() -> None:
    assert begin("abc_DEF-123").request_id == "abc_DEF-123"


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, "line\nfeed", "ümlaut", "a;b"])
def test_a_bad_request_id_is_replaced(sent: str) -> None:
    assert begin(sent).request_id == "00000000-0000-4000-8000-000000000001"


def test_a_callers_trace_goes_on_with_a_new_span() -> None:
    trace = begin("r1", HEADER)

    assert trace.trace_id == TRACE
    assert trace.span_id != SPAN
    assert trace.is_sampled


def test_a_header_survives_reading_and_writing() -> None:
    trace = tracing.parse(HEADER, request_id="r1")

    assert trace == Trace("r1", TRACE, SPAN, is_sampled=True)
    assert trace.traceparent == HEADER


def test_a_header_of_a_later_version_is_read_as_far_as_it_is_known() -> None:
    trace = tracing.parse(f"01-{TRACE}-{SPAN}-00-more", request_id="r1")

    assert trace == Trace("r1", TRACE, SPAN, is_sampled=False)


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "00",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
def test_a_broken_header_starts_a_new_trace(sent: str) -> None:
    assert begin("r1", sent).trace_id != TRACE


def test_a_child_differs_in_its_span_only() -> None:
    parent = Trace("r1", TRACE, SPAN, is_sampled=True)

    child = tracing.child(parent, chance=CountedChance())

    assert child == Trace("r1", TRACE, child.span_id, is_sampled=True)
    assert child.span_id != SPAN


async def test_the_current_trace_is_that_of_the_task() -> None:
    async def hop(name: str) -> str:
        with tracing.use(Trace(name, TRACE, SPAN, is_sampled=False)):
            await asyncio.sleep(0)
            found = tracing.current()
        assert found is not None
        return found.request_id

    alice, bob = await asyncio.gather(hop("alice"), hop("bob"))

    assert (alice, bob) == ("alice", "bob")
    assert tracing.current() is None
