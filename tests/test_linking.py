"""Linking: which claims join, and what the event of them says. All claims here are made up."""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from coder.dataset.tables import arrow_schema
from coder.dataset.validate import to_frame, validate
from coder.linking import IdChange, LinkError, LinkResult, Options, link

DAY = date(2019, 4, 12)
ARMY, REBELS = "Military Forces of Libya (2014-2021)", "Islamic State (Libya)"
BASE: dict[str, Any] = {
    "kind": "event",
    "modality": "asserted",
    "start": 0,
    "end": 40,
    "source_claimant": "AFP",
    "claimant_type": "media",
    "claimant_side": "none",
    "responsibility": "reported",
    "source_outlet": "AFP",
    "sub_event_type": "Armed clash",
    "actor1": REBELS,
    "inter1": 2,
    "actor2": ARMY,
    "inter2": 1,
    "location": "Sirte",
    "admin1": "Sirte",
    "country": "Libya",
    "iso": 434,
    "region": "Northern Africa",
    "latitude": 31.2089,
    "longitude": 16.5887,
    "geo_precision": 1,
    "date_start": DAY,
    "date_end": DAY,
}
PREFIXES = {434: "LBY"}


def claim(claim_id: str, **changes: Any) -> dict[str, Any]:
    return {**BASE, "claim_id": claim_id, "article_id": claim_id.rpartition(":")[0], **changes}


def article(article_id: str, outlet: str, text: str = "", published: date = DAY) -> dict[str, Any]:
    return {"article_id": article_id, "outlet": outlet, "text": text, "published": published}


def linked(*claims: dict[str, Any], articles: Any = (), previous: Any = (), **options: Any) -> LinkResult:
    result = link(claims, articles, Options(prefixes=PREFIXES, **options), previous)
    frames = {
        "events": to_frame(result.events.cast(arrow_schema("events"))),
        "event_claims": to_frame(result.event_claims.cast(arrow_schema("event_claims"))),
    }
    assert [failure.reason() for failure in validate(frames)] == []
    return result


def parts(result: LinkResult) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for row in result.event_claims.to_pylist():
        groups.setdefault(row["event_id_cnty"], set()).add(row["claim_id"])
    return {frozenset(group) for group in groups.values()}


def only_event(result: LinkResult) -> dict[str, Any]:
    assert result.events.num_rows == 1
    row: dict[str, Any] = result.events.to_pylist()[0]
    return row


def roles(result: LinkResult) -> dict[str, str]:
    return {row["claim_id"]: row["role"] for row in result.event_claims.to_pylist()}


SIDE_OF_ARMY = {"source_claimant": "Army command", "claimant_type": "state"}
SIDE_OF_REBELS = {"source_claimant": REBELS, "claimant_type": "rebel"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"geo_precision": 2},
        {"geo_precision": 3},
        {"date_start": DAY - timedelta(2), "date_end": DAY + timedelta(1)},
        {"date_start": DAY - timedelta(1), "date_end": DAY - timedelta(1), "fatalities_best": 12},
        {"actor1": "Unidentified Armed Group (Libya)", "inter1": 3},
        {"actor1": ARMY, "inter1": 1, "actor2": REBELS, "inter2": 2},
        {"actor2": None, "inter2": None},
        {"sub_event_type": "Government regains territory"},
        {"fatalities_best": 40},
        {"actor2": f"{ARMY} Gendarmerie"},
        {"actor2": "Popular Guard (Libya)", "inter2": 3},
    ],
)
def test_accounts_that_can_be_one_event_join(changes: dict[str, Any]) -> None:
    first = claim("a:1", fatalities_best=12)
    assert parts(linked(first, claim("b:1", source_claimant="Reuters", **changes))) == {frozenset({"a:1", "b:1"})}


@pytest.mark.parametrize(
    "changes",
    [
        {"location": "Benghazi", "admin1": "Benghazi", "latitude": 32.11, "longitude": 20.07},
        {"date_start": DAY + timedelta(5), "date_end": DAY + timedelta(5)},
        {"sub_event_type": "Peaceful protest", "actor1": "Protesters (Libya)", "inter1": 6},
        {"sub_event_type": "Arrests"},
        {"country": "Tunisia", "iso": 788, "latitude": 33.2, "longitude": 11.3, "admin1": None},
        {"actor1": "Rioters (Libya)", "inter1": 5, "sub_event_type": "Mob violence"},
        {"actor1": "Northern Front", "actor2": "Popular Guard (Libya)", "inter2": 3},
    ],
)
def test_what_differs_in_day_place_or_type_is_another_event(changes: dict[str, Any]) -> None:
    assert len(parts(linked(claim("a:1"), claim("b:1", **changes)))) == 2


def test_one_article_names_two_places_for_two_events() -> None:
    farm, suburb = claim("a:1", location="Abu Zahiyan", actor1=None), {"location": "Abu Hadi", "latitude": 31.16}
    assert len(parts(linked(farm, claim("a:2", source_claimant="Reuters", **suburb)))) == 2
    assert len(parts(linked(farm, claim("b:1", source_claimant="Reuters", **suburb)))) == 1


def test_one_source_tells_of_one_event_once() -> None:
    assert len(parts(linked(claim("a:1", fatalities_best=3), claim("a:2", fatalities_best=8)))) == 2
    assert len(parts(linked(claim("a:1", fatalities_best=3), claim("a:2", fatalities_best=3)))) == 1


def test_a_province_does_not_chain_two_towns() -> None:
    town = {"location": "Bin Jawad", "latitude": 30.80, "longitude": 18.08}
    province = [claim(f"p{n}:1", geo_precision=3, source_claimant=f"Voice {n}") for n in range(3)]
    found = parts(linked(claim("a:1"), claim("b:1", **town), *province))
    assert not any({"a:1", "b:1"} <= group for group in found)


def test_opposed_accounts_make_one_contested_event() -> None:
    swapped = {"actor1": ARMY, "inter1": 1, "actor2": REBELS, "inter2": 2}
    army = claim("a:1", claimant_side="actor2", fatalities_best=50, **SIDE_OF_ARMY)
    rebels = claim("b:1", claimant_side="actor2", fatalities_best=2, **(swapped | SIDE_OF_REBELS))
    result = linked(army, rebels)
    event = only_event(result)
    assert event["grade"] == "Contested"
    assert f"actor1: {REBELS} [Army command] | {ARMY} [{REBELS}]" in event["contested"]
    assert f"fatalities: 2 [{REBELS}] | 50 [Army command]" in event["contested"]
    assert (event["fatalities"], event["fatalities_low"], event["fatalities_high"]) == (2, 2, 50)
    assert sorted(roles(result).values()) == ["disputes", "supports"]


def test_denials_attach_and_never_make_events() -> None:
    denied = {"modality": "denied", "responsibility": "denied", "claimant_side": "actor1"}
    result = linked(claim("a:1"), claim("b:1", **denied, **SIDE_OF_REBELS))
    assert roles(result) == {"a:1": "supports", "b:1": "denies"}
    event = only_event(result)
    assert event["grade"] == "Contested" and event["n_claims"] == 2
    assert "modality: asserted [AFP] | denied" in event["contested"]
    alone = linked(claim("b:1", **denied))
    assert alone.events.num_rows == 0 and alone.unattached == ("b:1",)


def test_an_event_that_only_a_side_tells_and_others_deny_is_discounted() -> None:
    told = claim("a:1", claimant_side="actor2", responsibility="accused", **SIDE_OF_ARMY)
    denied = claim("b:1", modality="denied", source_claimant="UN mission", claimant_type="io")
    assert only_event(linked(told, denied))["grade"] == "Discounted"


@pytest.mark.parametrize("modality", ["planned", "hypothetical"])
def test_what_has_not_happened_stays_out(modality: str) -> None:
    assert linked(claim("a:1", modality=modality)).event_claims.num_rows == 0
    assert linked({**claim("a:1"), "kind": "statement"}).event_claims.num_rows == 0


def test_a_claim_of_responsibility_joins_the_attack_that_it_claims() -> None:
    hidden = {"actor1": "Unidentified Armed Group (Libya)", "inter1": 3}
    bomb = claim("a:1", sub_event_type="Suicide bomb", fatalities_best=6, **hidden)
    late = DAY + timedelta(2)
    owned = claim("b:1", sub_event_type="Suicide bomb", responsibility="claimed", claimant_side="actor1",
                  date_start=late, date_end=late, **SIDE_OF_REBELS)  # fmt: skip
    event = only_event(linked(bomb, owned))
    assert event["actor1"] == REBELS and event["event_date"] == DAY and event["grade"] == "Confirmed"


TEXT = " ".join(f"word{n}" for n in range(80))


def test_copies_of_one_wire_are_one_origin() -> None:
    own = [claim(f"{n}:1", source_claimant=None, source_outlet=f"Paper {n}") for n in "abc"]
    copies = [article(n, f"Paper {n}", TEXT + " end" * (n == "c")) for n in "abc"]
    event = only_event(linked(*own, articles=copies))
    assert (event["n_outlets"], event["n_articles"], event["n_claims"]) == (1, 3, 3)
    assert event["grade"] == "Weak"
    apart = [article(n, f"Paper {n}", " ".join(f"{n}{k}" for k in range(80))) for n in "abc"]
    event = only_event(linked(*own, articles=apart))
    assert event["n_outlets"] == 3 and event["grade"] == "Fair"


def test_an_agency_is_one_origin_in_whichever_papers() -> None:
    event = only_event(linked(claim("a:1"), claim("b:1"), articles=[article("a", "One"), article("b", "Two")]))
    assert event["n_outlets"] == 1 and event["source"] == "AFP"


def test_a_copy_that_hides_its_agency_is_still_of_that_agency() -> None:
    credited, silent = claim("a:1"), claim("b:1", source_claimant=None, source_outlet="Two")
    event = only_event(linked(credited, silent, articles=[article("a", "One", TEXT), article("b", "Two", TEXT)]))
    assert event["n_outlets"] == 1


@pytest.mark.parametrize(
    ("rule", "dead"),
    [("conservative", 4), ("median", 4), ("max", 30), ("trusted:io", 9), ("trusted:expert", 4)],
)
def test_rules_for_the_dead(rule: str, dead: int) -> None:
    tolls = [("media", "AFP", 4), ("io", "UN mission", 9), ("rebel", REBELS, 1), ("state", "Ministry", 30)]
    told = [claim(f"{n}:1", claimant_type=kind, source_claimant=who, fatalities_best=best)
            for n, (kind, who, best) in enumerate(tolls)]  # fmt: skip
    event = only_event(linked(*told, fatalities=rule))
    assert (event["fatalities"], event["fatalities_low"], event["fatalities_high"]) == (dead, 1, 30)


@pytest.mark.parametrize("rule", ["lowest", "trusted", "trusted:", "trusted:ngo,experts", "max:ngo"])
def test_an_unknown_rule_is_named_with_the_legal_ones(rule: str) -> None:
    with pytest.raises(LinkError, match=f"'{rule}'; legal: conservative, median, max.*ngo, media"):
        link([], options=Options(fatalities=rule))


def test_a_shared_toll_is_divided_over_its_places() -> None:
    towns = [("Sirte", 31.21, 16.59), ("Benghazi", 32.11, 20.07), ("Tripoli", 32.89, 13.19)]
    told = [claim(f"a:{n}", location=name, admin1=name, latitude=lat, longitude=lon, fatalities_best=10,
                  fatalities_low=10, fatalities_high=10, fatalities_shared=True)
            for n, (name, lat, lon) in enumerate(towns)]  # fmt: skip
    result = linked(*told)
    assert sorted(result.events["fatalities"].to_pylist()) == [3, 3, 4]


def test_the_finest_place_and_day_are_taken() -> None:
    week = {"date_start": DAY - timedelta(3), "date_end": DAY + timedelta(3)}
    event = only_event(linked(claim("a:1", geo_precision=3, **week), claim("b:1", location="Sirte"),
                              claim("c:1", geo_precision=2, **week)))  # fmt: skip
    assert (event["geo_precision"], event["time_precision"], event["event_date"]) == (1, 1, DAY)
    assert (event["date_start"], event["date_end"]) == (DAY, DAY)


def test_sides_go_by_independent_voices_not_by_copies() -> None:
    other = {"actor1": "Free Brigades", "inter1": 2}
    loud = [claim(f"a{n}:1", **other, source_claimant="Army command", claimant_type="state") for n in range(4)]
    calm = [claim(f"b{n}:1", source_claimant=f"Monitor {n}", claimant_type="ngo") for n in range(2)]
    events = linked(*loud, *calm).events.to_pylist()
    assert {event["actor1"] for event in events if event["n_claims"] != 4} == {REBELS}


def test_the_note_reads_as_a_sentence_and_comes_from_the_codes() -> None:
    event = only_event(linked(claim("a:1", source_claimant="Army command", claimant_type="state", fatalities_best=7)))
    assert event["notes"] == (
        f"On 12 April 2019, {REBELS} clashed with {ARMY} in Sirte (Libya), "
        "according to AFP citing Army command. 7 fatalities."
    )


def test_scale_and_timestamp() -> None:
    told = [claim("a:1"), claim("b:1", source_outlet="Town Paper"), claim("c:1", source_outlet="Unheard of")]
    scales = {"AFP": "International", "Town Paper": "Subnational"}
    event = only_event(linked(*told, scales=scales, articles=[article("a", "One", published=date(2019, 4, 14))]))
    assert event["source_scale"] == "Subnational-International"
    assert event["timestamp"] == 1555200000
    assert only_event(linked(claim("a:1")))["timestamp"] == 1555027200  # no article has a date: the last day told of
    assert only_event(linked(claim("a:1"), timestamp=5))["timestamp"] == 5


def test_an_outlet_is_one_source_by_whatever_name_it_is_given() -> None:
    called = {"afp.com": "AFP", "فرانس برس": "AFP", "twitter.com": "Twitter"}
    told = [claim(f"{n}:1", source_outlet=name) for n, name in enumerate(("AFP", "https://www.AFP.com/", "فرانس برس"))]
    options: dict[str, Any] = {"outlets": called, "scales": {"AFP": "International", "twitter.com": "New media"}}
    event = only_event(linked(*told, **options))
    assert (event["source"], event["n_outlets"], event["source_scale"]) == ("AFP", 1, "International")
    for account in ("@front_line", "twitter.com/front_line"):
        posted = only_event(linked(claim("p:1", source_outlet=account), *told, **options))
        assert set(posted["source"].split("; ")) == {"AFP", account}
        assert (posted["n_outlets"], posted["source_scale"]) == (2, "New media-International")
    own = only_event(linked(*told, articles=[article(str(n), "afp.com") for n in range(3)], **options))
    assert own["n_outlets"] == 1
    assert only_event(linked(claim("u:1", source_outlet="Unheard of")))["source_scale"] == "Other"
    voice = only_event(linked(claim("v:1", source_claimant="afp.com", source_outlet="فرانس برس"), **options))
    assert voice["claimants"] == "AFP" and "according to AFP." in voice["notes"]


def test_ids_survive_new_articles_and_changes_are_told() -> None:
    first = linked(claim("b:1"))
    name = only_event(first)["event_id_cnty"]
    assert name.startswith("LBY")
    more = linked(claim("a:1"), claim("b:1"), claim("c:1"), previous=first.event_claims)
    assert only_event(more)["event_id_cnty"] == name and more.id_changes == ()


def test_merges_splits_and_removals_are_told() -> None:
    names = {"x:1": "LBY1", "y:1": "LBY2", "z:1": "LBY3"}
    previous = [{"claim_id": c, "event_id_cnty": e} for c, e in names.items()]
    merged = linked(claim("x:1"), claim("y:1"), previous=previous)
    assert only_event(merged)["event_id_cnty"] == "LBY1"
    assert merged.id_changes == (IdChange("merged", "LBY2", "LBY1"), IdChange("removed", "LBY3", None))
    far = {"location": "Ghat", "admin1": "Ghat", "latitude": 24.96, "longitude": 10.18}
    joined = [{"claim_id": c, "event_id_cnty": "LBY9"} for c in ("x:1", "y:1", "z:1")]
    split = linked(claim("x:1", **far), claim("y:1"), claim("z:1"), previous=joined)
    (change,) = split.id_changes
    assert (change.change, change.old_id) == ("split", "LBY9") and change.new_id in names_of(split) - {"LBY9"}


def names_of(result: LinkResult) -> set[str]:
    return set(result.events["event_id_cnty"].to_pylist())


def test_a_crowd_of_the_same_words_is_one_event_and_its_odd_ones_are_found() -> None:
    crowd = [claim(f"c{n:03}:1", source_claimant=f"Voice {n % 5}") for n in range(300)]
    other = claim("c299:2", source_claimant="Voice 4", fatalities_best=9)
    found = parts(linked(*crowd, other))
    assert max(map(len, found)) >= 299 and len(found) == 2
    assert not any({"c299:1", "c299:2"} <= group for group in found)


def test_rows_come_in_any_form() -> None:
    rows = [claim("a:1"), claim("b:1")]
    table = pa.Table.from_pylist(rows)
    expected = link(rows)
    for form in (
        table,
        table.to_batches(),
        iter(table.to_batches(1)),
        table.combine_chunks().to_batches()[0],
    ):
        result = link(form)
        assert result.events.equals(expected.events) and result.event_claims.equals(expected.event_claims)
    assert link([]).events.num_rows == 0


def test_rows_that_cannot_be_linked_are_named() -> None:
    with pytest.raises(LinkError, match="claim a:1: iso is empty"):
        link([claim("a:1", iso=None)])
    with pytest.raises(LinkError, match="claim a:1 stands twice"):
        link([claim("a:1"), claim("a:1")])
    with pytest.raises(LinkError, match="no sub-event type 'Skirmish'"):
        link([claim("a:1", sub_event_type="Skirmish")])
