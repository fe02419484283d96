"""Where a published number comes from, down to the files.

Belongs here: questions about one figure. Does not belong here: how it is printed (cli.render).
"""

from bassetlaw_pipeline.explain.collect import Explanation, explain
from bassetlaw_pipeline.explain.published import NothingToExplain

__all__ = ["Explanation", "NothingToExplain", "explain"]
