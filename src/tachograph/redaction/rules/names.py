"""Names under which secrets are kept."""

from __future__ import annotations

import re
from functools import lru_cache

_SEP = rb"[-_. ]?"
_STRONG = (
    rb"passw(?:or)?d|passphrase|passcode|passwort|contrase\xc3\xb1a"
    rb"|secret(?:" + _SEP + rb"(?:access" + _SEP + rb")?key)?|secret" + _SEP + rb"token"
    rb"|(?:api|access|private|signing|encryption|account|shared|master|storage|subscription|license|service|app|auth"
    rb"|ssh|deploy|webhook|hmac|cipher|decryption|admin|server|consumer)" + _SEP + rb"(?:api" + _SEP + rb")?key"
    rb"|(?:api|access|refresh|auth|oauth|bearer|session|security|id|bot|user|personal|private|deploy|client|app|service"
    rb"|login|csrf|xsrf|verification|registration|device|admin|install|write|read|push)" + _SEP + rb"token"
    rb"|authorization|cookie|connection" + _SEP + rb"string|mnemonic|seed" + _SEP + rb"phrase|pin" + _SEP + rb"code"
)
_EDGED = rb"pass|pin|cvv2?|cvc|otp|creds|auth|bearer|sas"
_SUFFIX = (
    rb"[0-9]{0,2}(?:[-_.]?(?:value|hash|string|text|base64|b64|pem|prod|dev|test|staging|confirmation|header|new|old))?"
)

NAME = b"(?:" + _STRONG + b"|token|credentials?|creds|bearer)" + _SUFFIX
"""The end of a name under which a secret stands; without regard to case."""

SHORT_NAME = b"(?:pwd|(?:^|[^a-z])(?:" + _EDGED + b"))" + _SUFFIX
"""The same for names that are found inside other words."""

_ANY = b"(?:" + _STRONG + rb"|pwd|token|credentials?|creds|bearer|(?<![a-z])(?:" + _EDGED + b"))" + _SUFFIX
_KEY = re.compile(_ANY + rb"\Z", re.IGNORECASE)
_STRONG_KEY = re.compile(
    rb"(?:" + _STRONG + rb"|pwd|(?<![a-z])(?:pass|pin|cvv2?|cvc|otp))" + _SUFFIX + rb"\Z", re.IGNORECASE
)
_HARMLESS = re.compile(
    rb"(?<![a-z0-9])(?:(?:page|next|prev|previous|continuation|cursor|sync|pad|eos|bos|cls|sep|unk|stop|mask|special"
    rb"|first|last|per|each|start|end|eot|image|audio)" + _SEP + rb"token"
    rb"|(?:no|has|is|use|show|forgot|reset|public|invalid|missing|max|min|total|count|num)[-_. ](?:" + _ANY + rb"))\Z",
    re.IGNORECASE,
)
_HEADER = re.compile(rb"(?:authorization|cookie|api" + _SEP + rb"key|auth" + _SEP + rb"token)\Z", re.IGNORECASE)
_CAMEL = re.compile(rb"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(4096)
def secret_name(name: bytes) -> str | None:
    """How far a name gives its value away: ``strong`` for any value, ``weak`` for one that looks like a secret.

    Parameters
    ----------
    name
        The name of a member, a variable or a header; None is returned where it says nothing.
    """
    # Only the end decides, and a name is short.
    plain = _CAMEL.sub(b"_", name[-80:].strip())
    if _KEY.search(plain) is None or _HARMLESS.search(plain) is not None:
        return None
    return "strong" if _STRONG_KEY.search(plain) is not None else "weak"


def is_header_name(name: bytes) -> bool:
    """Whether a name is one of the headers that carry credentials."""
    return _HEADER.search(name.strip()) is not None


def kind_of(name: bytes) -> str:
    """The kind of secret that a name stands for, for its marker."""
    lowered = name.lower()
    for part, kind in _KINDS:
        if part in lowered:
            return kind
    return "secret"


_KINDS = (
    (b"pass", "password"),
    (b"pwd", "password"),
    (b"authorization", "authorization"),
    (b"cookie", "cookie"),
    (b"connection", "connection-string"),
    (b"pin", "pin"),
    (b"cv", "card-code"),
    (b"secret", "secret"),
    (b"token", "token"),
    (b"bearer", "token"),
    (b"key", "key"),
    (b"auth", "authorization"),
    (b"cred", "credentials"),
)
