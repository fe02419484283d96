"""The page of a contract: one file with rules, script and style, and no connection to anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.cast.nhs_number import Environment as NhsEnvironment
from bassetlaw_pipeline.partner_page.rules import MOST_BYTES, rules

_HERE = Path(__file__).parent
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
_ALWAYS = (
    "the period of the file, and whether its dates and its layout belong to it;",
    "rows and keys that stand in the file twice, empty NHS numbers, postcodes and ages;",
    "total rows and checksums at the end of the file;",
    "codes against reference lists, and the figures against those of earlier files.",
)


def write_page(contract: Contract, folder: Path, environment: NhsEnvironment) -> Path:
    """Write `<partner>__<id>.html` into a folder and return its path. Raises PageProblem, OSError."""
    text = page(contract, environment)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{contract.partner}__{contract.id}.html"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def page(contract: Contract, environment: NhsEnvironment) -> str:
    """The whole page as HTML. Raises PageProblem when the page cannot read such files."""
    script, style = _source("check.js"), _source("page.css")
    template = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined
    ).get_template("page.html.j2")
    return template.render(
        contract=contract,
        rules=Markup(_json(rules(contract, environment))),
        script=Markup(script),
        style=Markup(style),
        script_hash=Markup(_hash(script)),
        style_hash=Markup(_hash(style)),
        delimiter=_DELIMITERS.get(contract.file.delimiter, contract.file.delimiter),
        megabytes=MOST_BYTES // 1_000_000,
        also=(*_ALWAYS, *_rules_over_rows(contract)),
    )


def _source(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _json(data: object) -> str:
    """JSON that cannot end the element it stands in."""
    return json.dumps(data, ensure_ascii=True, sort_keys=True).replace("<", "\\u003c")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _rules_over_rows(contract: Contract) -> list[str]:
    """What the contract says about several columns, or a whole delivery."""
    table = contract.main
    told = [r.description for r in table.row_rules] + [e.description for e in table.expectations]
    return list(dict.fromkeys(text for text in told if text))
