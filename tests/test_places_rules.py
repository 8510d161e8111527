"""Every relation entry reads its examples and leaves its counter-examples alone; precision rules; borders."""

from __future__ import annotations

import pytest

from coder.coding.document import tokenize
from coder.coding.places.relation import PlaceCue, Relation, read_relation
from coder.knowledge.lexicon import LexiconBuilder
from coder.knowledge.patterns import fold_name
from coder.knowledge.rules import Rule, entries
from coder.language import LANGUAGES
from coder.paths import data_dir

RULES = {
    code: [Rule(e["id"], "places", code, e) for _, e in entries([data_dir()], f"rules/{code}/places.yaml")]
    for code in LANGUAGES
}
CASES = [
    pytest.param(rule, example["text"], example["place"], wanted, id=f"{rule.id}-{example['text']}")
    for rules in RULES.values()
    for rule in rules
    for wanted, key in ((True, "examples"), (False, "counter_examples"))
    for example in rule.data[key]
]


def lexicon(code: str, name: str):
    builder = LexiconBuilder(code)
    for n, rule in enumerate(RULES[code]):
        for pattern in rule.data["patterns"]:
            if any(c in "/|?…" for c in pattern):
                builder.add_pattern(pattern, ("places", n))
            else:
                builder.add_name(pattern, ("places", n))
    builder.add_name(name, ("place", 0))
    return builder.build()


def relation_in(code: str, text: str, name: str) -> Relation:
    """The relation read beside ``name`` in ``text``."""
    words, _, _ = tokenize(text, 0, len(text), LANGUAGES[code])
    matches = lexicon(code, name).scan(words)
    cues = [
        PlaceCue(m.i, m.j, RULES[code][m.payload[1]].id, RULES[code][m.payload[1]].data)
        for m in matches
        if m.payload[0] == "places"
    ]
    length = len(fold_name(name, LANGUAGES[code]))
    place = next(m for m in matches if m.payload[0] == "place" and m.j - m.i == length)

    def number_at(k: int) -> float | None:
        return float(words[k]) if 0 <= k < len(words) and words[k].isdigit() else None

    return read_relation(place.i, place.j, cues, number_at)


@pytest.mark.parametrize(("rule", "text", "place", "wanted"), CASES)
def test_entries_prove_themselves(rule: Rule, text: str, place: str, wanted: bool) -> None:
    relation = relation_in(rule.language, text, place)
    glue = rule.data.get("relation") == "glue" and relation.rules
    read = {*relation.rules, *([rule.id] if glue else [])}
    assert (rule.id in read) is wanted, relation


def test_distance_and_bearing() -> None:
    relation = relation_in("en", "a mine exploded 20 km north-east of Sebha", "Sebha")
    assert (relation.km, relation.bearing) == (20.0, 45)
    relation = relation_in("ar", "على بعد 12 كيلومترا جنوب غرب سبها", "سبها")
    assert (relation.km, relation.bearing) == (12.0, 225)


def test_ids_are_unique() -> None:
    ids = [rule.id for rules in RULES.values() for rule in rules]
    assert len(ids) == len(set(ids))
