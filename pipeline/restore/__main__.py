"""Runs the command line of the restore drills."""

from pipeline.restore.cli import app

app()
