"""The few files of the sample that are turned away as a whole; each comes again, correct.

Belongs here: which files, and what is wrong with them. Does not belong here: rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bassetlaw_pipeline.sample.delivery import Delivery
from bassetlaw_pipeline.sample.world import World

Spoil = Callable[[bytes], bytes]


def spoiled(world: World, delivery: Delivery) -> Delivery:
    """The delivery as it is, or with bytes that its contract must refuse."""
    found = _spoils(world).get(delivery.path)
    if found is None:
        return delivery
    reason, spoil = found
    render = delivery.render
    return replace(delivery, render=lambda d: spoil(render(d)), rejected_for=reason, defects=(), habits=())


def _spoils(world: World) -> dict[str, tuple[str, Spoil]]:
    """By path: reason code and damage. The freeze or revised file of the same month is the correct one."""
    ecds, apc = world.last.plus(-4).stamp, world.last.plus(-7).stamp
    july = f"July-{world.first.year if world.first.month <= 7 else world.first.year + 1}"
    return {
        f"hospital/RP5_ECDS_{ecds}_FLEX.csv": ("DELIMITER_WRONG", _with_semicolons),
        f"hospital/RP5_APC_{apc}_FLEX.txt": ("TRAILER_MISSING", _cut_short),
        f"public/Monthly-AE-{july}.csv": ("TOTAL_MISMATCH", _wrong_total),
    }


def _with_semicolons(data: bytes) -> bytes:
    return data.replace(b'","', b'";"').replace(b",,", b";;").replace(b";,", b";;")


def _cut_short(data: bytes) -> bytes:
    """The transfer broke off in the middle of a line."""
    return data[: len(data) * 7 // 10]


def _wrong_total(data: bytes) -> bytes:
    """A provider was added by hand below the sum."""
    lines = data.split(b"\n")
    position = next(i for i, line in enumerate(lines) if line.startswith(b"Total "))
    fields = lines[position].split(b",")
    fields[4] = str(int(fields[4]) + 1000).encode()
    lines[position] = b",".join(fields)
    return b"\n".join(lines)
