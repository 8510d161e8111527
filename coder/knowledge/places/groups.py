"""What each name of a place may mean, in few objects, for there are some 10^5 names and an article has a few."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

Group = tuple[tuple[int, ...], str]


class PlaceGroups:
    """(numbers of the places that bear a name, its cue) by the index of the name."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._cues: list[str] = []
        self._cue_of = bytearray()
        self._ends = array("I")
        self._rows = array("I")
        for rows, cue in groups:
            if cue not in self._cues:
                self._cues.append(cue)
            self._cue_of.append(self._cues.index(cue))
            self._rows.extend(rows)
            self._ends.append(len(self._rows))
        self._met: dict[int, Group] = {}

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> Group:
        found = self._met.get(index)
        if found is None:
            first = self._ends[index - 1] if index else 0
            rows = tuple(self._rows[first : self._ends[index]])
            found = self._met[index] = (rows, self._cues[self._cue_of[index]])
        return found
