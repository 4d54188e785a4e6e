"""Key blocks in PEM armour, and JSON Web Tokens."""

from __future__ import annotations

import re

from tachograph.redaction.late import Late
from tachograph.redaction.rules.rule import Rank, Rule

STRUCTURES: tuple[Rule, ...] = (
    # Without an END line the text was cut, so all of it that can belong to the block goes.
    Rule(
        "private-key",
        rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY",
        Late(
            rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            rb"(?:.{0,65536}?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            rb"|(?:[A-Za-z0-9+/=\s:,-]|\\+[nrt]|\\+/|\.(?!\s)){1,65536})",
            re.DOTALL,
        ),
        "https://www.rfc-editor.org/rfc/rfc7468",
        Rank.STRUCTURE,
        tail=131072,
    ),
    Rule(
        "jwt",
        rb"ey[IJ][A-Za-z0-9_-]{8,}\.",
        Late(
            rb"(?P<secret>ey[IJ][A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{6,65536}"
            rb"(?:\.[A-Za-z0-9_-]*){0,3}(?<![.]))"
        ),
        "https://www.rfc-editor.org/rfc/rfc7519",
        Rank.STRUCTURE,
        reach=4200,
        tail=8192,
    ),
)
