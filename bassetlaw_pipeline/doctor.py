"""Whether an installation and its data home are fit to run, in words, with how to mend what is not.

A check looks and changes nothing. What it says holds no value of anybody's data.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.cast.pseudonym import Key, KeyProblem
from bassetlaw_pipeline.intake.store.ledger import Ledger
from bassetlaw_pipeline.locks import who_runs
from bassetlaw_pipeline.planning import unread_names
from bassetlaw_pipeline.publication import integrity, pointer
from bassetlaw_pipeline.settings import PROJECT_DIR, Settings
from bassetlaw_pipeline.storage import free_gigabytes

State = Literal["ok", "warning", "problem"]
_NAMED = 5  # files that a line names
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Check:
    """What was looked at, how it stands, what was found, and what to do about it."""

    name: str
    state: State
    found: str
    mend: str = ""


def examine(settings: Settings) -> list[Check]:
    """Every check of an installation and its data home, in the order in which things are needed."""
    checks: tuple[Callable[[Settings], Check], ...] = (
        _python, _packages, _disk, _permissions, _key, _lock, _clock, _unread, _leftovers, _rows, _release,
    )  # fmt: skip
    return [check(settings) for check in checks]


def _python(_: Settings) -> Check:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    fits = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Check(
        "Python", "ok" if fits else "problem", version, "" if fits else "Use Python 3.11, 3.12 or 3.13."
    )


def _packages(_: Settings) -> Check:
    """Installed versions against requirements.lock, where the checkout has it."""
    lock = PROJECT_DIR / "requirements.lock"
    if not lock.is_file():
        return Check("Packages", "ok", "no requirements.lock beside the package: not compared")
    others = [
        f"{n} {found or 'missing'}" for n, wanted in _pinned(lock) if (found := _installed(n)) != wanted
    ]
    if not others:
        return Check("Packages", "ok", "as in requirements.lock")
    return Check("Packages", "warning", f"other than in requirements.lock: {_some(others)}", "Run: make run")


def _pinned(lock: Path) -> Iterator[tuple[str, str]]:
    """Names and versions that hold everywhere; lines with a condition are left out."""
    for line in lock.read_text(encoding="utf-8").splitlines():
        name, equals, version = line.removesuffix("\\").strip().partition("==")
        if equals and not line.startswith(" ") and ";" not in version:
            yield name, version.strip()


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _disk(settings: Settings) -> Check:
    free = free_gigabytes(settings.home.root)
    found = f"{free:.1f} GB free, at least {settings.disk_floor_gb:g} wanted"
    if free >= settings.disk_floor_gb:
        return Check("Disk", "ok", found)
    return Check(
        "Disk", "problem", found, "Make room, or set BASSETLAW_DISK_FLOOR_GB; a run stops before it begins."
    )


def _permissions(settings: Settings) -> Check:
    open_to_others = [p.name for p in settings.home.private if p.exists() and p.stat().st_mode & 0o007]
    if not open_to_others:
        return Check("Permissions", "ok", "no other user can open private folders")
    home = settings.home.root
    mend = "Run: chmod o-rwx " + " ".join(str(home / name) for name in open_to_others)
    return Check("Permissions", "problem", f"other users can open {', '.join(open_to_others)}", mend)


def _key(settings: Settings) -> Check:
    needed = any(c.needs_key for c in load_contracts().values()) and settings.home.accepted.exists()
    try:
        Key.load(settings).ensure_matches(Ledger(settings.home).newest_key_check())
    except KeyProblem as problem:
        return Check("Pseudonym key", "problem" if needed else "warning", str(problem))
    return Check("Pseudonym key", "ok", "there, private, and the one the accepted rows were made with")


def _lock(settings: Settings) -> Check:
    holder = who_runs(settings.home)
    return Check("At work now", "ok", str(holder) if holder else "nobody")


def _clock(settings: Settings) -> Check:
    newest = max((r.received_at for r in Ledger(settings.home).receipts()), default=None)
    if newest is None or newest <= datetime.now(UTC) + _CLOCKS_DIFFER:
        return Check("Clock", "ok", "no delivery was received in the future")
    found = f"the newest delivery was received at {newest:%d %B %Y %H:%M} UTC, after now"
    return Check(
        "Clock", "problem", found, "Set the clock: a delivery of the future outranks every later one."
    )


def _unread(settings: Settings) -> Check:
    names = unread_names(settings)
    if not names:
        return Check("Landing", "ok", "every file has been read")
    return Check(
        "Landing", "warning", f"{len(names)} files not read yet: {_some(names)}", "Run: bassetlaw run"
    )


def _leftovers(settings: Settings) -> Check:
    """What a killed run left behind; a run that is at work has such folders, too."""
    root = settings.home.root
    found = [p.name for pattern in (".incoming/*/", ".shadow-*") for p in root.glob(pattern) if p.is_dir()]
    if not found or who_runs(settings.home):
        return Check("Left behind", "ok", "nothing")
    return Check(
        "Left behind", "warning", f"of runs that were killed: {_some(found)}", "The next run clears it."
    )


def _rows(settings: Settings) -> Check:
    """Whether the accepted rows of every delivery in use can be opened."""
    damaged, files = set(), 0
    for receipt in Ledger(settings.home).receipts():
        extract = settings.home.accepted / receipt.partner / str(receipt.extract)
        for file in (extract / receipt.delivery_id).glob("*.parquet"):
            files += 1
            damaged |= set() if _opens(file) else {f"{receipt.extract} {receipt.delivery_id}"}
    if not damaged:
        return Check("Accepted rows", "ok", f"{files:,} files open")
    mend = "Put the folder back from a backup; or withdraw the delivery, and send its file again."
    return Check("Accepted rows", "problem", f"damaged: {_some(sorted(damaged))}", mend)


def _opens(file: Path) -> bool:
    try:
        pq.read_metadata(file)
    except (OSError, pa.ArrowInvalid):
        return False
    return True


def _release(settings: Settings) -> Check:
    named = pointer.current(settings.home).get("release_id")
    if not named:
        return Check("Release", "warning", "nothing is published", "Run: bassetlaw run")
    try:
        integrity.check(settings.home.releases / named)
    except (integrity.ReleaseChanged, OSError) as problem:
        return Check("Release", "problem", str(problem))
    return Check("Release", "ok", f"{named}: every file as it was released")


def _some(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
