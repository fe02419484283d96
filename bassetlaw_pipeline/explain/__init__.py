"""Where a published number comes from, down to the files."""

from bassetlaw_pipeline.explain.collect import Explanation, explain
from bassetlaw_pipeline.explain.published import NothingToExplain

__all__ = ["Explanation", "NothingToExplain", "explain"]
