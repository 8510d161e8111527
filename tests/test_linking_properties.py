"""Linking: what holds for any claims, in whatever order they come."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.link_bench import b_cubed, events_of, pairwise
from benchmarks.link_claims import generate
from coder.codebook import inter_number
from coder.linking import LinkResult, Options, link
from coder.linking.accounts import read_accounts
from coder.linking.blocks import candidate_pairs
from coder.linking.cluster import components, groups
from coder.linking.evidence import IMPOSSIBLE, Comparer
from coder.linking.sides import likeness, parse

DAY = date(2017, 8, 1)
PLACES = (
    ("Oldtown", "North", 34.00, 40.00, 1),
    ("Oldtown", "North", 34.00, 40.00, 2),
    ("Oldtown", "North", 34.00, 40.00, 3),
    ("Mill", "North", 34.04, 40.03, 1),
    ("Newport", "South", 33.52, 40.01, 1),
    ("Farside", "South", 33.10, 41.90, 1),
)
SIDES = (
    ("Military Forces of Syria (2000-2024)", "State forces"),
    ("Free Brigades", "Rebel group"),
    ("Opposition Rebels (Syria)", "Rebel group"),
    ("Unidentified Armed Group (Syria)", "Political militia"),
    ("Civilians (Syria)", "Civilians"),
    (None, None),
)
TYPES = (
    "Armed clash",
    "Government regains territory",
    "Air/drone strike",
    "Suicide bomb",
    "Attack",
    "Arrests",
)


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Claims crowded into few days and places, so that many of them can join."""
    out = []
    for n in range(draw(st.integers(0, 14))):
        name, unit, lat, lon, precision = draw(st.sampled_from(PLACES))
        one, two = draw(st.sampled_from(SIDES)), draw(st.sampled_from(SIDES))
        start = DAY + timedelta(draw(st.integers(0, 4)))
        dead = draw(st.sampled_from((None, 0, 3, 40)))
        article = draw(st.sampled_from("abcde"))
        out.append({
            "claim_id": f"{article}:{n}", "article_id": article, "kind": "event",
            "start": 10 * n, "end": 10 * n + 9,
            "modality": draw(st.sampled_from(("asserted", "asserted", "asserted", "denied", "planned"))),
            "source_claimant": draw(st.sampled_from(("AFP", "Army", "Monitor"))),
            "claimant_type": draw(st.sampled_from(("media", "state", "ngo", "rebel"))),
            "claimant_side": draw(st.sampled_from(("none", "actor1", "actor2"))),
            "responsibility": draw(st.sampled_from(("reported", "claimed", "denied", "accused"))),
            "sub_event_type": draw(st.sampled_from(TYPES)), "actor1": one[0], "inter1": inter_number(one[1]),
            "actor2": two[0], "inter2": inter_number(two[1]), "location": name, "admin1": unit,
            "country": "Syria", "iso": 760, "region": "Middle East",
            "latitude": lat, "longitude": lon, "geo_precision": precision,
            "date_start": start, "date_end": start + timedelta(draw(st.sampled_from((0, 0, 0, 1, 6)))),
            "fatalities_best": dead, "fatalities_low": dead, "fatalities_high": dead,
            "fatalities_shared": draw(st.booleans()),
        })  # fmt: skip
    return out


def same(one: LinkResult, other: LinkResult) -> bool:
    tables = one.events.equals(other.events) and one.event_claims.equals(other.event_claims)
    return tables and (one.id_changes, one.unattached) == (other.id_changes, other.unattached)


@settings(max_examples=60, deadline=None)
@given(rows(), st.randoms())
def test_order_does_not_matter(claims: list[dict[str, Any]], random: Any) -> None:
    articles = [
        {"article_id": name, "outlet": f"Paper {name}", "text": "one two three four five six"} for name in "abcde"
    ]
    expected = link(claims, articles)
    random.shuffle(claims)
    random.shuffle(articles)
    assert same(link(claims, articles), expected)


@settings(max_examples=60, deadline=None)
@given(rows())
def test_every_asserted_claim_is_in_one_event(claims: list[dict[str, Any]]) -> None:
    result = link(claims)
    joined = result.event_claims["claim_id"].to_pylist()
    asserted = {c["claim_id"] for c in claims if c["modality"] == "asserted"}
    denied = {c["claim_id"] for c in claims if c["modality"] == "denied"}
    assert len(joined) == len(set(joined))
    assert set(joined) | set(result.unattached) == asserted | denied
    assert asserted.isdisjoint(result.unattached)
    told = {row["claim_id"]: row["role"] for row in result.event_claims.to_pylist()}
    assert {c for c, role in told.items() if role == "denies"} == denied & set(joined)
    supported = {row["event_id_cnty"] for row in result.event_claims.to_pylist() if row["role"] != "denies"}
    assert supported == set(result.events["event_id_cnty"].to_pylist())


@settings(max_examples=40, deadline=None)
@given(rows())
def test_linking_again_with_its_own_ids_changes_nothing(claims: list[dict[str, Any]]) -> None:
    first = link(claims)
    assert same(link(claims, previous=first.event_claims), first)


@settings(max_examples=40, deadline=None)
@given(rows())
def test_the_dead_lie_between_low_and_high(claims: list[dict[str, Any]]) -> None:
    for rule in ("conservative", "median", "max", "trusted:ngo"):
        for event in link(claims, options=Options(fatalities=rule)).events.to_pylist():
            if event["fatalities_low"] is None:
                assert event["fatalities"] == 0
            else:
                assert event["fatalities_low"] <= event["fatalities"] <= event["fatalities_high"]


@settings(max_examples=60, deadline=None)
@given(rows())
def test_contested_does_not_hang_on_the_order_of_the_sides(
    claims: list[dict[str, Any]],
) -> None:
    """Every account turned round: the same events, contested on the same columns."""
    for claim in claims:
        claim["sub_event_type"], claim["claimant_side"] = "Armed clash", "none"
    turned = [
        c | {"actor1": c["actor2"], "inter1": c["inter2"], "actor2": c["actor1"], "inter2": c["inter1"]} for c in claims
    ]
    one, other = link(claims), link(turned)
    assert one.event_claims.select(["event_id_cnty", "claim_id"]).equals(
        other.event_claims.select(["event_id_cnty", "claim_id"])
    )
    contested = [[bool(text) for text in r.events["contested"].to_pylist()] for r in (one, other)]
    assert contested[0] == contested[1]


@settings(max_examples=60, deadline=None)
@given(rows())
def test_blocks_leave_out_only_what_cannot_be_one_event(claims: list[dict[str, Any]]) -> None:
    accounts = read_accounts(claims)
    found = [
        pair
        for left, right in candidate_pairs(accounts, np.ones(len(accounts), dtype=bool))
        for pair in zip(left.tolist(), right.tolist(), strict=True)
    ]
    assert len(found) == len(set(found)) and all(a < b for a, b in found)
    n = len(accounts)
    left, right = np.triu_indices(n, 1)
    comparer = Comparer(accounts, accounts.article)
    gap = np.maximum(accounts.first[left], accounts.first[right]) - np.minimum(
        accounts.last[left], accounts.last[right]
    )
    possible = (comparer.weigh(left, right) > IMPOSSIBLE / 2) & (gap <= 1)
    assert set(zip(left[possible].tolist(), right[possible].tolist(), strict=True)) <= set(found)


@given(st.sampled_from(SIDES), st.sampled_from(SIDES))
def test_likeness_is_symmetric(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> None:
    a, b = parse((*one, None)), parse((*other, None))
    assert likeness(a, b) == likeness(b, a) <= likeness(a, a)


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=30))
def test_components_are_those_of_the_graph(edges: list[tuple[int, int]]) -> None:
    neighbours: dict[int, set[int]] = {n: {n} for n in range(20)}
    for a, b in edges:
        union = neighbours[a] | neighbours[b]
        for n in union:
            neighbours[n] = union
    left = np.array([a for a, _ in edges], dtype=np.int64)
    right = np.array([b for _, b in edges], dtype=np.int64)
    assert components(20, left, right).tolist() == [min(neighbours[n]) for n in range(20)]


def test_no_chain_joins_what_does_not_fit() -> None:
    left, right = np.array([0, 1, 0]), np.array([1, 2, 2])
    weak = groups(3, left, right, np.array([2.0, 2.0, -9.0]))
    assert sorted(map(len, weak)) == [1, 2]
    never = groups(3, left, right, np.array([90.0, 90.0, -np.inf]))
    assert sorted(map(len, never)) == [1, 2]


def test_scores_of_known_groupings() -> None:
    assert pairwise(["x", "x", "y", "y"], ["x", "x", "y", "y"])[2] == 1
    assert pairwise(["x", "x", "x", "y"], ["x", "x", "z", "y"])[:2] == (1 / 3, 1)
    assert b_cubed(["x", "x"], ["y", "z"])[:2] == (0.5, 1)


def test_made_claims_link_as_they_should() -> None:
    made = generate(4_000, seed=3)
    result = link(made.claims, made.article_batches())
    found = events_of(made.claims["claim_id"].to_pylist(), result.event_claims)
    assert pairwise(found, made.labels)[2] >= 0.93
