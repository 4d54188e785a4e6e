"""Names under which secrets are kept."""

from __future__ import annotations

import re

_SEP = rb"[-_. ]?"
_STRONG = (
    rb"passw(?:or)?d|passphrase|passcode|pwd|passwort|contrase\xc3\xb1a|mot_de_passe"
    rb"|secret(?:" + _SEP + rb"(?:access" + _SEP + rb")?key)?|secret" + _SEP + rb"token"
    rb"|(?:api|access|private|signing|encryption|account|shared|master|storage|subscription|license|service|app|auth"
    rb"|ssh|deploy|webhook|hmac|cipher|decryption|admin|server|consumer)" + _SEP + rb"(?:api" + _SEP + rb")?key"
    rb"|(?:api|access|refresh|auth|oauth|bearer|session|security|id|bot|user|personal|private|deploy|client|app|service"
    rb"|login|csrf|xsrf|verification|registration|device|admin|install|write|read|push)" + _SEP + rb"token"
    rb"|authorization|cookie|connection" + _SEP + rb"string|mnemonic|seed" + _SEP + rb"phrase|pin" + _SEP + rb"code"
)
_EDGED = rb"pass|pin|cvv2?|cvc|otp|creds|auth|bearer|sas"
_WEAK = rb"token|credentials?|auth|bearer|creds|sas|salt|signature"
_SUFFIX = (
    rb"[0-9]{0,2}(?:[-_.]?(?:value|hash|string|text|base64|b64|pem|prod|dev|test|staging|confirmation|header|new|old))?"
)

NAME = b"(?:" + _STRONG + b"|token|credentials?|(?:[^a-z]|_)(?:" + _EDGED + b"))" + _SUFFIX
"""The end of a name under which a secret stands; without regard to case."""

NAME_IN_TEXT = b"(?:" + _STRONG + rb"|token|credentials?|(?<![a-z])(?:" + _EDGED + b"))" + _SUFFIX
"""The same with a look behind instead of a character."""

_KEY = re.compile(rb"(?:" + NAME_IN_TEXT + rb")\Z", re.IGNORECASE)
_STRONG_KEY = re.compile(rb"(?:" + _STRONG + rb"|(?<![a-z])(?:pass|pin|cvv2?|cvc|otp))" + _SUFFIX + rb"\Z", re.IGNORECASE)
_HARMLESS = re.compile(
    rb"(?:page|next|prev|previous|continuation|cursor|sync|pad|eos|bos|cls|sep|unk|stop|mask|special|first|last|per|each"
    rb"|max|min|total|count|num|start|end|eot|image|audio|no|has|is|use|show|forgot|reset|public)" + _SEP + rb"[a-z]*\Z"
    rb"|(?:no|has|is|use|show|forgot|reset|public|invalid|missing)" + _SEP + rb"(?:" + NAME_IN_TEXT + rb")\Z"
    rb"|REDACTED:[a-z-]*\Z",
    re.IGNORECASE,
)
_HEADER = re.compile(rb"(?:authorization|cookie|api" + _SEP + rb"key|auth" + _SEP + rb"token)\Z", re.IGNORECASE)
_CAMEL = re.compile(rb"(?<=[a-z0-9])(?=[A-Z])")


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
