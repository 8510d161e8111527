"""The schemas: in step with the codebook and the model, loadable by pandera alone; what the rules catch."""

import dataclasses
from datetime import date
from typing import Any

import pandas as pd
import pytest

from coder import codebook
from coder.dataset.rules import Country, countries, outside
from coder.dataset.tables import TABLES, arrow_schema, claim_column, column_names, columns, pandera_schema, to_arrow
from coder.dataset.validate import to_frame, validate
from coder.model import Claim, Event, Evidence
from coder.paths import schemas_dir

ACLED = [
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
    "civilian_targeting",
    "iso",
    "region",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "notes",
    "fatalities",
    "tags",
    "timestamp",
]

VOCABULARY = {
    "kind": "kinds",
    "modality": "modality",
    "claimant_type": "claimant_types",
    "claimant_side": "claimant_sides",
    "responsibility": "responsibility",
    "source_channel": "channels",
    "disorder_type": "disorder_types",
    "event_type": "event_types",
    "sub_event_type": "sub_event_types",
    "civilian_targeting": "civilian_targeting",
    "inter1": "inter",
    "inter2": "inter",
    "region": "regions",
    "review_status": "review_status",
    "grade": "grades",
    "role": "event_claim_roles",
    "stage": "reject_stages",
}


@pytest.mark.parametrize("table", TABLES)
def test_closed_lists_are_the_codebooks(table: str) -> None:
    for column in columns(table):
        allowed = column.checks.get("isin")
        if column.vocabulary:
            assert tuple(allowed) == tuple(codebook.labels(column.vocabulary))
        elif column.name in VOCABULARY:
            assert tuple(allowed) == codebook.names(VOCABULARY[column.name])
        elif column.name == "interaction":
            assert tuple(allowed) == codebook.interactions()
        elif column.name == "column":
            assert tuple(allowed) == column_names("claims")
        elif column.name != "language":
            assert allowed is None


def test_kinds_of_sides_are_explained_where_their_numbers_stand() -> None:
    for column in columns("claims"):
        if column.name in ("inter1", "inter2"):
            assert column.vocabulary == "inter"
            for name in codebook.names("inter"):
                assert f"{codebook.inter_number(name)} {name}" in column.description


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described(table: str) -> None:
    for column in columns(table):
        assert column.title and len(column.title) <= 80
        assert column.description.endswith(".")
        assert column.source
        assert set(column.evidence) <= set(column_names("claims"))


def test_claims_are_the_models() -> None:
    assert {f.name for f in dataclasses.fields(Claim)} - {"evidence"} == set(column_names("claims"))
    assert {f.name for f in dataclasses.fields(Evidence)} | {"claim_id"} == set(column_names("evidence"))


def test_events_are_acleds_export_then_ours() -> None:
    assert list(column_names("events")[:31]) == ACLED
    assert tuple(f.name for f in dataclasses.fields(Event)) == column_names("events")


@pytest.mark.parametrize("table", TABLES)
def test_pandera_alone_loads_and_applies_a_schema(table: str) -> None:
    import pandera.pandas as pa

    schema = pa.DataFrameSchema.from_yaml(schemas_dir() / f"{table}.yaml")
    assert tuple(schema.columns) == column_names(table)
    empty = arrow_schema(table).empty_table().to_pandas()
    assert list(schema.validate(empty).columns) == list(column_names(table))
    assert pandera_schema(table).columns.keys() == schema.columns.keys()


def test_pandera_alone_reads_the_plain_csv(tmp_path: Any) -> None:
    import pandera.pandas as pa

    path = tmp_path / "claims.csv"
    good()["claims"].to_csv(path, index=False)
    checked = pa.DataFrameSchema.from_yaml(schemas_dir() / "claims.yaml").validate(pd.read_csv(path))
    assert checked["date_start"].iloc[0] == date(2016, 6, 14)


def test_sub_events_know_their_types() -> None:
    assert len(codebook.names("sub_event_types")) == 25
    for entry in codebook.entries("sub_event_types"):
        assert entry.event_type in codebook.names("event_types")
        assert entry.disorder_type in codebook.names("disorder_types")
        assert set(entry.crosswalk) == {"cameo", "plover", "ucdp", "gtd"}
        assert codebook.disorder_type(codebook.event_type_of(entry.name), entry.name) == entry.disorder_type
    with pytest.raises(codebook.CodebookError, match="belongs to"):
        codebook.disorder_type("Battles", "Attack")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Rebel group", "State forces", "State forces-Rebel group"),
        ("Protesters", None, "Protesters only"),
        (None, "Civilians", "Civilians only"),
        (None, None, None),
    ],
)
def test_interaction(one: str | None, other: str | None, expected: str | None) -> None:
    assert codebook.interaction(one, other) == expected


def test_a_misspelt_key_of_the_codebook_is_an_error(tmp_path: Any) -> None:
    path = tmp_path / "codebook.yaml"
    path.write_text('version: "1"\nkinds:\n- {name: a, definition: b., example: c, exmaple: d}\n')
    with pytest.raises(codebook.CodebookError, match="unknown key 'exmaple'; legal: code"):
        codebook.load(path)


TEXT = "Shells on the old town\nThe army shelled the old town of Aleppo, killing two people."


def good() -> dict[str, pd.DataFrame]:
    """One article with one event claim and one statement, in order in every respect."""
    import hashlib

    article = {
        "article_id": "a1",
        "outlet": "AFP",
        "language": "en",
        "text": TEXT,
        "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        "n_claims": 2,
    }
    common = {
        "article_id": "a1",
        "language": "en",
        "modality": "asserted",
        "background": False,
        "claimant_side": "none",
        "engine": "rules",
        "codebook_version": "1.0",
        "knowledge_hash": "k",
        "review_status": "machine",
    }
    event = common | {
        "claim_id": "a1:1",
        "kind": "event",
        "sentence": 1,
        "start": 23,
        "end": len(TEXT),
        "text": TEXT[23:],
        "source_claimant": "AFP",
        "claimant_type": "media",
        "disorder_type": "Political violence",
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack",
        "actor1": "Military Forces of Syria (2000-2024)",
        "inter1": 1,
        "inter2": 0,
        "interaction": "State forces only",
        "location": "Aleppo",
        "country": "Syria",
        "iso": 760,
        "region": "Middle East",
        "latitude": 36.2,
        "longitude": 37.16,
        "geo_precision": 1,
        "event_date": date(2016, 6, 14),
        "date_start": date(2016, 6, 14),
        "date_end": date(2016, 6, 14),
        "time_precision": 1,
        "fatalities_best": 2,
        "fatalities_low": 2,
        "fatalities_high": 2,
    }
    statement = common | {
        "claim_id": "a1:2",
        "kind": "statement",
        "sentence": 0,
        "start": 0,
        "end": 22,
        "text": TEXT[:22],
    }
    evidence = [
        {"claim_id": "a1:1", "column": name, "start": 23, "end": 31, "text": "The army", "rule": "en.rule"}
        for name in ("source_claimant", "event_type", "actor1", "location", "date_start", "fatalities_best")
    ]
    evidence[0] |= {"start": None, "end": None, "text": "AFP", "rule": "outlet"}
    rows = {"articles": [article], "claims": [event, statement], "evidence": evidence}
    return {table: to_frame(to_arrow(table, rows[table])) for table in rows}


def test_the_good_rows_are_good() -> None:
    assert validate(good()) == []


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "at", "rule"),
    [
        ("claims", 0, "modality", "maybe", "modality", "isin"),
        ("claims", 0, "claim_id", "a1-1", "claim_id", "str_matches"),
        ("claims", 0, "latitude", 97.0, "latitude", "in_range"),
        ("claims", 0, "text", None, "text", "not_nullable"),
        ("claims", 0, "fatalities_low", -1, "fatalities_low", "greater_than_or_equal_to"),
        ("claims", 1, "claim_id", "a1:1", "claim_id", "field_uniqueness"),
        ("claims", 0, "sub_event_type", "Attack", "event_type", "types-agree"),
        ("claims", 0, "disorder_type", "Demonstrations", "disorder_type", "types-agree"),
        ("claims", 0, "actor2", "Civilians (Syria)", "inter2", "sides-agree"),
        ("claims", 0, "inter1", 9, "inter1", "isin"),
        ("claims", 0, "inter1", 0, "inter1", "sides-agree"),
        ("claims", 0, "inter2", None, "inter2", "kinds-complete"),
        ("claims", 1, "inter2", 0, "inter2", "kinds-complete"),
        ("claims", 0, "interaction", "Civilians only", "interaction", "sides-agree"),
        ("claims", 0, "fatalities_low", 3, "fatalities_low", "numbers-in-order"),
        ("claims", 0, "fatalities_actor1", 3, "fatalities_actor1", "numbers-in-order"),
        ("claims", 0, "date_start", date(2016, 6, 15), "date_start", "dates-in-order"),
        ("claims", 0, "event_date", date(2016, 6, 11), "event_date", "dates-in-order"),
        ("claims", 0, "date_end", date(2016, 6, 15), "time_precision", "dates-in-order"),
        ("claims", 0, "latitude", 48.0, "latitude", "place-in-country"),
        ("claims", 0, "longitude", None, "latitude", "place-in-country"),
        ("claims", 0, "country", "Assyria", "country", "place-in-country"),
        ("claims", 0, "iso", 368, "iso", "place-in-country"),
        ("claims", 0, "region", "Europe", "region", "place-in-country"),
        ("claims", 0, "country", None, "country", "kinds-complete"),
        ("claims", 0, "time_precision", None, "time_precision", "kinds-complete"),
        ("claims", 1, "location", "Aleppo", "location", "kinds-complete"),
        ("claims", 0, "article_id", "a2", "article_id", "references-exist"),
        ("claims", 0, "article_id", "a2", "claim_id", "spans-hold"),
        ("claims", 0, "end", 5000, "text", "spans-hold"),
        ("claims", 0, "start", 22, "text", "spans-hold"),
        ("claims", 0, "actor2_text", "people", "actor2_text", "values-grounded"),
        ("claims", 1, "source_platform", "Telegram", "source_platform", "values-grounded"),
        ("claims", 1, "background", True, "background", "values-grounded"),
        ("evidence", 1, "text", "the army", "text", "spans-hold"),
        ("evidence", 1, "start", None, "start", "spans-hold"),
        ("evidence", 1, "claim_id", "a1:9", "claim_id", "references-exist"),
        ("evidence", 1, "column", "colour", "column", "isin"),
        ("articles", 0, "n_claims", 3, "n_claims", "articles-hold"),
        ("articles", 0, "sha256", "0" * 64, "sha256", "articles-hold"),
    ],
)
def test_what_is_wrong_is_found(table: str, row: int, column: str, value: Any, at: str, rule: str) -> None:
    frames = good()
    frames[table].loc[row, column] = value
    found = {(failure.table, failure.column, failure.rule) for failure in validate(frames)}
    assert (table, at, rule) in found


def test_a_failure_names_record_value_and_remedy() -> None:
    frames = good()
    frames["claims"].loc[0, "claimant_type"] = "ghost"
    (failure,) = validate(frames)
    assert (failure.row, failure.record, failure.value) == (0, "a1:1", "ghost")
    assert failure.reason().startswith("claimant_type 'ghost' expected one of: state, rebel, militia")


@pytest.mark.parametrize("kind", ["State forces", "9", "400"])
def test_a_kind_of_side_that_is_no_number_of_the_codebook_is_told_them(kind: str) -> None:
    claims = good()["claims"]
    claims["inter1"] = claims["inter1"].astype("string")
    claims.loc[0, "inter1"] = kind
    reasons = [failure.reason() for failure in validate({"claims": claims})]
    expected = f"inter1 '{kind}' expected a number of the codebook: 0 (none), 1 (State forces), 2 (Rebel group)"
    assert any(reason.startswith(expected) for reason in reasons)


def test_a_claim_is_stored_with_the_numbers_of_its_sides() -> None:
    event = Claim(**{f.name: None for f in dataclasses.fields(Claim)} | {"kind": "event", "inter1": "Rioters"})  # type: ignore[arg-type]
    statement = dataclasses.replace(event, kind="statement", inter1=None)
    assert claim_column("inter1", [event, statement]) == [5, None]
    assert claim_column("inter2", [event, statement]) == [0, None]
    with pytest.raises(codebook.CodebookError, match="no kind of side 'Rebels'; legal: State forces"):
        claim_column("inter1", [dataclasses.replace(event, inter1="Rebels")])


def test_missing_unknown_and_disordered_columns_are_named() -> None:
    claims = good()["claims"]
    rules = {failure.rule for failure in validate({"claims": claims.drop(columns="text").assign(colour="red")})}
    assert rules == {"column-missing", "column-unknown"}
    (failure,) = validate({"claims": claims[claims.columns[::-1]]})
    assert failure.rule == "column-order"


def test_values_of_another_type_are_found_row_by_row() -> None:
    claims = good()["claims"].astype(object)
    claims.loc[0, ["sentence", "latitude", "background", "date_start"]] = [
        "first",
        "north",
        "often",
        "yesterday",
    ]
    found = {failure.column: failure.message for failure in validate({"claims": claims}) if failure.rule == "type"}
    assert found == {
        "sentence": "expected a whole number",
        "latitude": "expected a number",
        "background": "expected true or false",
        "date_start": "expected a date, YYYY-MM-DD",
    }


def test_failures_are_capped_for_each_rule_of_each_column() -> None:
    many = {name: pd.concat([frame] * 500, ignore_index=True) for name, frame in good().items()}
    many["claims"]["modality"] = "maybe"
    failures = validate(many, cap=7)
    counts = pd.Series([(f.table, f.column, f.rule) for f in failures]).value_counts()
    assert counts.max() == 7


def test_boxes_hold_across_the_180th_meridian() -> None:
    for name, country in countries().items():
        assert country.south < country.north, name
    islands = Country(242, "Oceania", -21.0, 176.8, -12.2, -178.2)
    assert not outside(islands, -17.8, 178.4)
    assert not outside(islands, -17.8, -179.5)
    assert outside(islands, -17.8, 0.0)
    assert not outside(islands, None, 0.0)
