"""Every rule proves itself: its examples are read by it, its counter-examples are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from coder.coding.casualties import Count, find_casualties
from coder.coding.code import code_article
from coder.coding.document import read_document
from coder.coding.numbers import COUNT, Number, read_numbers
from coder.coding.places.relation import PlaceCue, read_relation
from coder.coding.reader import ArticleReader
from coder.coding.scan import Scan, longest, scan
from coder.knowledge import Knowledge
from coder.knowledge.patterns import fold_name
from coder.lint.entries import Entry
from coder.model import Article, Part

DAY = date(2014, 5, 14)
"""The day of an example that gives none: a Wednesday."""

PLACE = {"ar": "في حلب", "en": "in Aleppo"}
"""What is set behind such an example where even the heading does not make it tell of an event."""

_NO_EVENT = {"statement", "negated"}  # effects that both say: nothing happened
_COUNTED = ("unit", "low", "high", "vague", "part", "cumulative")
_NUMBERED = ("low", "high", "estimated", "vague")


SCENE = {"ar": "حلب", "en": "Aleppo"}
"""The heading over an example of an event, so that one without a place of its own can be coded."""


def article(text: str, language: str, published: date | None = DAY, heading: str = "") -> Article:
    """An example as an article of one line, under a heading where one is given."""
    parts: tuple[Part, ...] = (Part(0, len(text), "body"),)
    if heading:
        begin = len(heading) + 1
        parts = (Part(0, begin, "heading"), Part(begin, begin + len(text), "body"))
        text = f"{heading}\n{text}"
    return Article("example", None, None, None, None, published, language, text, parts)


class Prover:
    """Reads examples with the whole knowledge, as an article is read."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._unweighted = replace(knowledge, weights={})
        self._proofs: Mapping[str, Callable[[Entry], Iterator[str]]] = {
            "events": self._events,
            "scope": self._scope,
            "attribution": self._attribution,
            "dates": self._dates,
            "numbers": self._numbers,
            "casualties": self._casualties,
            "places": self._places,
            "grammar": self._matched,
            "phrases": self._matched,
            "generic": self._noun,
            "titles": self._noun,
        }

    def faults(self, entry: Entry) -> Iterator[str]:
        """What the entry promises and does not keep: one message an example."""
        proof = self._proofs.get(entry.kind)
        return proof(entry) if proof is not None else iter(())

    def _reader(self, text: str, language: str, published: date | None = DAY) -> ArticleReader:
        return ArticleReader(article(text, language, published), self.knowledge)

    def _scan(self, text: str, language: str) -> Scan:
        return scan(read_document(article(text, language)), self.knowledge)

    def _matches(self, entry: Entry, found: Scan) -> bool:
        return any(found.rule(m).id == entry.id for m in found.of(entry.kind))

    def _shown(self, entry: Entry, text: str) -> bool:
        """Does an example hold a pattern of the entry, or one of its clitics before a word?"""
        found = self._scan(text, _code(entry))
        clitics = tuple(str(c) for c in entry.data.get("clitics") or ())
        return self._matches(entry, found) or any(word.startswith(clitics) for word in found.doc.words if clitics)

    def _matched(self, entry: Entry) -> Iterator[str]:
        for text in _texts(entry.data.get("examples")):
            if not self._shown(entry, text):
                yield f"example {text!r}: no pattern of the entry is in it; mend the pattern or the example"
        for text in _texts(entry.data.get("counter_examples")):
            if self._matches(entry, self._scan(text, _code(entry))):
                yield f"counter-example {text!r}: a pattern of the entry is found in it; narrow the pattern"

    def _events(self, entry: Entry) -> Iterator[str]:
        for example in entry.data.get("examples") or ():
            text = example["text"]
            if not self._matches(entry, self._scan(text, _code(entry))):
                yield f"example {text!r}: no pattern of the entry is in it; mend the pattern or the example"
                continue
            wanted = example.get("sub_event_type")
            found = self._sub_events(text, entry)
            if wanted is not None and wanted not in found:
                yield f"example {text!r}: coded as {', '.join(sorted(found)) or None}, expected {wanted!r}"
        for text in _texts(entry.data.get("counter_examples")):
            reader = self._reader(text, _code(entry))
            read = [t for s in reader.stories for d in s.drafts for t in d.unit.triggers if t.rule.id == entry.id]
            if read:
                yield f"counter-example {text!r}: the entry reads an event in it; narrow pattern or needs"

    def _sub_events(self, text: str, entry: Entry) -> set[str]:
        """The sub-event types that an example is coded as.

        Where it makes no claim even with a place, what its words alone say.
        """
        language = _code(entry)
        placed = f"{text.rstrip(' .!؟')} {PLACE[language]}."
        scenes = [article(text, language, heading=SCENE[language]), article(placed, language)]
        for scene in scenes:
            claims = code_article(scene, self._unweighted)
            found = {c.sub_event_type for c in claims if c.kind == "event" and c.sub_event_type}
            if found:
                return found
        units = [d.unit for s in ArticleReader(scenes[0], self.knowledge).stories for d in s.drafts]
        return {u.sub for u in units if u.sub and any(t.rule.id == entry.id for t in u.triggers)}

    def _scope(self, entry: Entry) -> Iterator[str]:
        for example in entry.data.get("examples") or ():
            reader = self._reader(example["text"], _code(entry))
            if not self._matches(entry, reader.scan):
                yield f"example {example['text']!r}: no pattern of the entry is in it; mend one of them"
                continue
            effect = example.get("effect", entry.data.get("effect"))
            told = [t for t in reader.triggers if t.strength != "detail"]
            sentences = list(enumerate(reader.doc.sentences))
            inside = [(t.i, n) for t in told for n, s in sentences if s.first <= t.i < s.last]
            reached = {e for word, n in inside for e in reader.scopes.effects(word, n)}
            if told and not ({effect} | (_NO_EVENT if effect in _NO_EVENT else set())) & reached:
                yield f"example {example['text']!r}: {effect!r} reaches no event; widen reach or direction"
        for text in _texts(entry.data.get("counter_examples")):
            reader = self._reader(text, _code(entry))
            if any(reader.scan.rule(m).id == entry.id for m in longest(reader.scan.of("scope"))):
                yield f"counter-example {text!r}: the operator is found in it; narrow its pattern"

    def _attribution(self, entry: Entry) -> Iterator[str]:
        for example in entry.data.get("examples") or ():
            if not entry.data.get("shapes") and not self._shown(entry, example["text"]):
                yield f"example {example['text']!r}: no pattern of the entry is found in it; mend one of them"
        for text in _texts(entry.data.get("counter_examples")):
            if self._matches(entry, self._scan(text, _code(entry))):
                yield f"counter-example {text!r}: a pattern of the entry is found in it; narrow the pattern"

    def _dates(self, entry: Entry) -> Iterator[str]:
        for example in entry.data.get("examples") or ():
            reference = example.get("reference")
            published = date.fromisoformat(str(reference)) if reference else DAY
            mentions = self._reader(example["text"], _code(entry), published).dates
            found = [(m.first, m.last) for m in mentions]
            if example.get("none"):
                kept = not found
            elif "days" in example:
                kept = [m.days for m in mentions if m.kind == "after"] == [example["days"]]
            else:
                kept = found == [(date.fromisoformat(str(example["first"])), date.fromisoformat(str(example["last"])))]
            if not kept:
                shown = ", ".join(f"{a} to {b}" for a, b in found) or "no date"
                yield f"example {example['text']!r}: read as {shown}"
        for text in _texts(entry.data.get("counter_examples")):
            if self._reader(text, _code(entry)).dates:
                yield f"counter-example {text!r}: a date is read in it"

    def _read_numbers(self, text: str, entry: Entry) -> list[Number]:
        found = self._scan(text, _code(entry))
        return read_numbers(found.doc, found.of("numbers"), self.knowledge.rules.get("numbers", ()))

    def _numbers(self, entry: Entry) -> Iterator[str]:
        for example in entry.data.get("examples") or ():
            found = self._read_numbers(example["text"], entry)
            if example.get("idiom"):
                kept = not [n for n in found if n.role == COUNT]
            else:
                role = example.get("measure") or example.get("label") or COUNT
                kept = any(n.role == role and _agrees(n, example, _NUMBERED) for n in found)
            if not kept:
                shown = ", ".join(f"{n.role} {n.low} to {n.high}" for n in found) or "no number"
                yield f"example {example['text']!r}: read as {shown}"
        for text in _texts(entry.data.get("counter_examples")):
            if [n for n in self._read_numbers(text, entry) if n.role == COUNT]:
                yield f"counter-example {text!r}: a number that counts is read in it"

    def _counts(self, text: str, entry: Entry) -> list[Count]:
        reader = self._reader(text, _code(entry), None)
        doc, rules = reader.doc, self.knowledge.rules.get("casualties", ())
        return [
            count
            for s in doc.sentences
            for count in find_casualties(
                doc, s.first, s.last, reader.scan.within("casualties", s.first, s.last), rules, reader.numbers
            )
        ]

    def _casualties(self, entry: Entry) -> Iterator[str]:
        for example in entry.data.get("examples") or ():
            found = self._counts(example["text"], entry)
            if not any(_agrees(c, example, _COUNTED) for c in found):
                shown = ", ".join(f"{c.unit} {c.low} to {c.high}" for c in found) or "no casualties"
                yield f"example {example['text']!r}: read as {shown}"
        for text in _texts(entry.data.get("counter_examples")):
            if self._counts(text, entry):
                yield f"counter-example {text!r}: casualties are read in it"

    def _places(self, entry: Entry) -> Iterator[str]:
        for wanted, key in ((True, "examples"), (False, "counter_examples")):
            for example in entry.data.get(key) or ():
                read = entry.id in self._cues_beside(example["text"], example["place"], entry)
                if read is not wanted:
                    named = "example" if wanted else "counter-example"
                    beside = f"{'not ' if wanted else ''}read beside {example['place']!r}"
                    yield f"{named} {example['text']!r}: the entry is {beside}"

    def _cues_beside(self, text: str, name: str, entry: Entry) -> set[str]:
        """The rules that are read beside a place name, whether or not the gazetteer knows it."""
        found = self._scan(text, _code(entry))
        words = found.doc.words
        sought = fold_name(name, found.doc.language)
        i = next((k for k in range(len(words)) if tuple(words[k : k + len(sought)]) == sought), None)
        if i is None:
            i = next((k for k, word in enumerate(words) if sought and word.endswith(sought[0])), 0)
        cues = [PlaceCue(m.i, m.j, found.rule(m).id, found.rule(m).data) for m in found.of("places")]

        def number_at(k: int) -> float | None:
            return float(words[k]) if 0 <= k < len(words) and words[k].isdigit() else None

        relation = read_relation(i, i + len(sought), cues, number_at)
        glue = {entry.id} if entry.data.get("relation") == "glue" and relation.rules else set()
        return {*relation.rules, *glue}

    def _noun(self, entry: Entry) -> Iterator[str]:
        for wanted, key in ((True, "examples"), (False, "counter_examples")):
            for text in _texts(entry.data.get(key)):
                language = "ar" if any("\u0600" <= c <= "\u06ff" for c in text) else "en"
                actors = self.knowledge.actors
                found = any(actors[m.payload[1]].id == entry.id for m in self._scan(text, language).of("actor"))
                if found is not wanted:
                    named = "example" if wanted else "counter-example"
                    yield f"{named} {text!r}: the entry does {'not ' if wanted else ''}read it"


def _code(entry: Entry) -> str:
    return entry.language or "en"


def _texts(examples: Any) -> Iterator[str]:
    for example in examples or ():
        yield example["text"] if isinstance(example, dict) else str(example)


def _agrees(found: object, example: Mapping[str, Any], columns: tuple[str, ...]) -> bool:
    return all(getattr(found, k) == example[k] for k in columns if k in example)
