"""Landing several extracts at the same time, each lane a process of its own.

Belongs here: the processes, and what goes to and fro: extracts and their files to a lane, receipts and what
failed back. Does not belong here: which extracts land (pipeline.py) and how (landing.py).

Reading and judging rows keeps the interpreter busy, so threads would wait for each other. A lane is started
as a command and not by multiprocessing, which would run the caller's script again. It ends with its parent:
nobody holds the other end of its pipe then.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from bassetlaw_pipeline.intake.model import Arrival, Receipt
from bassetlaw_pipeline.settings import PROJECT_DIR, Settings

COMMAND = (sys.executable, "-m", __name__)
LANES = 2
WORTH_IT = 30_000_000  # bytes: a lane takes three seconds to start
_PACKED = 8
_GC_THRESHOLDS = 50_000, 20, 50  # looking through the rows in hand took half the time of reading XML
Files = Mapping[str, Sequence[Arrival]]  # new files by extract
Landed = tuple[str, str | None]  # extract, what failed


def worth_it(files: Files) -> bool:
    """True when starting processes takes less time than they save."""
    size = sum(_unpacked(arrival) for arrivals in files.values() for arrival in arrivals)
    return len(files) > 1 and size > WORTH_IT and (os.cpu_count() or 1) > 1


def largest_first(files: Files) -> list[str]:
    """Extracts in the order in which they leave no lane with nothing to do."""
    work = {extract: sum(map(_unpacked, arrivals)) for extract, arrivals in files.items()}
    return sorted(files, key=lambda extract: (-work[extract], extract))


def _unpacked(arrival: Arrival) -> int:
    """About how many bytes of text a file holds."""
    return arrival.size * (_PACKED if arrival.path.suffix.lower() in (".xlsx", ".zip") else 1)


def land_side_by_side(
    files: Files,
    settings: Settings,
    on_start: Callable[[str], None],
    on_receipt: Callable[[Receipt], None],
) -> dict[str, str]:
    """Land every extract in the lane that is free next; what failed, by extract, in words."""
    waiting = deque(largest_first(files))
    with ThreadPoolExecutor(LANES) as threads:
        lanes = [
            threads.submit(_one_lane, waiting, files, settings, on_start, on_receipt) for _ in range(LANES)
        ]
        try:
            found = dict(landed for lane in lanes for landed in lane.result())
        finally:
            waiting.clear()  # interrupted: nothing further is started
    return {extract: found[extract] for extract in files if found[extract]}


def _one_lane(
    waiting: deque[str],
    files: Files,
    settings: Settings,
    on_start: Callable[[str], None],
    on_receipt: Callable[[Receipt], None],
) -> list[Landed]:
    """Land one extract after the other; after one that ended its process the next gets another."""
    landed: list[Landed] = []
    extract = _next(waiting)
    while extract:
        with _lane(settings) as process:
            listens = True
            while extract and listens:
                on_start(extract)
                landed.append((extract, _land_in(process, extract, files[extract], on_receipt)))
                extract, listens = _next(waiting), process.poll() is None
    return landed


def _next(waiting: deque[str]) -> str | None:
    try:
        return waiting.popleft()
    except IndexError:
        return None


@contextmanager
def _lane(settings: Settings) -> Iterator[subprocess.Popen]:
    path = os.pathsep.join([str(PROJECT_DIR), *filter(None, sys.path)])
    process = subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what a library prints could quote data
        env=os.environ | {"PYTHONPATH": path},
    )
    with suppress(BrokenPipeError), process:  # one that has ended no longer listens
        with suppress(BrokenPipeError):
            _send(process.stdin, settings)
        yield process


def _land_in(
    process: subprocess.Popen,
    extract: str,
    arrivals: Sequence[Arrival],
    on_receipt: Callable[[Receipt], None],
) -> str | None:
    """Have a lane land one extract; what failed in words, or None."""
    try:
        _send(process.stdin, (extract, list(arrivals)))
        while isinstance(told := pickle.load(process.stdout), Receipt):
            on_receipt(told)
        return told
    except (EOFError, OSError):
        process.wait()
        return f"Landing {extract} stopped: its process ended ({process.returncode}). Run again."


def _send(pipe: BinaryIO, message: Any) -> None:
    pickle.dump(message, pipe)
    pipe.flush()


def _serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Land what is asked for until the parent closes the pipe."""
    settings: Settings = pickle.load(orders)
    while True:
        try:
            extract, arrivals = pickle.load(orders)
        except EOFError:
            return
        _send(answers, _land_here(extract, arrivals, settings, lambda receipt: _send(answers, receipt)))


def _land_here(
    extract: str, arrivals: Sequence[Arrival], settings: Settings, on_receipt: Callable[[Receipt], None]
) -> str | None:
    """The landing run of one extract in this process; of our own faults the type only, never a value."""
    from bassetlaw_pipeline.orchestration.execution import execute, landing_definitions
    from bassetlaw_pipeline.orchestration.history import kept_open
    from bassetlaw_pipeline.orchestration.instance import ensure_instance
    from bassetlaw_pipeline.orchestration.jobs import landing_job_name
    from bassetlaw_pipeline.orchestration.landing import Desk

    desk = Desk(settings, {extract: arrivals[0].contract}, on_receipt, {extract: arrivals})
    try:
        instance = ensure_instance(settings)
        with kept_open(settings.home.dagster):
            return execute(landing_definitions(desk), instance, landing_job_name(extract))
    except Exception as problem:
        return f"Landing {extract} stopped: {type(problem).__name__}. Run again."


def main() -> None:
    """Entry of a lane: orders on standard input, answers on what was standard output."""
    gc.set_threshold(*_GC_THRESHOLDS)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not answer
    _serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
