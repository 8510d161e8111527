"""Linking as a build runs it: the written claims and articles streamed into ``coder.linking``."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from coder import linking
from coder.dataset.files import logical_hash
from coder.dataset.linked import Linked, Linker
from coder.dataset.tables import arrow_schema
from coder.errors import UserError
from coder.knowledge.sources import Source
from coder.linking.outlets import key
from coder.linking.tolls import rule_of
from coder.paths import data_dir

_BATCH = 4_096
LAST_SECOND = int(datetime.max.replace(tzinfo=UTC).timestamp())
"""The last second that has a date."""

_ARTICLE_COLUMNS = ["article_id", "outlet", "text", "published"]


class LinkerError(UserError):
    """Linking cannot be done as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """How events are made.

    ``min_confidence``: claims that are less sure take no part in events (they stay in the table of claims);
    ``fatalities``: the rule for the dead of an event; ``ids_of``: folder of a former release whose event ids
    are kept, so that what the build gives depends on that release too; ``timestamp``: the events' time of
    release in seconds since 1970, None for the day of the newest article.
    """

    min_confidence: float = 0.0
    fatalities: str = "conservative"
    ids_of: Path | None = None
    timestamp: int | None = None


DEFAULTS = LinkOptions()


def release_time(released: datetime | None) -> int | None:
    """Seconds since 1970 of the day named, else of the environment's SOURCE_DATE_EPOCH; None without either.

    Raises LinkerError where that variable holds no such number.
    """
    if released is not None:
        return int(released.replace(tzinfo=UTC).timestamp())
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch and not (epoch.isascii() and epoch.isdigit() and int(epoch) <= LAST_SECOND):
        raise LinkerError(f"SOURCE_DATE_EPOCH={epoch}: expected whole seconds since 1970; mend or unset it")
    return int(epoch) if epoch else None


@cache
def prefixes() -> Mapping[int, str]:
    """The three letters that the ids of a country's events begin with, by its ISO number."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    letters: dict[str, int] = yaml.load((data_dir() / "places" / "event_prefixes.yaml").read_bytes(), Loader=loader)
    return {number: name for name, number in letters.items()}


def linker(knowledge: Any, options: LinkOptions = DEFAULTS) -> Linker:
    """The linker of a build. Raises LinkerError where an option cannot be followed."""
    former = None if options.ids_of is None else options.ids_of / "event_claims.parquet"
    if former is not None and not former.is_file():
        raise LinkerError(f"{options.ids_of}: holds no event_claims.parquet; name the folder of a release")
    try:
        rule_of(options.fatalities)
    except linking.LinkError as error:
        raise LinkerError(f"--fatalities: {error}") from error
    called = _called(knowledge.sources)
    how = linking.Options(
        fatalities=options.fatalities,
        timestamp=options.timestamp,
        outlets={name: source.name for name, source in called.items()},
        scales={name: source.scale for name, source in called.items()},
        prefixes=prefixes(),
    )
    made_by = {"min_confidence": options.min_confidence, "fatalities": options.fatalities}

    def link(folder: Path) -> Linked:
        claims = _rows(folder / "claims.parquet", None, options.min_confidence)
        articles = _rows(folder / "articles.parquet", _ARTICLE_COLUMNS)
        previous = () if former is None else _rows(former, None)
        try:
            result = linking.link(claims, articles, how, previous)
        except linking.LinkError as error:
            raise LinkerError(f"linking: {error}") from error
        tables = {
            "events": result.events.cast(arrow_schema("events")),
            "event_claims": result.event_claims.cast(arrow_schema("event_claims")),
        }
        facts = {**made_by, "timestamp": result.timestamp, "unattached_denials": len(result.unattached)}
        if former is None:
            return Linked(tables, None, facts)
        facts["ids_of"] = logical_hash("event_claims", former)
        return Linked(tables, [change._asdict() for change in result.id_changes], facts)

    return link


def _called(sources: Iterable[Source]) -> dict[str, Source]:
    """Sources by all that an outlet may be called: handles, names in every language."""
    called: dict[str, Source] = {}
    for source in sources:
        names = [name for words in (*source.names.values(), *source.ambiguous.values()) for name in words]
        for name in (source.name, *source.handles, *names):
            called.setdefault(key(name), source)
    return called


def _rows(path: Path, columns: list[str] | None, min_confidence: float = 0.0) -> Iterator[pa.RecordBatch]:
    for batch in pq.ParquetFile(path).iter_batches(_BATCH, columns=columns):
        if min_confidence > 0:
            sure = pc.fill_null(pc.greater_equal(batch["confidence"], min_confidence), True)
            batch = batch.filter(sure)
        yield batch
