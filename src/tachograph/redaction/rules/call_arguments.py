"""Passwords among the arguments of calls: ``auth=("user", …)``, ``smtp.login``, ``new PDO`` and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import QUOTE, Behind, Rank, Rule
from tachograph.redaction.words.looks import looks_drawn, looks_like_words
from tachograph.redaction.words.placeholder import is_placeholder

if TYPE_CHECKING:
    import re

# An argument that is not the secret, and the comma behind it.
_OTHER = (
    rb"(?:[a-zA-Z]?"
    + QUOTE
    + rb"[^\"'\n]{0,200}[\"']|[^\"'(),\s][^\"'(),\n]{0,120}+(?:\([^()\n]{0,80}\))?)(?:\s|\\n){0,8}+,"
    rb"(?:\s|\\n){0,8}+"
)
_GIVEN = rb"[a-zA-Z]?(?P<q>" + QUOTE + rb")(?P<quoted>(?!\s)(?:(?!(?P=q))[^\n]){3,512})(?P=q)(?:\s|\\n){0,8}+[,)\]}]"
_BEHIND_ONE = LazyPattern(rb"(?:\s|\\n){0,8}+" + _OTHER + _GIVEN)
_BEHIND_TWO = LazyPattern(rb"(?:\s|\\n){0,8}+(?:" + _OTHER + rb"){2}" + _GIVEN)
_PAIR = LazyPattern(
    rb"(?:\s|\\n){0,8}+[a-zA-Z]?" + QUOTE + rb"[^\"'\n]{0,200}[\"'](?:\s|\\n){0,8},(?:\s|\\n){0,8}" + _GIVEN
)


def _is_filled(match: re.Match[bytes]) -> bool:
    value = match["quoted"]
    return not is_placeholder(value, quoted=True) and value.lower() != b"pass"


def _is_no_word(match: re.Match[bytes]) -> bool:
    return _is_filled(match) and not looks_like_words(match["quoted"])


def _is_drawn(match: re.Match[bytes]) -> bool:
    return looks_drawn(match["quoted"]) and _is_filled(match)


_REQUESTS = "https://requests.readthedocs.io/en/latest/user/authentication/"
_DOTNET = "https://learn.microsoft.com/dotnet/api/system.net.networkcredential"
_SMTP = "https://docs.python.org/3/library/smtplib.html#smtplib.SMTP.login"
_PDO = "https://www.php.net/manual/en/pdo.construct.php"
_JDBC = "https://docs.oracle.com/en/java/javase/21/docs/api/java.sql/java/sql/DriverManager.html"

# What is in front of the arguments, which of them is the secret, and what it has to look like.
_CALLS = (
    (rb"(?i)auth\s?=\s?\(", _PAIR, _is_filled, _REQUESTS),
    (rb"(?i)(?:basic|digest|proxy)_?auth\s?\(", _BEHIND_ONE, _is_filled, _REQUESTS),
    (rb"(?i)networkcredential\s?\(", _BEHIND_ONE, _is_filled, _DOTNET),
    (rb"(?i)passwordauthentication\s?\(", _BEHIND_ONE, _is_filled, _JDBC),
    (rb"(?i)(?:plain(?:text)?auth(?:provider|enticator)?)\s?\(", _BEHIND_ONE, _is_no_word, _SMTP),
    (rb"smtp\.PlainAuth\s?\(", _BEHIND_TWO, _is_filled, "https://pkg.go.dev/net/smtp#PlainAuth"),
    (rb"(?i)[.>]login\s?\(", _BEHIND_ONE, _is_no_word, _SMTP),
    (rb"\.auth\s?\(", _BEHIND_ONE, _is_no_word, _REQUESTS),
    (rb"(?i)[.>]authenticate\s?\(", _BEHIND_ONE, _is_no_word, _SMTP),
    (rb"(?i)withemailandpassword\s?\(", _BEHIND_TWO, _is_filled, "https://firebase.google.com/docs/auth/web/password-auth"),
    (rb"getConnection\s?\(", _BEHIND_TWO, _is_filled, _JDBC),
    (rb"mysqli?_connect\s?\(", _BEHIND_TWO, _is_filled, "https://www.php.net/manual/en/mysqli.construct.php"),
    (rb"new mysqli\s?\(", _BEHIND_TWO, _is_filled, "https://www.php.net/manual/en/mysqli.construct.php"),
    (rb"PDO(?:->__construct)?\s?\(", _BEHIND_TWO, _is_filled, _PDO),
    (rb"DBI->connect\s?\(", _BEHIND_TWO, _is_filled, "https://metacpan.org/pod/DBI#connect"),
    (rb"jwt\.(?:sign|verify|encode|decode)\s?\(", _BEHIND_ONE, _is_no_word, "https://pyjwt.readthedocs.io/en/stable/"),
    (rb"algoliasearch\s?\(", _BEHIND_ONE, _is_drawn, "https://www.algolia.com/doc/guides/security/api-keys/"),
    (rb"(?i)set_access_token\s?\(", _BEHIND_ONE, _is_drawn, "https://docs.tweepy.org/en/stable/authentication.html"),
)  # fmt: skip

CALL_ARGUMENTS: tuple[Rule, ...] = (
    *(
        Rule("password", trigger, Behind(pattern, check), source, Rank.KEYED)
        for trigger, pattern, check, source in _CALLS
    ),
    Rule(
        "twilio-auth-token",
        rb"[\"']AC[0-9a-f]{32}",
        Behind(LazyPattern(rb"\\{0,15}[\"']\s{0,2},\s{0,8}(?P<q>" + QUOTE + rb")(?P<quoted>[0-9a-f]{32})(?P=q)")),
        "https://www.twilio.com/docs/iam/api/authtoken",
        Rank.VENDOR,
    ),
    Rule(
        "password",
        rb"(?i)ConvertTo-SecureString\s(?:-String\s)?",
        Behind(
            LazyPattern(
                rb"\s{0,4}(?:-(?:String|AsPlainText|Force)\s{1,4}){0,3}(?P<q>"
                + QUOTE
                + rb")(?P<quoted>[^\"'\n$][^\"'\n]{2,512}?)(?P=q)"
            ),
            _is_filled,
        ),
        "https://learn.microsoft.com/powershell/module/microsoft.powershell.security/convertto-securestring",
        Rank.KEYED,
    ),
    Rule(
        "wordpress-key",
        rb"(?:AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT)\\{0,15}[\"']\s{0,12},",
        Behind(
            LazyPattern(rb"\s{0,12}(?P<q>" + QUOTE + rb")(?P<quoted>(?:(?!(?P=q))[^\n]){24,128})(?P=q)\s{0,2}\)"),
            _is_filled,
        ),
        "https://developer.wordpress.org/apis/wp-config-php/#security-keys",
        Rank.KEYED,
    ),
)
"""Arguments of calls."""
