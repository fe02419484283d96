"""Symbols for variation and assurance, after NHS England's Making Data Count, drawn anew.

Each symbol has a letter or a shape of its own, so it can be told apart without colour.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from bassetlaw_pipeline.report.words import RULES

_ASSURANCE = {
    "pass": ("P", "Assurance: the usual range meets the target every time"),
    "fail": ("F", "Assurance: the usual range misses the target every time"),
    "hit_or_miss": ("?", "Assurance: the target may be met or missed by chance"),
    "none": ("", "Assurance: no target to hold the chart against"),
}
_VARIATION = {
    "improvement": "Variation: a change for the better that chance does not explain",
    "concern": "Variation: a change for the worse that chance does not explain",
    "neutral": "Variation: unusual, but called neither better nor worse",
    "common_cause": "Variation: ordinary, no clear change",
    "not_charted": "Variation: no control chart of this figure",
}
_CIRCLE = '<circle class="ring" cx="20" cy="20" r="17"/>'
_WAVE = '<path class="wave" d="M8 22l6-5 6 6 6-7 6 5"/>'
_HIGH, _LOW = ("H", 13), ("L", 27)  # the letter, and how high the point stands
_DASH = '<path class="wave" d="M13 20h14"/>'


def variation(kind: str | None, rule: str | None) -> Markup:
    """The symbol of a `variation`; `rule` is the special cause, which says whether it is high or low."""
    kind = kind or "not_charted"
    words = _VARIATION[kind]
    if kind in ("improvement", "concern", "neutral"):
        words += f" ({RULES[rule]})" if rule in RULES else ""
        letter, height = _HIGH if _is_high(rule or "") else _LOW
        point = f'<circle class="dot" cx="28" cy="{height}" r="3.6"/>'
        return _symbol(kind, _letter(letter, 16, 26.5) + point, words)
    return _symbol(kind, _WAVE if kind == "common_cause" else _DASH, words)


def assurance(kind: str | None) -> Markup:
    """The symbol of an `assurance`."""
    letter, words = _ASSURANCE[kind or "none"]
    return _symbol(f"assurance-{kind or 'none'}", _letter(letter, 20, 26.5) if letter else _DASH, words)


def key() -> list[tuple[Markup, str]]:
    """Every symbol with its words, for the page that explains them."""
    rules = {"improvement": "Above UCL", "concern": "Below LCL", "neutral": "Above UCL"}
    symbols = [(variation(kind, rules.get(kind)), words) for kind, words in _VARIATION.items()]
    return symbols + [(assurance(kind), words) for kind, (_, words) in _ASSURANCE.items()]


def _is_high(rule: str) -> bool:
    return "Above" in rule or "Increasing" in rule


def _letter(letter: str, x: float, y: float) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="middle">{letter}</text>'


def _symbol(kind: str, drawing: str, words: str) -> Markup:
    return Markup(
        f'<svg class="symbol {kind}" viewBox="0 0 40 40" role="img" aria-label="{escape(words)}">'
        f"<title>{escape(words)}</title>{_CIRCLE}{drawing}</svg>"
    )
