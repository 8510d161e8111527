"""How sure a claim is: a small linear model over what the rules saw (weights: ``data/weights/claims.yaml``).

The probability is that of a claim which two coders would both make; the script that learns the weights is
``benchmarks/train_weights.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import exp

from coder.coding.compose import Coded
from coder.coding.drafts import Draft, Story, richest
from coder.coding.reader import ArticleReader

BIAS = "bias"
THRESHOLD = "threshold"
_POSITIONS = ((0, "lead"), (2, "early"), (6, "middle"))
_AGES = ((-1, "future"), (1, "new"), (3, "days"), (8, "week"), (31, "month"))


def features(reader: ArticleReader, group: Sequence[Draft], story: Story, coded: Coded, modality: str) -> list[str]:
    """The names of the features that hold for a claim, each once, in a fixed order."""
    return list(dict.fromkeys(_features(reader, group, story, coded, modality)))


def _features(reader: ArticleReader, group: Sequence[Draft], story: Story, coded: Coded, modality: str) -> Iterator[str]:
    main = richest(group)
    head = main.unit.head
    language = reader.doc.language.code
    yield f"rule:{head.rule.id}"
    yield f"strength:{head.strength}"
    yield f"sub:{coded.sub}"
    yield f"frame:{head.frame}"
    form = head.features if head.verb else ("noun:definite" if head.before.endswith("ال") else "noun")
    yield f"{language}:form:{form or 'fixed'}"
    if not head.verb and head.before:
        yield f"{language}:clitic:{head.before[-1]}"
    for effect in sorted(set(reader.scopes.effects(head.i, main.unit.sentence))):
        yield f"scope:{effect}"
    yield f"modality:{modality}"
    yield from _grounds(reader, group, coded)
    yield f"triggers:{min(4, len({t.rule.id for d in group for t in d.unit.triggers}))}"
    yield f"sentences:{min(3, len({d.unit.sentence for d in group}))}"
    yield f"units-in-sentence:{min(4, sum(d.unit.sentence == main.unit.sentence for d in group))}"
    if any(d.unit.details for d in group):
        yield "weapon"
    if len(story.drafts) > len(group):
        yield "told-by-others"
    sentence = reader.doc.sentences[main.unit.sentence]
    yield f"role:{sentence.role}"
    yield "position:" + next((name for limit, name in _POSITIONS if sentence.paragraph - 1 <= limit), "late")
    words = sentence.last - sentence.first
    yield "length:short" if words < 14 else "length:middle" if words < 45 else "length:long"
    speaker = main.speaker
    yield f"speaker:{speaker.type}" if speaker.j > speaker.i else "speaker:outlet"
    yield f"stance:{speaker.stance}"
    yield f"{language}"


def _grounds(reader: ArticleReader, group: Sequence[Draft], coded: Coded) -> Iterator[str]:
    """What the claim's own passage says of place, time, sides and tolls."""
    if coded.named_here:
        yield f"place:{reader.knowledge.gazetteer.place(coded.where.place).kind}"
    else:
        yield "place:context"
    own = any(d.when is not None for d in group)
    yield f"date:{coded.when.precision}" if own else "date:none"
    if reader.reference is not None:
        age = (reader.reference - coded.when.last).days
        yield "age:" + next((name for limit, name in _AGES if age <= limit), "old")
    for n, side in (("1", coded.side1), ("2", coded.side2)):
        m = side.mention if side is not None else None
        yield f"side{n}:none" if side is None else f"side{n}:context" if m is None else f"side{n}:{m.resolves}"
    units = {c.unit for c in coded.counts}
    yield from (f"count:{unit}" for unit in sorted(units))
    if not units:
        yield "count:none"
    country = reader.gazetteer_country(coded.where)
    yield "country:main" if country == reader.main_country() else "country:other"


def confidence(found: Sequence[str], weights: Mapping[str, float]) -> float:
    """The probability, in [0, 1], that the claim is one that two coders would both make."""
    score = weights.get(BIAS, 0.0) + sum(weights.get(name, 0.0) for name in found)
    return round(1.0 / (1.0 + exp(-max(-30.0, min(30.0, score)))), 3)


def deciding(found: Sequence[str], weights: Mapping[str, float], most: int = 4) -> str:
    """The features that weighed most for and against the claim, for its evidence."""
    ranked = sorted((name for name in found if weights.get(name)), key=lambda name: (-abs(weights[name]), name))
    return " ".join(f"{'+' if weights[name] > 0 else '-'}{name}" for name in ranked[:most])
