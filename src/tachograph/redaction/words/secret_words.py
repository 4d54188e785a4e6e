"""The table of secret words: the words in names, sentences and commands that make a value a secret.

One row is one word. Everything else is built from the rows: how far a name gives its value away (`name_strength`), the
expressions of names (`name_patterns`), of flags, fields and sentences (`expressions`), what the scan looks for in
queries and in base 64, and what counts as a placeholder (`placeholder`). A new word is one row without ``places``: then
every syntax knows it.

It is imported at the start of every recorded program, so it holds plain rows; expressions are built after a hit.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Strength(IntEnum):
    """How far a name gives its value away."""

    NONE = 0
    FAINT = 1
    """Only what was clearly drawn by chance is redacted: ``deploy_key``, ``access``."""
    WEAK = 2
    """What looks like a secret is redacted: ``token``, which is also a word of language models."""
    FIRM = 3
    """In a text all but words is redacted, in a mapping anything: ``api_key``."""
    STRONG = 4
    """Anything is redacted: ``password``."""


# Where a word is known, as bits.
NAME = 1 << 0
"""Names in text that end in the word: ``DB_PASSWORD=``, ``"password":``."""
SHORT_NAME = 1 << 1
"""Names in text that are the word, or end in it behind a separator: ``pin:``, ``DB_PASS=``."""
FLAG = 1 << 2
"""Flags of commands: ``--password VALUE``."""
FLAG_END = 1 << 3
"""Flags with an underscore in front of the word: ``--db_password VALUE``."""
PAIR = 1 << 4
"""Members with a name and a value: ``{"name": "DB_PASSWORD", "value": …}``."""
NEAR = 1 << 5
"""A word in front of a random value, without a sign of an assignment: ``the key 5Fq…``."""
FIELD = 1 << 6
"""Elements and form fields: ``<password>…</password>``, ``name="password"``."""
ATTRIBUTE = 1 << 7
"""The attribute ``name`` of an element: ``<param name="password">…</param>``."""
PROMPT = 1 << 8
"""A subscript at a prompt of Python, and its value in the next line: ``d["password"]``."""
TABLE = 1 << 9
"""Heads of columns in Markdown and CSV."""
NOUN = 1 << 10
"""Sentences: ``the password for the server is …``."""
NOUN_IS = 1 << 11
"""Sentences: ``the password is …``."""
WITH_NOUN = 1 << 12
"""Sentences: ``with password …``."""
AS_NOUN = 1 << 13
"""Sentences: ``use … as the password``."""
QUERY = 1 << 14
"""Form-encoded text, behind a plus sign: ``+password``."""
QUERY_DASHED = 1 << 15
"""Form-encoded text: ``-password+``."""
QUERY_UNDERSCORED = 1 << 16
"""Form-encoded text: ``_password+``."""
BASE64 = 1 << 17
"""Base 64 of a text with the word."""
STAND_IN = 1 << 18
"""As a value, the word is a placeholder: ``password=password``."""
LABEL = 1 << 19
"""A random value that begins with the word and a sign begins with a name: ``key=…``, ``token:…``."""
CODE_MEMBER = 1 << 20
"""A value such as ``settings.ApiToken`` is an expression and no secret."""

SENTENCE = NOUN | NOUN_IS | WITH_NOUN | AS_NOUN
MARKUP = FIELD | ATTRIBUTE | PROMPT
EVERYWHERE = (
    NAME | FLAG | FLAG_END | PAIR | NEAR | MARKUP | TABLE | SENTENCE | QUERY | QUERY_DASHED | QUERY_UNDERSCORED | BASE64
    | STAND_IN
)  # fmt: skip


class Word(NamedTuple):
    """A secret word.

    Parameters
    ----------
    written
        The word in small letters. An underscore is a place where names may have a separator or none.
    strength
        How far a name gives its value away that ends in the word.
    kind
        The kind of secret in the marker.
    places
        Where the word is known, of the bits above.
    whole
        Whether the word must be a whole word of a name, because other words end in it: ``pin``, not ``spin``.
    pattern
        Its expression in names, if it is not just the word.
    base64
        How it is written where base 64 is searched for it; by default in small and in capital letters.
    """

    written: str
    strength: Strength
    kind: str
    places: int = EVERYWHERE
    whole: bool = False
    pattern: str = ""
    base64: tuple[str, ...] = ()


FAINT, WEAK, FIRM, STRONG = Strength.FAINT, Strength.WEAK, Strength.FIRM, Strength.STRONG


def _words(written: str) -> list[str]:
    return written.split()


def _spelt(written: str, kind: str) -> list[Word]:
    return [Word(word, STRONG, kind, NAME) for word in written.split()]


# Of two words of which one begins with the other, the longer one is first.
# fmt: off
WORDS: tuple[Word, ...] = (
    Word("password", STRONG, "password", pattern="passwords?", base64=("password", "Password", "PASSWORD")),
    Word("passwd", STRONG, "password", EVERYWHERE & ~(SENTENCE | QUERY), base64=("passwd",)),
    Word("passwrd", STRONG, "password", NAME | NEAR),
    *_spelt("pasword paswd paswrd psword pswrd userpwd", "password"),
    *_spelt("paassword p@ssword pssword psswd psswrd", "secret"),
    *_spelt("sshpass dbpass sqlpass userpass adminpass rootpass storepass keypass bindpass", "password"),
    *_spelt("ldappass smtppass mailpass ftppass", "password"),
    Word("passphrase", STRONG, "password", NAME | FLAG | FLAG_END | PAIR | TABLE | SENTENCE | QUERY | QUERY_DASHED),
    Word("passcode", STRONG, "password", NAME | NOUN | NOUN_IS | WITH_NOUN),
    Word("passwort", STRONG, "password", NAME | NOUN),
    Word("kennwort", STRONG, "secret", NAME | NOUN),
    Word("contraseña", STRONG, "secret", NAME | NOUN),
    Word("mot_de_passe", STRONG, "password", NOUN),
    Word("de_passe", STRONG, "password", NAME, pattern="(?:mot[_ ]?)?de[_ ]?passe"),
    Word("senha", STRONG, "secret", NAME | NOUN),
    Word("hasło", STRONG, "secret", NAME),
    Word("pwd", STRONG, "password", NAME | PAIR | MARKUP | TABLE | STAND_IN),
    Word("пароль", STRONG, "secret", NAME | NOUN),
    Word("Пароль", STRONG, "secret", NAME | NOUN),
    *_spelt("密码 パスワード 비밀번호", "secret"),
    Word("pswd", STRONG, "password", SHORT_NAME),
    Word("secrete", FIRM, "secret", NAME),
    Word("secret", FIRM, "secret", EVERYWHERE | LABEL),
    Word("token", WEAK, "token", EVERYWHERE | LABEL | CODE_MEMBER),
    Word("credentials", WEAK, "credentials", NAME | FLAG | PAIR | NEAR | NOUN | NOUN_IS | QUERY_DASHED),
    Word("credential", WEAK, "credentials", NAME | FLAG | PAIR | NEAR | NOUN),
    Word("creds", WEAK, "credentials", NAME | SHORT_NAME, whole=True),
    Word("cred", WEAK, "credentials", SHORT_NAME, whole=True),
    Word("bearer", WEAK, "token", NAME | SHORT_NAME | QUERY | BASE64, whole=True, base64=("Bearer ",)),
    Word("authorization", FIRM, "authorization", NAME | QUERY | BASE64, base64=("uthorization",)),
    Word("cookie", FIRM, "cookie", NAME),
    Word("connection_string", FIRM, "connection-string", NAME),
    Word("mnemonic", FIRM, "secret", NAME),
    Word("seed_phrase", FIRM, "secret", NAME),
    Word("pin_code", FIRM, "pin", NAME),
    Word("oauth2_signature", FIRM, "authorization", NAME),
    Word("oauth_signature", FIRM, "authorization", NAME),
    Word("pass", STRONG, "password", SHORT_NAME | PROMPT, whole=True),
    Word("pin", STRONG, "pin", SHORT_NAME, whole=True),
    Word("psk", STRONG, "secret", SHORT_NAME, whole=True),
    Word("cvv2", STRONG, "card-code", SHORT_NAME, whole=True),
    Word("cvv", STRONG, "card-code", SHORT_NAME, whole=True),
    Word("cvc", STRONG, "card-code", SHORT_NAME, whole=True),
    Word("otp", STRONG, "secret", SHORT_NAME, whole=True),
    Word("psw", STRONG, "password", SHORT_NAME, whole=True),
    Word("pw", STRONG, "password", SHORT_NAME, whole=True),
    Word("auth", WEAK, "authorization", SHORT_NAME | NEAR | CODE_MEMBER, whole=True),
    Word("sas", WEAK, "secret", SHORT_NAME, whole=True),
    Word("pat", WEAK, "secret", SHORT_NAME, whole=True),
    Word("access", FAINT, "secret", NEAR | LABEL, whole=True),
    Word("private", FAINT, "secret", NEAR | LABEL | QUERY, whole=True),
    Word("login", FAINT, "secret", 0, whole=True),
    Word("master", FAINT, "secret", 0, whole=True),
    Word("api", FAINT, "secret", 0, whole=True),
    Word("key", FAINT, "key", FLAG_END | PAIR | NEAR | ATTRIBUTE | PROMPT | NOUN | AS_NOUN | QUERY_DASHED
         | QUERY_UNDERSCORED | STAND_IN | LABEL | CODE_MEMBER, whole=True),
)
# fmt: on

KEYS: tuple[tuple[str, int], ...] = (
    ("api", NAME | FLAG | FIELD | TABLE | NOUN_IS | AS_NOUN),
    ("access", NAME | FLAG | FIELD | TABLE),
    ("private", NAME | FLAG | TABLE),
    ("auth", NAME | FLAG),
    ("secret", FLAG),
    ("secretaccess", 0),
    *((word, NAME) for word in _words("signing encryption account shared master storage subscription license")),
    *((word, NAME) for word in _words("service app ssh deploy webhook hmac cipher decryption admin server consumer")),
    *((word, NAME) for word in _words("instrumentation publishable unseal recovery activation")),
)
"""What is in front of ``key`` in names that are `FIRM`, and where such keys are known."""

TOKENS = (
    *_words("api access refresh auth oauth oauth2 bearer session security id bot user personal private deploy client"),
    *_words("app service login csrf xsrf verification registration device admin install write read push identity jwt"),
    *_words("account root job secret"),
)
"""What is in front of ``token`` in names that are `FIRM`."""

KEY_STAND_INS = ("apikey", "api_key")
"""Values that are placeholders for a key."""

KEYS_IN_BASE64 = ("api_key", "API_KEY", "apiKey", "access_key", "ACCESS_KEY", "private_key")
"""How keys are written where base 64 is searched for them."""

HEADERS = (b"authorization", b"cookie", b"apikey", b"authtoken")
"""What the names of headers that carry credentials end in, without separators."""

GLUED_SUFFIXES = _words("value hash string text base64 b64 pem header new old")
"""Words that can follow a secret word without changing its meaning; in text also without a separator."""

SUFFIXES = (*GLUED_SUFFIXES, *_words("prod dev test staging confirmation"))
"""Words that can follow a secret word without changing its meaning."""

KINDS = (
    (b"pass", "password"),
    (b"pwd", "password"),
    (b"authorization", "authorization"),
    (b"cookie", "cookie"),
    (b"connection", "connection-string"),
    (b"cvv", "card-code"),
    (b"cvc", "card-code"),
    (b"secret", "secret"),
    (b"token", "token"),
    (b"bearer", "token"),
    (b"key", "key"),
    (b"auth", "authorization"),
    (b"cred", "credentials"),
    (b"pin", "pin"),
    (b"pw", "password"),
    (b"psw", "password"),
    (b"pas", "password"),
)
"""Kinds by parts of names: the first part that a name has decides, unless a row of `WORDS` says another kind."""
