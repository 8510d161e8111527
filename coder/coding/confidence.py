"""How sure a claim is: a small linear model over what the rules saw (weights: ``data/weights/claims.yaml``).

The probability is that of a claim which two coders would both make; the script that learns the weights is
``benchmarks/train_weights.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from coder.coding.compose import Coded
from coder.coding.drafts import Draft, Story
from coder.coding.reader import ArticleReader
from coder.coding.speakers import same_speaker

BIAS = "bias"
THRESHOLD = "threshold"
_POSITIONS = ((0, "lead"), (2, "early"), (6, "middle"))
_ALONE = 2  # sentences of a text so short that nothing leads, sums up or repeats
_AGES = ((-1, "future"), (1, "new"), (3, "days"), (8, "week"), (31, "month"))


@dataclass(slots=True, unsafe_hash=True)
class Candidate:
    """A claim before it is known to be sure enough: its drafts, its substance, and its place in the story.

    ``index`` of ``groups``: the which of the story's claims, by speaker, it is.
    """

    group: Sequence[Draft]
    story: Story
    coded: Coded
    main: Draft
    modality: str
    country: str
    index: int
    groups: int


def features(reader: ArticleReader, candidate: Candidate, others: Sequence[Candidate]) -> list[str]:
    """The names of the features that hold for a claim, each once, in a fixed order."""
    return list(
        dict.fromkeys((*_own(reader, candidate), *_grounds(reader, candidate), *_beside(reader, candidate, others)))
    )


def _own(reader: ArticleReader, c: Candidate) -> Iterator[str]:
    """What its own words are like."""
    head = c.main.unit.head
    language = reader.doc.language.code
    yield language
    yield f"rule:{head.rule.id}"
    yield f"strength:{head.strength}"
    yield f"sub:{c.coded.sub}"
    yield f"frame:{head.frame}"
    article = reader.doc.language.article
    form = head.features if head.verb else "noun:definite" if article and head.before.endswith(article) else "noun"
    yield f"{language}:form:{form or 'fixed'}"
    if not head.verb and head.before:
        yield f"{language}:clitic:{head.before.removesuffix(article)[-1:]}"
    for effect in sorted(set(reader.scopes.effects(head.i, c.main.unit.sentence))):
        yield f"scope:{effect}"
    yield f"modality:{c.modality}"
    yield f"triggers:{min(4, len({t.rule.id for d in c.group for t in d.unit.triggers}))}"
    if any(d.unit.details for d in c.group):
        yield "weapon"
    sentence = reader.doc.sentences[c.main.unit.sentence]
    yield f"role:{sentence.role}"
    words = sentence.last - sentence.first
    yield "length:short" if words < 14 else "length:middle" if words < 45 else "length:long"
    speaker = c.main.speaker
    yield f"speaker:{speaker.type}" if speaker.j > speaker.i else "speaker:outlet"
    yield f"stance:{speaker.stance}"


def _beside(reader: ArticleReader, c: Candidate, others: Sequence[Candidate]) -> Iterator[str]:
    """Where it stands in the article, and which other claims tell of the like."""
    sentence = reader.doc.sentences[c.main.unit.sentence]
    position = next((name for limit, name in _POSITIONS if sentence.paragraph - 1 <= limit), "late")
    own = c.main.speaker.j > c.main.speaker.i
    alone = len(reader.doc.sentences) <= _ALONE
    if not alone:
        yield f"position:{position}"
        yield f"position:{position}:{'said' if own else 'outlet'}"
    yield f"sentences:{min(3, len({d.unit.sentence for d in c.group}))}"
    yield f"claims-in-sentence:{min(4, sum(o.main.unit.sentence == c.main.unit.sentence for o in others))}"
    yield f"claims:{min(5, len(others))}"
    yield f"teller:{min(c.index, 2)}/{min(c.groups, 3)}:{'said' if own else 'outlet'}"
    own_words = sum(
        (
            c.coded.named_here,
            any(d.when is not None for d in c.group),
            bool(c.coded.counts),
            c.coded.side1 is not None and c.coded.side1.mention is not None,
            c.coded.side2 is not None and c.coded.side2.mention is not None,
        )
    )
    yield f"own-words:{own_words}"
    if all(d.unit.anaphoric for d in c.group):
        yield f"points-back:{c.main.speaker.stance}"
        yield f"points-back:own-words:{min(own_words, 2)}"
    like = [o for o in others if o is not c and o.coded.sub == c.coded.sub and o.country == c.country]
    before = [o for o in like if o.main.unit.sentence < c.main.unit.sentence]
    after = [o for o in like if o.main.unit.sentence > c.main.unit.sentence]
    if not alone:
        yield f"like-before:{min(2, len(before))}"
        yield f"like-after:{min(2, len(after))}"
    vague = not c.coded.named_here and not any(d.when is not None for d in c.group)
    if before and vague:
        yield "repeats-vaguely"
    if after and position == "lead":
        yield "lead-sums-up"
    same = [o for o in like if o.coded.where.place == c.coded.where.place and o.coded.when.first == c.coded.when.first]
    if same:
        yield "same-place-and-day"
        if any(same_speaker(reader.scan, o.main.speaker, c.main.speaker) for o in same):
            yield "same-place-day-and-speaker"


def _grounds(reader: ArticleReader, c: Candidate) -> Iterator[str]:
    """What the claim's own passage says of place, time, sides and tolls."""
    group, coded = c.group, c.coded
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
    units = {count.unit for count in coded.counts}
    yield from (f"count:{unit}" for unit in sorted(units))
    if not units:
        yield "count:none"
    country = reader.gazetteer_country(coded.where)
    yield "country:main" if country == reader.main_country else "country:other"


def confidence(found: Sequence[str], weights: Mapping[str, float]) -> float:
    """The probability, in [0, 1], that the claim is one that two coders would both make."""
    score = weights.get(BIAS, 0.0) + sum(weights.get(name, 0.0) for name in found)
    return round(1.0 / (1.0 + exp(-max(-30.0, min(30.0, score)))), 3)


def deciding(found: Sequence[str], weights: Mapping[str, float], most: int = 4) -> str:
    """The features that weighed most for and against the claim, for its evidence."""
    ranked = sorted((name for name in found if weights.get(name)), key=lambda name: (-abs(weights[name]), name))
    return " ".join(f"{'+' if weights[name] > 0 else '-'}{name}" for name in ranked[:most])
