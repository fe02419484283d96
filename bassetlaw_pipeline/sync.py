"""`bassetlaw sync`: write what follows from contracts, corrections, annotations and the registry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bassetlaw_pipeline.contracts import derive_dbt, derive_docs, derive_feeds
from bassetlaw_pipeline.contracts.check_sql import check_rules
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.settings import CONTRACTS_DIR, PROJECT_DIR
from bassetlaw_pipeline.storage import write_text

DICTIONARY = CONTRACTS_DIR.parent / "README.md"
PUBLIC_FEEDS = PROJECT_DIR / "docs" / "public_feeds.md"


def sync(check: bool = False) -> list[Path]:
    """Write what is out of date and return it; with `check`, write nothing.

    Raises ContractError, RegisterError, AnnotationError or RegistryError when what everything is derived
    from is wrong.
    """
    return write(outputs(), check)


def outputs() -> dict[Path, str]:
    """Every generated file and its text."""
    from bassetlaw_pipeline.annotations import derive as derive_annotations
    from bassetlaw_pipeline.bi import derive as derive_bi
    from bassetlaw_pipeline.corrections import derive as derive_corrections
    from bassetlaw_pipeline.indicators import derive

    contracts = load_contracts()
    check_rules(contracts.values())
    pages = {
        DICTIONARY: derive_docs.dictionary(contracts),
        PUBLIC_FEEDS: derive_feeds.public_feeds(contracts),
    }
    registers = derive_corrections.outputs(contracts) | derive_annotations.outputs(contracts)
    return derive_dbt.outputs(contracts) | pages | registers | derive.outputs() | derive_bi.outputs()


def write(files: Mapping[Path, str], check: bool = False) -> list[Path]:
    """Files whose text differs from `files`, after writing them unless `check`."""
    changed = sorted(path for path, text in files.items() if _text(path) != text)
    for path in [] if check else changed:
        write_text(path, files[path])
    return changed


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
