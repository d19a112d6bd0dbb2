"""The bus over RabbitMQ keeps the promises of a bus."""

from tests.contract.bus_promises import BusPromises


class TestRabbitBus(BusPromises):
    """The promises, kept by a broker."""
