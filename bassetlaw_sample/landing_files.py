"""Writes the synthetic sample: partner files, the postcode look-up and truth.json."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bassetlaw_pipeline.intake.cast.pseudonym import create_sample_key
from bassetlaw_pipeline.settings import Settings
from bassetlaw_sample import manifests
from bassetlaw_sample.calibration import load_calibration
from bassetlaw_sample.delivery import Defect, Delivery
from bassetlaw_sample.habits import with_habits
from bassetlaw_sample.inject import damaged
from bassetlaw_sample.months import Month
from bassetlaw_sample.patients import identity
from bassetlaw_sample.places import Places, load_places
from bassetlaw_sample.population import build_people
from bassetlaw_sample.rejections import spoiled
from bassetlaw_sample.source import Source
from bassetlaw_sample.sources import SOURCES
from bassetlaw_sample.targets import targets
from bassetlaw_sample.world import World

SEED = 20160401
FIRST, LAST = "2016-04", "2021-03"
EARLIEST, LATEST = Month(2016, 1), Month(2023, 12)

Progress = Callable[[int, int, str], None]  # per cent done, 100, and what is being written


@dataclass
class Written:
    """What a sample consists of: number of files, bytes on disk, and the truth about each file."""

    files: int = 0
    bytes: int = 0
    truth: dict = field(default_factory=dict)


def generate(
    out: Path,
    seed: int = SEED,
    people: int | None = None,
    start: str = FIRST,
    end: str = LAST,
    defects: bool = True,
    full: bool = False,
    progress: Progress | None = None,
    settings: Settings | None = None,
) -> Written:
    """Write a sample into `out/<partner>/`, the same bytes for the same arguments on every machine.

    `people`: residents at mid-2017, all 116,304 when not given; every volume follows.
    `start`, `end`: first and last month, YYYY-MM, between 2016-01 and 2023-12.
    `full`: monthly instead of quarterly practice lists, and flex files of every month.
    truth.json goes beside `out`. The postcode look-up and, if there is none yet, the pseudonym key go where
    `settings` say; without settings to the data home that `out` is the landing folder of, and no key is made.
    File times are those of the delivery. Raises ValueError when an argument makes no sense.
    """
    first, last = _checked(start, end, people)
    world = build_world(seed, first, last, people, full)
    if settings is not None:
        create_sample_key(settings)
    home = Path(out).resolve().parent
    lookup = settings.postcode_file if settings else Path(out) / ".reference" / "postcode_lsoa11.csv"
    write_postcodes(world.places, lookup)
    written = Written(truth={"seed": seed, "calibration": targets(world), "deliveries": {}})
    for share, source, delivery in _all(world):
        if progress is not None:
            progress(round(100 * share), 100, delivery.extract)
        _write(Path(out), _finished(world, source, delivery, defects), written)
    _save_json(home / "truth.json", written.truth)
    return written


def build_world(seed: int, first: Month, last: Month, people: int | None = None, full: bool = False) -> World:
    """The people and places of a sample."""
    places, calibration = load_places(), load_calibration()
    district = calibration["population"]["residents"]
    frame = build_people(seed, places, calibration, last, people)
    return World(seed, first, last, (people or district) / district, full, places, frame, calibration)


def _checked(start: str, end: str, people: int | None) -> tuple[Month, Month]:
    first, last = Month.parse(start), Month.parse(end)
    if not EARLIEST <= first <= last <= LATEST:
        raise ValueError(f"months must run forwards between 2016-01 and 2023-12, not {start} to {end}")
    if people is not None and not 500 <= people <= 116_304:
        raise ValueError(f"people must lie between 500 and 116,304, not {people}")
    return first, last


def _all(world: World) -> Iterator[tuple[float, Source, Delivery]]:
    """Every delivery with its source and the share of the work done before it."""
    who = identity(world)
    whole, before = sum(source.effort for source in SOURCES.values()), 0.0
    for source in SOURCES.values():
        for number, delivery in enumerate(source.deliveries(world, who)):
            yield (before + source.effort * min(1.0, number / source.files(world))) / whole, source, delivery
        before += source.effort


def _finished(world: World, source: Source, delivery: Delivery, defects: bool) -> Delivery:
    """With everything its partner is known for, unless the sample is clean."""
    if not defects:
        return delivery
    with_defects = damaged(world, source, delivery)
    return spoiled(world, source, with_habits(world, source.habits, with_defects))


def _write(out: Path, delivery: Delivery, written: Written) -> None:
    """One file with its delivery time, and its entry in the truth. A file without rows is not sent."""
    if delivery.data_rows == 0:
        return
    data, path = delivery.render(delivery), out / delivery.partner / delivery.name
    _put(path, data, delivery.received)
    if delivery.control_totals and not delivery.rejected_for:
        stated = manifests.manifest(delivery, data)
        _put(path.with_name(path.name + manifests.SUFFIX), stated, delivery.received)
    written.files += 1
    written.bytes += len(data)
    written.truth["deliveries"][delivery.path] = _entry(delivery, data)


def _put(path: Path, data: bytes, received: datetime) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (received.timestamp(), received.timestamp()))


def _entry(delivery: Delivery, data: bytes) -> dict:
    entry = {
        "extract": delivery.extract,
        "received": delivery.received.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "rows": delivery.data_rows,
        "sha256": hashlib.sha256(data).hexdigest(),
        "verdict": "rejected" if delivery.rejected_for else "accepted",
        "defects": _counted(delivery.defects),
        "habits": _counted(delivery.habits),
    }
    return entry | ({"reason": delivery.rejected_for} if delivery.rejected_for else {})


def _counted(defects: tuple[Defect, ...]) -> dict[str, dict]:
    """By id: how often in the whole file, and the records concerned (by table in a workbook of several)."""
    out: dict[str, dict] = {}
    for defect in defects:
        entry = out.setdefault(defect.id, {"count": 0, "rows": []})
        entry["count"] += defect.count
        entry["rows"] += [f"{defect.table}:{r}" if defect.table else r for r in defect.rows]
    return out


def write_postcodes(places: Places, path: Path) -> None:
    """The look-up of the invented postcodes: postcode without space, LSOA 2011."""
    codes = places.lsoas["code"].to_numpy()[places.postcodes["lsoa"]]
    lines = [f"{p.replace(' ', '')},{c}" for p, c in zip(places.postcodes["postcode"], codes, strict=True)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["postcode,lsoa11_code", *lines]) + "\n", encoding="utf-8")


def _save_json(path: Path, content: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
