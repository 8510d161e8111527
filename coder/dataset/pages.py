"""Pages of web archives are taken apart where they are coded, each within the deadline of an article."""

from functools import cache, partial
from pathlib import Path

from coder.dataset.bounds import BoundError, Bounds, timed
from coder.dataset.chunk import DIED, Chunk, Record
from coder.model import Reject
from coder.paths import data_dir
from coder.reading import RoleRules, load_roles
from coder.reading.warc import Page


@cache
def load_role_rules(overlays: tuple[Path, ...]) -> RoleRules:
    """The rules of the parts of a page, once a process."""
    return load_roles([data_dir(), *overlays])


def opened(chunk: Chunk, overlays: tuple[Path, ...], bounds: Bounds, hard: bool, deadly: frozenset[int]) -> Chunk:
    """The chunk with an article or a reject for every page; ``deadly`` are the places not to be tried."""
    if not any(isinstance(record, Page) for record in chunk.records):
        return chunk
    found: list[Record] = []
    for place, record in zip(chunk.places, chunk.records, strict=True):
        if not isinstance(record, Page):
            found.append(record)
        elif place in deadly:
            found.append(Reject(record.source_file, record.article_id, "read", DIED, record.url))
        else:
            found.append(open_page(record, overlays, bounds, hard))
    return Chunk(chunk.places, tuple(found))


def open_page(page: Page, overlays: tuple[Path, ...], bounds: Bounds, hard: bool) -> Record:
    """The article of one page, or a reject."""
    try:
        return timed(bounds.deadline_s, partial(page.article, load_role_rules(overlays)), hard)
    except BoundError as error:
        return Reject(page.source_file, page.article_id, "read", str(error), page.url)
