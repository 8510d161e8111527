"""From claims to events: what several sources say of one event becomes one row."""

from coder.linking.accounts import LinkError
from coder.linking.events import Options
from coder.linking.ids import IdChange
from coder.linking.link import LinkResult, link

__all__ = ["IdChange", "LinkError", "LinkResult", "Options", "link"]
