"""The error whose message is all that somebody needs to know whose app is not synthesized."""


class Refused(Exception):
    """The app is not synthesized as it is: the message says what is wrong."""
