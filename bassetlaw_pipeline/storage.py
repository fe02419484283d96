"""Files that are there whole or not at all, even when the power fails."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bassetlaw_pipeline.locks import locked
from bassetlaw_pipeline.settings import DataHome


@contextmanager
def publishing(home: DataHome) -> Iterator[None]:
    """Wait until no other process publishes; the system frees the lock of a killed one."""
    with locked(home.root / ".publishing.lock"):
        clear_leftovers(home.releases)
        clear_leftovers(home.pending)
        yield


def work_folder(folder: Path) -> Path:
    """An empty folder in which the later folder of this name is made ready."""
    temporary = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    return temporary


def seal(temporary: Path, folder: Path) -> None:
    """Make a finished folder appear under its name; its files are for reading only."""
    for path in temporary.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o444)
        sync(path)
    temporary.chmod(0o755)
    sync(temporary)
    temporary.rename(folder)
    sync(folder.parent)


def copy_folder(source: Path, target: Path) -> None:
    """Copy a sealed folder to another place, whole or not at all."""
    temporary = work_folder(target)
    shutil.copytree(source, temporary, dirs_exist_ok=True)
    seal(temporary, target)


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Iterator[Path]:
    """A temporary name to write to, which takes the place of `path` in one step when all went well.

    A reader sees the old file or the new one, never a part. `durable`: also after the power failed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        if durable:
            sync(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str, *, durable: bool = False) -> None:
    """Write a small file in one step."""
    with replacing(path, durable=durable) as temporary:
        temporary.write_text(text, encoding="utf-8")


def exchange(one: Path, other: Path) -> None:
    """Let two names change places in one step, a folder and a link too (Linux).

    Elsewhere in two: for a moment `other` is not there.
    """
    if _exchanged(one, other):
        return
    aside = one.with_name(f".{other.name}.aside.tmp")
    other.rename(aside)
    one.rename(other)
    aside.rename(one)


def _exchanged(one: Path, other: Path) -> bool:
    here, both = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of renameat2(2)
    try:
        rename = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError):
        return False
    return rename(here, os.fsencode(one), here, os.fsencode(other), both) == 0


def clear_leftovers(folder: Path) -> None:
    """Remove what a killed publication left behind; it was never visible."""
    if folder.is_dir():
        for path in folder.glob(".*.tmp"):
            remove(path)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all it holds."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def free_gigabytes(folder: Path) -> float:
    """Free room on the file system of a folder, which need not exist yet."""
    place = next(p for p in (folder, *folder.parents) if p.exists())
    return shutil.disk_usage(place).free / 1e9
