"""Published files landed as they are, and what `expectations/tried_on.yml` says about them.

Run as a program with the folder of the reference files, it prints the declaration anew.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import yaml

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover.inbox import identify
from bassetlaw_pipeline.intake.land import land_extract
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.settings import Settings


def tried(real: Path, settings: Settings) -> list[dict]:
    """One entry for each reference file that a contract of a public feed knows, in the order of feeds."""
    contracts = load_contracts()
    arrivals: dict[str, list] = {}
    for path in sorted(p for p in real.rglob("*") if p.is_file() and p.suffix != ".md"):
        arrival = identify(path, contracts, "public")
        if arrival.contract:
            arrivals.setdefault(arrival.contract.id, []).append(arrival)
    found = []
    for feed in (f for f in contracts if f in arrivals):
        receipts = {r.sha256: r for r in land_extract(feed, arrivals[feed], settings, write=False)}
        found += [_entry(receipts[a.sha256]) for a in arrivals[feed] if a.sha256 in receipts]
    return found


def _entry(receipt: Receipt) -> dict:
    taken = receipt.verdict != "rejected"
    periods = sorted(receipt.periods)
    return {
        "feed": receipt.extract,
        "file": receipt.file_name,
        "first": periods[0] if periods else None,
        "last": periods[-1] if periods else None,
        "form": ", ".join(dict.fromkeys(receipt.layout_ids)),
        "rows": sum(c.accepted for c in receipt.tables.values()) if taken else None,
    }


def as_yaml(entries: list[dict]) -> str:
    """The declaration, one file a line."""
    head = "# Published files that were landed as they are; tests/pipeline/tried_files.py writes it anew.\n"
    lines = [_line(entry) for entry in entries]
    return head + "tried_on:\n" + "".join(f"  - {line}\n" for line in lines)


def _line(entry: dict) -> str:
    """Equal dates are written twice rather than as an anchor."""
    parts = [
        yaml.safe_dump({k: v}, default_flow_style=True, width=10_000).strip()[1:-1] for k, v in entry.items()
    ]
    return f"{{{', '.join(parts)}}}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        print(as_yaml(tried(Path(sys.argv[1]), Settings(BASSETLAW_HOME=home))), end="")
