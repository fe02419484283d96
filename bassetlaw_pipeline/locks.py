"""Locks between processes: one run of a data home at a time, and short ones around shared folders.

The system frees the lock of a process that ends in whatever way, so nothing that is dead blocks anybody.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bassetlaw_pipeline.settings import DataHome

_LOOK_AGAIN = 0.5  # seconds; Ctrl-C and SIGTERM come through between two looks
_mine: dict[Path, TextIO] = {}  # locks of runs that this process holds


@dataclass(frozen=True)
class Holder:
    """Who works on a data home, and since when (UTC)."""

    what: str
    pid: int
    since: str

    def __str__(self) -> str:
        began = datetime.fromisoformat(self.since)
        return f"{self.what} (process {self.pid}, since {began:%d %B %Y %H:%M:%S} UTC)"


OnWait = Callable[[Holder], None]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file for a short piece of work; waits until it is free."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Hold a lock file, if nobody else does; False when somebody does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        yield _taken(handle)


@contextmanager
def running(home: DataHome, what: str, on_wait: OnWait = lambda holder: None) -> Iterator[None]:
    """Be the only run that builds or publishes on a data home.

    Waits while another process does, after telling `on_wait` once whom it waits for. Within a run of the same
    process it changes nothing.
    """
    taken = start_running(home, what, on_wait)
    try:
        yield
    finally:
        if taken:
            stop_running(home)


def start_running(home: DataHome, what: str, on_wait: OnWait = lambda holder: None) -> bool:
    """Take the lock of a data home until `stop_running` or the end of the process.

    False when this process has it already.
    """
    path, told = _file(home), None
    if path in _mine:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("a+")
    try:
        while not _taken(handle):
            holder = _named(path)
            if holder != told:
                on_wait(holder)
                told = holder
            time.sleep(_LOOK_AGAIN)
    except BaseException:
        handle.close()
        raise
    me = Holder(what, os.getpid(), datetime.now(UTC).isoformat(timespec="seconds"))
    handle.truncate(0)
    handle.write(json.dumps(asdict(me)))
    handle.flush()
    _mine[path] = handle
    return True


def stop_running(home: DataHome) -> None:
    """Free the lock of a data home, if this process holds it."""
    handle = _mine.pop(_file(home), None)
    if handle is not None:
        handle.truncate(0)
        handle.close()


def who_runs(home: DataHome) -> Holder | None:
    """Who else works on a data home now, or None."""
    path = _file(home)
    if path in _mine or not path.exists():
        return None
    with path.open("a+") as handle:
        return None if _taken(handle) else _named(path)


def _file(home: DataHome) -> Path:
    return home.root / ".running.lock"


def _taken(handle: TextIO) -> bool:
    """True when the lock is ours now."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _named(path: Path) -> Holder:
    """The holder as it wrote itself; between taking the lock and writing it has no name."""
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        since = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        return Holder("a run that is starting", 0, since.isoformat())
