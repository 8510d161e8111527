"""A dataset as one page of HTML that needs nothing but a browser: no network, no other file."""

from coder.report.render import report

__all__ = ["report"]
