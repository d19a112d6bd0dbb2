"""The keys by which services know each other: a folder with two files for each.

    <service>.key   its secret; only the processes of this service may have it
    <service>.pub   what all others check its tokens with

A process needs the public files of all, and the secret ones of the services that it runs.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from libs.common.tokens.keys import PublicKey, SigningKey
from services.nodes.folder import StartFailed


def make(folder: Path, services: Iterable[str], *, now: float) -> list[Path]:
    """Make the keys that are missing; return the files that were made.  Raises: StartFailed."""
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for service in services:
            secret, public = _secret(folder, service), _public(folder, service)
            if not secret.exists():
                _write(secret, SigningKey.generate(now).to_pem(), mode=0o600)
                public.unlink(missing_ok=True)
                made.append(secret)
            if not public.exists():
                _write(public, _read_secret(secret).public.to_pem(), mode=0o644)
                made.append(public)
    except OSError as error:
        raise StartFailed(f"Keys cannot be made in {folder}: {error.strerror}.") from None
    return made


def signing(folder: Path, services: Iterable[str]) -> Mapping[str, SigningKey]:
    """Return the secret keys of these services.  Raises: StartFailed."""
    return {service: _read_secret(_secret(folder, service)) for service in services}


def callers(folder: Path, services: Iterable[str]) -> Mapping[str, Sequence[PublicKey]]:
    """Return the public keys of these services.  Raises: StartFailed."""
    return {service: [_read_public(_public(folder, service))] for service in services}


def _secret(folder: Path, service: str) -> Path:
    return folder / f"{service}.key"


def _public(folder: Path, service: str) -> Path:
    return folder / f"{service}.pub"


def _read_secret(path: Path) -> SigningKey:
    try:
        return SigningKey.from_pem(_text(path))
    except ValueError as fault:
        raise StartFailed(f"{path} is not a secret key: {fault}.") from None


def _read_public(path: Path) -> PublicKey:
    try:
        return PublicKey.from_pem(_text(path))
    except ValueError as fault:
        raise StartFailed(f"{path} is not a public key: {fault}.") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise StartFailed(
            f"{path} cannot be read ({error.strerror}): python -m services keys {path.parent} "
            "makes it, or correct SERVICE_KEYS_DIR."
        ) from None


def _write(path: Path, text: str, *, mode: int) -> None:
    """Write the file whole or not at all; nobody else can read a secret meanwhile."""
    unfinished = path.with_suffix(path.suffix + ".new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)
    unfinished.rename(path)
