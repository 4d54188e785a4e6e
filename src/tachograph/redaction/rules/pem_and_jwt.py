"""Private keys in PEM, JSON Web Tokens, JSON Web Keys, and Secrets of Kubernetes."""

from __future__ import annotations

import base64
import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import AT_LEFT, Around, Rank, Rule

_KIND = re.compile(
    rb"kind(?:\\{0,3}[\"'])?:\s{0,4}(?:\\{0,3}[\"'])?secret(?:\\{0,3}[\"'])?\s{0,4}(?:[,}\n\r]|\\n|\Z)", re.IGNORECASE
)
_AROUND = 8192
# What keys begin with in base 64, without the last letters, which depend on what follows.
_KEYS = tuple(
    base64.b64encode(b"-----BEGIN %bPRIVATE KEY" % kind)[: (len(kind) + 22) * 8 // 6]
    for kind in (b"", b"RSA ", b"EC ", b"DSA ", b"OPENSSH ", b"ENCRYPTED ")
)


def _in_secret(match: re.Match[bytes]) -> bool:
    # In this document only, because a file may hold several.
    text = match.string
    begin = text.rfind(b"\n---", max(0, match.start() - _AROUND), match.start())
    end = text.find(b"\n---", match.end(), match.end() + _AROUND)
    around = text[max(begin, match.start() - _AROUND, 0) : match.end() + _AROUND if end < 0 else end]
    return b"ecret" in around.lower() and _KIND.search(around) is not None and b"{{" not in match["secret"]


PEM_AND_JWT: tuple[Rule, ...] = (
    # Without an END line the text was cut: all that can belong to the block is redacted.
    Rule(
        "private-key",
        rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY",
        Around(
            LazyPattern(
                rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
                rb"(?:.{0,65536}?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
                rb"|(?:[A-Za-z0-9+/=\s:,-]|\\+[nrt]|\\+/|\.(?!\s)){1,65536})",
                re.DOTALL,
            ),
            tail=131072,
        ),
        "https://www.rfc-editor.org/rfc/rfc7468",
        Rank.STRUCTURE,
    ),
    # The rest of a key whose beginning was cut.
    Rule(
        "private-key",
        rb"-----END [A-Z0-9 ]{0,40}PRIVATE KEY",
        Around(
            LazyPattern(
                rb"(?P<secret>(?:[A-Za-z0-9+/=]{1,76}(?:\r?\n|\\+r\\+n|\\+n)){1,800}-----END [A-Z0-9 ]{0,40}PRIVATE KEY"
                rb"(?: BLOCK)?-----)"
            ),
            reach=65536,
        ),
        "https://www.rfc-editor.org/rfc/rfc7468",
        Rank.STRUCTURE,
    ),
    Rule(
        "private-key",
        rb"Private-Lines: [0-9]",
        Around(
            LazyPattern(
                rb"Private-Lines: [0-9]{1,3}(?:\r?\n|\\+n)(?P<secret>(?:[A-Za-z0-9+/=]{1,76}(?:\r?\n|\\+n|\Z)){1,400})"
            ),
            tail=65536,
        ),
        "https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html",
        Rank.STRUCTURE,
    ),
    Rule(
        "jwt",
        rb"ey[IJ][A-Za-z0-9_-]{8,}\.",
        Around(
            LazyPattern(
                rb"(?P<secret>ey[IJ][A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{6,65536}"
                rb"(?:\.[A-Za-z0-9_-]*){0,3}(?<![.]))"
            ),
            left=AT_LEFT,
            reach=4200,
            tail=8192,
        ),
        "https://www.rfc-editor.org/rfc/rfc7519",
        Rank.STRUCTURE,
    ),
    Rule(
        "json-web-key",
        rb"[\"']kty\\{0,7}[\"']\s{0,4}:",
        Around(
            LazyPattern(
                rb"[\"'](?:d|k|p|q|dp|dq|qi)\\{0,3}[\"']\s{0,4}:\s{0,4}\\{0,3}[\"'](?P<secret>[A-Za-z0-9_-]{16,2048})"
            ),
            reach=4096,
            tail=8192,
            beyond=True,
        ),
        "https://www.rfc-editor.org/rfc/rfc7517#section-9.3",
        Rank.STRUCTURE,
    ),
    Rule(
        "kubernetes-secret",
        rb"(?i)kind(?:\\*[\"'])?:\s{0,4}(?:\\*[\"'])?secret",
        Around(
            LazyPattern(
                rb"(?:^|(?<=\n)|(?<= ))(?:string)?data:[ \t]{0,4}\r?\n"
                rb"(?P<secret>(?:[ \t]+[^\s][^\n]{0,16384}\n?){1,200})",
                re.IGNORECASE,
            ),
            _in_secret,
            reach=65536,
            tail=65536,
            beyond=True,
        ),
        "https://kubernetes.io/docs/concepts/configuration/secret/",
        Rank.STRUCTURE,
    ),
    *(
        Rule(
            "private-key",
            begin,
            Around(LazyPattern(rb"(?P<secret>" + begin + rb"[A-Za-z0-9+/]{16,65536}+={0,2})")),
            "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
            Rank.STRUCTURE,
        )
        for begin in _KEYS
    ),
)
"""Keys, tokens and Secrets with a structure."""
