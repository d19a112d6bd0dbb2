"""As whom Postgres runs, since it refuses to run as root.

An ordinary user runs it directly. For root there are three shapes:

- a *user namespace*, in which root's processes are called `nobody`: files stay root's own, so any
  folder will do. Some containers forbid it.
- the real user `nobody`, who must then own the database and be able to reach its folder.
- `nobody` with root's right to pass every folder, where the program lies in a private one, as below
  `/root` in a container. It is the last choice: a Postgres that was taken over could read files
  of others.

Whether a shape works depends on the kernel, the container's rules, the file system and the passwd
file, and no question answers all of them. So a shape is *tried*, with `initdb --show`: it starts
as that user, loads its libraries, finds the rest of its installation, refuses root, and changes
nothing.
"""

import os
import pwd
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.nodes.folder import DataFolder, StartFailed

TRIAL_S = 20.0
"""A trial takes 10 ms; a cold disk with a busy machine may need seconds."""

_PASS_EVERY_FOLDER = (
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    # Postgres asks access(2) about its own files, which otherwise counts as without the right.
    "--securebits=+no_setuid_fixup",
)
"""See: capabilities(7)."""

_TRAVERSE = 0o710
"""`nobody` may pass through the data folder to the database, and see nothing of the rest."""


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom a program runs: words to put before its command line, and who must own its files."""

    prefix: tuple[str, ...]
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Make `path` this identity's own."""
        os.chown(path, self.uid, self.gid, follow_symlinks=False)


def identities() -> tuple[Identity, ...]:
    """Return the shapes worth trying for the user who runs this process, best first."""
    uid, gid = os.geteuid(), os.getegid()
    direct = Identity((), uid, gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return (direct,)
    # initdb wants a user id that has a name, which `nobody` has. This also serves an ordinary
    # user without one, as some container platforms make them.
    namespace = Identity(
        ("unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}"),
        uid,
        gid,
    )
    if uid != 0:
        return (direct, namespace)
    prefixes = (_as_user(nobody), (*_as_user(nobody), *_PASS_EVERY_FOLDER))
    return (namespace, *(Identity(one, nobody.pw_uid, nobody.pw_gid) for one in prefixes))


def refusal(identity: Identity, initdb: Path) -> str | None:
    """Try `initdb` as this identity; return None when it works, else the last thing it said."""
    return _try(identity, str(initdb), "--show", "-D", "/nonexistent")


def hand_over(folder: DataFolder, identity: Identity) -> None:
    """Let `identity` reach and own the database folder.

    Raises: StartFailed, when it belongs to somebody else or cannot be reached.
    """
    owner = folder.postgres.stat().st_uid
    if owner != identity.uid:
        # A folder made in one of root's shapes is met in another one: all are ours.
        if owner not in {each.uid for each in identities()}:
            raise StartFailed(
                f"{folder.postgres} belongs to user {owner}: start Hubbub as that user, "
                f"or run: chown -R {os.geteuid()} {folder.path}"
            )
        for path in _everything_in(folder.postgres):
            identity.own(path)
    if identity.uid != os.geteuid():
        os.chown(folder.path, -1, identity.gid)
        folder.path.chmod(_TRAVERSE)
    if _try(identity, "test", "-w", str(folder.postgres)) is not None:
        raise StartFailed(
            f"Postgres, as user {identity.uid}, cannot write to {folder.postgres}: choose a data "
            "folder that is not below a private one, or start Hubbub as an ordinary user."
        )


def _as_user(user: pwd.struct_passwd) -> tuple[str, ...]:
    return ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")


def _everything_in(folder: Path) -> Iterator[Path]:
    """Yield what is inside before what holds it, so that a killed hand-over is met again."""
    for where, _, files in os.walk(folder, topdown=False):
        yield from (Path(where, name) for name in files)
        yield Path(where)


def _try(identity: Identity, *command: str) -> str | None:
    """Run a command that changes nothing; return None when it succeeds, else its complaint."""
    try:
        trial = subprocess.run(
            [*identity.prefix, *command],
            cwd="/",
            capture_output=True,
            text=True,
            timeout=TRIAL_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if trial.returncode == 0:
        return None
    said = [line for line in trial.stderr.splitlines() if "hint:" not in line]
    return said[-1] if said else f"exit status {trial.returncode}"
