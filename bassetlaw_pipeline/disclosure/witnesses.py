"""Ways for the published numbers to have come about that were found before, so that none is sought twice.

A way is proof by itself: who has one adds up and sees that every sum and every published number holds.
Choosing what to hide leaves ways for every hidden count; the attack before the release asks first whether
these hold for what is really published. That saves it time and cannot change what it finds.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

Stored = tuple[dict[str, int], sparse.csc_array]  # column of each count; a witness a row


class Witnesses:
    """Ways by the counts they move."""

    def __init__(self) -> None:
        self._by_key: dict[str, Stored] = {}

    def clear(self) -> None:
        """Start anew, before another warehouse."""
        self._by_key = {}

    def store(self, keys: np.ndarray, moves: list[np.ndarray]) -> None:
        """Remember how far each count of a part moves, a way an array."""
        if moves:
            place = {str(key): i for i, key in enumerate(keys)}
            self._by_key |= dict.fromkeys(place, (place, sparse.csc_array(np.array(moves))))

    def for_counts(self, keys: np.ndarray) -> np.ndarray:
        """The ways in which counts of these keys move, k × n; one that no way knows stays where it is."""
        place, moves = next((self._by_key[k] for k in keys if k in self._by_key), ({}, None))
        if moves is None:
            return np.zeros((0, len(keys)))
        columns = np.array([place.get(str(key), -1) for key in keys])
        found = np.zeros((moves.shape[0], len(keys)))
        found[:, columns >= 0] = moves[:, columns[columns >= 0]].toarray()
        return found


RECENT = Witnesses()  # of the build made last in this process
