"""`python -m pipeline.local`."""

from pipeline.local.cli import app

app()
