"""Synthetic partner extracts: invented people, true volumes and formats, known defects.

Nothing here is about a real person; reference/README.md names the published figures it is calibrated on.
"""

from bassetlaw_sample.landing_files import Written, generate

__all__ = ["Written", "generate"]
