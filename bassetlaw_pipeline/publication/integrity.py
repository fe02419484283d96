"""Whether a release still is what was released: the hashes in its manifest, checked before it is read.

The manifest lists every file with its SHA-256 under `files`, and its own hash under `manifest_sha256`. That
finds what was changed by accident or by hand. Somebody who may write and makes the manifest anew as well is
not found: for that compare `manifest_sha256` with one noted elsewhere. A release made before files were
listed is held against the hashes of its tables, which are those of its CSV files.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

MANIFEST, APPROVAL, OUTCOMES = "manifest.json", "approval.json", "outcomes.duckdb"
OWN_HASH = "manifest_sha256"
_UNLISTED = {MANIFEST, APPROVAL}


class ReleaseChanged(RuntimeError):
    """A file of a release is not as it was released; the message names it and says what to do."""

    def __init__(self, folder: Path, found: str) -> None:
        super().__init__(
            f"Release {folder.name} is not as it was released: {found}. It is not used. Put the release back "
            f"from a backup, or remove {folder} and run: bassetlaw publish"
        )


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hashes(folder: Path) -> dict[str, str]:
    """Hash of every file a release has to keep, by its path in the release."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    named = {p.relative_to(folder).as_posix(): p for p in files}
    return {name: sha256(path) for name, path in named.items() if name not in _UNLISTED}


def sealed(body: dict[str, Any]) -> dict[str, Any]:
    """A manifest with its own hash."""
    rest = {key: value for key, value in body.items() if key != OWN_HASH}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False)
    return rest | {OWN_HASH: hashlib.sha256(text.encode()).hexdigest()}


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release. Raises ReleaseChanged, FileNotFoundError when there is none."""
    try:
        body = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except ValueError:
        raise ReleaseChanged(folder, f"{MANIFEST} cannot be read") from None
    if OWN_HASH in body and sealed(body)[OWN_HASH] != body[OWN_HASH]:
        raise ReleaseChanged(folder, f"{MANIFEST} was changed")
    if "files" in body and OWN_HASH not in body:
        raise ReleaseChanged(folder, f"{MANIFEST} was changed ({OWN_HASH} is gone)")
    return body


def checked(folder: Path, name: str = OUTCOMES) -> Path:
    """The path of one file of a release. Raises ReleaseChanged when it is not what was released."""
    _check(folder, name, _listed(read_manifest(folder)))
    return folder / name


def check(folder: Path) -> None:
    """Hold every file of a release against its manifest. Raises ReleaseChanged."""
    manifest = read_manifest(folder)
    listed = _listed(manifest)
    for name in (*listed, OUTCOMES):
        _check(folder, name, listed)
    if "files" in manifest:
        files = (p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if not p.is_dir())
        added = [name for name in files if name not in listed and name not in _UNLISTED]
        if added:
            raise ReleaseChanged(folder, f"{added[0]} was added")


def _listed(manifest: dict[str, Any]) -> dict[str, str]:
    """Hashes by file; of an older release those of its CSV files."""
    tables = {f"csv/{t['name']}.csv": t["sha256"] for t in manifest.get("tables", ()) if "sha256" in t}
    return manifest.get("files", tables)


def _check(folder: Path, name: str, listed: dict[str, str]) -> None:
    path = folder / name
    if not path.is_file():
        raise ReleaseChanged(folder, f"{name} is missing")
    if name in listed and sha256(path) != listed[name]:
        raise ReleaseChanged(folder, f"{name} was changed")
    if name == OUTCOMES and path.with_name(f"{name}.wal").exists():
        raise ReleaseChanged(folder, f"{name}.wal was added: somebody wrote to {name}")
