"""Why a published figure changed, decided from what two releases say about themselves.

Causes, in the order they are tried; the first that fits is named:

method        the indicator's definition, SQL or thresholds, a contract of its extracts, or code all share
boundary      the area belongs elsewhere, or the tables that map people to small areas changed
correction    a register entry changed for one of its extracts, or a delivery was withdrawn
resubmission  a partner sent months again that were there before
late_rows     rows of past months came with a later delivery, or a month came late
unexplained   none of these: somebody should look
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

CAUSES = ("method", "boundary", "correction", "resubmission", "late_rows", "unexplained")
_SMALL_AREAS = ("ward", "pcn", "imd_quintile")
_MAPPINGS = ("lsoa11", "ward", "gp_practice")  # seeds that say in which small area somebody lives


@dataclass(frozen=True)
class AcceptedDelivery:
    """One accepted delivery and the months it covers."""

    extract: str
    sha256: str
    first: date | None
    last: date | None

    def overlaps(self, first: date | None, last: date | None) -> bool:
        """True when both cover a common month; unknown months overlap everything."""
        if None in (self.first, self.last, first, last):
            return True
        return self.first <= last and first <= self.last


@dataclass(frozen=True)
class ReleaseFacts:
    """What one release says about itself: its manifest, deliveries, areas and the extracts of indicators."""

    manifest: Mapping[str, Any] = field(default_factory=dict)
    sent: Sequence[AcceptedDelivery] = ()
    areas: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)  # code: type, parent
    extracts: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by indicator


class Evidence:
    """The facts that differ between two releases."""

    def __init__(self, old: ReleaseFacts, new: ReleaseFacts) -> None:
        self._old, self._new = old, new
        self._methods = _differing(old.manifest.get("methods"), new.manifest.get("methods"))
        self._contracts = _differing(old.manifest.get("contracts"), new.manifest.get("contracts"))
        self._tables = _differing(old.manifest.get("reference_data"), new.manifest.get("reference_data"))
        self._shared = old.manifest.get("shared_sha256") != new.manifest.get("shared_sha256")
        self._corrected = corrected_extracts(old.manifest.get("corrections"), new.manifest.get("corrections"))
        self._withdrawn = {s.extract for s in _missing(old.sent, new.sent)}
        self.arrived = _missing(new.sent, old.sent)
        self._resent: dict[str, list[AcceptedDelivery]] = defaultdict(list)
        for sent in self.arrived:
            if _replaces(sent, [s for s in old.sent if s.extract == sent.extract]):
                self._resent[sent.extract].append(sent)

    def cause(self, indicator: str, area: str, first: date | None, last: date | None) -> str:
        """The cause of a change to an indicator's figure for an area and the months first to last."""
        extracts = self._new.extracts.get(indicator) or self._old.extracts.get(indicator, frozenset())
        if indicator in self._methods or extracts & self._contracts or self._shared:
            return "method"
        if self._boundary(area):
            return "boundary"
        if self._corrected is None or extracts & (self._corrected | self._withdrawn):
            return "correction"
        return self._delivered(extracts, first, last)

    def _delivered(self, extracts: frozenset[str], first: date | None, last: date | None) -> str:
        """Which kind of delivery it was; growth looks a year back, so the year before counts as well."""
        since = first.replace(year=first.year - 1, day=1) if first else None
        resent = [s for e in extracts for s in self._resent.get(e, ())]
        if any(s.overlaps(since, last) for s in resent):
            return "resubmission"
        if any(s.extract in extracts for s in self.arrived if s not in resent):
            return "late_rows"
        if resent:
            return "resubmission"
        return "method" if self._tables else "unexplained"

    def _boundary(self, area: str) -> bool:
        if not area or not self._old.areas:
            return False
        now = self._new.areas.get(area, (None, None))
        mapped = bool(self._tables & set(_MAPPINGS)) and now[0] in _SMALL_AREAS
        return mapped or self._old.areas.get(area, (None, None)) != now


def corrected_extracts(old: Any, new: Any) -> set[str] | None:
    """Extracts whose entries in the corrections register changed; None when they cannot be told apart.

    A manifest's `corrections` is a list of entries, each naming its `extract`.
    """
    changed = _entries(old) ^ _entries(new)
    named = [json.loads(entry) for entry in changed]
    if not all(isinstance(entry, dict) and entry.get("extract") for entry in named):
        return None
    return {entry["extract"] for entry in named}


def _entries(register: Any) -> set[str]:
    found = register.values() if isinstance(register, Mapping) else register or ()
    return {json.dumps(entry, sort_keys=True, default=str) for entry in found}


def _differing(old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> set[str]:
    """Names both sides know with another value; a name only one side has is new or gone, not changed."""
    old, new = old or {}, new or {}
    return {name for name in old.keys() & new.keys() if old[name] != new[name]}


def _missing(here: Iterable[AcceptedDelivery], there: Iterable[AcceptedDelivery]) -> list[AcceptedDelivery]:
    known = {(s.extract, s.sha256) for s in there}
    return [s for s in here if (s.extract, s.sha256) not in known]


def _replaces(sent: AcceptedDelivery, earlier: Sequence[AcceptedDelivery]) -> bool:
    """True when months are sent again; a delivery that goes further than all before it is the next one."""
    newest = max((s.last for s in earlier if s.last), default=None)
    if newest and sent.last and sent.last > newest:
        return False
    return any(sent.overlaps(s.first, s.last) for s in earlier)
