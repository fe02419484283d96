"""How alike two headers are.

Two headers are alike only when every word has its counterpart: "first contact date" and "last contact date"
share most letters and mean different things.
"""

from __future__ import annotations

import re
from collections import Counter

from bassetlaw_pipeline.intake.read.header import fold

SAME, SPELLING, ORDER, LETTER = 1.0, 0.95, 0.9, 0.85
_PART = 0.7  # at most, for headers that share only some of their words
_FILLERS = frozenset(["a", "an", "the", "of", "in", "for", "and", "s"])
_DIRECTED = frozenset(
    re.split(" ", "from to by per over under before after between since until within than not")
)
_COUNTED = re.compile(r"^(?:the )?(?:number|no\.?|count) of ", re.IGNORECASE)
_WORDS = re.compile(r"[a-z]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONG = 6  # letters of a word in which one wrong letter is a slip
_SHORT_FORMS = {
    "org": "organisation",
    "organization": "organisation",
    "no": "number",
    "num": "number",
    "nr": "number",
    "hrs": "hour",
    "hr": "hour",
    "mins": "minute",
    "dept": "department",
    "gender": "sex",
    "ref": "reference",
    "avg": "mean",
    "average": "mean",
}
_SHORT_PHRASES = {"dob": "birth date", "postcode": "post code"}


def words(text: str) -> tuple[str, ...]:
    """Words that carry meaning, in order; plural, case, short forms and "number of" make no difference."""
    plain = _COUNTED.sub("", " ".join(_CAMEL.sub(" ", text.replace("_", " ")).split()))
    found: list[str] = []
    for word in _WORDS.findall(fold(plain)):
        found += _SHORT_PHRASES.get(word, _SHORT_FORMS.get(word, word)).split()
    return tuple(_singular(w) for w in found if w not in _FILLERS)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def likeness(one: str, other: str) -> tuple[float, str]:
    """From 0 (nothing in common) to 1 (equal), and the reason in words."""
    if fold(one) == fold(other):
        return SAME, "a header that the contract knows from another layout"
    mine, theirs = words(one), words(other)
    if not mine or not theirs:
        return 0.0, "no words to compare"
    if "".join(mine) == "".join(theirs):
        return SPELLING, "the same name in another spelling"
    if Counter(mine) == Counter(theirs) and not _DIRECTED & set(mine):
        return ORDER, "the same words in another order"
    if _one_letter_apart(mine, theirs):
        return LETTER, "the same words but for one letter"
    shared = sum((Counter(mine) & Counter(theirs)).values())
    return _PART * shared / max(len(mine), len(theirs)), f"{shared} words in common"


def _one_letter_apart(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """True when one long word differs by one letter, after the first, and all others are equal."""
    if len(mine) != len(theirs):
        return False
    differing = [(a, b) for a, b in zip(mine, theirs, strict=True) if a != b]
    return len(differing) == 1 and _is_slip(*differing[0])


def _is_slip(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _LONG or one[0] != other[0] or not (one + other).isalpha():
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(map(len, (one, other)))
    )
    tails = one[start:], other[start:]
    swapped = tails[0][:2] == tails[1][:2][::-1] and tails[0][2:] == tails[1][2:]
    changed = tails[0][1:] == tails[1][1:] or tails[0][1:] == tails[1] or tails[0] == tails[1][1:]
    at_end = start >= len(one) - 1 or start >= len(other) - 1  # "referred" and "referrer" are two words
    return (swapped or changed) and not at_end
