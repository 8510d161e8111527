"""Claims as linking reads them: the rows that speak of an event, as typed rows and as arrays of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeAlias, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from coder.codebook import codes, event_type_of, names

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

Rows: TypeAlias = "pa.Table | pa.RecordBatch | Iterable[pa.RecordBatch] | Iterable[Mapping[str, Any]]"
"""A table in any of the forms in which rows travel."""


class Account(NamedTuple):
    """What one claim says of an event; the fields are columns of the ``claims`` table, kinds of sides by name."""

    claim_id: str
    article_id: str
    start: int
    end: int
    modality: str
    source_claimant: str | None
    claimant_type: str | None
    claimant_side: str | None
    responsibility: str | None
    source_outlet: str | None
    sub_event_type: str
    civilian_targeting: str | None
    actor1: str | None
    assoc_actor_1: str | None
    inter1: str | None
    actor2: str | None
    assoc_actor_2: str | None
    inter2: str | None
    location: str
    location_relation: str | None
    admin1: str | None
    admin2: str | None
    admin3: str | None
    country: str
    iso: int
    region: str
    latitude: float
    longitude: float
    geo_precision: int
    place_id: str | None
    date_start: date
    date_end: date
    fatalities_best: int | None
    fatalities_low: int | None
    fatalities_high: int | None
    fatalities_estimated: bool | None
    fatalities_shared: bool | None
    injured_low: int | None
    tags: str | None


_TYPES: Mapping[str, pa.DataType] = {
    **dict.fromkeys(("start", "end", "iso", "geo_precision", "injured_low"), pa.int64()),
    **dict.fromkeys(("fatalities_best", "fatalities_low", "fatalities_high"), pa.int64()),
    **dict.fromkeys(("fatalities_estimated", "fatalities_shared"), pa.bool_()),
    **dict.fromkeys(("latitude", "longitude"), pa.float64()),
    **dict.fromkeys(("date_start", "date_end"), pa.date32()),
    **dict.fromkeys(("inter1", "inter2"), pa.int8()),
}
_KINDS = frozenset(("inter1", "inter2"))
_KEYS = frozenset(("claim_id", "article_id"))
_NEEDED = (
    "sub_event_type",
    "location",
    "country",
    "iso",
    "region",
    "latitude",
    "longitude",
    "geo_precision",
    "date_start",
    "date_end",
)


class LinkError(ValueError):
    """The rows given cannot be linked; the message names the column or the claim, and what is expected."""


def claims_schema() -> pa.Schema:
    """The columns that linking reads, with their types."""
    return pa.schema([(name, _TYPES.get(name, pa.string())) for name in (*Account._fields, "kind")])


def batches(rows: Rows, schema: pa.Schema) -> Iterable[pa.RecordBatch]:
    """Rows in any form as record batches with the columns of ``schema``; a missing column is null.

    Raises LinkError where a value is not of its column's type.
    """
    if isinstance(rows, pa.Table):
        rows = rows.to_batches()
    elif isinstance(rows, pa.RecordBatch):
        rows = [rows]
    plain: list[Mapping[str, Any]] = []
    for item in rows:
        if isinstance(item, pa.RecordBatch):
            yield _fitted(item, schema)
        else:
            plain.append(cast("Mapping[str, Any]", item))
    if plain:
        try:
            columns = [pa.array([row.get(f.name) for row in plain], f.type) for f in schema]
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise LinkError(f"a value is not of its column's type: {error}") from error
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _fitted(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for field in schema:
        at = batch.schema.get_field_index(field.name)
        column = pa.nulls(batch.num_rows, field.type) if at < 0 else batch.column(at)
        columns.append(column if column.type == field.type else column.cast(field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


@dataclass(frozen=True)
class Accounts:
    """The claims that speak of an event, ordered by claim id; every array has one number for each.

    Names are numbered by their order in the alphabet; -1 and NaN stand for what is not given. Days count
    from 1970-01-01.
    """

    table: pa.Table
    article: Ints
    claimant: Ints
    start: Ints
    denied: Bools
    responsible: Bools
    accusing: Bools
    event_type: Ints
    sub_event: Ints
    side1: Ints
    side2: Ints
    sides: Sequence[tuple[str | None, str | None, str | None]]
    place: Ints
    place_name: Ints
    units: Sequence[Ints]
    unit: Ints
    country: Ints
    whole_country: Bools
    latitude: Floats
    longitude: Floats
    precision: Ints
    first: Ints
    last: Ints
    dead: Floats
    estimated: Bools
    injured: Floats

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def rows(self, indexes: Ints) -> list[Account]:
        """The rows at ``indexes``, in their order."""
        taken = self.table.take(pa.array(indexes))
        columns = (_listed(taken[name]) for name in Account._fields)
        return list(map(Account._make, zip(*columns, strict=True)))


def read_accounts(claims: Rows) -> Accounts:
    """The asserted and denied event claims of ``claims``; whatever their order, the result is the same.

    Raises LinkError for a claim without type, place or date, and for a claim id that stands twice.
    """
    schema = claims_schema()
    kept = [
        pa.RecordBatch.from_struct_array(_compact(b))
        for batch in batches(claims, schema)
        if (b := batch.filter(_speaks(batch))).num_rows
    ]
    if not kept:
        return _numbers(schema.empty_table().select(Account._fields))
    table = pa.Table.from_batches(kept).unify_dictionaries()
    table = table.take(pc.sort_indices(table["claim_id"])).combine_chunks()
    for name in _NEEDED:
        if table[name].null_count:
            row = pc.index(pc.is_null(table[name]), True).as_py()
            raise LinkError(f"claim {table['claim_id'][row]}: {name} is empty; an event claim needs it")
    ids = table["claim_id"]
    if len(ids) > 1:
        twice = pc.index(pc.equal(ids.slice(1), ids.slice(0, len(ids) - 1)), True).as_py()
        if twice >= 0:
            raise LinkError(f"claim {ids[twice]} stands twice")
    return _numbers(table)


def _listed(column: pa.ChunkedArray) -> list[Any]:
    """The values as Python's own; decoding a dictionary first is many times quicker."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    values: list[Any] = column.to_pylist()
    return values


def _speaks(batch: pa.RecordBatch) -> pa.Array:
    kind = pc.fill_null(pc.equal(batch["kind"], "event"), False)
    return pc.and_(kind, pc.is_in(batch["modality"], value_set=pa.array(["asserted", "denied"])))


def _compact(batch: pa.RecordBatch) -> pa.StructArray:
    """The rows with their names as numbers into a dictionary: a tenth of the memory."""
    columns = [_named(batch[name]) if name in _KINDS else _packed(name, batch[name]) for name in Account._fields]
    return pa.StructArray.from_arrays(columns, list(Account._fields))


def _packed(name: str, column: pa.Array) -> pa.Array:
    return column if name in _TYPES or name in _KEYS else column.dictionary_encode()


def _named(numbers: pa.Array) -> pa.DictionaryArray:
    """The kinds of sides by their names; an empty side has none."""
    places = pc.index_in(numbers, value_set=pa.array(codes("inter"), pa.int8()))
    return pa.DictionaryArray.from_arrays(places, pa.array(names("inter"), pa.string()))


def _plain(column: pa.ChunkedArray, missing: Any, dtype: Any) -> NDArray[Any]:
    filled = pc.fill_null(column, missing) if column.null_count else column
    return np.asarray(filled.to_numpy(zero_copy_only=False)).astype(dtype)


def _coded(columns: Sequence[pa.ChunkedArray]) -> tuple[Ints, list[tuple[str | None, ...]]]:
    """Numbers for the combinations of values in ``columns``, in sorted order, and the combinations."""
    codes, values = zip(*map(_numbered, columns), strict=True)
    width = [len(v) + 1 for v in values]
    joined = np.zeros(len(codes[0]), dtype=np.int64)
    for code, size in zip(codes, width, strict=True):
        joined = joined * size + code
    distinct, number = np.unique(joined, return_inverse=True)
    combinations: list[tuple[str | None, ...]] = []
    for whole in distinct.tolist():
        parts: list[str | None] = []
        for value, size in zip(reversed(values), reversed(width), strict=True):
            whole, at = divmod(whole, size)
            parts.append(value[at - 1] if at else None)
        combinations.append(tuple(reversed(parts)))
    return number.astype(np.int64), combinations


def _numbered(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    """Numbers from 1 in the alphabet's order, 0 for null."""
    encoded = column.combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = pa.concat_arrays(encoded.chunks) if encoded.num_chunks else pa.array([], column.type)
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    order = sorted(set(words))
    place = {word: n for n, word in enumerate(order, 1)}
    rank = np.array([place[word] for word in words] + [0], dtype=np.int64)
    at = _plain(encoded.indices, -1, np.int64)
    return rank[at], order


def _one_numbering(columns: Sequence[pa.ChunkedArray]) -> list[Ints]:
    """Numbers that are equal where the names in any two of the columns are; -1 for none."""
    coded = [_numbered(column) for column in columns]
    number = {word: n for n, word in enumerate(sorted({word for _, words in coded for word in words}))}
    return [np.array([-1, *(number[word] for word in words)])[codes] for codes, words in coded]


def _numbers(table: pa.Table) -> Accounts:
    side1, names1 = _coded([table["actor1"], table["inter1"], table["assoc_actor_1"]])
    side2, names2 = _coded([table["actor2"], table["inter2"], table["assoc_actor_2"]])
    sides = sorted({*names1, *names2}, key=lambda side: tuple(part or "" for part in side))
    number = {side: n for n, side in enumerate(sides)}
    types = {name: n for n, name in enumerate(names("sub_event_types"))}
    sub, subs = _coded([table["sub_event_type"]])
    unknown = [name for (name,) in subs if name not in types]
    if unknown:
        raise LinkError(f"no sub-event type {unknown[0]!r}")
    unit, units = _coded([table["country"], table["admin1"]])
    named = np.array([admin1 is not None for _, admin1 in units] or [False])
    named_places = _one_numbering([table[name] for name in ("location", "admin1", "admin2", "admin3")])
    claimant, _ = _coded([table["source_claimant"], table["claimant_type"], table["source_outlet"]])
    article, _ = _numbered(table["article_id"])
    modality, kinds = _coded([table["modality"]])
    said, ways = _coded([table["responsibility"]])
    kinds_of = {name: n for n, name in enumerate(names("event_types"))}
    responsible = np.array([way in ("claimed", "denied") for (way,) in ways] or [False])
    return Accounts(
        table=table,
        article=article,
        claimant=claimant,
        start=_plain(table["start"], 0, np.int64),
        denied=np.array([kind == "denied" for (kind,) in kinds] or [False])[modality],
        responsible=responsible[said],
        accusing=np.array([way == "accused" for (way,) in ways] or [False])[said],
        event_type=np.array([kinds_of[event_type_of(str(name))] for (name,) in subs] or [0])[sub],
        sub_event=np.array([types[str(name)] for (name,) in subs] or [0])[sub],
        side1=np.array([number[n] for n in names1] or [0])[side1],
        side2=np.array([number[n] for n in names2] or [0])[side2],
        sides=cast("list[tuple[str | None, str | None, str | None]]", sides),
        place=_coded([table["country"], table["admin1"], table["location"]])[0],
        place_name=named_places[0],
        units=named_places[1:],
        unit=np.where(named[unit], unit, -1),
        country=_numbered(table["country"])[0],
        whole_country=_plain(pc.starts_with(table["place_id"].cast(pa.string()), "iso:"), False, np.bool_),
        latitude=_plain(table["latitude"], np.nan, np.float64),
        longitude=_plain(table["longitude"], np.nan, np.float64),
        precision=_plain(table["geo_precision"], 3, np.int64),
        first=_plain(table["date_start"].cast(pa.int32()), 0, np.int64),
        last=_plain(table["date_end"].cast(pa.int32()), 0, np.int64),
        dead=_plain(table["fatalities_best"].cast(pa.float64()), np.nan, np.float64),
        estimated=_plain(table["fatalities_estimated"], False, np.bool_),
        injured=_plain(table["injured_low"].cast(pa.float64()), np.nan, np.float64),
    )
