"""What goes wrong in the A&E files."""

from __future__ import annotations

from bassetlaw_sample.source import Spoil
from bassetlaw_sample.world import World


def spoilt(world: World) -> dict[str, tuple[str, Spoil]]:
    """One file does not add up; the revised one of the same month does."""
    july = f"July-{world.first.year if world.first.month <= 7 else world.first.year + 1}"
    return {f"public/Monthly-AE-{july}.csv": ("TOTAL_MISMATCH", _wrong_total)}


def _wrong_total(data: bytes) -> bytes:
    """A provider was added by hand below the sum."""
    lines = data.split(b"\n")
    position = next(i for i, line in enumerate(lines) if line.startswith(b"Total "))
    fields = lines[position].split(b",")
    fields[4] = str(int(fields[4]) + 1000).encode()
    lines[position] = b",".join(fields)
    return b"\n".join(lines)
