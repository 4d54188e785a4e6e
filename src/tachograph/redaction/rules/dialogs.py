"""Secrets in dialogs and output: FTP, POP3, IMAP, expect, prompts, dumps of Windows, new keys of AWS."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import QUOTE, Around, Rank, Rule, rule_behind
from tachograph.redaction.rules.checks import is_filled_in, is_not_words
from tachograph.redaction.rules.named_values import has_name_before
from tachograph.redaction.words.expressions import either
from tachograph.redaction.words.looks import looks_drawn
from tachograph.redaction.words.secret_words import PROMPT

_REST = rb"(?P<secret>[^\s\"'`\\]{3,256}(?<![,;)\]}]))"
_BREAK = rb"(?:\r?\n|\\r\\n|\\n)"
_HEX = re.compile(rb"[0-9a-f]+\Z")
_IANA = "https://www.rfc-editor.org/rfc/rfc959#section-5.3"


def _after_reset(match: re.Match[bytes]) -> bool:
    return b"assword" in match.string[max(0, match.start() - 240) : match.start()] and is_not_words(match)


def _is_mixed(match: re.Match[bytes]) -> bool:
    return looks_drawn(match["secret"]) and _HEX.match(match["secret"]) is None


def _of_login(match: re.Match[bytes]) -> bool:
    line = match.string[max(0, match.start() - 64) : match.start()].rpartition(b"\n")[2]
    return b"AUTH" not in line and is_not_words(match)


DIALOGS: tuple[Rule, ...] = (
    Rule(
        "password-hash",
        rb"[0-9a-fA-F]{8}:::",
        Around(LazyPattern(rb":[0-9]{1,9}:(?P<secret>[0-9a-fA-F]{32}:[0-9a-fA-F]{32}):::"), reach=96, tail=0),
        "https://learn.microsoft.com/windows-server/security/kerberos/passwords-technical-overview",
        Rank.STRUCTURE,
    ),
    rule_behind(
        "password",
        rb"New value: [^\s]",
        _REST,
        "https://www.elastic.co/docs/reference/elasticsearch/command-line-tools/reset-password",
        _after_reset,
        back=1,
    ),
    rule_behind(
        "secret",
        rb"(?i)(?:" + either(PROMPT) + rb")[\"']\]\)?" + _BREAK + rb"[\"']",
        rb"(?P<secret>[^\"'\n\\]{4,512})(?=[\"'])",
        "https://docs.python.org/3/tutorial/interpreter.html#interactive-mode",
        has_name_before,
    ),
    # The secret key behind the access key, in a line that has both.
    rule_behind(
        "aws-secret-key",
        rb"A[KS]IA[A-Z0-9]{16}[\s,|\"':]",
        rb"[^\n]{0,80}?(?<![A-Za-z0-9/+])(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        _is_mixed,
        back=1,
    ),
    Rule(
        "otp-secret",
        rb"(?i)(?:totp|otp|mfa|2fa) (?:secret|seed|key)",
        Around(
            LazyPattern(
                rb"(?i:t?otp|mfa|2fa) (?i:secret|seed|key)(?: is)?[\s:=]{1,3}(?P<secret>[A-Z2-7]{16,64})(?![A-Za-z0-9])"
            )
        ),
        "https://github.com/google/google-authenticator/wiki/Key-Uri-Format",
        Rank.KEYED,
    ),
    # A dialog of FTP, POP3 or IRC, and one of IMAP.
    rule_behind(
        "password",
        rb"USER [^\s]{1,64}" + _BREAK + rb"(?:[^\n]{0,160}\n){0,2}[^\n]{0,200}PASS ",
        _REST,
        _IANA,
        is_not_words,
    ),
    rule_behind(
        "password",
        rb" LOGIN ",
        rb"(?!PASSWORD)(?:" + QUOTE + rb")?[^\s\"']{1,128}(?:" + QUOTE + rb")?\s(?:" + QUOTE + rb")?" + _REST,
        "https://www.rfc-editor.org/rfc/rfc9051#section-6.2.3",
        _of_login,
    ),
    # An answer in a script of expect.
    rule_behind(
        "password",
        rb"(?i)(?:assword|assphrase)[^\n]{0,24}" + _BREAK + rb"\s{0,8}send(?:\s--)?\s",
        rb"(?:--\s)?(?:" + QUOTE + rb")(?P<secret>[^\s\"'\\$]{3,256})",
        "https://core.tcl-lang.org/expect/home",
        is_filled_in,
    ),
)
"""Dialogs and output."""
