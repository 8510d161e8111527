"""What an outlet is called and how far it reaches, whatever name, handle or address the article gives it by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

SCALES = ("Local partner", "Other", "New media", "Subnational", "National", "Regional", "International")
"""ACLED's scales of a source, in the order in which it joins two of them."""

UNKNOWN_SCALE = "Other"

_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.|m\.)?")
_ACCOUNT = re.compile(r"^@\w+$")


def key(outlet: str) -> str:
    """What outlets are known by: small letters, of an address no more than host and path."""
    return _ADDRESS.sub("", outlet.strip().casefold()).rstrip("/")


def name_of(outlet: str, names: Mapping[str, str]) -> str:
    """The name of the source that an outlet is; the outlet itself where ``names``, by ``key``, do not know it."""
    return names.get(key(outlet), outlet)


def scale_of(outlets: Sequence[str], scales: Mapping[str, str]) -> str:
    """ACLED's scale of several sources: the two widest joined by a hyphen, the narrower first.

    ``scales`` are by ``key``. An account of a social network is new media, whoever writes there; an outlet that
    nothing is known of counts only where there is no other.
    """
    found = {scale for outlet in outlets if (scale := _scale(key(outlet), scales))}
    return "-".join(sorted(found, key=SCALES.index)[-2:]) or UNKNOWN_SCALE


def _scale(outlet: str, scales: Mapping[str, str]) -> str | None:
    if _ACCOUNT.match(outlet):
        return "New media"
    return scales.get(outlet) or scales.get(outlet.partition("/")[0])
