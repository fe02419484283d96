"""Files whose layout drifted as layouts of publishers do, and what is known of each.

That a proposal is right or not sure about them stands in test_drifted.py.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from mutants import Work

from bassetlaw_pipeline.contracts.model import Layout, Table
from bassetlaw_pipeline.intake.read import header as headers

_GERMAN = {
    "number": "anzahl", "date": "datum", "code": "schlüssel", "name": "bezeichnung", "total": "summe",
    "age": "alter", "sex": "geschlecht", "year": "jahr", "month": "monat", "type": "art", "of": "von",
    "provider": "anbieter", "patients": "personen", "start": "beginn", "end": "ende", "value": "wert",
}  # fmt: skip
_OTHER_WORDS = {
    "code": "identifier", "date": "day", "name": "title", "number": "quantity", "total": "sum",
    "age": "years", "type": "category", "provider": "supplier", "count": "frequency", "status": "state",
    "reason": "cause", "start": "begin", "end": "finish", "value": "result", "area": "district",
    "org": "body", "organisation": "body", "patients": "persons", "id": "key", "year": "season",
}  # fmt: skip


@dataclass(frozen=True)
class Head:
    """A column of the drifted file: where it stood, its header, and which part of its cells it has."""

    origin: int | None
    text: str
    part: int | None = None
    value: str = "n/a"


@dataclass(frozen=True)
class Columns:
    """The header of a clean file; `names` is the contract's column at each place, if one is there."""

    texts: tuple[str, ...]
    names: tuple[str | None, ...]
    table: Table

    @classmethod
    def of(cls, rows: list[list[str]], first: int, table: Table, layout: Layout) -> Columns:
        """Of the rows of a file, `first` of which lie above the data."""
        width = max(map(len, rows[:first]))
        rows = [row + [""] * (width - len(row)) for row in rows[:first]]
        wanted = headers.expected(table, layout)
        flat = headers.header_at(rows, first - 1, layout)
        owners = [next((n for n in wanted if wanted[n].fits(headers.fold(text))), None) for text in flat]
        return cls(tuple(rows[-1]), tuple(owners), table)

    @property
    def own(self) -> list[int]:
        """Places of contract columns."""
        return [place for place, name in enumerate(self.names) if name]

    def heads(self) -> list[Head]:
        """Each column as it stands."""
        return [Head(place, text) for place, text in enumerate(self.texts)]

    def alike(self, dice: random.Random) -> tuple[int, int] | None:
        """Two columns with values of the same type."""
        kinds = {p: self.table.by_name[self.names[p]].logical_type for p in self.own}
        two = [(a, b) for a in self.own for b in self.own if a < b and kinds[a] == kinds[b]]
        return dice.choice(two) if two else None


@dataclass(frozen=True)
class Drift:
    """A drifted header. `base` is the file that has the same values under agreed names; `gone` are columns
    whose values the drifted file no longer has as they were."""

    kind: str
    heads: tuple[Head, ...]
    base: tuple[Head, ...]
    gone: frozenset[int] = frozenset()


def spelt(text: str, dice: random.Random) -> str:
    """The same name in another spelling."""
    ways = [f"Number of {text}", text.upper().replace(" ", "_") + "_", re.sub(r"[_ ]+", "-", text)]
    return dice.choice([way for way in ways if headers.fold(way) != headers.fold(text)])


def other_word(text: str, words: dict[str, str] = _OTHER_WORDS, unknown: str = "item {}") -> str:
    """A name of other words that could mean the same."""
    changed = re.sub(r"[A-Za-z]+", lambda m: words.get(m.group().lower(), m.group()), text.replace("_", " "))
    return changed if headers.fold(changed) != headers.fold(text.replace("_", " ")) else unknown.format(text)


def _changed(heads: list[Head], texts: dict[int, str]) -> list[Head]:
    return [replace(h, text=texts.get(h.origin, h.text)) for h in heads]


def _plain(kind: str, columns: Columns, heads: list[Head], gone: set[int] = frozenset()) -> Drift:
    return Drift(kind, tuple(heads), tuple(columns.heads()), frozenset(gone))


def respelt(columns: Columns, dice: random.Random) -> Drift:
    """One or two columns under the same name in another spelling."""
    places = dice.sample(columns.own, min(2, len(columns.own)))
    texts = {p: spelt(columns.texts[p], dice) for p in places}
    return _plain("respelt", columns, _changed(columns.heads(), texts))


def renamed(columns: Columns, dice: random.Random) -> Drift:
    """A column under another word."""
    place = dice.choice(columns.own)
    texts = {place: other_word(columns.texts[place])}
    return _plain("renamed", columns, _changed(columns.heads(), texts))


def moved(columns: Columns, dice: random.Random) -> Drift:
    """All columns in another order, and one respelt."""
    place = dice.choice(columns.own)
    heads = _changed(columns.heads(), {place: spelt(columns.texts[place], dice)})
    dice.shuffle(heads)
    return _plain("moved", columns, heads)


def split(columns: Columns, dice: random.Random) -> Drift:
    """A column in two."""
    place = dice.choice(columns.own)
    text, heads = columns.texts[place], columns.heads()
    words = dice.choice([(f"{text} 1", f"{text} 2"), ("First part", "Second part"), (f"{text} part", "Rest")])
    heads[place : place + 1] = [Head(place, words[0], 0), Head(place, words[1], 1)]
    return _plain("split", columns, heads, {place})


def added(columns: Columns, dice: random.Random) -> Drift:
    """A column more."""
    heads = columns.heads()
    heads.insert(dice.randrange(len(heads) + 1), Head(None, "Remark of sender", value=dice.choice("ax1")))
    return _plain("added", columns, heads)


def dropped(columns: Columns, dice: random.Random) -> Drift:
    """A column less."""
    place = dice.choice(columns.own)
    return _plain("dropped", columns, [h for h in columns.heads() if h.origin != place], {place})


def translated(columns: Columns, dice: random.Random) -> Drift:
    """Half of the headers, or all, in another language."""
    places = dice.choice([columns.own, columns.own[::2]])
    texts = {p: other_word(columns.texts[p], _GERMAN, "{} (neu)") for p in places}
    return _plain("translated", columns, _changed(columns.heads(), texts))


def recased(columns: Columns, dice: random.Random) -> Drift:
    """All headers in the case of a database."""
    texts = {p: "_".join(re.findall(r"\w+", columns.texts[p].upper())) for p in columns.own}
    return _plain("recased", columns, _changed(columns.heads(), texts))


def swapped(columns: Columns, dice: random.Random) -> Drift:
    """Two headers with values of the same type traded places, beside a respelt third: names win."""
    two = columns.alike(dice)
    rest = [p for p in columns.own if p not in (two or ())]
    if not two or not rest:
        return respelt(columns, dice)
    texts = {two[0]: columns.texts[two[1]], two[1]: columns.texts[two[0]]}
    base = _changed(columns.heads(), texts)
    place = dice.choice(rest)
    heads = _changed(base, {place: spelt(columns.texts[place], dice)})
    return Drift("swapped", tuple(heads), tuple(base))


def crossed(columns: Columns, dice: random.Random) -> Drift:
    """Two columns with values of the same type, each under a new spelling of the other's name."""
    two = columns.alike(dice)
    if not two:
        return renamed(columns, dice)
    texts = {two[0]: spelt(columns.texts[two[1]], dice), two[1]: spelt(columns.texts[two[0]], dice)}
    return _plain("crossed", columns, _changed(columns.heads(), texts))


def either(columns: Columns, dice: random.Random) -> Drift:
    """One column under the words that it shares with another of the same type, which is gone."""
    two = columns.alike(dice)
    if not two:
        return renamed(columns, dice)
    words = [re.findall(r"[A-Za-z0-9&]+", columns.texts[p]) for p in two]
    text = " ".join(w for w in words[0] if w in words[1]) or "Value"
    heads = [h for h in _changed(columns.heads(), {two[0]: text}) if h.origin != two[1]]
    return _plain("either", columns, heads, {two[1]})


def decoy(columns: Columns, dice: random.Random) -> Drift:
    """A column under another word, beside a new one that is nearly called as it was."""
    place = dice.choice(columns.own)
    source = dice.choice(columns.own)
    heads = _changed(columns.heads(), {place: other_word(columns.texts[place])})
    new = dice.choice(["previous {}", "{} (provisional)", "{} 2"]).format(columns.texts[place])
    heads.append(Head(source, new, part=-1))
    return _plain("decoy", columns, heads)


DRIFTS: tuple[Callable[[Columns, random.Random], Drift], ...] = (
    respelt, swapped, moved, renamed, crossed, split, recased, either, added, decoy, dropped, translated,
)  # fmt: skip


def apply(heads: tuple[Head, ...], layout: Layout) -> Callable[[Work, random.Random], None]:
    """The change that gives a table these columns."""

    def change(work: Work, _: random.Random) -> None:
        width, upper = work.columns(), work.first - 2 if layout.header_rows == 2 else None
        for at, row in enumerate(work.rows):
            cells = row + [""] * (width - len(row))
            if at == upper:
                cells = _filled_right(cells)
            work.rows[at] = list(_row(cells, at - work.first + 1, heads))

    return change


def _row(cells: list, place: int, heads: tuple[Head, ...]) -> Iterator:
    """One row; `place` is 0 for the header, less above it."""
    for head in heads:
        old = cells[head.origin] if head.origin is not None and head.origin < len(cells) else ""
        if place == 0:
            yield head.text
        elif head.origin is None:
            yield head.value if place > 0 else ""
        elif head.part in (0, 1) and place > 0:
            yield _halves(old)[head.part]
        else:
            yield old


def _filled_right(cells: list) -> list:
    found, last = [], ""
    for cell in cells:
        last = cell or last
        found.append(last)
    return found


def _halves(cell) -> tuple[str, str]:
    text = cell.strftime("%d/%m/%Y %H:%M") if isinstance(cell, date | datetime) else str(cell or "")
    at = next((text.index(mark) for mark in " /-" if mark in text), len(text) // 2)
    return text[:at], text[at:].lstrip(" /-")
