"""What an older release has put on the bus, a newer one can read."""

import msgspec
import pytest

from libs.common.contracts.commands import (
    PERSON_PAYLOADS,
    ROOM_PAYLOADS,
    PostMessage,
    decode_commands,
    read_payload,
)
from libs.common.contracts.facts import FACTS as ALL_FACTS
from libs.common.contracts.facts import decode_fact
from tests.contract.samples import (
    FACTS,
    GOLDEN,
    PAYLOADS,
    envelope,
    read_one_command,
    samples,
)

SAMPLES = samples()


@pytest.mark.parametrize("name", SAMPLES)
def test_the_golden_bytes_still_mean_the_same(name: str) -> None:
    golden = bytes.fromhex((GOLDEN / f"{name}.hex").read_text())
    _, read, expected = SAMPLES[name]

    assert read(golden) == expected


@pytest.mark.parametrize("name", SAMPLES)
def test_what_goes_out_today_comes_in_today(name: str) -> None:
    body, read, expected = SAMPLES[name]

    assert read(body) == expected


def test_every_kind_of_command_has_a_sample() -> None:
    assert {type(payload) for payload in PAYLOADS} == set(
        (ROOM_PAYLOADS | PERSON_PAYLOADS).values()
    )


def test_every_kind_of_fact_has_a_sample() -> None:
    assert {type(fact) for _, fact in FACTS} == set(ALL_FACTS.values())


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.hex")} == set(SAMPLES)


def test_a_field_added_by_a_newer_release_is_ignored() -> None:
    values = msgspec.msgpack.decode(msgspec.msgpack.encode([envelope(PostMessage("hello"))]))
    values[0].append("something new")

    [command] = decode_commands(msgspec.msgpack.encode(values))

    assert read_payload(command, ROOM_PAYLOADS) == PostMessage("hello")


def test_an_unknown_kind_is_refused_alone() -> None:
    [stranger] = decode_commands(
        msgspec.msgpack.encode([msgspec.structs.replace(envelope(PAYLOADS[0]), kind="dance")])
    )

    with pytest.raises(msgspec.ValidationError, match="dance"):
        read_payload(stranger, ROOM_PAYLOADS)


def test_a_payload_of_another_shape_is_refused_alone() -> None:
    bent = msgspec.structs.replace(envelope(PAYLOADS[0]), payload=msgspec.Raw(b"\x91\x01"))

    with pytest.raises(msgspec.ValidationError):
        read_one_command(msgspec.msgpack.encode([bent]))


def test_an_unknown_fact_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="danced"):
        decode_fact("auth.user.danced", b"")
