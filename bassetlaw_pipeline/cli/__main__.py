"""Entry point of `python -m bassetlaw_pipeline.cli`."""

from bassetlaw_pipeline.cli import app

if __name__ == "__main__":
    app()
