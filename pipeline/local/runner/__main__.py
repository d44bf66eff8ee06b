"""`python -m pipeline.local.runner`."""

from pipeline.local.runner.cli import app

app()
