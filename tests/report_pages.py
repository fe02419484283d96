"""The pages of a report as a test reads them: words, links, tables, and what a screen reader is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

_EMPTY = {"meta", "link", "br", "img", "line", "rect", "circle", "path", "polyline", "polygon"}


@dataclass
class Table:
    """Caption, and rows of cell texts; the first is the head."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)


class Page(HTMLParser):
    """One page, read once."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.html = path.read_text(encoding="utf-8")
        self.ids: list[str] = []
        self.links: list[str] = []
        self.labels: list[str] = []
        self.faults: list[str] = []
        self.tables: list[Table] = []
        self.words: list[str] = []
        self.title, self.h1 = "", 0
        self._open: list[str] = []
        self._ticks = False
        self.feed(self.html)
        self.close()
        self._check_whole()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag not in _EMPTY:
            self._open.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found[n] for n in ("href", "src") if n in found]
        self.labels += [found["aria-label"]] if "aria-label" in found else []
        self._check(tag, found)
        if tag == "h1":
            self.h1 += 1
        elif tag == "table":
            self.tables.append(Table())
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in ("td", "th"):
            self.tables[-1].rows[-1].append("")
        elif tag == "text":
            self._ticks = found.get("class") == "label"

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY and (not self._open or self._open.pop() != tag):
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.title += data
        elif not (self._open and self._open[-1] == "text" and self._ticks) and data.strip():
            self.words.append(data)  # round numbers of an axis are no figures
        inside = [t for t in self._open if t in ("td", "th", "caption", "svg")]
        if inside and inside[0] in ("td", "th") and "svg" not in inside:
            self.tables[-1].rows[-1][-1] += data.strip() + " "
        elif inside and inside[0] == "caption":
            self.tables[-1].caption += data

    def _check(self, tag: str, found: dict[str, str]) -> None:
        if tag == "html" and found.get("lang") != "en":
            self.faults.append("no language")
        if tag == "svg" and not (
            found.get("aria-hidden") == "true" or (found.get("role") == "img" and found.get("aria-label"))
        ):
            self.faults.append("a drawing without words")
        if tag == "th" and "scope" not in found:
            self.faults.append("a head of a table without scope")
        if tag in ("script", "iframe", "img", "object", "video") or (
            "style" in found and "url(" in found["style"]
        ):
            self.faults.append(f"<{tag}>")

    def _check_whole(self) -> None:
        if not self.title.strip():
            self.faults.append("no title")
        if self.h1 != 1:
            self.faults.append(f"{self.h1} main headings")
        if self._open:
            self.faults.append(f"left open: {self._open}")
        if len(set(self.ids)) < len(self.ids):
            self.faults.append("an id twice")
        if any(not t.caption.strip() for t in self.tables):
            self.faults.append("a table without caption")
        self.faults += [f"leaves the machine: {link}" for link in self.links if "//" in link]

    @property
    def text(self) -> str:
        """Everything a reader or a screen reader is told, but for round numbers of axes."""
        return " ".join([*self.words, *self.labels])


def read(folder: Path) -> list[Page]:
    """Every page of a report."""
    return [Page(path) for path in sorted(folder.rglob("*.html"))]


def broken_links(folder: Path, pages: list[Page]) -> list[str]:
    """Links that lead nowhere within the report."""
    ids = {page.path: set(page.ids) for page in pages}
    broken = []
    for page in pages:
        for link in page.links:
            path, _, part = link.partition("#")
            target = (page.path.parent / path).resolve() if path else page.path.resolve()
            if link.startswith("data:,"):
                continue
            known = ids.get(folder / target.relative_to(folder.resolve()), []) if part else [part]
            if not target.is_file() or part not in known:
                broken.append(f"{page.path.name}: {link}")
    return broken
