"""The gate between a finished release and its readers: approval and embargo.

A waiting release lies in `pending/`, outside `published/`: nobody can read it before its hour. An approval is
a line added to approval.json in the release; lines are never changed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.publication import archive, integrity, pointer
from bassetlaw_pipeline.publication.archive import APPROVAL, StoredRelease
from bassetlaw_pipeline.publication.fingerprint import inputs_fingerprint
from bassetlaw_pipeline.settings import DataHome
from bassetlaw_pipeline.storage import copy_folder, publishing, write_text

State = Literal["waits for approval", "under embargo", "due", "superseded"]
Clock = Callable[[], datetime]


class CannotApprove(RuntimeError):
    """The release is out already, or a newer one has been made; the message says which."""


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class PendingRelease:
    """A release that is finished and not let out."""

    release_id: str
    data_version: str
    state: State
    embargo_until: datetime | None
    approved_by: tuple[str, ...]


def describe_pending(home: DataHome, when: datetime) -> list[PendingRelease]:
    """Every waiting release and what it waits for, oldest first."""
    kept = archive.pending_releases(home)
    return [
        PendingRelease(
            k.release_id,
            str(k.version),
            _state(k, kept, when),
            k.embargo,
            tuple(entry["by"] for entry in k.approvals),
        )
        for k in kept
    ]


def _state(kept: StoredRelease, others: list[StoredRelease], when: datetime) -> State:
    if kept.needs_approval and not kept.approvals:
        newer = any(o.order > kept.order and not o.is_view for o in others)
        return "superseded" if newer and not kept.is_view else "waits for approval"
    return "under embargo" if kept.embargo and kept.embargo > when else "due"


def find_pending(home: DataHome, receipts: Iterable[Receipt], as_of: datetime | None) -> str | None:
    """Id of the waiting release made from these inputs; None when there is none."""
    if not home.pending.is_dir():
        return None
    fingerprint = inputs_fingerprint(receipts, as_of)
    return next((path.name for path in home.pending.glob(f"[!.]*-{fingerprint[:12]}")), None)


def approve(home: DataHome, name: str, by: str, clock: Clock = now) -> StoredRelease:
    """Record an approval. Raises NoSuchRelease, or CannotApprove when there is nothing left to approve."""
    with publishing(home):
        kept = archive.find(home, name)
        if kept.folder.parent != home.pending:
            raise CannotApprove(f"Release {kept.release_id} is published already.")
        integrity.check(kept.folder)
        others = archive.pending_releases(home)
        if _state(kept, others, clock()) == "superseded":
            raise CannotApprove(
                f"Release {kept.release_id} is superseded by {others[-1].release_id}; approve that."
            )
        entries = [*kept.approvals, {"by": by, "at": clock().isoformat(timespec="seconds")}]
        write_text(
            kept.folder / APPROVAL, json.dumps(entries, indent=2, ensure_ascii=False) + "\n", durable=True
        )
    return kept


def publish_due(home: DataHome, clock: Clock = now) -> list[str]:
    """Let out every release that is due and finish a swap that was blocked; returns the ids let out.

    Costs two looks at the disk when there is nothing to do.
    """
    blocked = pointer.current(home).get("blocked")
    if not blocked and not any(home.pending.glob("[!.]*")):
        return []
    with publishing(home):
        due = [k for k in archive.pending_releases(home) if _state(k, [], clock()) == "due"]
        for kept in due:
            publish_pending(home, kept)
        if blocked and not due:
            pointer.point_at(home.releases / pointer.current(home)["release_id"], home)
    return [kept.release_id for kept in due]


def publish_pending(home: DataHome, kept: StoredRelease) -> None:
    """Move a waiting release to the others, point published/ at it, and drop what it supersedes."""
    target = home.releases / kept.release_id
    if not target.exists():
        integrity.check(kept.folder)
        copy_folder(kept.folder, target)
    pointer.point_at(target, home)
    shutil.rmtree(kept.folder)
    drop_superseded(home, kept)


def drop_superseded(home: DataHome, kept: StoredRelease) -> None:
    """Remove waiting releases nobody approved before a newer one came out; nobody has seen them."""
    for other in archive.pending_releases(home):
        if _state(other, [kept], now()) == "superseded":
            shutil.rmtree(other.folder)
