"""Hashes of passwords, and keys of wallets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import WORD, parts, shape

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

_CRYPT = "https://man7.org/linux/man-pages/man5/crypt.5.html"
_ARGON = "https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md"
_PASSLIB = "https://passlib.readthedocs.io/en/stable/modular_crypt_format.html"
_DJANGO = "https://docs.djangoproject.com/en/stable/topics/auth/passwords/"
_WERKZEUG = "https://werkzeug.palletsprojects.com/en/stable/utils/#module-werkzeug.security"
_LDAP = "https://www.openldap.org/doc/admin26/security.html#Password%20Storage"
_BIP32 = "https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki"
_CHAR = rb"[A-Za-z0-9./]"

PASSWORD_HASHES: tuple[Rule, ...] = (
    *(
        parts(
            "password-hash",
            rb"\$" + kind + rb"\$[0-9]{2}\$",
            rb"\$" + kind + rb"\$[0-9]{2}\$" + _CHAR + rb"{53}",
            _CRYPT,
            f"${kind.decode()}$12${{w53}}",
            f"${kind.decode()}$12$",
        )
        for kind in (b"2a", b"2b", b"2x", b"2y")
    ),
    *(
        parts(
            "password-hash",
            rb"\$" + kind + rb"\$" + _CHAR + rb"{1,16}\$" + _CHAR + rb"{8}",
            rb"\$" + kind + rb"\$" + _CHAR + rb"{1,16}\$" + _CHAR + rb"{%d}" % size,
            _CRYPT,
            f"${kind.decode()}${{w8}}${{w{size}}}",
            f"${kind.decode()}$2$",
        )
        for kind, size in ((b"1", 22), (b"apr1", 22), (b"5", 43), (b"6", 86))
    ),
    *(
        parts(
            "password-hash",
            rb"\$" + kind + rb"\$rounds=[0-9]{3,9}\$",
            rb"\$" + kind + rb"\$rounds=[0-9]{3,9}\$" + _CHAR + rb"{1,16}\$" + _CHAR + rb"{%d}" % size,
            _CRYPT,
            f"${kind.decode()}$rounds=5000${{w16}}${{w{size}}}",
            f"${kind.decode()}$rounds=5000$",
        )
        for kind, size in ((b"5", 43), (b"6", 86))
    ),
    *(
        parts(
            "password-hash",
            rb"\$" + kind + rb"\$" + _CHAR + rb"{2,16}\$",
            rb"\$" + kind + rb"\$" + _CHAR + rb"{2,16}\$" + _CHAR + rb"{4,86}\$" + _CHAR + rb"{43}",
            _CRYPT,
            f"${kind.decode()}$j9T${{w22}}${{w43}}",
            f"${kind.decode()}$j9T$",
        )
        for kind in (b"y", b"gy")
    ),
    parts(
        "password-hash",
        rb"\$argon2(?:id|i|d)\$",
        rb"\$argon2(?:id|i|d)\$(?:v=[0-9]{1,3}\$)?[a-z]{1,6}=[A-Za-z0-9+/,=]{1,120}\$[A-Za-z0-9+/]{8,88}\$[A-Za-z0-9+/]{16,172}",
        _ARGON,
        "$argon2id$v=19$m=65536,t=3,p=4${w22}${w43}",
        "$argon2id$v=19$",
    ),
    *(
        parts(
            "password-hash",
            rb"\$" + kind + rb"(?:-sha[0-9]{1,3})?\$",
            rb"\$"
            + kind
            + rb"(?:-sha[0-9]{1,3})?\$[a-z0-9=,]{1,40}\$[A-Za-z0-9./+]{2,172}\$[A-Za-z0-9./+]{16,172}(?<!\.)",
            _PASSLIB,
            f"${kind.decode()}$29000${{w22}}${{w43}}",
            f"${kind.decode()}$29000",
        )
        for kind in (b"pbkdf2", b"scrypt", b"bcrypt-sha256")
    ),
    *(
        parts(
            "password-hash",
            kind + rb"\$[0-9]{3,9}\$",
            kind + rb"\$[0-9]{3,9}\$[A-Za-z0-9]{2,64}\$(?:[0-9]{1,4}\$){0,2}[A-Za-z0-9+/]{16,172}={0,2}",
            _DJANGO,
            example + "{w43}=",
            example,
        )
        for kind, example in (
            (rb"pbkdf2_sha[0-9]{1,3}", "pbkdf2_sha256$870000${w22}$"),
            (rb"scrypt", "scrypt$16384${w22}$8$5$"),
        )
    ),
    *(
        parts(
            "password-hash",
            kind + rb"[0-9:]{1,24}\$",
            kind + rb"[0-9:]{1,24}\$[A-Za-z0-9]{4,64}\$[0-9a-f]{40,256}",
            _WERKZEUG,
            example + "{h128}",
            example,
        )
        for kind, example in ((rb"scrypt:", "scrypt:32768:8:1${w16}$"), (rb"pbkdf2:sha", "pbkdf2:sha256:600000${w16}$"))
    ),
    *(
        parts(
            "password-hash",
            rb"\{" + kind + rb"(?:256|384|512)?\}[A-Za-z0-9+/]{16}",
            rb"\{" + kind + rb"(?:256|384|512)?\}[A-Za-z0-9+/]{20,160}={0,2}",
            _LDAP,
            "{" + kind.decode() + "}{b38}==",
            "{" + kind.decode() + "}",
        )
        for kind in (b"SSHA", b"SMD5", b"SHA", b"MD5")
    ),
    shape("extended-private-key", rb"[xyztuv]prv", WORD, 90, 120, _BIP32, "xprv{w107}", "xprv9", left=True),
    parts(
        "ethereum-key",
        rb"(?i)(?:private|secret)[ _-]?key[^0-9a-z]{1,8}(?:is[^0-9a-z]{1,4})?0x[0-9a-f]{16}",
        rb"(?i)(?:private|secret)[ _-]?key[^0-9a-z]{1,8}(?:is[^0-9a-z]{1,4})?(?P<secret>0x[0-9a-f]{64})(?![0-9a-f])",
        "https://ethereum.org/en/developers/docs/accounts/",
        "private key is 0x{h64}",
        "private key 0x0f1e",
    ),
)
