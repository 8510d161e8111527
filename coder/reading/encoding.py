"""Bytes to text: UTF-8 and UTF-16 by their form, the old Arabic and Western code pages by plausibility."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PAGES = ("windows-1256", "iso-8859-6", "windows-1252")
_LATIN = ("iso8859-1", "ascii")  # what pages call windows-1252
_SAMPLE = 65_536  # bytes that the choice of a code page looks at
_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ARABIC_WORD = re.compile("[\u0621-\u063a\u0641-\u064a]{2,}")
_COMMON = "الينمورتبعهدسفكقحجةأ"
_WESTERN_SIGNS = frozenset("‘’“”–—…•€£©®°«»éèêëàâäáãåçñíîïóôöõúûüÉÈÀÂÁÇÖÜßøØæœ\u00a0")
_PLAUSIBLE = 0.6  # share of the bytes above 127 that must decode to what texts are made of
_BROKEN_UTF8 = 0.8  # share of the bytes above 127 in whole UTF-8 sequences from which a file is UTF-8 with damage
_WIDE = 0.3  # share of zero bytes at one parity that tells UTF-16 without a mark


class EncodingError(ValueError):
    """The bytes are no text in any known encoding; the message says where and what to do."""


def decode(raw: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of ``raw`` and the name of its encoding; a byte order mark is no part of the text.

    ``declared`` is what a page says of itself; it is believed only where the bytes are no UTF-8.
    Raises EncodingError.
    """
    encoding = detect(raw, declared)
    try:
        return raw.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"byte {error.start} (0x{raw[error.start]:02x}) is not {encoding}: save the file as UTF-8"
        ) from error


def detect(raw: bytes, declared: str | None = None) -> str:
    """The encoding of ``raw``: utf-8, utf-8-sig, utf-16…, windows-1256, iso-8859-6, windows-1252 or another.

    Raises EncodingError where the bytes are damaged UTF-8 or nothing that is known.
    """
    for bom, name in _BOMS:
        if raw.startswith(bom):
            return name
    wide = _wide(raw[:_SAMPLE])
    if wide:
        return wide
    try:
        raw.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        high = len(_HIGH.findall(raw))
        whole = sum(len(s) for s in _UTF8.findall(raw))
        if whole >= _BROKEN_UTF8 * high:
            raise EncodingError(
                f"byte {error.start} (0x{raw[error.start]:02x}) breaks the UTF-8: save the text anew as UTF-8"
            ) from error
    return _page(raw[:_SAMPLE], declared)


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: ASCII or Arabic letters leave one byte of each pair at 0 or 6."""
    pairs = len(sample) // 2
    if pairs < 2 or (len(sample) % 2 and len(sample) < _SAMPLE):
        return None
    for at, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = sample[at::2]
        if half.count(0) >= _WIDE * pairs or (half.count(0) and half.count(0) + half.count(6) > 0.9 * pairs):
            return name
    return None


def _page(sample: bytes, declared: str | None) -> str:
    """The most plausible code page; the one declared wins where it is plausible."""
    scores = {name: _plausibility(sample, name) for name in _PAGES}
    known = _known(declared)
    if known and _plausibility(sample, known) >= _PLAUSIBLE:
        return known
    best = max(_PAGES, key=lambda name: (scores[name] >= _PLAUSIBLE, _articles(sample, name), scores[name]))
    if scores[best] >= _PLAUSIBLE:
        return best
    from charset_normalizer import from_bytes

    guess = from_bytes(sample).best()
    if guess is not None and (name := _known(guess.encoding)):
        return name
    raise EncodingError("no known encoding fits the bytes: save the file as UTF-8")


def _articles(sample: bytes, encoding: str) -> int:
    """How often alif and lam stand side by side: the commonest pair, which a wrong page destroys."""
    text = sample.decode(encoding, "replace")
    return text.count("ال") + text.count("لا")


def _known(name: str | None) -> str | None:
    """The name by which Python knows an encoding for text, or None."""
    if not name:
        return None
    try:
        info = codecs.lookup(name)
    except LookupError:
        return None
    if info.name in _LATIN:
        return "windows-1252"
    return info.name if getattr(info, "_is_text_encoding", True) else None


def _plausibility(sample: bytes, encoding: str) -> float:
    """Share of the bytes above 127 that decode to common Arabic letters in words, or to Western signs."""
    high = len(_HIGH.findall(sample))
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    arabic = "".join(_ARABIC_WORD.findall(text))
    if encoding == "windows-1252":
        return sum(c in _WESTERN_SIGNS for c in text) / high if high else 1.0
    common = sum(map(arabic.count, _COMMON))
    good = common + 0.5 * (len(arabic) - common) + sum(map(text.count, "،؛؟«»“”‘’–—…\u00a0"))
    return good / high if high and len(arabic) > 0.5 * high else 0.0
