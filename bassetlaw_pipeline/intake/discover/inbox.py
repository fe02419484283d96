"""What lies in the landing folder, and which contract each file belongs to.

Nothing is opened here beyond that, and nothing is ever written into the landing folder.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.discover import manifest as manifests
from bassetlaw_pipeline.intake.discover import naming
from bassetlaw_pipeline.intake.discover.hashes import HashCache, digest_of_name
from bassetlaw_pipeline.intake.model import Arrival, Finding
from bassetlaw_pipeline.intake.read import recognises
from bassetlaw_pipeline.settings import PARTNERS, DataHome

NO_PARTNER = "_unknown"  # receipts of files that lie in nobody's folder
_PASSING = (".part", ".tmp", ".crdownload", ".filepart")

Contracts = Mapping[str, Contract]


@dataclass(frozen=True)
class FileStat:
    """Size and modification time of a file at one moment, and when the system last wrote anything of it."""

    size: int
    modified_ns: int
    changed: float = field(default=0, compare=False)  # seconds; a copy that keeps times cannot set it

    def age(self, now: float) -> float:
        """Seconds without a change; none when a file server's clock is ahead."""
        return max(now - self.changed, 0)


def file_stat(path: Path) -> FileStat | None:
    """A file's size and modification time now, or None when it is gone."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return FileStat(seen.st_size, seen.st_mtime_ns, seen.st_ctime)


def is_stable(path: Path, previous: FileStat | None) -> bool:
    """True when a file has not changed since an earlier look, so that its copying has ended."""
    return previous is not None and file_stat(path) == previous


@dataclass(frozen=True)
class Inbox:
    """New files: those whose copying has ended, and those that are still being written."""

    complete: list[Arrival]
    writing: list[Arrival]


def new_files(
    home: DataHome,
    contracts: Contracts,
    known: Callable[[Arrival], bool],
    settle: float,
    *,
    wait: Callable[[float, int], None] | None = None,
    partner: str | None = None,
) -> Inbox:
    """Files nobody has read yet, told apart by whether they kept size and time for `settle` seconds.

    `wait` (seconds, number of files) is called once when some are younger than that, to give them the time.
    `partner` limits the search to one folder.
    """
    began = {path: file_stat(path) for path in list_inbox(home, partner)}
    found = scan(home, contracts, known, partner)
    now = time.time()
    young = {a.path: settle - seen.age(now) for a in found if (seen := began.get(a.path))}
    young = {path: seconds for path, seconds in young.items() if seconds > 0}
    if young and wait is not None:
        wait(max(young.values()), len(young))
        young = {}
    done = {a.path: a.path not in young and _unchanged(a.path, began) for a in found}
    return Inbox([a for a in found if done[a.path]], [a for a in found if not done[a.path]])


def _unchanged(path: Path, stats: Mapping[Path, FileStat | None]) -> bool:
    """As it was; a file that could not be looked at either time is not being written, but refused."""
    before = stats.get(path)
    return is_stable(path, before) or (before is None and path in stats and file_stat(path) is None)


def list_inbox(home: DataHome, partner: str | None = None) -> Iterator[Path]:
    """Every file partners have dropped, in a fixed order; manifests and unfinished copies left out."""
    yield from _walk(home.landing.resolve() / (partner or ""))


def name_in_landing(arrival: Arrival, home: DataHome) -> str:
    """A file's path below the landing folder."""
    return arrival.path.relative_to(home.landing.resolve()).as_posix()


def scan(
    home: DataHome,
    contracts: Contracts,
    known: Callable[[Arrival], bool] | None = None,
    partner: str | None = None,
) -> list[Arrival]:
    """The files in the landing folder that are not known yet, each with its contract or the reason why not.

    `partner` limits it to one folder. Never raises for a file: what is wrong with it is among its findings.
    """
    cache = HashCache.load(home.warehouse.parent / "inbox-cache.json")
    root = home.landing.resolve()
    arrivals = [_arrival(path, root, contracts, cache) for path in list_inbox(home, partner)]
    if partner is None:
        cache.save()
    return [a for a in arrivals if known is None or not known(a)]


def identify(path: Path, contracts: Contracts, partner: str | None = None) -> Arrival:
    """One file of any folder; every partner's contracts are tried unless a partner is named.

    A single contract is taken at its word, so that reading can say what the file lacks.
    """
    candidates = [c for c in contracts.values() if partner in (None, c.partner)]
    forced = candidates[0] if len(candidates) == 1 else None
    path = path.absolute()
    if not _is_plain(path.name):
        return _unsafe(path, partner or NO_PARTNER)
    contract = _match(path, candidates) or forced
    known = partner or (contract.partner if contract else NO_PARTNER)
    return _describe(path, known, contract, HashCache())


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")) and "\\" not in entry.name:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif not entry.name.lower().endswith((*_PASSING, manifests.SUFFIX)):
            yield Path(entry.path)


def _arrival(path: Path, root: Path, contracts: Contracts, cache: HashCache) -> Arrival:
    folders = path.relative_to(root).parts[:-1]
    partner = folders[0] if folders else NO_PARTNER
    if not _is_safe(path, root):
        return _unsafe(path, partner if partner in PARTNERS else NO_PARTNER)
    if not folders:
        return _describe(
            path, NO_PARTNER, None, cache, "FILE_UNRECOGNISED", "It lies in no partner's folder."
        )
    if partner not in PARTNERS:
        return _describe(path, partner, None, cache, "PARTNER_UNKNOWN", partner)
    own = [c for c in contracts.values() if c.partner == partner]
    contract = _match(path, own)
    hint = "" if contract else _hint(path, own, contracts)
    return _describe(path, partner, contract, cache, "FILE_UNRECOGNISED", hint)


def _is_plain(name: str) -> bool:
    """No path separators, control characters or bytes that are no text."""
    return name.isprintable() and "\\" not in name


def _is_safe(path: Path, root: Path) -> bool:
    """Plain names only, and no way out of the landing folder."""
    plain = all(map(_is_plain, path.relative_to(root).parts))
    try:
        return (
            plain and path.resolve().is_relative_to(root) and stat.S_IFMT(path.stat().st_mode) == stat.S_IFREG
        )
    except FileNotFoundError:
        return plain and not path.is_symlink()
    except OSError:
        return False


def _unsafe(path: Path, partner: str) -> Arrival:
    """A file that is not opened; its name stands in for its content."""
    return Arrival(
        path=path,
        partner=partner,
        file_name=naming.shown_file("".join(c if c.isprintable() else "\ufffd" for c in path.name)),
        sha256=digest_of_name(path),
        size=0,
        received_at=_seconds(path.lstat().st_mtime if os.path.lexists(path) else 0),
        contract=None,
        findings=(Finding(code="FILE_NAME_UNSAFE"),),
    )


def _match(path: Path, contracts: Iterable[Contract]) -> Contract | None:
    """The contract whose file name fits, else the only one whose header fits.

    A name of nothing but numbers ("2024-05 …") could be anybody's: there the header has to agree.
    """
    contracts = list(contracts)
    named = next((c for c in contracts if c.file.match(path.name) is not None), None)
    if named and not (named.file.has_bare_name(path.name) and not recognises(named, path)):
        return named
    by_header = [c for c in contracts if recognises(c, path)]
    return by_header[0] if len(by_header) == 1 else named


def _hint(path: Path, own: Iterable[Contract], contracts: Contracts) -> str:
    """Whose file it seems to be by its name, else how this partner's files are named."""
    other = next((c for c in contracts.values() if c.file.match(path.name) is not None), None)
    if other:
        return f"Its name is that of {other.id}, which belongs in the folder {other.partner}."
    agreed = ", ".join(filter(None, (c.file.names_in_words for c in own)))
    return f"Agreed names in this folder: {agreed}." if agreed else ""


def _describe(
    path: Path, partner: str, contract: Contract | None, cache: HashCache, code: str = "", detail: str = ""
) -> Arrival:
    """Hash, received time and manifest of a file; whatever goes wrong becomes a finding."""
    findings, sha256, seen, stated = [], digest_of_name(path), None, None
    try:
        seen = path.stat()
        sha256 = cache.digest(path, seen)
        stated, problems = manifests.check(path, sha256, seen.st_size, contract)
        findings += problems
    except FileNotFoundError:
        findings.append(Finding(code="FILE_VANISHED"))
    except OSError as error:
        findings.append(Finding(code="FILE_UNREADABLE", detail=error.strerror or "no permission"))
    if contract is None and not findings:
        findings.append(Finding(code=code or "FILE_UNRECOGNISED", detail=detail))
    received = manifests.submitted_at(stated) or _seconds(seen.st_mtime if seen else 0)
    return Arrival(
        path=path,
        partner=partner,
        file_name=naming.shown_file(path.name),
        sha256=sha256,
        size=seen.st_size if seen else 0,
        received_at=received,
        contract=contract,
        parts=(contract.file.match(path.name) or {}) if contract else {},
        manifest=stated,
        findings=tuple(findings),
    )


def _seconds(timestamp: float) -> datetime:
    """A file time in UTC; one in the future, by a wrong clock, would outrank every later delivery."""
    return datetime.fromtimestamp(int(min(timestamp, time.time())), UTC)
