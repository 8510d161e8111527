"""A project's own folder: actors, places, sources, triggers and date words added by YAML alone."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coder.cli import app
from coder.coding.code import code_article
from coder.knowledge import DataError, Knowledge
from coder.knowledge.safe_yaml import MAX_BYTES, MAX_DEPTH, MAX_NODES, read_yaml
from coder.knowledge.sources import read_sources
from coder.lint.check import check
from coder.lint.entries import read_folder
from coder.model import Article, Claim, Part
from coder.paths import data_dir

FILES = {
    "actors/groups/own.yaml": """
- id: northern-lanterns
  name: Northern Lanterns Brigade
  inter: Rebel group
  kind: rebel
  names:
    en: [Northern Lanterns Brigade, Lanterns Brigade]
    ar: [لواء فوانيس الشمال]
  years: [2012, null]
  countries: [Syria]
""",
    "places/supplement/own.yaml": """
country: Syria
source: a project's own map
places:
- {id: own.tell-marmar, name: Tell Marmar, kind: village, admin1: Aleppo, lat: 36.3, lon: 37.2,
  names: {ar: [تل مرمر]}}
""",
    "sources/own.yaml": """
- id: marmar-post
  name: Marmar Post
  kind: newspaper
  claimant_type: media
  channel: none
  scale: Subnational
  country: Syria
  of: null
  names: {en: [Marmar Post], ar: [صحيفة مرمر بوست]}
""",
    "rules/en/events.yaml": """
- id: en.event.own-skylance
  since: "2.0"
  sub_event_type: Air/drone strike
  frame: attack
  strength: strong
  patterns: ["skylance/v"]
  examples:
  - {text: "Jets skylanced the depot.", sub_event_type: Air/drone strike}
  counter_examples: ["The lance broke in the sky."]
""",
    "rules/ar/events.yaml": """
- id: ar.event.own-skylance
  since: "2.0"
  sub_event_type: Air/drone strike
  frame: attack
  strength: strong
  patterns: ["زغفل:يزغفل/v"]
  examples:
  - {text: "زغفلت الطائرات المستودع.", sub_event_type: Air/drone strike}
  counter_examples: ["أغلق المستودع."]
""",
    "rules/en/dates.yaml": """
- id: en.dates.own-sleeps
  kind: day
  since: "2.0"
  first: -3
  last: -3
  patterns: ["three sleeps back"]
  examples:
  - {text: "It was hit three sleeps back", first: "2014-05-11", last: "2014-05-11", reference: "2014-05-14"}
""",
}
DAY = date(2014, 5, 14)


def lay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay(tmp_path_factory.mktemp("own"), FILES)


@pytest.fixture(scope="module")
def wider(own: Path) -> Knowledge:
    return Knowledge.load([own])


@pytest.fixture(scope="module")
def plain() -> Knowledge:
    return Knowledge.load()


def claims(text: str, language: str, knowledge: Knowledge) -> list[Claim]:
    article = Article("a", None, None, None, None, DAY, language, text, (Part(0, len(text), "body"),))
    return [claim for claim in code_article(article, knowledge) if claim.kind == "event"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Lanterns Brigade shelled an army post in Aleppo, killing four soldiers."),
        ("ar", "قصف لواء فوانيس الشمال حاجزا للجيش في حلب ما أدى إلى مقتل أربعة جنود."),
    ],
)
def test_an_actor(language: str, text: str, wider: Knowledge, plain: Knowledge) -> None:
    (claim,) = claims(text, language, wider)
    assert (claim.actor1, claim.inter1) == ("Northern Lanterns Brigade", "Rebel group")
    assert all(c.actor1 != claim.actor1 for c in claims(text, language, plain))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Gunmen attacked an army post in Tell Marmar in Syria, killing four soldiers."),
        ("ar", "هاجم مسلحون حاجزا للجيش في بلدة تل مرمر في سوريا وقتلوا أربعة جنود."),
    ],
)
def test_a_place(language: str, text: str, wider: Knowledge, plain: Knowledge) -> None:
    (claim,) = claims(text, language, wider)
    assert (claim.location, claim.admin1, claim.country) == ("Tell Marmar", "Aleppo", "Syria")
    assert (claim.latitude, claim.longitude, claim.geo_precision) == (36.3, 37.2, 1)
    assert all(c.latitude != 36.3 for c in claims(text, language, plain))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Gunmen killed four soldiers in Aleppo, the Marmar Post reported."),
        ("ar", "ذكرت صحيفة مرمر بوست أن مسلحين قتلوا أربعة جنود في حلب."),
    ],
)
def test_a_source(language: str, text: str, wider: Knowledge, plain: Knowledge) -> None:
    (claim,) = claims(text, language, wider)
    assert (claim.source_outlet, claim.claimant_type) == ("Marmar Post", "media")
    assert all(c.source_outlet != "Marmar Post" for c in claims(text, language, plain))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The army skylanced a village near Aleppo on Tuesday."),
        ("ar", "زغفلت طائرات الجيش قرية قرب حلب يوم الثلاثاء."),
    ],
)
def test_a_trigger(language: str, text: str, wider: Knowledge, plain: Knowledge) -> None:
    (claim,) = claims(text, language, wider)
    assert claim.sub_event_type == "Air/drone strike"
    assert any(evidence.rule.endswith("own-skylance") for evidence in claim.evidence)
    assert not claims(text, language, plain)


def test_a_date_word(wider: Knowledge, plain: Knowledge) -> None:
    text = "Gunmen attacked an army post in Aleppo three sleeps back, killing four soldiers."
    (claim,) = claims(text, "en", wider)
    assert (claim.event_date, claim.date_text) == (date(2014, 5, 11), "three sleeps back")
    (claim,) = claims(text, "en", plain)
    assert claim.event_date != date(2014, 5, 11)


def test_an_entry_of_the_same_id_replaces(tmp_path: Path, plain: Knowledge) -> None:
    folder = lay(tmp_path, {"sources/own.yaml": FILES["sources/own.yaml"].replace("marmar-post", "afp")})
    found = read_sources([data_dir(), folder])
    assert len(found) == len(plain.sources)
    assert [s.name for s in found if s.id == "afp"] == ["Marmar Post"]


def test_the_folder_passes_the_check_and_the_commands_take_it(own: Path, tmp_path: Path) -> None:
    assert [str(f) for f in check([data_dir(), own]).faults if str(own) in f.file] == []
    file = tmp_path / "a.txt"
    file.write_text("published: 2014-05-14\n\nThe Lanterns Brigade shelled an army post in Aleppo.", encoding="utf-8")
    run = CliRunner().invoke(app, ["code", str(file), "--data", str(own), "--json"])
    assert run.exit_code == 0, run.output
    assert "Northern Lanterns Brigade" in [json.loads(line)["actor1"] for line in run.stdout.splitlines()]
    out = tmp_path / "out"
    run = CliRunner().invoke(app, ["build", str(file), "-o", str(out), "--data", str(own), "--workers", "1", "-q"])
    assert run.exit_code == 0, run.output
    assert "Northern Lanterns Brigade" in (out / "claims.csv").read_text(encoding="utf-8")


BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB, "anchors and aliases"),
        ("- !!python/object/apply:os.system [id]", "tag"),
        ("- !own x", "tag"),
        ("[" * 100_000, f"deeper than {MAX_DEPTH}"),
        ("- " * 50_000 + "x", f"deeper than {MAX_DEPTH}"),
        ("#" + "x" * MAX_BYTES, "larger than"),
        ("[" + "1," * (MAX_NODES + 1) + "]", "more than"),
        ("- id: x\n  from: 2020-13-01", "month"),
        ("? [a]\n: b", "unhashable"),
        ("a: 'b", "not readable as YAML"),
        ("a: \x00", "not readable as YAML"),
        ("--- a\n--- b", "single document"),
    ],
)
def test_hostile_yaml_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "sources" / "own.yaml"
    lay(tmp_path, {"sources/own.yaml": text})
    with pytest.raises(DataError, match=says) as caught:
        read_yaml(path)
    assert str(caught.value).startswith(str(path))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(b"a: \xff")
    with pytest.raises(DataError, match="UTF-8"):
        read_yaml(path)


def test_on_and_no_are_words_and_times_no_numbers(tmp_path: Path) -> None:
    lay(tmp_path, {"own.yaml": "a: [on, no, yes, off, 12:30, 1_000]\nb: [true, 7, -1.5, null]"})
    assert read_yaml(tmp_path / "own.yaml") == {
        "a": ["on", "no", "yes", "off", "12:30", "1_000"],
        "b": [True, 7, -1.5, None],
    }


def test_an_entry_that_lacks_a_key_is_a_message(tmp_path: Path) -> None:
    folder = lay(tmp_path, {"sources/own.yaml": "- id: x\n  name: X\n"})
    with pytest.raises(DataError, match="rules check"):
        Knowledge.load([folder], cache=False)


def test_a_hostile_folder_ends_the_commands_with_a_message(tmp_path: Path) -> None:
    folder = lay(tmp_path / "own", {"rules/ar/events.yaml": BOMB})
    assert [f.kind for f in read_folder(folder, overlay=True)[1]] == ["yaml"]
    file = tmp_path / "a.txt"
    file.write_text("Gunmen attacked a post in Aleppo.", encoding="utf-8")
    run = CliRunner().invoke(app, ["code", str(file), "--data", str(folder)])
    assert isinstance(run.exception, DataError) and "anchors and aliases" in str(run.exception)


def test_the_cache_keeps_few_states_of_the_knowledge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODER_CACHE", str(tmp_path))
    folder = tmp_path / "coder"
    folder.mkdir()
    for n in range(12):
        old = folder / f"knowledge-{n:016d}-313.pickle"
        old.write_bytes(b"old")
        os.utime(old, (n, n))
    built = Knowledge.load()
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 8 and left[0] == "knowledge-0000000000000005-313.pickle", left
    assert len(Knowledge.load().groups) == len(built.groups)
