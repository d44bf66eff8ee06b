"""What can go wrong on this machine, each with one sentence for the person at the terminal."""


class LocalError(Exception):
    """The platform could not do what was asked; the message says why and what to do."""
