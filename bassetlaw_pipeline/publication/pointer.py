"""Point `published/` at a release: one renamed link changes all of it, and no reader ever waits.

`published/current` is a link to the folder of the current release, and every public path (outcomes.duckdb,
parquet, csv, report, notes.md, manifest.json, current.json) is a link through it that never changes. Who
needs several files of one release opens `published/releases/<id>/`.

Where links cannot be made (Windows, some network drives) the public paths are copies, swapped in one by one.
There `current.json` comes first: it names the release's own folder, and under `blocked` what in `published/`
is not of that release yet. The next run finishes what was in use.
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

from bassetlaw_pipeline.publication import integrity
from bassetlaw_pipeline.settings import DataHome
from bassetlaw_pipeline.storage import clear_leftovers, exchange, replacing, sync, write_text

POINTER, LINK = "current.json", "current"
_FOLDERS = ("parquet", "csv", "report")
_PAPERS = ("notes.md", "manifest.json")
_PUBLIC = ("outcomes.duckdb", *_FOLDERS, *_PAPERS, POINTER)


@dataclass(frozen=True)
class FileUser:
    """A process that has a file open."""

    pid: int
    command: str


def point_at(folder: Path, home: DataHome) -> list[str]:
    """Point published/ at a release; returns the files that are in use and could not be replaced.

    Raises ReleaseChanged when the release is not as it was made; published/ stays as it is then.
    """
    integrity.check(folder)
    home.published.mkdir(parents=True, exist_ok=True)
    clear_leftovers(home.published)
    _remove(home.outcomes.with_name(home.outcomes.name + ".wal"))  # of somebody who wrote to the old file
    if _can_link(home.published):
        try:
            _link(folder, home)
            return []
        except PermissionError:  # a copy of an earlier time is in use and cannot give way to a link
            pass
    return _copy(folder, home)


def text(release_id: str, file: str = "outcomes.duckdb", blocked: tuple[str, ...] | list[str] = ()) -> str:
    """What current.json says."""
    return json.dumps({"release_id": release_id, "file": file, "blocked": list(blocked)}, indent=2) + "\n"


def _can_link(published: Path) -> bool:
    probe = published / ".link.tmp"
    try:
        probe.symlink_to("releases", target_is_directory=True)
    except (OSError, NotImplementedError):
        return False
    probe.unlink()
    return True


def _link(folder: Path, home: DataHome) -> None:
    """Make the public paths links through `current`, which changes last and in one step.

    A home that holds copies first gets links to the release they were copied from.
    """
    link = home.published / LINK
    if not link.is_symlink():
        named = current(home).get("release_id")
        before = home.releases / named if named else folder
        _point(link, before if before.is_dir() else folder)
    if not (link / POINTER).exists() and link.is_dir():  # a release of an earlier time
        write_text(link.resolve() / POINTER, text(link.resolve().name), durable=True)
    for name in _PUBLIC:
        _put_link(home.published / name, f"{LINK}/{name}")
    if not (folder / POINTER).exists():
        write_text(folder / POINTER, text(folder.name), durable=True)
    sync(home.published)
    _point(link, folder)
    sync(home.published)


def _point(link: Path, folder: Path) -> None:
    _put_link(link, folder.relative_to(link.parent).as_posix())


def _put_link(path: Path, target: str) -> None:
    """Make `path` a link to `target` in one step, whatever was there."""
    if path.is_symlink() and str(path.readlink()) == target:
        return
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.symlink_to(target)
    if path.is_symlink() or not path.is_dir():
        temporary.replace(path)
        return
    exchange(temporary, path)
    shutil.rmtree(temporary)


def _copy(folder: Path, home: DataHome) -> list[str]:
    """Make the public paths copies of the release, and say all the time which of them are not yet."""
    own, pointer = (
        (folder / home.outcomes.name).relative_to(home.published).as_posix(),
        home.published / POINTER,
    )
    others = [name for name in _PUBLIC if name != POINTER]
    write_text(pointer, text(folder.name, own, others), durable=True)
    _remove_link(home.published / LINK)
    blocked = [name for part in _FOLDERS for name in _mirror(folder / part, home.published / part)]
    papers = (home.outcomes.name, *_PAPERS)
    blocked += [name for name in papers if not _swap(folder / name, home.published / name)]
    file = own if home.outcomes.name in blocked else home.outcomes.name
    write_text(pointer, text(folder.name, file, blocked), durable=True)
    return blocked


def _remove_link(path: Path) -> None:
    if path.is_symlink():
        path.unlink()


def _mirror(source: Path, target: Path) -> Iterator[str]:
    """Make a folder of published/ hold what that of the release holds; yields what could not be replaced.

    What is there already stays as it is, so that readers and backups see only what changed.
    """
    _remove_link(target)
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

    False when the system does not let go of a file somebody has open.
    """
    try:
        with replacing(target, durable=True) as temporary:
            shutil.copyfile(source, temporary)
    except PermissionError:
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


def reading(home: DataHome) -> Path | None:
    """The DuckDB file of the current release, to be read; None when nothing is published.

    It is the file in the release's own folder, which no publication changes while it is read. Raises
    ReleaseChanged when it, or what stands for it in published/, is not what was released.
    """
    now, public = current(home), current_file(home)
    if "release_id" not in now:
        if any(home.releases.glob("[!.]*")):
            raise integrity.ReleaseChanged(home.published, f"{POINTER} is missing or cannot be read")
        return public if public.is_file() else None
    folder = home.releases / now["release_id"]
    file = integrity.checked(folder)
    if not public.is_file() or not (
        public.samefile(file) or integrity.sha256(public) == integrity.sha256(file)
    ):
        raise integrity.ReleaseChanged(folder, f"{home.published.name}/{public.name} is another file")
    return file


def _is_copy(public: Path, file: Path) -> bool:
    if not public.is_file():
        return False
    return public.samefile(file) or integrity.sha256(public) == integrity.sha256(file)


def file_users(path: Path, processes: Path = Path("/proc")) -> list[FileUser]:
    """Who has a file open, as far as the system tells us (Linux, processes we may look at)."""
    try:
        wanted = path.stat()
    except OSError:
        return []
    found = {int(fd.parts[2]) for fd in processes.glob("[0-9]*/fd/*") if _is(fd, wanted)}
    return [FileUser(pid, _command(processes / str(pid))) for pid in sorted(found)]


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
