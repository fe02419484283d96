"""Reads a scorecard's sentences back and holds every claim against the row; shares no code with the SQL.

A sentence that is not understood is a fault, too: nothing goes unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

DISTRICT = "E07000171"
_NUMBER = r"[+-]?£?[\d,]+(?:\.\d+)?(?: million)?"
_EARLIER = {
    "a year": ("month", "quarter", "year", "rolling"),
    "three years": ("pooled_3y",),
    "five years": ("pooled_5y",),
}
ROWS = """
    select s.*, i.caution, i.headline, i.short_unit, p.period_type, p.period_start, p.period_end,
        c.period_start as comparator_start, c.period_end as comparator_end, a.area_name as comparator_name,
        chart.value as chart_value, chart.mean, chart.lower_limit, chart.upper_limit
    from {schema}scorecard s
    join {schema}dim_indicator i using (indicator_id)
    left join {schema}dim_period p using (period_id)
    left join {schema}dim_period c on c.period_id = s.comparator_period
    left join {schema}dim_area a on a.area_code = s.comparator_area
    left join (
        select f.*, q.period_end from {schema}fct_indicator_spc f join {schema}dim_period q using (period_id)
    ) as chart on chart.indicator_id = s.indicator_id and chart.area_code = s.area_code
        and chart.period_type = s.chart_period_type and chart.period_end = p.period_end
"""


def rows(con: duckdb.DuckDBPyConnection, schema: str = "") -> list[dict[str, Any]]:
    """Scorecard rows with what their sentences speak of; `schema` ends in a dot."""
    result = con.execute(ROWS.format(schema=schema))
    names = [c[0] for c in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def faults_of_file(outcomes: Path) -> list[str]:
    """Every contradiction in a published file."""
    with duckdb.connect(str(outcomes), read_only=True) as con:
        return [f"{row['indicator_id']}: {fault}" for row in rows(con, "outcomes.") for fault in faults(row)]


def faults(row: dict[str, Any]) -> list[str]:
    """What a row's sentences say that its columns do not hold, in words; empty when nothing contradicts."""
    reading = _Reading(row)
    reading.check()
    return reading.faults


@dataclass
class _Reading:
    row: dict[str, Any]
    faults: list[str] = field(default_factory=list)

    def must(self, holds: Any, claim: str) -> None:
        if not holds:
            self.faults.append(f"{claim!r} does not hold in: {self.row['narrative']}")

    def check(self) -> None:
        row, text = self.row, self.row["narrative"]
        self.must(text.startswith(f"{row['title']}: ") and text.endswith("."), "title")
        rest = text.removeprefix(f"{row['title']}: ")
        self.must((row["verdict"], row["verdict_basis"]) == resolved(row), "verdict by the written order")
        if row["value"] is None:
            self._nothing(rest)
            return
        rest = self._figure(rest)
        reason = row["verdict_reason"]
        self.must(rest.startswith(f" {reason}."), "the reason is told")
        rest = rest.removeprefix(f" {reason}.")
        self._verdict(reason)
        rest = self._target(self._comparator(rest))
        newer = " Newer figures are not complete yet."
        self.must(rest.endswith(newer) == bool(row["incomplete_period_label"]), "newer figures")
        rest = rest.removesuffix(newer).removesuffix(f" {row['caution']}")
        self.must(rest == "", f"unread words {rest!r}")

    def _nothing(self, rest: str) -> None:
        words = {
            "not_supplied": "we do not have the data yet",
            "not_applicable": "there was nobody to count",
            "suppressed_primary": "too few",
            "suppressed_secondary": "not shown",
            "not_calculated_small": "too few",
        }
        status = self.row["value_status"]
        self.must(rest.startswith(words.get(status, "there is no figure")), f"status {status}")
        self.must(self.row["verdict"] == "cannot_be_told", "no verdict without a figure")
        self.must(not re.search(r"better|worse|target|chance", rest), "no claim without a figure")
        self.must(self.row["value_text"] is None, "no text without a figure")

    def _figure(self, rest: str) -> str:
        row = self.row
        text = row["value_text"]
        self.must(rest.startswith(text), "value_text")
        self.must(_is(text, row["value"]), f"{text} is {row['value']}")
        rest = rest.removeprefix(text)
        gap = " between the highest and the lowest ward"
        self.must(
            rest.startswith(gap) == (row["headline"] == "ward_gap"), "a gap and nothing else is between wards"
        )
        rest = rest.removeprefix(gap)
        found = re.match(rf" in (?:the )?{re.escape(row['period_label'])}", rest)
        self.must(found, "period")
        rest = rest[found.end() if found else 0 :]
        place = "" if row["area_code"] == DISTRICT else f" ({row['area_name']})"
        self.must(rest.startswith(place), "place")
        return self._care(self._change(rest.removeprefix(place)))

    def _change(self, rest: str) -> str:
        found = re.match(
            rf", (up from|down from|after|about the same as)(?: ({_NUMBER})%?)? "
            r"(a year|three years|five years) earlier",
            rest,
        )
        if not found:
            self.must(
                self.row["previous_value"] is None or self.row["headline"] == "ward_gap",
                "the earlier figure is told",
            )
            return rest
        way, before, ago = found.groups()
        value, previous = self.row["value"], self.row["previous_value"]
        self.must(previous is not None, "an earlier figure")
        self.must(
            any(self.row["period_type"].endswith(k) or k in self.row["period_type"] for k in _EARLIER[ago]),
            ago,
        )
        if way == "about the same as":
            self.must(_is(self.row["value_text"], previous), "about the same")
        else:
            self.must(_is(before, previous), f"{before} is {previous}")
            self.must(way == "after" or (way == "up from") == (value > previous), way)
            self.must((way == "after") == ("% on the year before" in self.row["value_text"]), way)
        return rest[found.end() :]

    def _care(self, rest: str) -> str:
        row = self.row
        found = re.match(r" \(([^)]*)\)", rest)
        said = found[1] if found else ""
        told = [
            "not complete yet" if not row["is_complete"] else "",
            "early figures, may change" if row["is_complete"] and row["provisional"] else "",
            "small numbers" if row["is_complete"] and row["small_base"] else "",
        ]
        self.must(said == "; ".join(filter(None, told)), f"({said})")
        rest = rest[found.end() if found else 0 :]
        self.must(rest.startswith("."), "end of the first sentence")
        return rest[1:]

    def _verdict(self, reason: str) -> None:
        row = self.row
        own = re.sub(
            r", though it is clearly (better|worse) than (a year|three years|five years) earlier$", "", reason
        )
        if own != reason:
            said = "better" if "clearly better" in reason else "worse"
            self.must(row["direction_of_change"] == said != row["verdict"], "though")
        if row["verdict_basis"] == "annotation":
            basis = _by_evidence(row)[1]
            changed = {
                "control_chart": f"The last {row['chart_period_type']} is out of line with its past",
                "trend": "It has changed over the years",
                "comparison": "It has clearly changed",
            }[basis]
            suspended = f"{changed}, but we do not call that better or worse: {row['annotation_words']}"
            self.must(own.endswith(suspended), "annotation")
            own = own.removesuffix(suspended)
        if row["verdict_basis"] == "completeness":
            self.must("not complete yet" in own, "not complete")
            return
        words = set(re.findall(r"\b(?:better|worse)\b(?!-off)", own))
        told = (
            {row["verdict"]}
            if row["verdict"] in ("better", "worse") and row["headline"] == "value"
            else set()
        )
        self.must(words == told, f"{words or 'no word'} for {row['verdict']}")
        if row["headline"] == "ward_gap":
            self._wards(reason)
        elif own:
            self.must(any(holds(row, m) for p, holds in _REASONS.items() if (m := re.fullmatch(p, own))), own)

    def _wards(self, reason: str) -> None:
        row = self.row
        first, second = reason.split(". ", 1)
        slope = re.fullmatch(
            rf"The figure is (higher|lower) in poorer wards: about ({_NUMBER}) (?:points?|years?) "
            rf"\(({_NUMBER}) to ({_NUMBER})\) from the best-off to the poorest",
            first,
        )
        low, high, p = (
            row[c]
            for c in ("deprivation_gap_ci95_lower", "deprivation_gap_ci95_upper", "heterogeneity_p_value")
        )
        clear = low is not None and (low > 0 or high < 0)
        if slope:
            self.must(clear and (slope[1] == "higher") == (low > 0), "poorer wards")
            self.must(_is(slope[2], abs(row["deprivation_gap"])), "deprivation gap")
            self.must(
                {_number(slope[3]), _number(slope[4])} == {round(abs(low), 1), round(abs(high), 1)}
                or (_is(slope[3], min(abs(low), abs(high))) and _is(slope[4], max(abs(low), abs(high)))),
                "its limits",
            )
        else:
            self.must(not clear, "a clear gap along deprivation is told")
            tested = p is not None or row["deprivation_gap"] is not None
            if first.startswith("The wards do differ"):
                self.must(
                    row["ward_difference"] == "yes" and (p < 0.05 if p is not None else not tested), first
                )
            elif first.startswith("We cannot be sure that the wards differ"):
                self.must(row["ward_difference"] == "not_shown" and not (p is not None and p < 0.05), first)
            else:
                self.must(
                    first == "We cannot tell if the wards differ" and row["ward_difference"] == "not_known",
                    first,
                )
            chance = re.search(rf"chance alone would give about ({_NUMBER})$", first)
            self.must(not chance or _is(chance[1], row["gap_by_chance"]), "the gap by chance")
        if row["verdict_basis"] in ("annotation", "completeness"):
            return
        self._closing(second)

    def _closing(self, said: str) -> None:
        row = self.row
        by_years = row["gap_closing"] not in (None, "cannot_be_told")
        answer = row["gap_closing"] if by_years else row["gap_trend"]
        found = re.fullmatch(
            r"(?:The gap between poorer and better-off wards is (closing|widening)|"
            r"(It is not clear if the gap is closing)|(We cannot tell yet if the gap is closing))"
            rf"(?:: it changes by ({_NUMBER}) (?:points|years) a year \(({_NUMBER}) to ({_NUMBER})\))?"
            r"(?:: about ([\d,]+) (fewer|more) than if it had stayed as it was before)?",
            said,
        )
        self.must(found, said)
        way, unclear, _, by, low, high, people, more = found.groups() if found else [None] * 8
        told = way or ("no_clear_change" if unclear else "no_earlier_period")
        self.must(told == (answer or "no_earlier_period"), said)
        self.must(bool(by) == by_years, "a change a year is told where all years were asked")
        for text, column in ((by, ""), (low, "_ci95_lower"), (high, "_ci95_upper")):
            self.must(not text or _is(text, row[f"gap_change_per_year{column}"]), f"{text} a year")
        if people:
            self.must(_is(people, abs(row["gap_change_events"])), "people")
            self.must((more == "fewer") == (row["gap_change_events"] < 0), more)

    def _comparator(self, rest: str) -> str:
        row = self.row
        found = re.match(
            rf" It is (?:(better|worse) than|about the same as) ([^(]*) \(({_NUMBER})%?\)\.", rest
        )
        same = row["comparator_start"] is not None and (row["comparator_start"], row["comparator_end"]) == (
            row["period_start"],
            row["period_end"],
        )
        if not found:
            self.must(
                not same or row["compared"] == "not_compared", "a comparator of the same months is told"
            )
            return rest
        self.must(same, "comparator of the same months")
        self.must(row["compared"] == (found[1] or "similar"), "compared")
        self.must(found[2] == (row["comparator_name"] or "the reference"), found[2])
        self.must(_is(found[3], row["comparator_value"]), f"comparator {found[3]}")
        return rest[found.end() :]

    def _target(self, rest: str) -> str:
        row = self.row
        found = re.match(
            rf" It (meets|misses|is too close to) the target of ({_NUMBER})%?(?: to call)?(, [a-z ]+)?\.",
            rest,
        )
        status = row["target_status"]
        if not found:
            self.must(status is None, "the target is told")
            return rest
        verb, target, likely = found.groups()
        self.must(
            {"meets": "met", "misses": "not_met", "is too close to": "too_close_to_call"}[verb] == status,
            verb,
        )
        self.must(abs(_number(target) - row["target_value"]) < 0.051, f"target {target}")
        limits = row["ci95_lower"], row["ci95_upper"]
        if None not in limits:
            self.must(
                (limits[0] < row["target_value"] < limits[1]) == (status == "too_close_to_call"),
                "target by interval",
            )
        said = {
            None: ("not_known", "likely"),
            ", but is unlikely to go on doing so": ("unlikely",),
            ", but may not always": ("possible",),
            ", and is unlikely to meet it as things are": ("unlikely",),
            ", but could meet it": ("possible",),
            ", but is likely to meet it": ("likely",),
        }
        self.must(verb == "is too close to" or row["target_likelihood"] in said.get(likely, ()), str(likely))
        return rest[found.end() :]


def _side(row: dict[str, Any]) -> str:
    return "better" if (row["chart_value"] > row["mean"]) == (row["direction"] == "up") else "worse"


def _outside(row: dict[str, Any], found: re.Match) -> bool:
    beyond = row["chart_value"] > row["upper_limit"] or row["chart_value"] < row["lower_limit"]
    return (
        beyond
        and _side(row) == found["said"]
        and found["unit"] == row["chart_period_type"]
        and _since(row, found)
    )


def _since(row: dict[str, Any], found: re.Match) -> bool:
    month = found.groupdict().get("since")
    return month is None or f"{row['variation_since']:%B %Y}" == month


def _by_chart(row: dict[str, Any], rule: str) -> bool:
    return row["verdict_basis"] == "control_chart" and row["special_cause"].startswith(rule)


def _tested(row: dict[str, Any], below: bool) -> bool:
    return row["change_test"] != "none" and (row["change_p_value"] < 0.05) == below


def _really(row: dict[str, Any], found: re.Match) -> bool:
    way = "better" if (row["value"] > row["previous_value"]) == (row["direction"] == "up") else "worse"
    return way == found["said"] and row["verdict_basis"] == "comparison" and _tested(row, below=True)


_SAID = r"(?P<said>better|worse)"
_SPAN = r"(five years|the last five such spans)"
_MONTH = r"(?P<since>[A-Z][a-z]+ \d{4})"
# What a reason may say (whole sentences), and what the row must then hold.
_REASONS = {
    rf"It has got {_SAID} over {_SPAN}": lambda r, m: (
        r["trend_verdict"] == m["said"] and r["verdict_basis"] == "trend"
    ),
    rf"There is no clear trend over {_SPAN}": lambda r, m: r["trend_verdict"] == "no_clear_change",
    rf"The last (?P<unit>month|quarter) is {_SAID} than its usual range(, as it has been since "
    rf"{_MONTH})?": _outside,
    r"The last (?P<unit>month|quarter) is within its usual range": lambda r, m: (
        r["verdict_basis"] == "control_chart" and r["lower_limit"] <= r["chart_value"] <= r["upper_limit"]
    ),
    rf"It has been on the {_SAID} side of its average( since {_MONTH})?": lambda r, m: (
        _by_chart(r, "7 Points") and _side(r) == m["said"] and _since(r, m)
    ),
    rf"It has got {_SAID} over 7 (month|quarter)s in a row": lambda r, m: _by_chart(r, "7 Point Trend"),
    rf"It is near the {_SAID} edge of its usual range in 2 of the last 3 (month|quarter)s": lambda r, m: (
        _by_chart(r, "2 in 3")
    ),
    r"There is no clear change": lambda r, m: r["verdict_basis"] == "comparison" and _tested(r, below=False),
    r"The change is small enough to be chance": lambda r, m: (
        r["verdict_basis"] == "comparison" and _tested(r, below=False)
    ),
    rf"It is clearly {_SAID} than (a year|three years|five years) earlier": _really,
    r"We cannot tell if it is changing": lambda r, m: r["verdict_basis"] == "target",
    r"There is no earlier figure to tell if it is changing": lambda r, m: r["previous_value"] is None,
    r"We cannot tell if the change is more than chance": lambda r, m: r["verdict_basis"] == "none",
}


def resolved(row: dict[str, Any]) -> tuple[str, str]:
    """Verdict and basis by the order of docs/statistics.md."""
    said, basis = _by_evidence(row)
    touched = row["verdict_suspended"]
    if said in ("better", "worse") and (touched == "this_period" or (touched and basis == "comparison")):
        return "cannot_be_told", "annotation"
    return said, basis


def _by_evidence(row: dict[str, Any]) -> tuple[str, str]:
    if row["value"] is None:
        return "cannot_be_told", "none"
    if not row["is_complete"]:
        return "cannot_be_told", "completeness"
    if row["headline"] == "ward_gap":
        answer = row["gap_trend"] if row["gap_closing"] in (None, "cannot_be_told") else row["gap_closing"]
        said = {"closing": "better", "widening": "worse", "no_clear_change": "no_clear_change"}.get(answer)
        return (said, "trend") if said else ("cannot_be_told", "none")
    chart = {"improvement": "better", "concern": "worse", "common_cause": "no_clear_change"}
    charted, tested = chart.get(row["variation"]), _by_test(row)
    answers = [
        (row["trend_verdict"], "trend", False),
        (charted, "control_chart", False),
        (tested, "comparison", True),
        (charted, "control_chart", True),
        (row["trend_verdict"], "trend", True),
    ]
    for said, basis, even_none in answers:
        if said in ("better", "worse") or (even_none and said == "no_clear_change"):
            return said, basis
    targets = {"met": "meets_target", "not_met": "misses_target"}
    status = row["target_status"]
    return (targets[status], "target") if status in targets else ("cannot_be_told", "none")


def _by_test(row: dict[str, Any]) -> str | None:
    if row["change_test"] == "none" or row["change_p_value"] is None:
        return None
    if row["direction_of_change"] == "no_clear_change":
        return "no_clear_change"
    return "better" if (row["change"] > 0) == (row["direction"] == "up") else "worse"


def _number(text: str) -> float:
    found = re.search(r"[+-]?£?([\d,]+(?:\.\d+)?)", text)
    size = float(found[1].replace(",", "")) * (1e6 if " million" in text else 1)
    return -size if text.lstrip("+").startswith("-") else size


def _is(text: str, value: float) -> bool:
    """Whether a text is that value, to half a unit of the last digit it shows."""
    found = re.search(r"[\d,]+(?:\.(\d+))?", text)
    step = 10.0 ** -len(found[1] or "") * (1e6 if " million" in text else 1)
    return abs(_number(text) - value) <= step / 2 * (1 + 1e-6) + 1e-9


def reading_age(text: str, *names: str) -> float:
    """Age a reader needs: Flesch-Kincaid grade (Kincaid and others, 1975) plus 5; a name counts as `it`."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, "it")
    text = re.sub(rf"{_NUMBER}%?", "ten", text.replace(";", ".").replace(":", "."))
    sentences = [s for s in re.split(r"[.!?]+(?:\s|$)", text) if re.search(r"[A-Za-z]", s)]
    words = re.findall(r"[A-Za-z][A-Za-z'-]*", text)
    syllables = sum(map(_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59 + 5


def _syllables(word: str) -> int:
    word = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^l]e)$", lambda m: m[0][0], word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", word)))


def published_files(homes: str) -> Iterator[Path]:
    """Published files of data homes joined by `:`."""
    for home in filter(None, homes.split(":")):
        yield Path(home) / "published" / "outcomes.duckdb"
