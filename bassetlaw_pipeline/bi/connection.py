"""Where BI files look for the figures in PostgreSQL until somebody changes it.

Belongs here: names and defaults of the connection. Does not belong here: users or passwords; no file has any.
"""

SERVER = "localhost"
PORT = 5432
DATABASE = "outcomes"
SCHEMA = "outcomes"
