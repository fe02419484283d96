"""The releases on disk: which there are, which is the newest, which one a user means.

A release built for a past time (`--as-of`) is a view of the past and no new statement: it takes no
place in the line of releases that versions, board diff and restatement ledger follow. What it shows is held
against the releases it stands between all the same: whoever has one of them can compare.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from bassetlaw_pipeline.publication import integrity
from bassetlaw_pipeline.publication.comparison.versioning import DataVersion
from bassetlaw_pipeline.publication.integrity import APPROVAL, MANIFEST
from bassetlaw_pipeline.settings import DataHome


class NoSuchRelease(LookupError):
    """No release, or more than one, fits what the user typed; the message says what there is."""


@dataclass(frozen=True)
class StoredRelease:
    """One finished release on disk, let out or waiting."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the release says about itself. Raises ReleaseChanged when it was changed by hand."""
        return integrity.read_manifest(self.folder)

    @property
    def release_id(self) -> str:
        """Name of the release, and of its folder."""
        return self.folder.name

    @cached_property
    def outcomes(self) -> Path:
        """Its DuckDB file, for reading. Raises ReleaseChanged when it is not what was released."""
        return integrity.checked(self.folder)

    @property
    def version(self) -> DataVersion:
        """Its data version; 0.0.0 for a release made before versions were given."""
        return DataVersion.parse(self.manifest.get("data_version") or "0.0.0")

    @property
    def is_view(self) -> bool:
        """True when somebody asked for the data as known at a past time."""
        return bool(self.manifest.get("requested_as_of"))

    @property
    def known_at(self) -> datetime | None:
        """When the newest delivery it knew was received; None when it knew none."""
        known = self.manifest.get("as_of")
        return datetime.fromisoformat(known) if known else None

    @property
    def embargo(self) -> datetime | None:
        """Not to be seen before this time."""
        until = self.manifest.get("embargo_until")
        return datetime.fromisoformat(until) if until else None

    @property
    def needs_approval(self) -> bool:
        """True when it was made under the approval gate."""
        return self.manifest.get("approval") == "required"

    @property
    def approvals(self) -> list[dict[str, str]]:
        """Who approved it and when, oldest first."""
        try:
            return json.loads((self.folder / APPROVAL).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []

    @property
    def order(self) -> tuple[DataVersion, str]:
        """Sorts releases as they were made."""
        return self.version, self.manifest.get("created_at", "")


@dataclass(frozen=True)
class ComparisonReleases:
    """Releases that figures are held against, nearest first: those before, and of a view those after it."""

    before: tuple[StoredRelease, ...] = ()
    after: tuple[StoredRelease, ...] = ()


def released(home: DataHome) -> list[StoredRelease]:
    """Every release that was let out, oldest first."""
    return sorted(_stored_releases(home.releases), key=lambda k: k.order)


def pending_releases(home: DataHome) -> list[StoredRelease]:
    """Releases that wait for approval or the end of an embargo, oldest first."""
    return sorted(_stored_releases(home.pending), key=lambda k: k.order)


def newest(home: DataHome, until: str | None = None) -> StoredRelease | None:
    """The last statement made: the newest release let out, or approved and only waiting for its hour.

    `until` leaves out what was made later (ISO time).
    """
    approved = [k for k in pending_releases(home) if k.approvals or not k.needs_approval]
    release_history = [k for k in (*released(home), *approved) if not k.is_view]
    made = [k for k in release_history if until is None or k.manifest["created_at"] < until]
    return max(made, key=lambda k: k.order, default=None)


def release_history(home: DataHome, last: StoredRelease | None) -> Iterator[StoredRelease]:
    """A release and those it followed, newest first, as far back as they are kept."""
    every = {k.release_id: k for k in (*released(home), *pending_releases(home))}
    while last:
        yield last
        last = every.get(last.manifest.get("previous_release") or "")


def comparison_releases(
    home: DataHome, as_of: datetime | None = None, until: str | None = None
) -> ComparisonReleases:
    """What a build is held against: the line of releases, and where it stands in it when it is a view."""
    every = tuple(release_history(home, newest(home, until)))
    later = tuple(k for k in every if as_of and k.known_at and k.known_at > as_of)
    return ComparisonReleases(before=tuple(k for k in every if k not in later), after=later[::-1])


def latest_version(home: DataHome) -> DataVersion:
    """The highest version ever given, waiting releases included: no number is given twice."""
    return max((k.version for k in (*released(home), *pending_releases(home))), default=DataVersion(0, 0, 0))


def find(home: DataHome, name: str) -> StoredRelease:
    """The release with this id, beginning of an id, or data version. Raises NoSuchRelease."""
    every = {k.release_id: k for k in (*released(home), *pending_releases(home))}
    exact = [k for k in every.values() if name in (k.release_id, k.manifest.get("data_version"))]
    fitting = exact or [k for k in every.values() if k.release_id.startswith(name)]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(f"{k.release_id} ({k.version})" for k in every.values())
    problem = "More than one release fits" if fitting else "There is no release"
    raise NoSuchRelease(f"{problem} {name!r}. Releases: {known or 'none yet'}")


def _stored_releases(folder: Path) -> Iterator[StoredRelease]:
    if folder.is_dir():
        for path in folder.iterdir():
            if not path.name.startswith(".") and (path / MANIFEST).exists():
                yield StoredRelease(path)
