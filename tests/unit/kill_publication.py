"""Kill a publication at every step it takes, in processes of its own. Run by test_release_killed.py.

Steps are what the interpreter reports of itself (audit events of files and folders) and every call that
gives DuckDB a statement or a file some bytes: the product needs no hook. Each attempt starts from a home
with one release, is killed by SIGKILL at one step, is looked at, and is followed by a publication that must
complete. Some forty steps that touch a public path are tried, and a sample of the others.

usage: python kill_publication.py FOLDER SCENARIO POINTS   -> prints one JSON object
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from small_releases import release, warehouse, without_report

from bassetlaw_pipeline.disclosure.difference import rules
from bassetlaw_pipeline.publication import approval
from bassetlaw_pipeline.publication.fingerprint import code_sha256
from bassetlaw_pipeline.publication.provenance import calculation
from bassetlaw_pipeline.settings import Settings

WATCHED = ("open", "os.", "shutil.", "fcntl.")
PUBLIC = ("outcomes.duckdb", "parquet", "csv", "report", "notes.md", "manifest.json", "current.json")
CALLS = ("execute", "sendfile", "write", "fsync")
OLD = [("D", "2020-01", "shown", 40, 80)]
NEW = [("D", "2020-01", "shown", 45, 80)]
MONTHS = [("aa", "2020-01"), ("bb", "2020-01")]


class Steps:
    """Counts steps from now on; at step number `at` this process is killed. `notable` touch the file."""

    def __init__(self, home: Path, at: int | None = None) -> None:
        self.count, self.at, self.home, self.notable = 0, at, str(home), []
        sys.addaudithook(self.audit)
        sys.setprofile(self.profile)

    def step(self) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, arguments: tuple) -> None:
        if event.startswith(WATCHED) and any(self.home in str(a) for a in arguments):
            self.step()
            if any(is_public(self.home, a) for a in arguments):
                self.notable += [self.count, self.count + 1, self.count + 2]

    def profile(self, frame: object, event: str, argument: object) -> None:
        if event in ("c_call", "c_return") and getattr(argument, "__name__", "") in CALLS:
            self.step()


def is_public(home: str, argument: object) -> bool:
    """True for a path right under published/, where every reader looks; False in the release folders."""
    path = os.fspath(argument) if isinstance(argument, str | os.PathLike) else ""
    rest = str(path).removeprefix(f"{home}/published/")
    return rest != path and not rest.startswith("releases")


def in_child(work: Callable[[], int]) -> int:
    """Exit status of a child that does the work; negative when it was killed."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            status = work()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def settings_of(home: Path, scenario: str, first: bool = False) -> Settings:
    needs = "required" if scenario == "approved" and not first else "none"
    return Settings(BASSETLAW_HOME=home, approval=needs)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hashes(path: Path) -> dict[str, str]:
    """Content of a file or folder, whether it is reached by a link or not."""
    if path.is_file():
        return {"": sha256(path)}
    return {file.relative_to(path).as_posix(): sha256(file) for file in path.rglob("*") if file.is_file()}


def small(path: Path, figures: list, months: list) -> Path:
    """A warehouse of two tables: what is killed is the order of steps, and that is the same for twenty."""
    with duckdb.connect(str(warehouse(path, figures, months))) as con:
        for table in ("dim_indicator", "dim_area", "dim_period", "fct_delivery", "scorecard"):
            con.execute(f"drop table outcomes.{table}")
    return path


def no_links(*_: object, **__: object) -> None:
    """A file system without links."""
    raise PermissionError(1, "Operation not permitted")


def warm_up() -> None:
    """What a process does once is done before the children are made, so that each does little."""
    import pandas  # noqa: F401

    code_sha256()
    calculation()
    rules()


class Scenario:
    """`direct`: a release is published. `approved`: it waits, is approved and let out.

    `upgraded`: the home has copies as of an earlier version. `copied`: links cannot be made.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name, self.home = folder, name, folder / "home"
        self.sources = [folder / "old.duckdb", folder / "new.duckdb"]

    def first(self) -> int:
        for number, (source, figures) in enumerate(zip(self.sources, (OLD, NEW), strict=True)):
            small(source, figures, MONTHS[: number + 1])
        release(settings_of(self.home, self.name, first=True), self.sources[0], MONTHS[:1])
        if self.name == "upgraded":
            self._earlier_version()
        shutil.copytree(self.home, self.folder / "start", symlinks=True)
        return 0

    def _earlier_version(self) -> None:
        """Copies where links are now, and neither the list of files nor current.json in the release."""
        published = self.home / "published"
        [kept] = (published / "releases").iterdir()
        (published / "current").unlink()
        for name in PUBLIC:
            (published / name).unlink()
            copy = shutil.copytree if (kept / name).is_dir() else shutil.copyfile
            copy(kept / name, published / name)
        (kept / "current.json").unlink()
        manifest = json.loads((kept / "manifest.json").read_text())
        del manifest["files"], manifest["manifest_sha256"]
        for path in (kept / "manifest.json", published / "manifest.json"):
            path.unlink()
            path.write_text(json.dumps(manifest))

    def publish(self) -> int:
        settings = settings_of(self.home, self.name)
        made = release(settings, self.sources[1], MONTHS)
        if made.state == "waiting":
            approval.approve(
                settings.home, made.release_id, "the board", lambda: datetime(2021, 5, 1, tzinfo=UTC)
            )
            approval.publish_due(settings.home)
        return 0

    def counted(self) -> int:
        steps = Steps(self.home)
        self.publish()
        sys.setprofile(None)
        (self.folder / "steps").write_text(json.dumps([steps.count, steps.notable]))
        return 0

    def killed(self, at: int) -> int:
        Steps(self.home, at)
        return self.publish()

    def restart(self) -> None:
        shutil.rmtree(self.home)
        shutil.copytree(self.folder / "start", self.home, symlinks=True)

    def published(self) -> str | None:
        """Id of the release that is published, None when public paths show files of more than one.

        What current.json says is in use counts for nothing: a reader is told.
        """
        published = self.home / "published"
        try:
            now = json.loads((published / "current.json").read_text())
            kept = published / "releases" / now["release_id"]
            open_ = [name for name in PUBLIC[:-1] if name not in now["blocked"]]
            same = [hashes(published / name) == hashes(kept / name) for name in open_]
            named = sha256(published / now["file"]) == sha256(kept / "outcomes.duckdb")
        except FileNotFoundError:
            return None
        return kept.name if all(same) and named else None

    def leftovers(self) -> list[str]:
        found = [*self.home.rglob("*.tmp"), *(self.home / "pending").glob("*")]
        return sorted(p.relative_to(self.home).as_posix() for p in found)


def spread(steps: int, points: int) -> list[int]:
    """A third of the points in the first half of the steps; in the second, files take their places."""
    middle, first = steps // 2, points // 3
    early = {1 + middle * i // first for i in range(first)}
    late = {steps - (steps - middle) * i // (points - first) for i in range(points - first)}
    return [*early, *late]


def main(folder: Path, name: str, points: int) -> dict:
    warm_up()
    scenario = Scenario(folder, name)
    assert in_child(scenario.first) == 0
    old = scenario.published()
    assert in_child(scenario.counted) == 0
    new = scenario.published()
    steps, notable = json.loads((folder / "steps").read_text())
    notable = [at for at in sorted(set(notable)) if at <= steps]
    chosen = sorted({*spread(steps, points), *notable[:: 1 + len(notable) // 40]})
    result = {"steps": steps, "points": len(chosen), "old": 0, "new": 0, "problems": []}
    for at in chosen:
        scenario.restart()
        status = in_child(lambda at=at: scenario.killed(at))
        seen = scenario.published()
        result["old" if seen == old else "new"] += 1
        completed = in_child(scenario.publish)
        after, left = scenario.published(), scenario.leftovers()
        good = (status, completed, after, left) == (-signal.SIGKILL, 0, new, []) and seen in (old, new)
        if not good:
            result["problems"].append([at, status, seen, completed, after, left])
    return result


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        without_report(patch)
        if sys.argv[2] == "copied":
            patch.setattr(os, "symlink", no_links)
        print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
