"""Confirmations: a person says that a delivery which was held replaces what was there after all."""

from __future__ import annotations

from datetime import UTC, datetime

from bassetlaw_pipeline.intake.model import Confirmation, Receipt
from bassetlaw_pipeline.settings import DataHome
from bassetlaw_pipeline.storage import write_text


def confirmations(home: DataHome) -> dict[tuple[str, str], Confirmation]:
    """Every confirmation, by extract and delivery."""
    paths = sorted(home.confirmations.glob("*.json")) if home.confirmations.is_dir() else []
    found = [Confirmation.model_validate_json(path.read_bytes()) for path in paths]
    return {(c.extract, c.delivery_id): c for c in found}


def confirm(home: DataHome, receipt: Receipt, reason: str, by: str) -> Confirmation:
    """Write down that a delivery is confirmed, now."""
    event = Confirmation(
        delivery_id=receipt.delivery_id,
        partner=receipt.partner,
        extract=receipt.extract or "",
        reason=reason,
        by=by,
        confirmed_at=datetime.now(UTC).replace(microsecond=0),
    )
    file = home.confirmations / f"{event.extract}--{event.delivery_id}.json"
    write_text(file, event.model_dump_json(indent=1) + "\n", durable=True)
    return event
