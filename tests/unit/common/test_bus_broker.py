"""What is known of a broker without one: settings, arguments of queues, kinds of failure."""

import asyncio
from dataclasses import replace

import pytest
from aio_pika.exceptions import (
    AMQPConnectionError,
    ChannelClosed,
    ChannelInvalidStateError,
    ChannelNotFoundEntity,
    ChannelPreconditionFailed,
    DeliveryError,
    InvalidFrameError,
    ProbableAuthenticationError,
)
from aiormq import spec

from libs.common.bus.interface import WhenFull
from libs.common.bus.rabbit.declaring import arguments_of
from libs.common.bus.rabbit.failures import BrokerUnusable, Lost, losses, operation, unusable
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.bus.topology import dead_letters, room_commands
from libs.common.settings import SettingsInvalid, load

URL_OF_BOB = "amqp://bob:secret@rabbit:5672/chat"


def test_the_settings_of_the_broker_hold_those_of_the_bus() -> None:
    environ = {"BUS_URL": "amqp://bob:secret@rabbit/chat", "BUS_SHARDS": "4"}

    settings = load(BrokerSettings, "BUS_", environ=environ)

    assert (settings.shards, settings.queue_type) == (4, "classic")
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("url", ["", "http://rabbit", "amqp://", "rabbit:5672"])
def test_an_address_that_is_none_of_a_broker_is_refused(url: str) -> None:
    with pytest.raises(SettingsInvalid, match="BUS_URL"):
        load(BrokerSettings, "BUS_", environ={"BUS_URL": url})


def test_a_queue_of_commands_is_bounded_refuses_and_serves_one() -> None:
    assert arguments_of(room_commands(0), queue_type="classic") == {
        "x-queue-type": "classic",
        "x-max-length": 20_000,
        "x-max-length-bytes": 64 * 1024 * 1024,
        "x-overflow": "reject-publish",
        "x-single-active-consumer": True,
    }


def test_what_a_quorum_queue_gives_up_becomes_a_dead_letter() -> None:
    arguments = arguments_of(room_commands(0), queue_type="quorum")

    assert arguments["x-dead-letter-exchange"] == "chat.dead"
    assert arguments["x-dead-letter-routing-key"] == "dead"


def test_what_drops_its_oldest_buries_nothing() -> None:
    arguments = arguments_of(dead_letters(), queue_type="quorum")

    assert arguments["x-overflow"] == WhenFull.DROP_OLDEST.value
    assert "x-dead-letter-exchange" not in arguments
    assert "x-single-active-consumer" not in arguments


def test_the_type_of_a_queue_is_always_said() -> None:
    shared = replace(room_commands(0), single_active=False)

    assert arguments_of(shared, queue_type="classic")["x-queue-type"] == "classic"


@pytest.mark.parametrize(
    "error",
    [
        AMQPConnectionError("reset"),
        ChannelInvalidStateError(),
        ConnectionResetError(),
        RuntimeError("closed"),
        TimeoutError(),
        Exception(),
    ],
)
def test_whatever_the_library_raises_when_it_loses_the_way_is_one_thing(error: Exception) -> None:
    with pytest.raises(Lost), losses():
        raise error


@pytest.mark.parametrize(
    "answer",
    [DeliveryError(None, spec.Basic.Nack()), ChannelClosed(406, "no"), BrokerUnusable("no")],
)
def test_what_the_broker_answered_stays_what_it_is(answer: Exception) -> None:
    with pytest.raises(type(answer)), losses():
        raise answer


async def test_a_cancellation_that_nobody_asked_for_is_a_loss() -> None:
    with pytest.raises(Lost), losses():
        raise asyncio.CancelledError


async def test_a_cancellation_that_somebody_asked_for_stays_one() -> None:
    async def wait() -> None:
        with losses():
            await asyncio.Event().wait()

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_a_time_limit_around_a_loss_stays_a_time_limit() -> None:
    async def wait() -> None:
        async with asyncio.timeout(0):
            with losses():
                await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        asyncio.run(wait())


def test_a_refused_login_names_the_setting_and_not_the_password() -> None:
    reason = unusable(ProbableAuthenticationError("ACCESS_REFUSED"), URL_OF_BOB)

    assert str(reason) == (
        "The broker at rabbit:5672 refuses the user 'bob': "
        "correct the name and the password in BUS_URL."
    )


def test_a_virtual_host_that_is_not_opened_is_named() -> None:
    reason = unusable(InvalidFrameError("Expected one of ['Connection.OpenOk']"), URL_OF_BOB)

    assert "does not open the virtual host 'chat' to the user 'bob'" in str(reason)


@pytest.mark.parametrize("error", [AMQPConnectionError("refused"), InvalidFrameError("garbage")])
def test_what_may_pass_is_no_reason_to_stop(error: Exception) -> None:
    assert unusable(error, URL_OF_BOB) is None


def test_a_refused_operation_says_what_was_refused_and_how_to_mend_it() -> None:
    with pytest.raises(BrokerUnusable) as reason, operation("to declare the queue q"):
        raise ChannelPreconditionFailed("PRECONDITION_FAILED - inequivalent arg 'x-max-length'")

    assert str(reason.value) == (
        "The broker refuses to declare the queue q: "
        "PRECONDITION_FAILED - inequivalent arg 'x-max-length'. "
        "It is there with other arguments: delete it once it is empty, "
        "or set BUS_QUEUE_TYPE as it was when it was made."
    )


def test_a_queue_whose_node_is_not_back_may_come_later() -> None:
    with pytest.raises(ChannelNotFoundEntity), operation("to declare the queue q"):
        raise ChannelNotFoundEntity("NOT_FOUND - home node of durable queue q is down")
