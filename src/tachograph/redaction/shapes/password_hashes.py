"""Password hashes of any program: crypt, bcrypt, Argon2, PBKDF2, scrypt, and those of Django, Werkzeug and LDAP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import structured

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
PASSWORD_HASHES: tuple[Rule, ...] = (
    structured("password-hash", trigger=rb"\$2a\$[0-9]{2}\$", pattern=rb"\$2a\$[0-9]{2}\$[A-Za-z0-9./]{53}",
        positive="$2a$12${w53}", negative="$2a$12$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$2b\$[0-9]{2}\$", pattern=rb"\$2b\$[0-9]{2}\$[A-Za-z0-9./]{53}",
        positive="$2b$12${w53}", negative="$2b$12$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$2x\$[0-9]{2}\$", pattern=rb"\$2x\$[0-9]{2}\$[A-Za-z0-9./]{53}",
        positive="$2x$12${w53}", negative="$2x$12$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$2y\$[0-9]{2}\$", pattern=rb"\$2y\$[0-9]{2}\$[A-Za-z0-9./]{53}",
        positive="$2y$12${w53}", negative="$2y$12$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$1\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{8}", pattern=rb"\$1\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{22}",
        positive="$1${w8}${w22}", negative="$1$2$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$apr1\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{8}", pattern=rb"\$apr1\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{22}",
        positive="$apr1${w8}${w22}", negative="$apr1$2$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$5\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{8}", pattern=rb"\$5\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{43}",
        positive="$5${w8}${w43}", negative="$5$2$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$6\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{8}", pattern=rb"\$6\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{86}",
        positive="$6${w8}${w86}", negative="$6$2$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$5\$rounds=[0-9]{3,9}\$", pattern=rb"\$5\$rounds=[0-9]{3,9}\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{43}",
        positive="$5$rounds=5000${w16}${w43}", negative="$5$rounds=5000$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$6\$rounds=[0-9]{3,9}\$", pattern=rb"\$6\$rounds=[0-9]{3,9}\$[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{86}",
        positive="$6$rounds=5000${w16}${w86}", negative="$6$rounds=5000$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$y\$[A-Za-z0-9./]{2,16}\$", pattern=rb"\$y\$[A-Za-z0-9./]{2,16}\$[A-Za-z0-9./]{4,86}\$[A-Za-z0-9./]{43}",
        positive="$y$j9T${w22}${w43}", negative="$y$j9T$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$gy\$[A-Za-z0-9./]{2,16}\$", pattern=rb"\$gy\$[A-Za-z0-9./]{2,16}\$[A-Za-z0-9./]{4,86}\$[A-Za-z0-9./]{43}",
        positive="$gy$j9T${w22}${w43}", negative="$gy$j9T$", source="https://man7.org/linux/man-pages/man5/crypt.5.html"),
    structured("password-hash", trigger=rb"\$argon2(?:id|i|d)\$",
        pattern=rb"\$argon2(?:id|i|d)\$(?:v=[0-9]{1,3}\$)?[a-z]{1,6}=[A-Za-z0-9+/,=]{1,120}\$[A-Za-z0-9+/]{8,88}\$[A-Za-z0-9+/]{16,172}",
        positive="$argon2id$v=19$m=65536,t=3,p=4${w22}${w43}", negative="$argon2id$v=19$", source="https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md"),
    structured("password-hash", trigger=rb"\$pbkdf2(?:-sha[0-9]{1,3})?\$",
        pattern=rb"\$pbkdf2(?:-sha[0-9]{1,3})?\$[a-z0-9=,]{1,40}\$[A-Za-z0-9./+]{2,172}\$[A-Za-z0-9./+]{16,172}(?<!\.)",
        positive="$pbkdf2$29000${w22}${w43}", negative="$pbkdf2$29000", source="https://passlib.readthedocs.io/en/stable/modular_crypt_format.html"),
    structured("password-hash", trigger=rb"\$scrypt(?:-sha[0-9]{1,3})?\$",
        pattern=rb"\$scrypt(?:-sha[0-9]{1,3})?\$[a-z0-9=,]{1,40}\$[A-Za-z0-9./+]{2,172}\$[A-Za-z0-9./+]{16,172}(?<!\.)",
        positive="$scrypt$29000${w22}${w43}", negative="$scrypt$29000", source="https://passlib.readthedocs.io/en/stable/modular_crypt_format.html"),
    structured("password-hash", trigger=rb"\$bcrypt-sha256(?:-sha[0-9]{1,3})?\$",
        pattern=rb"\$bcrypt-sha256(?:-sha[0-9]{1,3})?\$[a-z0-9=,]{1,40}\$[A-Za-z0-9./+]{2,172}\$[A-Za-z0-9./+]{16,172}(?<!\.)",
        positive="$bcrypt-sha256$29000${w22}${w43}", negative="$bcrypt-sha256$29000", source="https://passlib.readthedocs.io/en/stable/modular_crypt_format.html"),
    structured("password-hash", trigger=rb"pbkdf2_sha[0-9]{1,3}\$[0-9]{3,9}\$",
        pattern=rb"pbkdf2_sha[0-9]{1,3}\$[0-9]{3,9}\$[A-Za-z0-9]{2,64}\$(?:[0-9]{1,4}\$){0,2}[A-Za-z0-9+/]{16,172}={0,2}",
        positive="pbkdf2_sha256$870000${w22}${w43}=", negative="pbkdf2_sha256$870000${w22}$", source="https://docs.djangoproject.com/en/stable/topics/auth/passwords/"),
    structured("password-hash", trigger=rb"scrypt\$[0-9]{3,9}\$", pattern=rb"scrypt\$[0-9]{3,9}\$[A-Za-z0-9]{2,64}\$(?:[0-9]{1,4}\$){0,2}[A-Za-z0-9+/]{16,172}={0,2}",
        positive="scrypt$16384${w22}$8$5${w43}=", negative="scrypt$16384${w22}$8$5$", source="https://docs.djangoproject.com/en/stable/topics/auth/passwords/"),
    structured("password-hash", trigger=rb"scrypt:[0-9:]{1,24}\$", pattern=rb"scrypt:[0-9:]{1,24}\$[A-Za-z0-9]{4,64}\$[0-9a-f]{40,256}",
        positive="scrypt:32768:8:1${w16}${h128}", negative="scrypt:32768:8:1${w16}$", source="https://werkzeug.palletsprojects.com/en/stable/utils/#module-werkzeug.security"),
    structured("password-hash", trigger=rb"pbkdf2:sha[0-9:]{1,24}\$", pattern=rb"pbkdf2:sha[0-9:]{1,24}\$[A-Za-z0-9]{4,64}\$[0-9a-f]{40,256}",
        positive="pbkdf2:sha256:600000${w16}${h128}", negative="pbkdf2:sha256:600000${w16}$", source="https://werkzeug.palletsprojects.com/en/stable/utils/#module-werkzeug.security"),
    structured("password-hash", trigger=rb"\{SSHA(?:256|384|512)?\}[A-Za-z0-9+/]{16}", pattern=rb"\{SSHA(?:256|384|512)?\}[A-Za-z0-9+/]{20,160}={0,2}",
        positive="{SSHA}{b38}==", negative="{SSHA}", source="https://www.openldap.org/doc/admin26/security.html#Password%20Storage"),
    structured("password-hash", trigger=rb"\{SMD5(?:256|384|512)?\}[A-Za-z0-9+/]{16}", pattern=rb"\{SMD5(?:256|384|512)?\}[A-Za-z0-9+/]{20,160}={0,2}",
        positive="{SMD5}{b38}==", negative="{SMD5}", source="https://www.openldap.org/doc/admin26/security.html#Password%20Storage"),
    structured("password-hash", trigger=rb"\{SHA(?:256|384|512)?\}[A-Za-z0-9+/]{16}", pattern=rb"\{SHA(?:256|384|512)?\}[A-Za-z0-9+/]{20,160}={0,2}",
        positive="{SHA}{b38}==", negative="{SHA}", source="https://www.openldap.org/doc/admin26/security.html#Password%20Storage"),
    structured("password-hash", trigger=rb"\{MD5(?:256|384|512)?\}[A-Za-z0-9+/]{16}", pattern=rb"\{MD5(?:256|384|512)?\}[A-Za-z0-9+/]{20,160}={0,2}",
        positive="{MD5}{b38}==", negative="{MD5}", source="https://www.openldap.org/doc/admin26/security.html#Password%20Storage"),
)
# fmt: on
