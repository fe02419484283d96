"""The last line of a file when it states what the file should hold.

Its wording is the contract's.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from bassetlaw_pipeline.intake.read.grid import reject


@dataclass(frozen=True)
class Trailer:
    """Number of data rows and SHA-1 of everything above the trailer, as far as it states them."""

    rows: int | None = None
    sha1: str | None = None


def split(data: bytes, pattern: str) -> tuple[bytes, Trailer]:
    """The bytes above the trailer line and what it states. Raises FileRejected TRAILER_MISSING."""
    body = data.rstrip(b"\r\n")
    start = max(body.rfind(b"\n"), body.rfind(b"\r")) + 1
    found = re.fullmatch(pattern, body[start:].decode("utf-8", "replace").strip(), re.IGNORECASE)
    if found is None:
        raise reject("TRAILER_MISSING", "the last line is not the agreed trailer; the file may be cut off")
    parts = found.groupdict()
    rows = parts.get("rows")
    return data[:start], Trailer(None if rows is None else int(rows), parts.get("sha1"))


def check_hash(trailer: Trailer, above: bytes) -> None:
    """Raise FileRejected TRAILER_MISMATCH when the bytes above the trailer are not what it says."""
    if trailer.sha1 and trailer.sha1.lower() != hashlib.sha1(above, usedforsecurity=False).hexdigest():
        raise reject("TRAILER_MISMATCH", "the SHA-1 of the rows differs from the trailer's")


def check_rows(trailer: Trailer, rows: int) -> None:
    """Raise FileRejected TRAILER_MISMATCH when the number of rows is not what the trailer says."""
    if trailer.rows is not None and trailer.rows != rows:
        raise reject("TRAILER_MISMATCH", f"the trailer states {trailer.rows} rows, the file has {rows}")
