"""The gazetteer, the disambiguation of a whole article's places, the coded location."""

from __future__ import annotations

import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from coder.coding.places.relation import AREA, EXACT, NEAR, Relation, code_location, in_context
from coder.coding.places.resolve import Context, PlaceMention, resolve
from coder.knowledge.places.gazetteer import Gazetteer, Place
from coder.knowledge.places.names import fold_key
from coder.knowledge.places.tables import file_digest
from coder.knowledge.places.yaml_places import KINDS
from coder.paths import data_dir

PLACES = data_dir() / "places"


@pytest.fixture(scope="module")
def gaz() -> Gazetteer:
    return Gazetteer.load([data_dir()])


def language(name: str) -> str:
    return "ar" if any("\u0600" <= c <= "\u06ff" for c in name) else "en"


def mention(gaz: Gazetteer, name: str, at: int, kind: str = "") -> PlaceMention:
    rows = tuple(p.row for p in gaz.find(name, language(name)))
    assert rows, name
    return PlaceMention(at, at + len(name), rows, kind)


def meant(
    gaz: Gazetteer, names: list[str], countries: dict[str, float] | None = None, gap: int = 60
) -> list[Place | None]:
    """The places that the names mean; ``name/kind`` puts a kind word before a name."""
    mentions = [
        mention(gaz, name.partition("/")[0], n * (gap + 20), name.partition("/")[2]) for n, name in enumerate(names)
    ]
    return [r.place if r else None for r in resolve(mentions, gaz, Context(countries or {}))]


def one(gaz: Gazetteer, name: str, country: str, kind: str | None = None) -> Place:
    found = [p for p in gaz.find(name, language(name)) if p.country == country and (kind is None or p.kind == kind)]
    assert found, (name, country, kind)
    return max(found, key=lambda p: (p.news, p.population))


# The data


def test_every_row_is_whole(gaz: Gazetteer) -> None:
    ids = set()
    for n in range(len(gaz)):
        place = gaz.place(n)
        assert place.row == n and place.place_id not in ids, place
        ids.add(place.place_id)
        assert place.kind in KINDS and place.name and place.name == place.name.strip(), place
        assert place.country in gaz.countries and place.iso == gaz.countries[place.country].iso, place
        assert place.region == gaz.countries[place.country].region, place
        for parent in (place.capital, place.town):
            assert parent is None or gaz.by_id(parent) is not None, place


def test_boxes_hold_their_places(gaz: Gazetteer) -> None:
    outside = [
        p.place_id
        for p in map(gaz.place, range(len(gaz)))
        if p.kind not in ("border", "sea") and not gaz.in_box(p.country, p.latitude, p.longitude)
    ]
    # Far islands of a country stand outside the box of its mainland.
    assert len(outside) < 60, outside
    ours = [i for i in outside if not i.startswith("gn:")]
    assert not ours, ours
    assert gaz.in_box("Atlantis", 0, 0) is None


def test_names_are_folded_unique_and_known(gaz: Gazetteer) -> None:
    seen = set()
    for lang, name, rows, cue in gaz.names():
        assert (lang, name) not in seen and fold_key(name, lang) == name
        seen.add((lang, name))
        assert cue in ("none", "required") and rows and max(rows) < len(gaz)


@pytest.mark.parametrize(
    ("lang", "word"),
    [
        ("ar", "كان"),
        ("ar", "بين"),
        ("ar", "هو"),
        ("ar", "الحرب"),
        ("ar", "العاصمة"),
        ("ar", "الجنوبية"),
        ("en", "of"),
        ("en", "bar"),
        ("en", "man"),
        ("en", "capital"),
        ("en", "central"),
    ],
)
def test_everyday_words_are_no_places(gaz: Gazetteer, lang: str, word: str) -> None:
    assert not gaz.find(word, lang)


@pytest.mark.parametrize(
    ("lang", "name", "cue"),
    [
        ("ar", "محمد", {"required", None}),
        ("ar", "صلاح الدين", {"required", "none"}),
        ("ar", "الباب", {"required"}),
        ("ar", "صور", {"required"}),
        ("ar", "حلب", {"none"}),
        ("ar", "سرت", {"none"}),
        ("ar", "الحديدة", {"none"}),
        ("en", "nice", {"required"}),
        ("en", "reading", {"required", None}),
        ("en", "hassan", {"required", None}),
        ("en", "aleppo", {"none"}),
        ("en", "batman", {"required"}),
        ("en", "al bab", {"none"}),
    ],
)
def test_cues(gaz: Gazetteer, lang: str, name: str, cue: set[str | None]) -> None:
    cues = {n: c for code, n, _, c in gaz.names() if code == lang}
    assert cues.get(fold_key(name, lang)) in cue


def test_compiled_tables_are_of_these_files() -> None:
    import pyarrow.parquet as pq

    metadata = pq.read_schema(PLACES / "places.parquet").metadata
    for path in sorted((PLACES / "supplement").glob("*.yaml")):
        assert metadata[f"sha256:supplement/{path.name}".encode()].decode() == file_digest(path), (
            f"{path.name} was changed: run data/places/build.py"
        )


@pytest.mark.parametrize(
    "names",
    [
        ("Deir ez Zor", "Deir al-Zour", "Deir Ezzor", "Dayr az Zawr", "دير الزور", "ديرالزور"),
        ("Al Hasakah", "Hassakeh", "Hasaka", "الحسكة", "الحسكه"),
        ("Kobani", "Ain al-Arab", "عين العرب", "كوباني"),
        ("Palmyra", "Tadmur", "تدمر"),
        ("Raqqa", "Ar Raqqah", "al-Raqqa", "الرقة"),
        ("Sanaa", "Sana'a", "صنعاء"),
        ("Al Arish", "El-Arish", "العريش"),
        ("Sirte", "Surt", "سرت"),
        ("Mosul", "الموصل"),
        ("Fallujah", "Falluja", "الفلوجة"),
        ("Kyiv", "Kiev", "كييف"),
        ("Bakhmut", "Artemivsk", "باخموت"),
        ("El Fasher", "Al Fashir", "الفاشر"),
        ("Mogadishu", "Muqdisho", "مقديشو"),
    ],
)
def test_spellings_meet(gaz: Gazetteer, names: tuple[str, ...]) -> None:
    sets = [{p.place_id for p in gaz.find(n, language(n)) if p.kind in ("city", "town")} for n in names]
    common = set.intersection(*sets)
    assert any(gaz.by_id(i).name == names[0] for i in common), sets


def test_hierarchy(gaz: Gazetteer) -> None:
    anbar = one(gaz, "الأنبار", "Iraq", "admin1")
    assert gaz.capital(anbar).name == "Ramadi" and gaz.admin1(gaz.capital(anbar)) == anbar
    assert gaz.capital(gaz.country("Yemen")).name == "Sanaa" and gaz.country("Atlantis") is None
    darfur, nyala = one(gaz, "دارفور", "Sudan", "region"), one(gaz, "نيالا", "Sudan")
    assert gaz.within(nyala, darfur) and gaz.within(nyala, gaz.country("Sudan"))
    assert not gaz.within(nyala, anbar)
    jobar = one(gaz, "جوبر", "Syria")
    assert gaz.town(jobar).name == "Damascus" and gaz.within(jobar, gaz.town(jobar))


@pytest.mark.parametrize(
    ("region", "country", "chief"),
    [
        ("شمال العراق", "Iraq", "Erbil"),
        ("eastern Ukraine", "Ukraine", "Donetsk"),
        ("القلمون", "Syria", "Yabroud"),
        ("كردفان", "Sudan", "El Obeid"),
        ("northern Mali", "Mali", "Gao"),
        ("سيناء", "Egypt", "Al Arish"),
        ("ريف دمشق", "Syria", "Douma"),
        ("الضفة الغربية", "Palestine", "Ramallah"),
        ("شمال سوريا", "Syria", "Aleppo"),
    ],
)
def test_regions_are_coded_at_their_chief_town(gaz: Gazetteer, region: str, country: str, chief: str) -> None:
    location = code_location(one(gaz, region, country), gaz, span=(3, 9))
    assert (location.location, location.country, location.geo_precision) == (chief, country, AREA)
    assert location.location_text == (3, 9)


# Disambiguation


@pytest.mark.parametrize(
    ("names", "countries", "wanted"),
    [
        (["طرابلس", "بنغازي", "مصراتة"], {}, "Libya"),
        (["طرابلس", "بيروت", "عرسال"], {}, "Lebanon"),
        (["Tripoli"], {"Lebanon": 3}, "Lebanon"),
        (["Tripoli"], {"Libya": 3}, "Libya"),
        (["دوما", "حرستا", "دمشق"], {}, "Syria"),
        (["دوما", "نابلس", "رام الله"], {}, "Palestine"),
        (["رفح", "العريش", "الشيخ زويد"], {}, "Egypt"),
        (["رفح", "خان يونس", "غزة"], {}, "Palestine"),
        (["البيضاء", "رداع", "مأرب"], {}, "Yemen"),
        (["البيضاء", "درنة", "طبرق"], {}, "Libya"),
        (["زنجبار", "لودر", "عدن"], {}, "Yemen"),
        (["سنجار", "تلعفر", "الموصل"], {}, "Iraq"),
        (["المنصورة", "طنطا", "القاهرة"], {}, "Egypt"),
        (["المنصورة", "كريتر", "المعلا"], {}, "Yemen"),
        (["الدوحة", "أديس أبابا", "Hyderabad"], {"Pakistan": 2}, None),
    ],
)
def test_homonyms_follow_their_company(
    gaz: Gazetteer, names: list[str], countries: dict[str, float], wanted: str | None
) -> None:
    first = meant(gaz, names, countries)[0]
    assert first is not None and (wanted is None or first.country == wanted), first


def test_a_parent_beside_decides(gaz: Gazetteer) -> None:
    place = meant(gaz, ["الخالدية", "الأنبار/province", "حمص", "حلب", "دمشق"], gap=0)[0]
    assert place is not None and place.country == "Iraq"


def test_one_name_is_one_place_but_a_kind_word_asks_for_the_province(gaz: Gazetteer) -> None:
    city, province, again = meant(gaz, ["حلب", "حلب/province", "حلب"])
    assert city is not None and city.kind == "city" and again == city
    assert province is not None and province.kind == "admin1" and province.name == "Aleppo"


def test_a_small_stranger_is_not_believed(gaz: Gazetteer) -> None:
    strangers = [
        p
        for p in map(gaz.place, range(len(gaz)))
        if p.country == "Ukraine" and not p.news and p.kind == "village" and len(gaz.find(p.name, "en")) == 1
    ]
    assert meant(gaz, [strangers[0].name, "Aleppo", "Homs", "Hama"])[0] is None
    assert meant(gaz, [strangers[0].name, "Donetsk", "Luhansk", "Kharkiv"])[0] == strangers[0]


def test_no_mentions(gaz: Gazetteer) -> None:
    assert resolve([], gaz) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 57_000), min_size=1, max_size=12),
    st.sampled_from(["", "province", "city", "quarter", "x"]),
)
def test_resolve_is_total_and_repeatable(rows: list[int], kind: str) -> None:
    gaz = Gazetteer.load([data_dir()]) if not _shared else _shared[0]
    _shared[:] = [gaz]
    mentions = [PlaceMention(n * 30, n * 30 + 5, (row % len(gaz),), kind) for n, row in enumerate(rows)]
    got = resolve(mentions, gaz)
    assert len(got) == len(mentions) and got == resolve(mentions, gaz)
    assert all(r is None or r.place.row in m.candidates for m, r in zip(mentions, got, strict=True))


_shared: list[Gazetteer] = []

# Precision and moved points


@pytest.mark.parametrize(
    ("name", "country", "relation", "wanted"),
    [
        ("سرت", "Libya", Relation(0, 1), EXACT),
        ("سرت", "Libya", Relation(0, 1, "inside", "city"), EXACT),
        ("سرت", "Libya", Relation(0, 1, "direction", bearing=180.0), NEAR),
        ("داريا", "Syria", Relation(0, 1, "outskirts"), NEAR),
        ("Ataq", "Yemen", Relation(0, 1, "near"), NEAR),
        ("أرحب", "Yemen", Relation(0, 1, "", "district"), NEAR),
        ("جوبر", "Syria", Relation(0, 1, "", "quarter"), EXACT),
        ("حلب", "Syria", Relation(0, 1, "countryside", "province"), AREA),
        ("Iraq", "Iraq", Relation(0, 1), AREA),
    ],
)
def test_precision(gaz: Gazetteer, name: str, country: str, relation: Relation, wanted: int) -> None:
    assert code_location(one(gaz, name, country), gaz, relation).geo_precision == wanted


def test_province_and_country_are_coded_at_their_capitals(gaz: Gazetteer) -> None:
    location = code_location(one(gaz, "ديالى", "Iraq", "admin1"), gaz, Relation(0, 1, "", "province"))
    assert (location.location, location.admin1, location.iso) == ("Baquba", "Diyala", 368)
    location = code_location(gaz.country("Syria"), gaz)
    assert (location.location, location.geo_precision, location.region) == ("Damascus", AREA, "Middle East")


def test_border_keeps_its_name(gaz: Gazetteer) -> None:
    for name in (
        "الحدود السورية اللبنانية",
        "الحدود بين لبنان وسوريا",
        "Syrian-Lebanese border",
        "Lebanon-Syria border",
    ):
        location = code_location(one(gaz, name, "Syria", "border"), gaz)
        assert (location.location, location.geo_precision) == ("Syria-Lebanon border", AREA)


def test_a_building_is_coded_at_its_town_and_a_square_as_itself(gaz: Gazetteer) -> None:
    hotel = code_location(one(gaz, "فندق الجزيرة", "Somalia"), gaz, Relation(0, 1))
    assert (hotel.location, hotel.geo_precision) == ("Mogadishu", EXACT)
    assert code_location(one(gaz, "ميدان التحرير", "Egypt"), gaz).location == "Tahrir Square"


@pytest.mark.parametrize("words", ["العاصمة اليمنية", "Yemeni capital"])
def test_the_capital_of_a_nation_is_a_name(gaz: Gazetteer, words: str) -> None:
    (place,) = gaz.find(words, language(words))
    assert place.name == "Sanaa"


def test_distance_and_bearing_move_the_point(gaz: Gazetteer) -> None:
    misrata = one(gaz, "Misrata", "Libya", "city")
    location = code_location(misrata, gaz, Relation(0, 4, "distance", bearing=90.0, km=20.0))
    assert location.longitude > misrata.longitude and location.geo_precision == NEAR
    moved = geodesic((misrata.latitude, misrata.longitude), (location.latitude, location.longitude)).km
    assert moved == pytest.approx(20, abs=0.05)


def test_context_is_never_exact(gaz: Gazetteer) -> None:
    place = one(gaz, "سرت", "Libya")
    location = code_location(place, gaz, Relation(0, 1), (5, 8), "مدينة", is_context=True)
    assert location.geo_precision == NEAR and location.location_text is None and location.location_relation is None
    assert in_context(code_location(gaz.country("Libya"), gaz)).geo_precision == AREA
