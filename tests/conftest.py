"""What every test may ask for by name."""

from asyncio import constants

pytest_plugins = (
    "tests.support.postgres",
    "tests.support.rabbitmq",
    "tests.support.service_database",
)


def pytest_configure() -> None:
    """Let debug mode note only the nearest frame of what is made.

    Ten frames of every callback were a sixth of the time of all unit tests, and check nothing.
    """
    constants.DEBUG_STACK_DEPTH = 1  # type: ignore[misc]
