"""The page of public feeds: which open national files are read, from whom, in which editions, for what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.contracts.derive_dbt import HEADER
from bassetlaw_pipeline.contracts.derive_docs import readable_name, resubmission_words, table_of
from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.settings import TRIED_FILE

_INTRODUCTION = """\
Open national files are read in the form in which they were published: put them as they are into
`landing/public/`, under the name they have, or with the year added where they have none. Every file is
optional; `bassetlaw run` takes what is there. The look-ups and registers also check the reference tables of
the project ([geography](geography.md)): a difference is a warning of the build.

An *edition* is one year, quarter or month of a file. The editions named here were read as they were
published, or, where marked, by their header only. Another edition of the same form needs nothing. A new form
is an entry in the contract: another name of a column (`aliases`, or `headerLike` where the header names its
year) or another layout, never code ([contracts](contracts.md))."""


_TRIED = """\
## Published files tried

Every file below was landed as it was published, whole or cut to the place by whoever keeps it, and says what
came of it. `expectations/tried_on.yml` states it, and a test lands the files again where they are at hand."""


def public_feeds(contracts: Mapping[str, Contract]) -> str:
    """The whole page."""
    feeds = [c for c in contracts.values() if c.partner == "public"]
    overview = table_of(["feed", "publisher", "what", "used for", "editions proved"], map(_row, feeds))
    parts = [f"<!-- {HEADER} -->", "# Public feeds", _INTRODUCTION, overview]
    parts += [
        _TRIED,
        table_of(["feed", "periods", "form", "file", "rows accepted"], map(_tried, tried_files())),
    ]
    for feed in feeds:
        parts += _section(feed)
    return "\n\n".join(parts) + "\n"


def tried_files(path: Path = TRIED_FILE) -> list[dict]:
    """What is declared about each published file that was landed."""
    return yaml_text.load(path.read_text(encoding="utf-8"))["tried_on"]


def _tried(one: dict) -> list[str]:
    """A line of the table: a rejected file says so in place of its rows."""
    first, last = (f"{one[end]:%B %Y}" if one[end] else "" for end in ("first", "last"))
    periods = first if first == last else f"{first} to {last}"
    rows = "rejected" if one["rows"] is None else f"{one['rows']:,}"
    return [f"[`{one['feed']}`](#{one['feed']})", periods, one["form"], f"`{one['file']}`", rows]


def _row(feed: Contract) -> list[str]:
    name = f"[`{feed.id}`](#{feed.id})"
    return [name, _publisher(feed), feed.title, feed.usage, ", ".join(feed.editions)]


def _publisher(feed: Contract) -> str:
    return feed.owner.removesuffix(", published statistics")


def _section(feed: Contract) -> Iterator[str]:
    yield f"## {feed.id}"
    columns = f"[data dictionary](../expectations/README.md#{feed.id})"
    yield f"**{feed.title}.** {feed.purpose} Columns and checks: {columns}."
    yield "\n".join(f"- {label}: {text}" for label, text in _facts(feed) if text)


def _facts(feed: Contract) -> Iterator[tuple[str, str]]:
    yield "Publisher", f"{_publisher(feed)}; {feed.standard}"
    yield "Licence", feed.licence
    yield "File", " or ".join(f"`{readable_name(name)}`" for name in feed.file.names)
    yield "Period", _period(feed)
    yield "Another file", resubmission_words(feed.resubmission)
    forms = {layout.id for table in feed.tables for layout in table.layouts} - {"default"}
    yield "Forms", ", ".join(f"`{form}`" for form in sorted(forms))
    cut = [rule for table in feed.tables for rule in table.non_data if rule.kind == "elsewhere"]
    yield (
        "Kept",
        ", ".join(
            f"rows whose `{rule.column}` is like `{rule.unless}`; the others are counted" for rule in cut
        ),
    )
    yield "Mind", feed.limitations


def _period(feed: Contract) -> str:
    spec = feed.period
    grain = spec.grain.replace("_", " ")
    where = {
        "file_name": "in the file name",
        "header": "in the header of a column",
        "column": f"in the column `{spec.column}`",
        "cell": f"in the cell beside `{spec.label}`",
    }[spec.source]
    late = "; without one, that in which the file was received" if spec.undated == "received" else ""
    return f"the {grain} {where}{late}"
