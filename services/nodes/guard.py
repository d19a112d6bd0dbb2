"""A small process between Hubbub and a node: when Hubbub is gone, it stops the node.

    python -I -S guard.py LOG LADDER PROGRAM ARGUMENT ...

    Hubbub --- pipe ---> guard ---> program
                           `------> LOG, LOG.1

Standard input is a pipe whose other end Hubbub holds. It closes when Hubbub asks for the end and
just as well when Hubbub is killed: so the orderly stop and the emergency are one path, which every
stop exercises. The ladder says how: `SIGINT:10,SIGKILL:5` is the signals that end the program, and
the seconds each may take. Its words go to the log; the last ones, to standard output, at the end.
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

Ladder = Sequence[tuple[signal.Signals, float]]
"""What ends a program, and the seconds each step may take."""

LOG_BYTES = 4 * 1024 * 1024
"""A log file moves to `<name>.1` at this size, so the two take at most twice as much."""

_LAST_WORDS_BYTES = 16 * 1024
_LAST_WORDS_S = 1.0
"""How long to wait for words still in the pipe: a busy child of a killed program may hold it."""


class BoundedLog:
    """A log file that starts anew when it is full, and keeps one predecessor."""

    def __init__(self, path: Path, *, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes

    def append(self, text: bytes) -> None:
        """Write `text`, or lose it when the disk is full.

        Losing it is right: whoever waits for a disk here stops the node, which waits for us.
        """
        with contextlib.suppress(OSError):
            if self._path.exists() and self._path.stat().st_size >= self._max_bytes:
                self._path.replace(self._path.with_name(f"{self._path.name}.1"))
            with self._path.open("ab") as file:
                file.write(text)


def main(arguments: Sequence[str]) -> int:
    """Run the program until it ends or standard input closes; return the exit status."""
    log, ladder, *command = arguments
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
    watch = (program, ended, read_ladder(ladder))
    threading.Thread(target=_end_with_hubbub, args=watch, daemon=True).start()
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


def _end_with_hubbub(
    program: subprocess.Popen[bytes], ended: threading.Event, ladder: Ladder
) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    descend(program.send_signal, ended.wait, ladder)


def descend(
    send: Callable[[signal.Signals], None],
    has_ended_within: Callable[[float], bool],
    ladder: Ladder,
) -> bool:
    """Send one signal after the other until the program has ended; return whether it has."""
    for step, patience_s in ladder:
        send(step)
        if has_ended_within(patience_s):
            return True
    return False


def write_ladder(ladder: Ladder) -> str:
    """Return the ladder as one word of a command line."""
    return ",".join(f"{step.name}:{patience_s:g}" for step, patience_s in ladder)


def read_ladder(word: str) -> Ladder:
    """Return what `write_ladder` has written."""
    steps = [step.split(":") for step in word.split(",")]
    return [(signal.Signals[name], float(patience_s)) for name, patience_s in steps]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
