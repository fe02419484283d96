"""Open workbooks and Parquet files in a process of their own.

A damaged or hostile file can make the compiled reader end its whole process (it asks for more memory
than there is); then only this one file is turned away, and the next gets a new process.
"""

from __future__ import annotations

import base64
import json
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pyarrow as pa

from bassetlaw_pipeline.intake.read.grid import reject

_PROGRAM = Path(__file__).with_name("sandbox_program.py")
_SECONDS = 120
_FAILURES = {
    "password": "the workbook is protected by a password",
    "damaged": "the workbook is damaged, cut off or not a workbook",
}
_PARQUET_FAILURES = {
    "password": ("FILE_UNREADABLE", "the Parquet file is encrypted"),
    "damaged": ("FILE_UNREADABLE", "the Parquet file is damaged, cut off or no Parquet file"),
    "wide": ("FILE_TOO_WIDE", "{detail}"),
    "large": ("FILE_ZIP_BOMB", "{detail}"),
    "nested": ("FILE_UNREADABLE", "columns hold lists, records or bytes, counted from 1: {detail}"),
}
_LOCK = threading.Lock()
_running: tuple[int, subprocess.Popen] | None = None


def workbook(data: bytes) -> dict[str, Any]:
    """`sheets`: name, visibility and text rows of every worksheet; of the old format also `errors`, cells
    counted from 0 by sheet, and `uses_1904`. Raises FileRejected FILE_UNREADABLE.
    """
    with _LOCK:
        answer = _ask(_process(), data)
    if "error" in answer:
        raise reject("FILE_UNREADABLE", _FAILURES[answer["error"]])
    return answer


def parquet(data: bytes) -> tuple[list[str], pa.Table]:
    """Names of the columns of a Parquet file, and the columns: text, dates and timestamps.

    Raises FileRejected: FILE_UNREADABLE, FILE_TOO_WIDE, FILE_ZIP_BOMB.
    """
    with _LOCK:
        answer = _ask(_process(), data)
    if "error" in answer:
        code, detail = _PARQUET_FAILURES[answer["error"]]
        raise reject(code, detail.format(detail=answer.get("detail", "")))
    stream = pa.ipc.open_stream(base64.b64decode(answer["arrow"]))
    return answer["names"], stream.read_all()


def _process() -> subprocess.Popen:
    """The running process, or a new one; a forked copy of this program needs its own."""
    global _running
    if _running is None or _running[0] != os.getpid() or _running[1].poll() is not None:
        # -I: the folder of the program is not searched for modules, as it has one named csv.
        process = subprocess.Popen(
            [sys.executable, "-I", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"},  # others claim more than they use
        )
        _running = (os.getpid(), process)
    return _running[1]


def _ask(process: subprocess.Popen, data: bytes) -> dict[str, Any]:
    timer = threading.Timer(_SECONDS, process.kill)
    timer.daemon = True
    timer.start()
    try:
        process.stdin.write(struct.pack(">Q", len(data)) + data)
        process.stdin.flush()
        (size,) = struct.unpack(">Q", process.stdout.read(8))
        return json.loads(process.stdout.read(size))
    except (OSError, struct.error, ValueError):
        process.kill()
        process.wait()
        return {"error": "damaged"}
    finally:
        timer.cancel()
