"""Networks and processors as people have them, played by the browser itself."""

from dataclasses import dataclass
from typing import Final

from playwright.async_api import CDPSession


@dataclass(frozen=True, slots=True)
class Network:
    """`round_trip_ms` is added to each request."""

    round_trip_ms: int
    down_kbit_s: int
    up_kbit_s: int

    def __str__(self) -> str:
        return f"{self.round_trip_ms} ms, {self.down_kbit_s} kbit/s"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`slowdown` is how much slower the page computes than this machine can."""

    network: Network | None
    slowdown: int

    def __str__(self) -> str:
        network = "this machine" if self.network is None else str(self.network)
        return network if self.slowdown == 1 else f"{network}, CPU {self.slowdown} times slower"

    async def surround(self, devtools: CDPSession) -> None:
        """Let the page of this session be so from now on."""
        if self.network is not None:
            await devtools.send("Network.enable")
            await devtools.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": self.network.round_trip_ms,
                    "downloadThroughput": self.network.down_kbit_s * 1000 / 8,
                    "uploadThroughput": self.network.up_kbit_s * 1000 / 8,
                },
            )
        await devtools.send("Emulation.setCPUThrottlingRate", {"rate": self.slowdown})


HERE: Final = Surroundings(None, slowdown=1)
SLOW_PROCESSOR: Final = Surroundings(None, slowdown=4)
FAIR_NETWORK: Final = Surroundings(Network(150, 1_600, 750), slowdown=4)
POOR_NETWORK: Final = Surroundings(Network(400, 400, 400), slowdown=4)
