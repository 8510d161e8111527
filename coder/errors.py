"""Errors that a user can mend: the command line prints their message and ends with exit code 2."""


class UserError(Exception):
    """The call is at fault; the message names the file or value, what was expected and what to do."""
