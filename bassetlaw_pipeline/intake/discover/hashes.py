"""SHA-256 of files, remembered between scans.

The cache only saves time: a missing, damaged or outdated one costs a new hash and never changes a result.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from bassetlaw_pipeline.storage import write_text


@dataclass
class HashCache:
    """`known` maps a path to (size, mtime_ns, sha256) at the time it was hashed."""

    file: Path | None = None
    known: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    seen: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, file: Path) -> HashCache:
        """The cache of an earlier scan, empty when there is none that can be used."""
        try:
            raw = json.loads(file.read_bytes())
            known = {str(k): (int(v[0]), int(v[1]), str(v[2])) for k, v in raw.items()}
        except (OSError, ValueError, TypeError, AttributeError, IndexError, KeyError):
            known = {}
        return cls(file, {k: v for k, v in known.items() if len(v[2]) == 64})

    def digest(self, path: Path, now: os.stat_result) -> str:
        """SHA-256 of a file, hashed again unless size and modification time are as remembered."""
        key, state = str(path), (now.st_size, now.st_mtime_ns)
        old = self.known.get(key)
        sha256 = old[2] if old and old[:2] == state else digest(path)
        self.seen[key] = (*state, sha256)
        return sha256

    def save(self) -> None:
        """Remember what was seen in this scan; failing to is no error."""
        if self.file is None or self.seen == self.known:
            return
        with contextlib.suppress(OSError):
            write_text(self.file, json.dumps(self.seen))


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, read piece by piece. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_name(path: Path) -> str:
    """Stands in for the hash of a file that is not opened."""
    return hashlib.sha256(os.fsencode(path.name)).hexdigest()
