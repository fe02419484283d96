"""The ledger: what happened to every delivery, from receipts in accepted/ and rejected/, and later events.

There is no other state to disagree with; writing receipts is part of landing (delivery_files.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.model import Arrival, Confirmation, Receipt
from bassetlaw_pipeline.intake.store.as_known import with_replaced
from bassetlaw_pipeline.intake.store.confirmation import confirmations
from bassetlaw_pipeline.intake.store.delivery_files import safe_name
from bassetlaw_pipeline.intake.store.withdrawal import Events, withdrawals
from bassetlaw_pipeline.settings import DataHome

_RECEIPTS = "*/*/*/receipt.json"  # <partner>/<extract>/<delivery>/
# A file refused for one of these is tried again although neither it nor its contract changed.
TRANSIENT_CODES = frozenset({"INTERNAL_ERROR", "FILE_VANISHED"})


def contract_sha256(contract: Contract) -> str:
    """Fingerprint of everything a contract says, shared types included."""
    return hashlib.sha256(contract.model_dump_json().encode()).hexdigest()


class Ledger:
    """The receipts of one data home, or of one extract of it, as they are when first asked for."""

    def __init__(self, home: DataHome, contract: Contract | None = None) -> None:
        self._home = home
        self._receipts = f"{contract.partner}/{contract.id}/*/receipt.json" if contract else _RECEIPTS
        self._fingerprints: dict[str, str] = {}

    def receipts(self) -> list[Receipt]:
        """All receipts in the order the files were received."""
        return list(self._all)

    def accepted(self) -> list[Receipt]:
        """Receipts of accepted deliveries, also of those that are withdrawn or replaced."""
        return [r for r in self._all if r.verdict != "rejected"]

    def accepted_of(self, contract: Contract) -> list[Receipt]:
        """Receipts of the accepted deliveries of one extract that count, without reading any other."""
        folder = self._home.accepted / contract.partner / contract.id
        paths = sorted(folder.glob("*/receipt.json"))
        found = with_replaced([self._with_events(_receipt(path)) for path in paths])
        return [r for r in found if r.counts]

    def rejected(self) -> list[Receipt]:
        """Receipts of rejected deliveries, also of those that were landed again."""
        return [r for r in self._all if r.verdict == "rejected"]

    def rejected_of(self, partner: str) -> list[Receipt]:
        """Receipts of the rejected deliveries of one partner, without reading any other."""
        folder = self._home.rejected / safe_name(partner)
        return with_replaced([_receipt(path) for path in sorted(folder.glob("*/*/receipt.json"))])

    def knows(self, arrival: Arrival) -> bool:
        """True when landing the file again would change nothing.

        Accepted once, the same content of the same extract is never loaded again. A rejected file is
        tried again when its contract has changed, or when the fault was passing or our own.
        """
        if arrival.contract and (arrival.contract.id, arrival.sha256) in self._accepted_content:
            return True
        fingerprint = self._fingerprint(arrival.contract) if arrival.contract else None
        return (arrival.partner, arrival.file_name, arrival.sha256, fingerprint) in self._refused

    def newest_received_at(self) -> datetime | None:
        """When the newest accepted delivery was received; None when there is none."""
        return max((r.received_at for r in self._accepted), default=None)

    def newest_key_check(self) -> str | None:
        """Check value of the key the newest delivery with identifiers was read with.

        Reads receipts newest first, and only until it finds one: folder names start with the time.
        """
        newest_first = sorted(
            self._home.accepted.glob(_RECEIPTS), key=lambda path: path.parent.name, reverse=True
        )
        checks = (_receipt(path).key_check for path in newest_first)
        return next(filter(None, checks), None)

    @cached_property
    def _accepted(self) -> list[Receipt]:
        return list(_read(self._home.accepted, self._receipts))

    @cached_property
    def _all(self) -> list[Receipt]:
        found = [self._with_events(r) for r in (*self._accepted, *self._rejected)]
        return sorted(with_replaced(found), key=lambda r: (r.received_at, r.sha256, r.delivery_id))

    @cached_property
    def _confirmations(self) -> dict[tuple[str, str], Confirmation]:
        return confirmations(self._home)

    @cached_property
    def _withdrawals(self) -> Events:
        return withdrawals(self._home)

    def _with_events(self, receipt: Receipt) -> Receipt:
        """With what people said of it; a file that was confirmed stays so when it is landed again."""
        first = receipt.again.first if receipt.again else receipt.delivery_id
        names = ((receipt.extract or "", receipt.delivery_id), (receipt.extract or "", first))
        confirmed = next(filter(None, map(self._confirmations.get, names)), None)
        withdrawn = self._withdrawals.get(names[0], ())
        change = {"confirmed": confirmed, "withdrawals": withdrawn}
        return receipt.model_copy(update=change) if confirmed or withdrawn else receipt

    @cached_property
    def _rejected(self) -> list[Receipt]:
        return list(_read(self._home.rejected, self._receipts))

    @cached_property
    def _accepted_content(self) -> set[tuple[str | None, str]]:
        return {(r.extract, r.sha256) for r in self._accepted}

    @cached_property
    def _refused(self) -> set[tuple[str, str, str, str | None]]:
        lasting = (r for r in self._rejected if not TRANSIENT_CODES & {f.code for f in r.findings})
        return {(r.partner, r.file_name, r.sha256, r.contract_sha256) for r in lasting}

    def _fingerprint(self, contract: Contract) -> str:
        if contract.id not in self._fingerprints:
            self._fingerprints[contract.id] = contract_sha256(contract)
        return self._fingerprints[contract.id]


def _read(folder: Path, pattern: str) -> Iterator[Receipt]:
    for path in sorted(folder.glob(pattern)):
        yield _receipt(path)


def _receipt(path: Path) -> Receipt:
    """A receipt; one that has not been replaced since is read once by a process."""
    return _read_once(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=20_000)
def _read_once(path: Path, written_ns: int) -> Receipt:
    return Receipt.model_validate_json(path.read_bytes())
