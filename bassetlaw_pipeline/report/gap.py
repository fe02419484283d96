"""The gap between wards beside the gap that chance alone would give, and the slope over deprivation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from bassetlaw_pipeline.report import drawing
from bassetlaw_pipeline.report.words import CLOSING, interval_text, number_text, share_text

Row = dict[str, Any]
WIDTH, HEIGHT = 480, 96
CSV_COLUMNS = (
    "indicator_id",
    "period_id",
    "label",
    "value_status",
    "gap",
    "gap_ci95_lower",
    "gap_ci95_upper",
    "gap_by_chance",
    "gap_by_chance_lower",
    "gap_by_chance_upper",
    "chance_probability",
    "deprivation_gap",
    "deprivation_gap_ci95_lower",
    "deprivation_gap_ci95_upper",
    "sii",
    "sii_ci95_lower",
    "sii_ci95_upper",
    "rii",
    "rii_ci95_lower",
    "rii_ci95_upper",
    "gap_closing",
    "gap_closing_reason",
)


class Gap:
    """The gaps of one indicator; `indicator` is its row."""

    def __init__(self, rows: Sequence[Row], indicator: Row) -> None:
        self._unit = indicator["short_unit"] or ""
        numbers = ("gap", "sii", "deprivation_gap")
        kinds = [indicator["headline_period"], *(r["period_type"] for r in reversed(rows))]
        shown = [r for r in rows if any(r[n] is not None for n in numbers)]
        kind = next((k for k in kinds if any(r["period_type"] == k for r in shown)), None)
        self.rows = [self._words(r) for r in shown if r["period_type"] == kind]
        self.csv_rows = [{c: r.get(c) for c in CSV_COLUMNS} for r in self.rows]
        self.rows.reverse()

    @property
    def newest(self) -> Row | None:
        """The newest period with a gap or a slope."""
        return self.rows[0] if self.rows else None

    def sentences(self) -> list[str]:
        """The newest gap and slope in words."""
        row = self.newest
        if row is None:
            return []
        said = []
        if row["gap"] is not None:
            said.append(f"Between the highest and the lowest ward lie {row['gap_words']} in {row['label']}.")
            if row["gap_by_chance"] is not None:
                said.append(
                    f"Chance alone would give about {row['chance_words']} ({row['chance_band']})"
                    " if all wards were alike."
                )
        if row["deprivation_gap"] is not None:
            said.append(
                f"From the least to the most deprived end of the wards: {row['deprivation_words']}"
                f" ({row['deprivation_band']}); chance alone gives 0."
            )
        if row["sii"] is not None:
            said.append(
                f"Slope index of inequality: {row['sii_words']} ({row['sii_band']}) from the least to the"
                " most deprived end."
            )
        if row["rii"] is not None:
            said.append(f"Relative index of inequality: {row['rii_words']}.")
        if row["gap_closing"]:
            reason = f": {row['gap_closing_reason']}" if row["gap_closing_reason"] else ""
            said.append(f"{CLOSING[row['gap_closing']]}{reason}.")
        return said

    @property
    def svg(self) -> Markup:
        """The newest gap with its interval above the band of chance; empty where the gap is not published."""
        row = self.newest
        if row is None or row["gap"] is None or row["gap_by_chance_lower"] is None:
            return Markup("")
        numbers = [
            row[n]
            for n in ("gap", "gap_ci95_lower", "gap_ci95_upper", "gap_by_chance_upper")
            if row[n] is not None
        ]
        x = drawing.linear(min(0.0, *numbers), max(numbers), 10, WIDTH - 10)
        parts = [drawing.line("axis", x(0), 12, x(0), 84)]
        if row["gap_ci95_lower"] is not None:
            parts.append(drawing.line("whisker", x(row["gap_ci95_lower"]), 28, x(row["gap_ci95_upper"]), 28))
        low, high = x(row["gap_by_chance_lower"]), x(row["gap_by_chance_upper"])
        parts += [
            f'<circle class="bar not_compared" cx="{x(row["gap"]):.1f}" cy="28" r="6"/>',
            f'<rect class="limits" x="{low:.1f}" y="58" width="{high - low:.1f}" height="16"/>',
            drawing.line("mean", x(row["gap_by_chance"]), 54, x(row["gap_by_chance"]), 78),
            _label(x(0), 14, f"The gap: {row['gap_words']}"),
            _label(x(0), 52, f"By chance alone: {row['chance_words']}"),
        ]
        shown = escape(" ".join(self.sentences()))
        opening = f'<svg class="gap" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{shown}">'
        return Markup(f"{opening}{''.join(parts)}</svg>")

    def _words(self, row: Row) -> Row:
        band = lambda name: interval_text(row[f"{name}_lower"], row[f"{name}_upper"], self._unit)  # noqa: E731
        rii = "" if row["rii"] is None else f"{row['rii']:.2f}"
        if rii and row["rii_ci95_lower"] is not None:
            rii += f" ({row['rii_ci95_lower']:.2f} to {row['rii_ci95_upper']:.2f})"
        return row | {
            "gap_words": self._text(row["gap"]),
            "gap_band": band("gap_ci95"),
            "chance_words": self._text(row["gap_by_chance"]),
            "chance_band": band("gap_by_chance"),
            "chance_share": share_text(row["chance_probability"]),
            "deprivation_words": self._text(row["deprivation_gap"]),
            "deprivation_band": band("deprivation_gap_ci95"),
            "sii_words": self._text(row["sii"]),
            "sii_band": band("sii_ci95"),
            "rii_words": rii,
        }

    def _text(self, number: float | None) -> str:
        """A difference of figures with its unit: percentages differ by percentage points."""
        if number is None:
            return ""
        text = number_text(number, self._unit)
        if self._unit.startswith("%"):
            return f"{text.removesuffix('%')} percentage points"
        return text if self._unit == "GBP" else f"{text} {self._unit.removeprefix('GBP ')}"


def _label(x: float, y: float, words: str) -> str:
    return f'<text class="label" x="{x + 6:.1f}" y="{y}">{escape(words)}</text>'
