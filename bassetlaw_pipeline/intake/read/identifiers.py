"""Numbers that look like NHS numbers in places where no data is expected.

Only counts leave this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_CANDIDATE = re.compile(r"(?<![\d.])(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?![\d.])")


def count_in(texts: Iterable[str]) -> int:
    """How many numbers of ten digits with a valid modulus 11 check digit the texts hold."""
    return sum(_plausible("".join(m.groups())) for text in texts for m in _CANDIDATE.finditer(text))


def _plausible(digits: str) -> bool:
    if len(set(digits)) == 1:
        return False
    weighted = sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - weighted % 11) % 11 == int(digits[9])
