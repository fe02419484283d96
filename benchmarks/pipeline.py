"""Times the `bassetlaw` command on the synthetic sample, in a data home of its own, deleted afterwards.

    python -m benchmarks.pipeline [--people N] [--start 2016-04] [--end 2021-03]

Four steps: write the sample; first run (everything is new); run with nothing new; run after one month's files
came. For each: seconds on the clock, processor seconds, and the memory of its largest process.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

COMMAND = Path(sys.executable).with_name("bassetlaw")
REJECTED = 1  # exit code of a run in which a file was rejected (the sample holds some), and of a failed run


@dataclass(frozen=True)
class Cost:
    """What one call of the command took; memory in bytes, of its largest process."""

    seconds: float
    processor: float
    memory: int


class CommandFailed(RuntimeError):
    """The command ended with an error; the message is what it printed."""


def call(home: Path, *arguments: str) -> tuple[Cost, str]:
    """Runs the command with `home` as data home; its cost and what it printed. Raises CommandFailed."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("BASSETLAW_", "DAGSTER_"))}
    environment |= {"BASSETLAW_HOME": str(home), "DO_NOT_TRACK": "1", "GX_ANALYTICS_ENABLED": "false"}
    with tempfile.TemporaryFile("w+") as printed:
        start = time.perf_counter()
        process = subprocess.Popen([COMMAND, *arguments], env=environment, stdout=printed, stderr=printed)
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read()
    if process.returncode not in (0, REJECTED):
        raise CommandFailed(text[-4000:])
    kilobyte = 1 if sys.platform == "darwin" else 1024
    return Cost(took, used.ru_utime + used.ru_stime, used.ru_maxrss * kilobyte), text


def run(home: Path, publishes: bool) -> Cost:
    """`bassetlaw run`. Raises CommandFailed where it did not publish as it should."""
    cost, text = call(home, "run", "--json")
    start = text.find("{\n")
    if start < 0 or json.JSONDecoder().raw_decode(text[start:])[0]["published"] != publishes:
        raise CommandFailed(text[-4000:])
    return cost


def set_aside(landing: Path, aside: Path) -> list[Path]:
    """Moves what was received from the last full month on out of `landing`; the files of that month.

    A month is full with half the usual number of files: stragglers come months after the last one.
    """
    months: dict[str, list[Path]] = {}
    for path in landing.rglob("*"):
        if path.is_file() and not path.relative_to(landing).parts[0].startswith("."):
            months.setdefault(time.strftime("%Y-%m", time.gmtime(path.stat().st_mtime)), []).append(path)
    usual = sorted(map(len, months.values()))[len(months) // 2]
    month = max(month for month, received in months.items() if len(received) > usual / 2)
    _move([path for key in months if key >= month for path in months[key]], landing, aside)
    return [aside / path.relative_to(landing) for path in months[month]]


def _move(files: list[Path], source: Path, target: Path) -> None:
    for path in files:
        goal = target / path.relative_to(source)
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, goal)


def show(step: str, cost: Cost) -> None:
    """One line of the table."""
    print(f"{step:36}{cost.seconds:8.1f} s{cost.processor:10.1f} s{cost.memory / 1e6:9,.0f} MB", flush=True)


def main() -> None:
    """Runs the four steps and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for option in ("--people", "--start", "--end"):
        parser.add_argument(option, help="as in `bassetlaw sample`")
    options = [f"--{name}={value}" for name, value in vars(parser.parse_args()).items() if value]
    print(f"{'':36}{'clock':>10}{'processor':>12}{'memory':>12}")
    with tempfile.TemporaryDirectory(prefix="bassetlaw-") as folder:
        home = Path(folder) / "home"
        landing = home / "landing"
        show("write the sample", call(home, "sample", *options)[0])
        late = set_aside(landing, Path(folder) / "aside")
        count = sum(path.is_file() for path in landing.rglob("*"))
        show(f"first run, {count} files", run(home, publishes=True))
        show("run with nothing new", run(home, publishes=False))
        _move(late, Path(folder) / "aside", landing)
        show(f"run with a month's files, {len(late)}", run(home, publishes=True))


if __name__ == "__main__":
    main()
