"""Diagnoses and procedures of admitted patients (ICD-10 and OPCS-4 codes, no dots)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.world import draw

POSITIONS = 14
PROCEDURES = 12
_HIP = ("S720", "S721", "S722")
_INJURY = ("S525", "S424", "S323", "S010", "S060", "S223", "S822", "T141")
_EXTERNAL = ("W010", "W18X", "W190", "W109", "W06X")
SHORT_STAY = 7  # emergencies of at most one night with a diagnosis that primary care could not have met
# Primary diagnoses by kind of spell (fall, death, emergency, planned, delivery, birth, low-grade, short).
# Of emergencies of at most one night, only low-grade ones have an ambulatory care sensitive condition.
_PRIMARY = (
    (*_HIP, *_INJURY),
    ("J189", "I219", "I64X", "C349", "A419", "J440", "I500", "N179"),
    ("J189", "J440", "N390", "I500", "R074", "R55X", "A419", "K529", "I48X", "R296", "L031", "K802"),
    ("H269", "K409", "K635", "C509", "Z512", "M171", "M161", "N40X", "K219", "D509", "G560", "H353"),
    ("O800", "O821", "O700"),
    ("Z380", "P599"),
    ("J440", "N390", "I500", "K529", "L031", "J459", "R568", "I209", "D509", "K047", "E107", "J039"),
    ("R074", "R55X", "A419", "R296", "K802", "J189", "N179"),
)
_PRIMARY_WEIGHT = (
    (17, 10, 3, 12, 10, 8, 12, 8, 8, 6, 6),
    (20, 10, 12, 14, 18, 10, 10, 6),
    (12, 9, 10, 7, 14, 7, 8, 8, 7, 4, 7, 7),
    (16, 8, 12, 8, 14, 7, 6, 7, 8, 6, 4, 4),
    (70, 22, 8),
    (92, 8),
    (14, 14, 8, 12, 11, 7, 8, 7, 5, 4, 5, 5),
    (24, 16, 10, 8, 16, 18, 8),
)
# Secondary diagnoses by kind of spell, relative.
_DEPTH = np.array([1, 1, 1, 0.45, 0.45, 0.45, 1, 1])
_COMORBID = ("I10X", "E119", "I489", "N183", "J449", "F03X", "I259", "Z921", "E780", "M819", "D649", "Z867")
_PROCEDURE = ("W371", "W401", "C712", "H229", "G451", "X403", "T202", "W383", "J183", "U212")


def diagnoses(
    rng: np.random.Generator, kind: np.ndarray, age: np.ndarray, number: np.ndarray
) -> dict[str, pa.Array]:
    """Columns diag_01 … diag_14.

    A fall carries its injury first and its external cause in a secondary position; nothing else does.
    Later episodes of a fall are rehabilitation, so that counting first episodes counts admissions.
    """
    rows = len(kind)
    flat = [code for codes in _PRIMARY for code in codes]
    start = np.cumsum([0, *[len(c) for c in _PRIMARY[:-1]]])
    primary = np.zeros(rows, int)
    for k, weights in enumerate(_PRIMARY_WEIGHT):
        inside = kind == k
        primary[inside] = start[k] + draw(rng, np.array(weights), int(inside.sum()))
    flat.append("Z501")
    primary = np.where((kind == 0) & (number > 1), len(flat) - 1, primary)
    columns = {"diag_01": text.pick(flat, primary)}
    return columns | _secondary(rng, kind, age, number)


def _secondary(
    rng: np.random.Generator, kind: np.ndarray, age: np.ndarray, number: np.ndarray
) -> dict[str, pa.Array]:
    rows = len(kind)
    codes = [*_COMORBID, *_EXTERNAL]
    depth = rng.poisson(np.where(age >= 65, 3.4, 1.1) * _DEPTH[kind])
    comorbid = rng.random((rows, len(_COMORBID))).argsort(axis=1)
    cause = (kind == 0) & (number == 1)
    cause_at = 1 + np.floor(rng.random(rows) * (np.minimum(depth, 5) + 1)).astype(int)
    external = len(_COMORBID) + draw(rng, np.array([35, 20, 30, 10, 5]), rows)
    columns = {}
    for position in range(1, POSITIONS):
        taken = comorbid[:, position - 1] if position <= len(_COMORBID) else np.zeros(rows, int)
        shown = np.where(position <= np.minimum(depth, len(_COMORBID)), taken, -1)
        shown = np.where(cause & (cause_at == position), external, shown)
        columns[f"diag_{position + 1:02d}"] = text.pick(codes, shown)
    return columns


def procedures(rng: np.random.Generator, kind: np.ndarray, start: np.ndarray) -> dict[str, pa.Array]:
    """Columns proc_01 … proc_12 and the date of the first procedure."""
    rows = len(kind)
    count = np.where(
        rng.random(rows) < np.array([0.4, 0.2, 0.2, 0.9, 0.7, 0.05, 0.1])[kind], 1 + rng.poisson(0.6, rows), 0
    )
    columns = {
        f"proc_{position:02d}": text.pick(
            _PROCEDURE, np.where(position <= count, rng.integers(0, 10, rows), -1)
        )
        for position in range(1, PROCEDURES + 1)
    }
    return columns | {"proc_date_01": text.dates(start, "%Y-%m-%d", count > 0)}
