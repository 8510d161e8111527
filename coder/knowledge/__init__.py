"""Knowledge: everything in ``data/``, read, compiled into one scanner a language, and cached by its hash."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coder.knowledge.actors import Actor, State, read_actors, read_states
from coder.knowledge.lexicon import Lexicon, LexiconBuilder, Payload
from coder.knowledge.patterns import PatternError
from coder.knowledge.places.gazetteer import Gazetteer
from coder.knowledge.places.groups import Group, PlaceGroups
from coder.knowledge.rules import DataError, Rule, data_files, read_rules, read_yaml
from coder.knowledge.sources import Source, read_sources
from coder.language import LANGUAGES
from coder.memory import uncollected
from coder.paths import data_dir

__all__ = ["DataError", "Knowledge", "Rule", "Source", "State"]

_KEPT = 8  # compiled states of the knowledge that the cache keeps, some 25 MB each
_HASHED = ("*.yaml", "*.parquet", "*.gz", "*.tsv")
_MARKS = re.compile(r"[|?…]|/(?:n|v|adj)(?:\s|$)")


@dataclass(frozen=True)
class Knowledge:
    """All that the coder knows, compiled. Build it with :meth:`load`; treat it as read-only.

    ``rules[kind]`` are the rules of both languages by file stem; a match's payload is (kind, index in it),
    or ``("actor", index in actors)``, ``("source", index in sources)``, ``("place", index in place_groups)``,
    ``("nationality", index in nationalities)``.
    """

    hash: str
    lexicons: Mapping[str, Lexicon]
    rules: Mapping[str, tuple[Rule, ...]]
    frames: Mapping[str, Mapping[str, object]]
    actors: tuple[Actor, ...]
    states: Mapping[str, State]
    sources: tuple[Source, ...]
    place_groups: PlaceGroups
    nationalities: tuple[str, ...]
    gazetteer: Gazetteer
    weights: Mapping[str, float]

    @cached_property
    def groups(self) -> Mapping[str, Actor]:
        """Every group by its id."""
        return {a.id: a for a in self.actors if a.kind == "group"}

    @cached_property
    def government_side(self) -> frozenset[str]:
        """Canonical names of the groups that fight for a recognised government (codebook section 5)."""
        return frozenset(
            str(name)
            for a in self.groups.values()
            if a.data.get("side") == "government"
            for name in (a.data["name"], *(a.data.get("variants") or {}).values())
        )

    @cached_property
    def allied(self) -> frozenset[frozenset[str]]:
        """Pairs of canonical names of groups that fight side by side, as an entry's ``allies`` say."""
        groups = self.groups
        return frozenset(
            frozenset((str(a.data["name"]), str(groups[i].data["name"])))
            for a in groups.values()
            for i in a.data.get("allies") or ()
            if i in groups
        )

    @classmethod
    def load(cls, overlays: Sequence[Path] = (), cache: bool = True) -> Knowledge:
        """Read the built-in data with ``overlays`` laid over it, from the cache where the hash is known.

        Raises DataError where a file or an entry is at fault.
        """
        folders = [data_dir(), *overlays]
        digest = knowledge_hash(folders)
        path = _cache_file(digest) if cache else None
        if path is not None and path.is_file():
            try:
                with uncollected():
                    loaded = pickle.loads(path.read_bytes())
                if isinstance(loaded, cls):
                    return loaded
            except FileNotFoundError:  # another process swept it away
                pass
            except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError):
                path.unlink(missing_ok=True)
        try:
            built = _compile(folders, digest)
        except DataError:
            raise
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            where = ", ".join(map(str, overlays)) or "the built-in data"
            raise DataError(
                f"{where}: an entry is not of the form of its kind ({error!r}); "
                "`coder rules check` with the same --data names the file, the line and the remedy"
            ) from error
        if path is not None:
            _keep(path, built)
        return built


def knowledge_hash(folders: Sequence[Path]) -> str:
    """SHA-256 over the names and bytes of all data files and of the code that compiles them."""
    digest = hashlib.sha256()
    code = Path(__file__).resolve().parent.parent
    for folder in (*folders, code / "knowledge", code / "language"):
        patterns = ("*.py",) if code in folder.parents or folder == code else _HASHED
        for path in sorted(p for pattern in patterns for p in folder.rglob(pattern)):
            if "sample" in path.parts:
                continue
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_file(digest: str) -> Path | None:
    """Where the compiled knowledge is kept: the user's cache folder; None where there is none to write to."""
    base = os.environ.get("CODER_CACHE") or os.environ.get("XDG_CACHE_HOME")
    try:
        folder = Path(base) if base else Path.home() / ".cache"
    except RuntimeError:
        return None
    version = f"{sys.version_info.major}{sys.version_info.minor}"
    return folder / "coder" / f"knowledge-{digest}-{version}.pickle"


def _keep(path: Path, built: Knowledge) -> None:
    """Write the cache file whole or not at all, and sweep old ones; a folder that cannot be written to is no fault."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            pickle.dump(built, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(file.name).replace(path)
        kept = sorted(path.parent.glob("knowledge-*.pickle"), key=lambda old: -old.stat().st_mtime)
        for old in kept[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _compile(folders: Sequence[Path], digest: str) -> Knowledge:
    builders = {code: LexiconBuilder(code) for code in LANGUAGES}
    rules: dict[str, list[Rule]] = {}
    for code, builder in builders.items():
        for rule in read_rules(folders, code):
            group = rules.setdefault(rule.kind, [])
            for pattern in rule.data.get("patterns") or ():
                _add(builder, str(pattern), (rule.kind, len(group)), rule.id)
            group.append(rule)
    states = read_states(folders)
    actors: list[Actor] = []
    for actor, spellings in read_actors(folders, states):
        for code, forms in spellings.items():
            for name in forms:
                _add(builders[code], name, ("actor", len(actors)), actor.id)
        actors.append(actor)
    sources = read_sources(folders)
    for index, source in enumerate(sources):
        for kind, by_language in (("source", source.names), ("source?", source.ambiguous)):
            for code, words in by_language.items():
                for name in words:
                    builders[code].add_name(name, (kind, index))
                    if code == "en" and name.isupper():
                        builders["ar"].add_name(name, (kind, index))
    gazetteer = Gazetteer.load(folders)
    groups, nationalities = _add_places(builders, gazetteer, folders)
    for code in builders:
        gazetteer.spellings(code)  # compiled with the rest
    frames = {}
    for folder in folders:
        if (folder / "rules" / "frames.yaml").is_file():
            frames.update(read_yaml(folder / "rules" / "frames.yaml"))
    return Knowledge(
        digest,
        {code: b.build() for code, b in builders.items()},
        {k: tuple(v) for k, v in rules.items()},
        frames,
        tuple(actors),
        states,
        tuple(sources),
        groups,
        nationalities,
        gazetteer,
        _weights(folders),
    )


def _weights(folders: Sequence[Path]) -> dict[str, float]:
    """The weights of the linear model over the rules' features; the last folder that has them wins."""
    weights: dict[str, float] = {}
    for path in data_files(folders, "weights/claims.yaml"):
        weights = {str(k): float(v) for k, v in read_yaml(path).items()}
    return weights


def _add(builder: LexiconBuilder, pattern: str, payload: Payload, ident: str) -> None:
    try:
        if _MARKS.search(pattern):
            builder.add_pattern(pattern, payload)
        else:
            builder.add_name(pattern, payload)
    except PatternError as error:
        raise DataError(f"{ident}: {error}") from error


def _add_places(
    builders: Mapping[str, LexiconBuilder], gazetteer: Gazetteer, folders: Sequence[Path]
) -> tuple[PlaceGroups, tuple[str, ...]]:
    groups: list[Group] = []
    for code, name, indexes, cue in gazetteer.names():
        if code in builders and cue != "never":
            builders[code].add_name(name, ("place", len(groups)))
            groups.append((indexes, cue))
    nationalities: list[str] = []
    places = {name for _, name, _, _ in gazetteer.names()}
    for folder in folders:
        path = folder / "places" / "countries.yaml"
        if path.is_file():
            for country in read_yaml(path)["countries"]:
                for code, pattern in _people(country, places):
                    _add(builders[code], pattern, ("nationality", len(nationalities)), str(country["id"]))
                nationalities.append(str(country["name"]))
    return PlaceGroups(groups), tuple(nationalities)


def _people(country: Mapping[str, Mapping[str, Sequence[str]]], places: Set[str]) -> Iterator[tuple[str, str]]:
    """The words for the people of a country; an accusative that is no place's name («فلسطينيا», but not «سوريا»)."""
    people = country.get("nationality") or {}
    for word in people.get("en") or ():
        yield "en", word
    for word in people.get("ar") or ():
        yield "ar", word if "/" in word else f"{word}/adj"
        if word.endswith("ي") and f"{word}ا" not in places:
            yield "ar", f"{word}ا"
