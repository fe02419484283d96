"""Delayed transfers of care by local authority (nhse_dtoc_la) for the months of the sample.

Nottinghamshire carries its published figures (April 2016 to December 2019; no file after that). The other
authorities are invented, and the England row is the sum.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
import xlwt

from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import Month, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.places import REFERENCE
from bassetlaw_sample.world import World, apportion

EXTRACT = "nhse_dtoc_la"
_BEDS_FROM = Month(2017, 4)  # from this month the sheets repeat the figures as beds a day
_REASONS = {
    "A": "A) Awaiting completion of assessment",
    "B": "B) Awaiting public funding",
    "C": "C) Awaiting further non-acute NHS care",
    "DI": "Di) Awaiting residential home placement or availability",
    "DII": "Dii) Awaiting nursing home placement or availability",
    "E": "E) Awaiting care package in own home",
    "F": "F) Awaiting community equipment and adaptations",
    "G": "G) Patient or family choice",
    "H": "H) Disputes",
    "I": "I) Housing - patients not covered by Care Act",
    "O": "O) Other",
}
_RESPONSIBLE = {"nhs": "NHS", "social_care": "Social Care", "both": "Both"}
_HEADER = 14  # sheet row of the column names


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One workbook a month while the collection lasted."""
    county = pd.read_csv(REFERENCE / "dtoc_nottinghamshire_monthly.csv").fillna(0).set_index("month")
    for month in world.months:
        if month.first.isoformat() not in county.index:
            continue
        figures = _figures(world, county.loc[month.first.isoformat()], month)
        yield Delivery(
            partner="public",
            extract=EXTRACT,
            name=f"{month.first:%B}_{month.year % 100:02d}.xls",
            received=working_day(month.plus(1), 9, hour=8),
            tables={},
            render=partial(_render, month, figures),
            rows=len(figures) - 1,
        )


def _figures(world: World, county: pd.Series, month: Month) -> pd.DataFrame:
    """England first, then one row per authority: region, ons_code, la_code, name, acute, reasons, who."""
    rng, model = world.rng(EXTRACT, month.stamp), world.calibration["feeds"]
    parts = [*_REASONS, *_RESPONSIBLE]
    ours = {
        "region": "East Midlands",
        "ons_code": "E10000024",
        "la_code": "511",
        "la_name": "Nottinghamshire",
    }
    rows = [ours | county[[*parts, "total"]].astype(int).to_dict()]
    shares = world.rng(EXTRACT, "shares").dirichlet(np.full(model["invented"], 6.0))
    for number, share in enumerate(shares, start=1):
        total = round(model["england_delayed_days"] * share * month.days / 30.44 * rng.uniform(0.93, 1.07))
        reasons = apportion(total, county[list(_REASONS)].to_numpy(float) + 5)
        who = apportion(total, np.array([0.62, 0.3, 0.08]))
        rows.append(
            {
                "region": ("London", "South West", "Yorkshire and The Humber")[number % 3],
                "ons_code": f"E109999{number:02d}",
                "la_code": str(900 + number),
                "la_name": f"Synthetic Authority {number:02d}",
                "total": total,
                **dict(zip(parts, [*reasons.tolist(), *who.tolist()], strict=True)),
            }
        )
    frame = pd.DataFrame(rows)
    frame["acute"] = (frame["total"] * 0.68).round().astype(int)
    england = frame[[*parts, "total", "acute"]].sum().to_dict()
    england |= {"region": "-", "ons_code": "-", "la_code": "-", "la_name": "England"}
    return pd.concat([pd.DataFrame([england]), frame], ignore_index=True)


def _render(month: Month, figures: pd.DataFrame, _: Delivery) -> bytes:
    return _workbook(month, figures)


def _workbook(month: Month, figures: pd.DataFrame) -> bytes:
    book = xlwt.Workbook()
    late = month >= _BEDS_FROM
    care = figures.assign(non_acute=figures["total"] - figures["acute"])
    sheet = _titled(book, "LA - by type of care" if late else "LA - by Type of Care", month)
    _fill(sheet, care, {"acute": "Acute", "non_acute": "Non-Acute", "total": "Total"}, month, beds=late)
    sheet = _titled(book, "LA - by responsible org", month)
    _fill(sheet, figures, {**_RESPONSIBLE, "total": "Total"}, month, beds=late)
    sheet = _titled(book, "LA - by reason", month)
    reasons = _REASONS if late else {k: v.upper() for k, v in _REASONS.items() if k != "O"}
    _fill(sheet, figures, {**reasons, "total": "Total" if late else "TOTAL"}, month, beds=False)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _titled(book: xlwt.Workbook, name: str, month: Month) -> xlwt.Worksheet:
    sheet = book.add_sheet(name)
    titles = {
        2: ("Title:", "Delayed Transfer of Care, NHS Organisations, England"),
        3: ("Summary:", "Number of Delayed Days during the reporting period (synthetic sample)"),
        5: ("Period:", f"{month.first:%B} {month.year}"),
        6: ("Source:", "Unify2 Data Collection - MSitDT"),
        7: ("Basis:", "Local Authority"),
        8: ("Published:", f"{working_day(month.plus(1), 9):%d %B %Y}"),
        10: ("Status:", "Published"),
    }
    for row, (label, value) in titles.items():
        sheet.write(row - 1, 1, label)
        sheet.write(row - 1, 2, value)
    return sheet


def _fill(
    sheet: xlwt.Worksheet, figures: pd.DataFrame, measures: dict[str, str], month: Month, beds: bool
) -> None:
    """The header, England, an empty row and the authorities; column A stays empty."""
    names = {"region": "Region", "ons_code": "ONS Geography", "la_code": "Code", "la_name": "Name"}
    _row(sheet, _HEADER, [*names.values(), *measures.values()])
    again = 1 + len(names) + len(measures) + 1
    if beds:
        sheet.write(_HEADER - 2, 1 + len(names), "Delayed Days")
        sheet.write(_HEADER - 2, again, "DTOC Beds")
        _row(sheet, _HEADER, list(measures.values()), again)
    for position, row in enumerate(figures.to_dict("records")):
        at = _HEADER + 1 + position + (position > 0)
        _row(sheet, at, [*(row[n] for n in names), *(int(row[m]) for m in measures)])
        if beds:
            _row(sheet, at, [row[m] / month.days for m in measures], again)


def _row(sheet: xlwt.Worksheet, number: int, cells: list[object], start: int = 1) -> None:
    for position, value in enumerate(cells):
        sheet.write(number - 1, start + position, value)
