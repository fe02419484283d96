"""Copies of a data home in another place, and back.

A copy holds the files of partners, accepted rows, receipts, decisions, the warehouse and the releases; not
what a build makes on its way, nor Dagster's history. The pseudonym key is copied only on request: whoever has
the copy and the key can link its people to others.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bassetlaw_pipeline.locks import running
from bassetlaw_pipeline.publication import pointer
from bassetlaw_pipeline.settings import DataHome
from bassetlaw_pipeline.storage import sync, work_folder, write_text

MANIFEST = "backup.json"
_KEPT = ("landing", "accepted", "rejected", "receipts", "confirmations", "withdrawals", "pending")
_RELEASES, _SECRETS = "published/releases", "secrets"


class BackupFailed(RuntimeError):
    """A copy was not made or not put back; the message says why, and nothing was changed."""


@dataclass(frozen=True)
class Copied:
    """What a copy holds."""

    files: int
    bytes: int
    made_at: str
    with_key: bool


def back_up(home: DataHome, target: Path, *, with_key: bool = False) -> Copied:
    """Copy a data home to a folder that is not there yet, or is empty. Nothing runs on the home meanwhile.

    The copy appears under its name when it is whole. Raises BackupFailed.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupFailed(f"{target} is there already. Name a folder that does not exist.")
    if target.resolve().is_relative_to(home.root):
        raise BackupFailed(f"{target} lies in the data home itself.")
    with running(home, "bassetlaw backup"):
        temporary = work_folder(target)
        temporary.chmod(0o700)
        for name in (*_KEPT, _RELEASES, *([_SECRETS] if with_key else [])):
            if (home.root / name).is_dir():
                shutil.copytree(home.root / name, temporary / name, symlinks=True)
        _copy_warehouse(home, temporary)
        files = {p.relative_to(temporary).as_posix(): _fact(p) for p in _files(temporary)}
        made = Copied(
            files=len(files),
            bytes=sum(size for size, _ in files.values()),
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            with_key=with_key,
        )
        body = made.__dict__ | {"release_id": pointer.current(home).get("release_id"), "listed": files}
        write_text(temporary / MANIFEST, json.dumps(body, indent=1) + "\n", durable=True)
        for path in temporary.rglob("*"):
            sync(path) if not path.is_symlink() else None
        if target.exists():
            target.rmdir()
        temporary.rename(target)
    return made


def restore(source: Path, home: DataHome) -> Copied:
    """Put a copy back as a data home that holds nothing yet, once every file is as it was copied.

    Raises BackupFailed.
    """
    if home.root.exists() and any(home.root.iterdir()):
        raise BackupFailed(f"{home.root} is not empty. A copy is put back into a new data home only.")
    body = _manifest(source)
    _ensure_whole(source, body["listed"])
    temporary = work_folder(home.root)
    shutil.copytree(source, temporary, symlinks=True, dirs_exist_ok=True)
    (temporary / MANIFEST).unlink()
    temporary.chmod(0o755)
    if home.root.exists():
        home.root.rmdir()
    temporary.rename(home.root)
    home.make_private()
    if body["release_id"]:
        pointer.point_at(home.releases / body["release_id"], home)
    return Copied(body["files"], body["bytes"], body["made_at"], body["with_key"])


def _copy_warehouse(home: DataHome, temporary: Path) -> None:
    """The warehouse and what is written beside it about it."""
    for file in home.warehouse.parent.glob("*.*"):
        if file.is_file():
            (temporary / "warehouse").mkdir(exist_ok=True)
            shutil.copy2(file, temporary / "warehouse" / file.name)


def _manifest(source: Path) -> dict:
    try:
        return json.loads((source / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BackupFailed(f"{source} is no backup: {MANIFEST} is missing or cannot be read.") from None


def _ensure_whole(source: Path, listed: dict[str, list]) -> None:
    """Raise BackupFailed unless the copy holds the listed files and no other, byte by byte."""
    there = {
        p.relative_to(source).as_posix(): p
        for p in _files(source)
        if p.name != MANIFEST or p.parent != source
    }
    missing, strange = sorted(listed.keys() - there.keys()), sorted(there.keys() - listed.keys())
    changed = [name for name, path in there.items() if name in listed and _fact(path) != tuple(listed[name])]
    for what, names in (("missing", missing), ("not of it", strange), ("changed", sorted(changed))):
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            raise BackupFailed(f"The backup is not as it was made; {what}: {', '.join(names[:3])}{more}.")


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink())


def _fact(path: Path) -> tuple[int, str]:
    """Size and SHA-256."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
