"""Writing a delivery: a work folder first, then one rename, so that a crash leaves nothing half done."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.locks import locked
from bassetlaw_pipeline.settings import DataHome
from bassetlaw_pipeline.storage import sync

UNRECOGNISED = "_unrecognised"
RECEIPT = "receipt.json"
_SYNCING = 8
_STEM = 150  # bytes of the file's name in the name of its receipt


@contextmanager
def work_folder(home: DataHome, name: str, *, write: bool) -> Iterator[Path]:
    """An empty folder on the file system of the data home, gone afterwards.

    A lock makes a second landing of the same extract wait; whatever lies in the folder then is what a
    crash left behind. Without `write` the folder lies in the system's temporary directory.
    """
    if not write:
        with tempfile.TemporaryDirectory(prefix="bassetlaw-") as temporary:
            yield Path(temporary)
        return
    base = home.root / ".incoming"
    with locked(base / f"{name}.lock"):
        folder = base / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def target(home: DataHome, receipt: Receipt) -> Path:
    """Where a delivery lies for ever once it is decided."""
    if receipt.verdict == "rejected":
        return rejected_folder(home, receipt)
    return home.accepted / receipt.partner / receipt.extract / receipt.delivery_id


def rejected_folder(home: DataHome, receipt: Receipt) -> Path:
    """Where the receipt of a rejected file lies; files of equal content and time lie side by side."""
    base = home.rejected / safe_name(receipt.partner) / (receipt.extract or UNRECOGNISED)
    folder, number = base / receipt.delivery_id, 2
    while folder.exists() and _file_name(folder) != receipt.file_name:
        folder, number = base / f"{receipt.delivery_id}-{number}", number + 1
    return folder


def page(home: DataHome, receipt: Receipt) -> Path:
    """Where the partner finds the receipt of a delivery."""
    stem = f"{safe_name(Path(receipt.file_name).stem, _STEM)}--{receipt.delivery_id}"
    return home.receipts / safe_name(receipt.partner) / f"{stem}.html"


def _file_name(folder: Path) -> str | None:
    try:
        return Receipt.model_validate_json((folder / RECEIPT).read_bytes()).file_name
    except (OSError, ValueError):
        return None


def safe_name(text: str, limit: int = 200) -> str:
    """A file or folder name without separators or control characters, of at most `limit` bytes."""
    plain = re.sub(r"[^\w .()+=,&-]", "_", text).encode()[:limit].decode(errors="ignore")
    return plain.strip(" .") or "_"


def put_all(moves: Iterable[tuple[Path, Path]]) -> None:
    """Sync finished folders and rename each to its target, several at a time: syncing is waiting.

    A rejected file's earlier receipt is replaced; an accepted delivery's target is never there yet.
    """
    moves = list(moves)
    for parent in {target.parent for _, target in moves}:
        parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(_SYNCING) as pool:
        list(pool.map(lambda move: _put(*move), moves))
    for parent in {target.parent for _, target in moves}:
        sync(parent)


def _put(folder: Path, target: Path) -> None:
    for file in folder.iterdir():
        sync(file)
    sync(folder)
    if target.exists():
        shutil.rmtree(target)
    folder.rename(target)
