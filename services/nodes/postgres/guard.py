"""A small process between Hubbub and Postgres: when Hubbub is gone, it stops Postgres.

    python -I -S guard.py LOG PROGRAM ARGUMENT ...

    Hubbub --- pipe ---> guard ---> program
                           `------> LOG, LOG.1

Standard input is a pipe whose other end Hubbub holds. It closes when Hubbub asks for the end and
just as well when Hubbub is killed: so the orderly stop and the emergency are one path, which every
stop exercises. The program's words go to the log; its last ones, to standard output, at the end.
The guard's exit status is the program's, or 128 plus the signal that ended it.

Run as a script by its path, so only the standard library may be imported here.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

LADDER: Sequence[tuple[signal.Signals, float]] = (
    (signal.SIGINT, 10.0),
    (signal.SIGQUIT, 5.0),
    (signal.SIGKILL, 5.0),
)
"""What ends a Postgres, and the seconds each step may take.

SIGINT ends connections and writes a checkpoint, so that the next start has nothing to repair: 15 ms
when idle, seconds with a slow disk. SIGQUIT leaves the repair to the next start.
"""

LOG_BYTES = 4 * 1024 * 1024
"""A log file moves to `<name>.1` at this size, so the two take at most twice as much."""

_LAST_WORDS_BYTES = 4096
_LAST_WORDS_S = 1.0
"""How long to wait for words still in the pipe: a busy backend of a killed Postgres may hold it."""


class BoundedLog:
    """A log file that starts anew when it is full, and keeps one predecessor."""

    def __init__(self, path: Path, *, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes

    def append(self, text: bytes) -> None:
        """Write `text`, or lose it when the disk is full.

        Losing it is right: whoever waits for a disk here stops Postgres, which waits for us.
        """
        with contextlib.suppress(OSError):
            if self._path.exists() and self._path.stat().st_size >= self._max_bytes:
                self._path.replace(self._path.with_name(f"{self._path.name}.1"))
            with self._path.open("ab") as file:
                file.write(text)


def main(arguments: Sequence[str]) -> int:
    """Run the program until it ends or standard input closes; return the exit status."""
    log, *command = arguments
    # The pipe alone decides: a signal meant for everybody must not take the guard first. Not
    # SIG_IGN: the program would inherit that, and not hear a SIGINT sent before it is quite up.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda *_: None)
    os.umask(0o077)
    ear, mouth = os.pipe()
    program = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=mouth, stderr=mouth)
    os.close(mouth)
    ended = threading.Event()
    listener = Listener(ear, BoundedLog(Path(log), max_bytes=LOG_BYTES))
    listener.start()
    threading.Thread(target=_end_with_hubbub, args=(program, ended), daemon=True).start()
    status = program.wait()
    ended.set()
    listener.join(_LAST_WORDS_S)
    sys.stdout.buffer.write(listener.last_words)
    return status if status >= 0 else 128 - status


class Listener(threading.Thread):
    """Copies what the program says to the log, and remembers the end of it."""

    def __init__(self, fd: int, log: BoundedLog) -> None:
        super().__init__(daemon=True)
        self._fd = fd
        self._log = log
        self.last_words = b""

    def run(self) -> None:
        while text := os.read(self._fd, 65536):
            self.last_words = (self.last_words + text)[-_LAST_WORDS_BYTES:]
            self._log.append(text)


def _end_with_hubbub(program: subprocess.Popen[bytes], ended: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    descend(program.send_signal, ended.wait, LADDER)


def descend(
    send: Callable[[signal.Signals], None],
    has_ended_within: Callable[[float], bool],
    ladder: Sequence[tuple[signal.Signals, float]],
) -> bool:
    """Send one signal after the other until the program has ended; return whether it has."""
    for step, patience_s in ladder:
        send(step)
        if has_ended_within(patience_s):
            return True
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
