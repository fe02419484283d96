"""Reading YAML quickly: contracts, reasons, corrections and indicators are read by every command."""

from __future__ import annotations

from typing import Any

import yaml

# The parser written in C takes a tenth of the time; PyYAML is installed without it on a few platforms.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Any:
    """What a YAML text says, plain types only. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)


def compose(text: str) -> yaml.Node:
    """The nodes of a YAML text with their places in it. Raises yaml.YAMLError."""
    return yaml.compose(text, Loader=_LOADER)
