"""The lists of sources and the attribution rules: legal keys, closed vocabularies, no name claimed twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from coder.knowledge.patterns import compile_pattern, fold_name
from coder.language import LANGUAGES

DATA = Path(__file__).parent.parent / "data"
KINDS = {
    "agency",
    "newspaper",
    "station",
    "website",
    "monitor",
    "io",
    "ngo",
    "platform",
    "affiliated",
    "party",
    "state_agency",
    "state_paper",
    "ministry",
    "medical",
    "activist_network",
}
SOURCE_KEYS = {
    "id",
    "name",
    "kind",
    "claimant_type",
    "channel",
    "scale",
    "country",
    "of",
    "names",
    "handles",
    "ambiguous",
}
REQUIRED = SOURCE_KEYS - {"handles", "ambiguous"}
RULE_KINDS = {
    "speech",
    "continue",
    "credit",
    "quote",
    "hearsay",
    "channel",
    "head",
    "dateline",
    "medium",
    "told",
    "pronoun",
    "filler",
    "negator",
    "passive",
    "edge",
    "definite",
    "indefinite",
    "that",
    "relative",
    "preposition",
    "carried",
    "self",
}
RULE_KEYS = {
    "id",
    "kind",
    "since",
    "form",
    "patterns",
    "shapes",
    "strict",
    "channel",
    "platform",
    "stance",
    "speaker",
    "modality",
    "complement",
    "link",
    "role",
    "takes",
    "claimant_type",
    "default",
    "anaphor",
    "anchor",
    "of",
    "clitics",
    "relays",
    "examples",
    "counter_examples",
    "no_claimant",
}
STANCES = {"neutral", "accuse", "claim", "deny", "threaten", "condemn", "continue"}
FORMS = {"verb", "noun", "participle", "passive"}
PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _vocabulary(name: str) -> set[str]:
    return {entry["name"] for entry in _load(DATA / "codebook.yaml")[name]}


def _sources() -> list[dict[str, Any]]:
    return [entry for path in sorted((DATA / "sources").glob("*.yaml")) for entry in _load(path)]


def _rules(language: str) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = _load(DATA / "rules" / language / "attribution.yaml")
    return rules


_CLAIMANT_TYPES = _vocabulary("claimant_types")
_CHANNELS = _vocabulary("channels")
_SCALES = _vocabulary("source_scales")
_MODALITIES = _vocabulary("modality")
SOURCES = _sources()
RULES = [(language, rule) for language in ("ar", "en") for rule in _rules(language)]


def _names(entry: dict[str, Any], key: str) -> Iterator[tuple[str, str]]:
    for language, names in (entry.get(key) or {}).items():
        for name in names:
            yield language, name


def test_there_are_enough_sources_and_their_ids_are_unique() -> None:
    assert len(SOURCES) >= 350
    assert [i for i, n in Counter(s["id"] for s in SOURCES).items() if n > 1] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s["id"])
def test_a_source_has_legal_keys_and_values(source: dict[str, Any]) -> None:
    assert set(source) <= SOURCE_KEYS and set(source) >= REQUIRED
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", source["id"])
    assert source["kind"] in KINDS
    assert source["claimant_type"] in _CLAIMANT_TYPES
    assert source["channel"] in _CHANNELS
    assert source["scale"] in _SCALES
    assert source["of"] is None or re.fullmatch(r"state:[A-Z][\w ]+|[a-z0-9][a-z0-9.-]*", source["of"])
    assert source["country"] is None or isinstance(source["country"], str)
    assert any(True for key in ("names", "ambiguous") for _ in _names(source, key))
    for key in ("names", "ambiguous"):
        for language, name in _names(source, key):
            assert language in LANGUAGES and isinstance(name, str) and name == name.strip()
            assert fold_name(name, LANGUAGES[language]), f"{name!r} folds to nothing"
    assert all(isinstance(handle, str) for handle in source.get("handles", []))


def test_no_two_sources_share_an_unambiguous_name() -> None:
    owners: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    for source in SOURCES:
        for language, name in _names(source, "names"):
            owners[language, fold_name(name, LANGUAGES[language])].add(source["id"])
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_a_group_that_owns_media_is_an_actor() -> None:
    groups = {
        entry["id"]
        for path in (DATA / "actors" / "groups").glob("*.yaml")
        for entry in _load(path)
        if isinstance(entry, dict)
    }
    owners = {s["of"] for s in SOURCES if s["of"] and not s["of"].startswith("state:")}
    assert sorted(owners - groups) == []


@pytest.mark.parametrize(("language", "rule"), RULES, ids=[r["id"] for _, r in RULES])
def test_an_attribution_rule_is_legal(language: str, rule: dict[str, Any]) -> None:
    assert set(rule) <= RULE_KEYS
    assert rule["id"].startswith(f"{language}.attribution.")
    assert rule["kind"] in RULE_KINDS
    assert rule.get("form", "verb") in FORMS
    assert rule.get("channel", "none") in _CHANNELS
    assert rule.get("stance", "neutral") in STANCES
    assert rule.get("modality", "asserted") in _MODALITIES
    assert rule.get("role", "either") in {"claimant", "carrier", "either", "none"}
    assert rule.get("takes", "noun") in {"noun", "verb"}
    assert (rule["kind"] == "head") == ("claimant_type" in rule)
    assert rule.get("claimant_type", "other") in _CLAIMANT_TYPES | {"inherit"}
    assert ("default" in rule) == (rule.get("claimant_type") == "inherit")
    assert rule.get("default", "other") in _CLAIMANT_TYPES
    assert rule["examples"] and rule["counter_examples"]
    assert all(
        PLACEHOLDER.findall(s) and set(PLACEHOLDER.findall(s)) <= {"agency", "outlet", "place"}
        for s in rule.get("shapes", [])
    )
    for example in rule["examples"]:
        assert set(example) <= {"text", "claimant", "carrier", "said"}
        assert all(example[k] in example["text"] for k in ("claimant", "carrier", "said") if k in example)


def test_rule_ids_are_unique() -> None:
    assert [i for i, n in Counter(r["id"] for _, r in RULES).items() if n > 1] == []


@pytest.mark.parametrize(("language", "rule"), RULES, ids=[r["id"] for _, r in RULES])
def test_patterns_compile(language: str, rule: dict[str, Any]) -> None:
    assert rule["patterns"] or rule.get("shapes")
    for pattern in rule["patterns"]:
        assert "{" not in pattern
        assert compile_pattern(pattern, LANGUAGES[language])
