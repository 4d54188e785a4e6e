"""Judges names: how far a name gives its value away, and the kind of secret.

It is imported at the start of every recorded program, so it uses plain text operations: equivalent regular expressions
would take milliseconds to compile.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import product

from tachograph.redaction.words.secret_words import HEADERS, KEYS, KINDS, SUFFIXES, TOKENS, WORDS, Strength, Word


def _set(words: str) -> frozenset[bytes]:
    return frozenset(words.encode().split())


def _joined(word: Word) -> bytes:
    return word.written.replace("_", "").encode()


# What the end of a name says, without its separators.
_PASSWORDS = tuple(_joined(word) for word in WORDS if word.strength is Strength.STRONG and not word.whole)
_FIRM = (
    *(word.encode() + between + b"key" for (word, _), between in product(KEYS, (b"", b"api"))),
    *(word.encode() + b"token" for word in TOKENS),
    *(_joined(word) for word in WORDS if word.strength is Strength.FIRM),
)
_WEAK = tuple(_joined(word) for word in WORDS if word.strength is Strength.WEAK and not word.whole)
# Whole words, because they are parts of others.
_STRONG_WORDS, _WEAK_WORDS, _FAINT_WORDS = (
    frozenset(_joined(word) for word in WORDS if word.strength is strength and word.whole)
    for strength in (Strength.STRONG, Strength.WEAK, Strength.FAINT)
)
ENDINGS = frozenset((*_PASSWORDS, *_FIRM, *_WEAK, *_STRONG_WORDS, *_WEAK_WORDS))
"""What names end in, without separators, under which at least what looks drawn by chance is redacted."""
_SUFFIXES = frozenset(word.encode() for word in SUFFIXES)

_NO_TOKEN = _set(
    """
    page next prev previous continuation cursor sync pad eos bos cls sep unk stop mask special first last per each
    start end eot image audio
    """
)
_NO_KEY = _set(
    """
    public primary foreign partition sort cache idempotency row object routing message hash range dedup
    deduplication group lookup dict index composite unique surrogate natural candidate super shard bucket s3 blob
    translation locale i18n header query param config json yaml map event hot arrow press escape enter host known
    kms metric label tag item entry set list node edge record data by file path meta attribute correlation trace
    request response run state column restore field property order minimize max min custom
    """
)
_NO_NAME_BEFORE = _set(
    """
    has is use show max min total count num require required allow enable disable with without
    """
)
_NO_SENTENCE_BEFORE = _set("no forgot reset public invalid missing")
_NO_NAME_BEHIND = _set(
    """
    id ids name names type types count counts length len size algorithm alg policy url uri endpoint path file dir
    folder arn version label field fields format hint manager limit limits usage detail details expiry expires
    expiration expire in ttl created at updated issued age budget rate price cost index vault ring store pair set
    map prefix suffix strength scope scopes audience issuer status state rotation kind provider source ref class
    service server env var logprobs probs position offset md5 sha1 sha256 sha512 fingerprint thumbprint digest
    checksum
    """
)

_HARMLESS = {b"PWD", b"OLDPWD", b"NOPASSWD", b"INIT_CWD"}

_SEPARATED = bytes.maketrans(b"-. ", b"___")
_DIGITS = b"0123456789"
_MOST_NAME = 80


def _words_of(name: bytes) -> list[bytes]:
    plain = name[-_MOST_NAME:].strip().translate(_SEPARATED)
    words: list[bytes] = []
    for part in plain.split(b"_"):
        begin = 0
        for at in range(1, len(part)):
            if 65 <= part[at] <= 90 and not 65 <= part[at - 1] <= 90:
                words.append(part[begin:at].lower())
                begin = at
        words.append(part[begin:].lower())
    return [word for word in words if word]


@lru_cache(4096)
def secret_name(name: bytes) -> Strength:
    """How far a name gives its value away.

    Parameters
    ----------
    name
        The name of a member, a variable or a header.
    """
    if name in _HARMLESS:
        return Strength.NONE
    words = _words_of(name)
    if not words or _is_harmless(words, blank=b" " in name):
        return Strength.NONE
    end = len(words)
    while end > 1 and (words[end - 1] in _SUFFIXES or words[end - 1].isdigit()):
        end -= 1
    last = words[end - 1].rstrip(_DIGITS) or words[end - 1]
    if last.endswith((b"passwords", b"passphrases", b"keys")):
        last = last[:-1]
    joined = b"".join(words[: end - 1]) + last
    if b"".join(words).endswith(_FIRM):
        return Strength.FIRM
    if joined.endswith(_PASSWORDS) or last in _STRONG_WORDS or words[end - 1] in _STRONG_WORDS:
        return Strength.STRONG
    if joined.endswith(_FIRM):
        return Strength.FIRM
    if joined.endswith(_WEAK) or last in _WEAK_WORDS:
        return Strength.WEAK
    if (last in _FAINT_WORDS and (end > 1 or last != b"key")) or (last != b"key" and joined.endswith(b"key")):
        return Strength.FAINT
    if any(word.endswith((*_PASSWORDS, *_WEAK, b"secret")) for word in words[:-1]):
        return Strength.FAINT
    return Strength.NONE


def _is_harmless(words: list[bytes], *, blank: bool) -> bool:
    last = words[-1]
    before = words[-2] if len(words) > 1 else b""
    if last in _NO_NAME_BEHIND:
        return True
    if (last == b"token" and before in _NO_TOKEN) or (last == b"key" and before in _NO_KEY):
        return True
    if (last.endswith(b"token") and last[:-5] in _NO_TOKEN) or (last.endswith(b"key") and last[:-3] in _NO_KEY):
        return True
    if any(word in _NO_SENTENCE_BEFORE for word in words[:-1]):
        return True
    return not blank and any(word in _NO_NAME_BEFORE for word in words[:-1])


def is_header_name(name: bytes) -> bool:
    """Whether a name is one of the headers that carry credentials."""
    return b"".join(_words_of(name)).endswith(HEADERS)


@lru_cache(1024)
def kind_of(name: bytes) -> str:
    """The kind of secret that a name has, for its marker."""
    lowered = name.lower()
    if kinds := _kinds_of_words():
        joined = b"".join(_words_of(name))
        for word, kind in kinds:
            if joined.endswith(word):
                return kind
    return _kind_by_part(lowered)


def _kind_by_part(lowered: bytes) -> str:
    for part, kind in KINDS:
        if part in lowered:
            return kind
    return "secret"


@cache
def _kinds_of_words() -> list[tuple[bytes, str]]:
    """The words whose kind does not follow from their parts."""
    return [(_joined(word), word.kind) for word in WORDS if _kind_by_part(_joined(word)) != word.kind]
