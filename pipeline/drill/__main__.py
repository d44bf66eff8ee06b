"""Runs the command line of the drills."""

from pipeline.drill.cli import app

app()
