"""Recovery from a bad write: its scenarios as data, the drills that perform them, and the runbook of both."""
