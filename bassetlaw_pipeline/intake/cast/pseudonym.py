"""The pseudonym key, and keyed pseudonyms as SQL expressions.

The key reaches DuckDB only as two variables; it is never part of SQL text, a log line or an error.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from bassetlaw_pipeline.settings import Settings

KEY_VERSION = "v1"
MIN_HEX_DIGITS = 64  # 256 bits
_BLOCK = 64  # bytes, SHA-256
_CHECK_MESSAGE = b"bassetlaw key check/v1"
_HOW = "Set BASSETLAW_PSEUDONYM_KEY, or put the key into {file} with mode 0600."


class KeyProblem(RuntimeError):
    """The pseudonym key cannot be used; nothing with identifiers may be read."""


class KeyMissing(KeyProblem):
    """No key was given."""


class KeyInvalid(KeyProblem):
    """The key is too short, not hexadecimal, or kept where others can read it."""


class KeyMismatch(KeyProblem):
    """The key is not the one earlier deliveries were read with."""


@dataclass(frozen=True)
class Key:
    """A pseudonym key. Its bytes never appear in a representation of the object."""

    secret: bytes = field(repr=False)

    @classmethod
    def load(cls, settings: Settings) -> Key:
        """The key from `BASSETLAW_PSEUDONYM_KEY`, else from the key file.

        Raises KeyMissing when there is neither, KeyInvalid when it is weak or its file is readable
        by other users. There is no default key.
        """
        if settings.pseudonym_key is not None:
            return cls.from_hex(settings.pseudonym_key.get_secret_value(), "BASSETLAW_PSEUDONYM_KEY")
        path = settings.key_file
        if not path.is_file():
            raise KeyMissing(f"There is no pseudonym key. {_HOW.format(file=path)}")
        if path.stat().st_mode & 0o077:
            raise KeyInvalid(f"Other users can read the pseudonym key. Run: chmod 600 {path}")
        return cls.from_hex(path.read_text(encoding="ascii", errors="replace"), str(path))

    @classmethod
    def from_hex(cls, text: str, origin: str) -> Key:
        """A key from hexadecimal digits. Raises KeyInvalid, naming `origin` but never the digits."""
        digits = text.strip()
        if not re.fullmatch(r"(?:[0-9a-fA-F]{2})+", digits) or len(digits) < MIN_HEX_DIGITS:
            raise KeyInvalid(
                f"The pseudonym key in {origin} must have at least {MIN_HEX_DIGITS} hexadecimal digits "
                "(256 bits)."
            )
        return cls(bytes.fromhex(digits))

    @classmethod
    def throw_away(cls) -> Key:
        """A random key for a check that writes nothing."""
        return cls(secrets.token_bytes(MIN_HEX_DIGITS // 2))

    @property
    def version(self) -> str:
        """The version that stands in receipts."""
        return KEY_VERSION

    @property
    def pads(self) -> tuple[bytes, bytes]:
        """Inner and outer pad of RFC 2104, 64 bytes each."""
        block = self.secret if len(self.secret) <= _BLOCK else hashlib.sha256(self.secret).digest()
        block = block.ljust(_BLOCK, b"\0")
        return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)

    @property
    def check_value(self) -> str:
        """16 hex digits that tell one key from another and say nothing about either."""
        return hmac.new(self.secret, _CHECK_MESSAGE, hashlib.sha256).hexdigest()[:16]

    def ensure_matches(self, earlier: str | None) -> None:
        """Raise KeyMismatch when earlier deliveries were read with another key."""
        if earlier is not None and not hmac.compare_digest(earlier, self.check_value):
            raise KeyMismatch(
                "This pseudonym key is not the one earlier deliveries were read with "
                f"(check value {self.check_value}, expected {earlier}): people could not be followed from "
                "one delivery to the next. Restore the earlier key, or start an empty data home."
            )


def bind_key(con: duckdb.DuckDBPyConnection, key: Key) -> None:
    """Make the key available to `sql_person_key` and `sql_row_key` on this connection."""
    inner, outer = key.pads
    con.execute("SET VARIABLE key_inner_pad = $1", [inner])
    con.execute("SET VARIABLE key_outer_pad = $1", [outer])


def _sql_hmac(message: str) -> str:
    inner = f"unhex(sha256(getvariable('key_inner_pad') || encode({message})))"
    return f"sha256(getvariable('key_outer_pad') || {inner})"


def sql_person_key(number: str) -> str:
    """SQL: 64 hex digits for a normalised NHS number; the same person in every partner's files."""
    return _sql_hmac(f"'person/v1:' || {number}")


def sql_row_key(value: str, domain: str, organisation: str) -> str:
    """SQL: 64 hex digits for a local id; ids of two systems or two organisations never meet."""
    for part in (domain, organisation):
        if not re.fullmatch(r"[A-Za-z0-9_-]+", part):
            raise ValueError(f"not usable in a pseudonym domain: {part!r}")
    return _sql_hmac(f"'{domain}/{organisation}/v1:' || {value}")


def create_sample_key(settings: Settings) -> Path | None:
    """Write a random key for the synthetic sample, mode 0600, unless a key is there already.

    Returns the file written, or None. Refuses in the real environment, whose key is made by people.
    """
    if settings.environment != "synthetic":
        raise KeyInvalid("A key is only generated for the synthetic sample; a real key is made by its owner.")
    path = settings.key_file
    if settings.pseudonym_key is not None or path.exists():
        return None
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(MIN_HEX_DIGITS // 2) + "\n")
    return path
