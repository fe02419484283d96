"""The `bassetlaw` command: what each sub-command takes, and nothing of how it works.

Belongs here: arguments, exit codes (0 done, 1 data rejected, 2 usage or configuration), and calling
the module that does the work. Heavy libraries are imported inside the commands, so that
`bassetlaw status` and a run with nothing new answer at once. Printing lies in render.
"""

from bassetlaw_pipeline.cli import contract, decisions, intake, outcomes, questions, releases, upkeep
from bassetlaw_pipeline.cli.app import app

__all__ = ["app", "contract", "decisions", "intake", "outcomes", "questions", "releases", "upkeep"]
