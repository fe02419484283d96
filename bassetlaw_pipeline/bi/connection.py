"""Where BI files look for the figures in PostgreSQL until somebody changes it."""

SERVER = "localhost"
PORT = 5432
DATABASE = "outcomes"
SCHEMA = "outcomes"
