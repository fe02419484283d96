"""Files of the food register and of the awards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.workbooks import plain_workbook
from bassetlaw_sample.write import conform

AWARD_TITLE_ROWS = 2
_SCORES = ("Hygiene", "Structural", "ConfidenceInManagement")
# Elements that the scheme writes after another one and that the contract leaves aside.
_AFTER = {
    "RatingValue": "<RatingKey>fhrs_en-gb</RatingKey>",
    "LocalAuthorityCode": "<LocalAuthorityName>Bassetlaw</LocalAuthorityName>",
    "ConfidenceInManagement": "<SchemeType>FHRS</SchemeType>",
    "NewRatingPending": "<Geocode><Longitude>-1.1</Longitude><Latitude>53.3</Latitude></Geocode>",
}


def awards_workbook(delivery: Delivery) -> bytes:
    """The award list: one sheet, two title rows."""
    month = delivery.name.removesuffix(".xlsx").rsplit("_", 1)[-1]
    titles = ("Healthier Options Takeaway awards", f"Awards held at the end of {month}")
    return plain_workbook(delivery, {"bdc_hot_awards": "Awards"}, titles)


def fhrs_xml(delivery: Delivery) -> bytes:
    """The register as the rating scheme publishes it: one EstablishmentDetail per premises."""
    ((name, rows),) = delivery.tables.items()
    table = conform(delivery.extract, name, rows)
    columns = [table[c].to_pylist() for c in table.column_names]
    body = "\n".join(_record(table.column_names, values) for values in zip(*columns, strict=True))
    when = delivery.name.removesuffix(".xml").rsplit("_", 1)[-1]
    facts = {"ExtractDate": f"{when[:4]}-{when[4:6]}-{when[6:]}", "ItemCount": rows.num_rows}
    header = f"<Header>{''.join(f'<{k}>{v}</{k}>' for k, v in facts.items())}</Header>"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<FHRSEstablishment '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n{header}\n'
        f"<EstablishmentCollection>\n{body}\n</EstablishmentCollection>\n</FHRSEstablishment>\n"
    ).encode()


def _record(names: Sequence[str], values: Sequence[str | None]) -> str:
    return f"<EstablishmentDetail>{''.join(_elements(names, values))}</EstablishmentDetail>"


def _elements(names: Sequence[str], values: Sequence[str | None]) -> Iterator[str]:
    """Elements in the contract's order; the three scores stand in one element, empty where there are none."""
    scored = values[names.index(_SCORES[0])] is not None
    for name, value in zip(names, values, strict=True):
        if name == _SCORES[0]:
            yield "<Scores>" if scored else "<Scores />"
        if value is not None:
            yield f"<{name}>{escape(value)}</{name}>"
        elif name not in _SCORES:
            yield f'<{name} xsi:nil="true" />'
        if name == _SCORES[-1] and scored:
            yield "</Scores>"
        yield _AFTER.get(name, "")
