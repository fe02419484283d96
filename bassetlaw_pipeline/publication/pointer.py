"""Point `published/` at a release: file by file, each swapped in whole, so that no reader ever waits.

Belongs here: the swap, what happens where a file in use cannot be replaced, and who uses it. Does not
belong here: which release is due (approval.py).

`published/current.json` says which release is current, which file holds it, and what could not be
replaced. On Linux and macOS that file is always outcomes.duckdb. Where a file in use cannot be replaced
(Windows, some network drives) it is the one in the release's own folder, until the reader has let go and
the next run has finished the swap.
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bassetlaw_pipeline.publication.durable import sync, write_text
from bassetlaw_pipeline.settings import DataHome

POINTER = "current.json"
_FOLDERS = ("parquet", "csv", "report")
_PAPERS = ("notes.md", "manifest.json")


@dataclass(frozen=True)
class Holder:
    """A process that has a file open."""

    pid: int
    command: str


def point_at(folder: Path, home: DataHome) -> list[str]:
    """Point published/ at a release; returns the files that are in use and could not be replaced.

    The pointer comes last: until then the next run does all of it again.
    """
    home.published.mkdir(parents=True, exist_ok=True)
    blocked = [name for part in _FOLDERS for name in _mirror(folder / part, home.published / part)]
    file = home.outcomes
    _remove(file.with_name(file.name + ".wal"))  # of somebody who wrote to the old file
    if not _swap(folder / file.name, file):
        blocked.append(file.name)
        file = folder / file.name
    blocked += [name for name in _PAPERS if not _swap(folder / name, home.published / name)]
    path = file.relative_to(home.published).as_posix()
    pointer = {"release_id": folder.name, "file": path, "blocked": blocked}
    write_text(home.published / POINTER, json.dumps(pointer, indent=2) + "\n")
    return blocked


def _mirror(source: Path, target: Path) -> Iterator[str]:
    """Make a folder of published/ hold what that of the release holds; yields what could not be replaced.

    What is there already stays as it is, so that readers and backups see only what changed.
    """
    target.mkdir(parents=True, exist_ok=True)
    wanted = {p.name for p in source.iterdir()} if source.is_dir() else set()
    for name in sorted(wanted):
        if (source / name).is_dir():
            yield from (f"{target.name}/{inner}" for inner in _mirror(source / name, target / name))
        elif not _is_same(source / name, target / name) and not _swap(source / name, target / name):
            yield f"{target.name}/{name}"
    for stale in sorted(target.iterdir()):
        if stale.name not in wanted:
            yield from (f"{target.name}/{name}" for name in _clear(stale))


def _is_same(source: Path, target: Path) -> bool:
    return target.is_file() and filecmp.cmp(source, target, shallow=False)


def _clear(stale: Path) -> Iterator[str]:
    """Remove a file or folder of an older release; yields what is in use."""
    if stale.is_dir():
        yield from (f"{stale.name}/{name}" for inner in sorted(stale.iterdir()) for name in _clear(inner))
        if not any(stale.iterdir()):
            stale.rmdir()
    elif not _remove(stale):
        yield stale.name


def _swap(source: Path, target: Path) -> bool:
    """Replace `target` by a copy of `source` in one step; a reader keeps what it has open.

    A copy and not a link: a release must not change when somebody writes to the file in published/.
    False when the system does not let go of a file somebody has open.
    """
    temporary = target.with_name(f".{target.name}.tmp")
    shutil.copyfile(source, temporary)
    sync(temporary)
    try:
        temporary.replace(target)
    except PermissionError:
        temporary.unlink()
        return False
    return True


def _remove(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        return False
    return True


def current(home: DataHome) -> dict[str, Any]:
    """What the pointer says: release_id, file, blocked; empty when nothing was published yet."""
    try:
        return json.loads((home.published / POINTER).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def current_file(home: DataHome) -> Path:
    """The DuckDB file of the current release."""
    return home.published / current(home).get("file", home.outcomes.name)


def holders(path: Path, processes: Path = Path("/proc")) -> list[Holder]:
    """Who has a file open, as far as the system tells us (Linux, processes we may look at)."""
    try:
        wanted = path.stat()
    except OSError:
        return []
    found = {int(fd.parts[2]) for fd in processes.glob("[0-9]*/fd/*") if _is(fd, wanted)}
    return [Holder(pid, _command(processes / str(pid))) for pid in sorted(found)]


def _is(descriptor: Path, wanted: os.stat_result) -> bool:
    try:
        return os.path.samestat(descriptor.stat(), wanted)
    except OSError:  # closed or ended meanwhile, or not ours to look at
        return False


def _command(process: Path) -> str:
    """Name of the program; its arguments may hold anything."""
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "unknown"
