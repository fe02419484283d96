"""A shadow of the data home: the same deliveries by hard link, everything else empty and thrown away.

Nothing big is copied and nothing of the real home is written: files in accepted/ are replaced and never
changed in place, so that a link is as good as a copy.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from bassetlaw_pipeline.contracts.derive_stub import STUB_FOLDER
from bassetlaw_pipeline.publication import archive
from bassetlaw_pipeline.settings import Settings

_PREFIX = ".shadow-"


@contextmanager
def shadow_home(settings: Settings, deliveries: Collection[str] | None = None) -> Iterator[Settings]:
    """Settings of a shadow home inside the data home, removed afterwards.

    With `deliveries` it holds these accepted deliveries and no landing folder; without, everything that
    landing needs to go on from where the real home stands.
    """
    home = settings.home
    home.root.mkdir(parents=True, exist_ok=True)
    _sweep(home.root)
    root = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=home.root))
    try:
        shadow = _settings_at(settings, root)
        if deliveries is None:
            _continue_from(settings, shadow)
        _link(home.accepted, shadow.home.accepted, _only(home.accepted, deliveries))
        yield shadow
    finally:
        shutil.rmtree(root)


def _settings_at(settings: Settings, root: Path) -> Settings:
    """The same settings for another home; a rehearsal waits for nobody."""
    same = settings.model_dump(exclude={"home_dir"})
    return Settings(**{**same, "BASSETLAW_HOME": root, "approval": "none", "embargo": None})


def _continue_from(settings: Settings, shadow: Settings) -> None:
    """Landing, key, what was rejected, known hashes, and the releases that the next one follows."""
    home, copy = settings.home, shadow.home
    for real, name in ((home.landing, copy.landing), (home.secrets, copy.secrets)):
        if real.is_dir():
            name.symlink_to(real.resolve(), target_is_directory=True)
    _link(home.rejected, copy.rejected)
    _link(home.confirmations, copy.confirmations)
    _link(home.withdrawals, copy.withdrawals)
    for kept in archive.release_history(home, archive.newest(home)):
        _link_release(kept, copy.releases / kept.release_id)
    for file in (home.warehouse.parent / "inbox-cache.json", home.published / "manifest.json"):
        if file.exists():
            target = copy.root / file.relative_to(home.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _link_release(kept: archive.StoredRelease, target: Path) -> None:
    """Its tables and its manifest: all that a later release looks at."""
    target.mkdir(parents=True)
    for file in (kept.outcomes, kept.folder / archive.MANIFEST):
        _link_file(str(file), str(target / file.name))


Ignore = Callable[[str, list[str]], Collection[str]]


def _only(accepted: Path, deliveries: Collection[str] | None) -> Ignore | None:
    """Leaves out every delivery folder (`<partner>/<extract>/<delivery>`) that is not wanted."""
    if deliveries is None:
        return None
    wanted = {*deliveries, STUB_FOLDER}

    def ignore(folder: str, names: list[str]) -> Collection[str]:
        depth = len(Path(folder).relative_to(accepted).parts)
        return [name for name in names if name not in wanted] if depth == 2 else []

    return ignore


def _link(source: Path, target: Path, ignore: Ignore | None = None) -> None:
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link_file, ignore=ignore)


def _link_file(source: str, target: str) -> None:
    """A hard link, or a symbolic one on file systems without them."""
    try:
        os.link(source, target)
    except OSError:
        Path(target).symlink_to(source)


def _sweep(root: Path) -> None:
    """Remove shadows whose process is gone."""
    for path in root.glob(f"{_PREFIX}*"):
        owner = path.name.removeprefix(_PREFIX).split("-")[0]
        if not Path(f"/proc/{owner}").exists() and Path("/proc/self").exists():
            shutil.rmtree(path, ignore_errors=True)
