"""Files of the sample that are turned away as a whole; each comes again, correct."""

from __future__ import annotations

from dataclasses import replace

from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.source import Source
from bassetlaw_sample.world import World


def spoiled(world: World, source: Source, delivery: Delivery) -> Delivery:
    """The delivery as it is, or with bytes that its contract must refuse."""
    found = source.spoilt(world).get(delivery.path) if source.spoilt else None
    if found is None:
        return delivery
    reason, spoil = found
    render = delivery.render
    return replace(delivery, render=lambda d: spoil(render(d)), rejected_for=reason, defects=(), habits=())
