"""How a prescribing file is written: the 26 columns of the English Prescribing Dataset."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample import text
from bassetlaw_sample.ccg.presentations import presentations
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.write import conform, csv_bytes

COLUMNS = (
    "YEAR_MONTH", "REGIONAL_OFFICE_NAME", "REGIONAL_OFFICE_CODE", "STP_NAME", "STP_CODE", "PCO_NAME",
    "PCO_CODE", "PRACTICE_NAME", "PRACTICE_CODE", "ADDRESS_1", "ADDRESS_2", "ADDRESS_3", "ADDRESS_4",
    "POSTCODE", "BNF_CHEMICAL_SUBSTANCE", "CHEMICAL_SUBSTANCE_BNF_DESCR", "BNF_CODE", "BNF_DESCRIPTION",
    "BNF_CHAPTER_PLUS_CODE", "QUANTITY", "ITEMS", "TOTAL_QUANTITY", "ADQUSAGE", "NIC", "ACTUAL_COST",
    "UNIDENTIFIED",
)  # fmt: skip
_CONSTANT = {
    "REGIONAL_OFFICE_NAME": "NORTH EAST AND YORKSHIRE",
    "REGIONAL_OFFICE_CODE": "Y63",
    "STP_NAME": "SOUTH YORKSHIRE AND BASSETLAW",
    "STP_CODE": "QF7",
    "PCO_NAME": "BASSETLAW CCG",
    "ADDRESS_4": "NOTTINGHAMSHIRE",
}


def epd_file(encoding: str = "utf-8") -> Callable[[Delivery], bytes]:
    """A renderer of prescribing files."""

    def render(delivery: Delivery) -> bytes:
        ((name, rows),) = delivery.tables.items()
        body = csv_bytes(_with_ignored(conform(delivery.extract, name, rows))).decode()
        return (body + "".join(f'"{line}"\n' for line in delivery.footer)).encode(encoding)

    return render


def _with_ignored(rows: pa.Table) -> pa.Table:
    """All 26 columns in their order; addresses are left empty."""
    by_code = {p.substance_code: p for p in presentations()}
    codes = rows["BNF_CHEMICAL_SUBSTANCE"].combine_chunks()
    known = list(by_code)
    place = pc.index_in(codes, pa.array(known)).to_numpy(zero_copy_only=False)
    described = {
        "CHEMICAL_SUBSTANCE_BNF_DESCR": text.pick([by_code[c].substance for c in known], place),
        "BNF_CHAPTER_PLUS_CODE": text.pick([by_code[c].chapter for c in known], place),
    }
    columns = {name: rows[name] for name in rows.column_names} | described
    return pa.table(
        {c: columns[c] if c in columns else text.constant(_CONSTANT.get(c), rows.num_rows) for c in COLUMNS}
    )
