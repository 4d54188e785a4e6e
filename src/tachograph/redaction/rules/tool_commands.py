"""Secrets on the command lines of particular tools, whose flags and arguments do not say that they are secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import QUOTE, Around, Behind, Rank, Rule
from tachograph.redaction.rules.checks import is_not_words, is_value, value_of
from tachograph.redaction.rules.commands import COMMAND
from tachograph.redaction.words.command_flags import TOOL_FLAGS
from tachograph.redaction.words.looks import looks_like_words, looks_random
from tachograph.redaction.words.name_strength import kind_of, secret_name
from tachograph.redaction.words.placeholder import is_placeholder
from tachograph.redaction.words.secret_words import Strength

if TYPE_CHECKING:
    from collections.abc import Callable

# Between two words of a command line, or of a list of them.
_EDGE = rb"[\s\"'\\]"
_NEXT = rb"(?:" + QUOTE + rb"\s{0,2},\s{0,2}" + QUOTE + rb"|(?:[ \t]|\\\r?\n){1,12})"
_WORD = rb"[^\s\"'`|;&<>]{1,200}"
_MORE = rb"(?:" + COMMAND + rb"{0,300}?" + _NEXT + rb")?"
_BARE = rb"(?P<bare>[^\s\"'`\\|;&<>$(-](?:[^\s\"'`\\|]|\\(?![nrtu\"'\\])){1,256}(?<![,;)\]}]))"
_VALUE = rb"(?:(?P<q>" + QUOTE + rb")(?P<quoted>[^\"'\n]{2,256}?)(?P=q)|" + _BARE + rb")"
# Of SASL: https://www.iana.org/assignments/sasl-mechanisms
_MECHANISM = re.compile(rb"[A-Z][A-Z0-9_-]{1,20}\Z")
# In a list or on a line: behind the quote that an item begins with, up to the next one like it.
_LISTED = (
    rb"(?:" + QUOTE + rb"\s{0,2},\s{0,2}(?P<open>" + QUOTE + rb")|(?:[ \t]|\\\r?\n){1,12}|=|(?=[\w.]))"
    rb"(?(open)(?P<secret>(?:(?!(?P=open))[^\n]){2,256})(?P=open)|" + _VALUE + rb")"
)
_NAMED = rb"(?P<name>[A-Za-z_][\w.:-]{1,64})"

_HTTPIE = "https://httpie.io/docs/cli/authentication"
_SAMBA = "https://www.samba.org/samba/docs/current/man-html/smbclient.1.html"
_ORACLE = "https://docs.oracle.com/en/database/oracle/oracle-database/23/sqpug/starting-SQL-Plus.html"
_SUDO = "https://www.sudo.ws/docs/man/sudo.man/"
_KUBECTL = "https://kubernetes.io/docs/tasks/configmap-secret/managing-secret-using-kubectl/"
_REDIS = "https://redis.io/docs/latest/commands/auth/"


def _is_random(match: re.Match[bytes]) -> bool:
    value = value_of(match)
    return looks_random(value) and not is_placeholder(value, quoted=True) and _MECHANISM.match(value) is None


def _by_name(match: re.Match[bytes]) -> str:
    name: bytes = match["name"]
    return kind_of(name) if secret_name(name) is not Strength.NONE and is_not_words(match) else ""


def _of_secret(match: re.Match[bytes]) -> bool:
    line = match.string[max(0, match.start() - 400) : match.start()].rpartition(b"\n")[2].lower()
    return b"secret" in line and is_value(match)


def _flag(flags: tuple[str, ...]) -> bytes:
    either = b"|".join(re.escape(flag.encode()) for flag in flags)
    return _MORE + rb"(?:" + either + rb")" + _LISTED


# What the scan looks for, the rest of the command from there, the tool's manual, and the check of the value.
_CALLED: tuple[tuple[bytes, bytes, str, Callable[[re.Match[bytes]], bool | str]], ...] = (
    *(
        (re.escape(program.encode()) + rb"(?:\.exe)?" + _EDGE, _flag((flag,)), source, is_value)
        for program, (flags, source) in TOOL_FLAGS.items()
        for flag in flags
    ),
    (rb"zip -", _flag(("P", "-P")), "https://infozip.sourceforge.net/Zip.html", is_value),
    *(
        (
            rb"7z" + more + rb" [aeltux] ",
            _MORE + rb"-p" + _VALUE,
            "https://7-zip.opensource.jp/chm/cmdline/",
            is_value,
        )
        for more in (b"", b"a", b"z")
    ),
    (
        rb"freerdp ",
        _MORE + rb"/p:" + _VALUE,
        "https://github.com/FreeRDP/FreeRDP/wiki/CommandLineInterface",
        is_value,
    ),
    *(
        (client, _MORE + rb"-U" + _NEXT + rb"?(?:" + QUOTE + rb")?[^\s%\"']{1,64}%" + _VALUE, _SAMBA, is_value)
        for client in (rb"smbclient ", rb"rpcclient ")
    ),
    (rb"bcp ", _flag(("-P",)), "https://learn.microsoft.com/sql/tools/bcp-utility", is_value),
    (rb"openssl enc ", _flag(("-k", "-K")), "https://docs.openssl.org/master/man1/openssl-enc/", is_value),
    *(
        (client, _NEXT + rb"?(?:" + QUOTE + rb")?[^\s:\"']{1,64}:" + _VALUE, _HTTPIE, is_value)
        for client in (rb"http -a ", rb"https -a ", rb"http --auth[ =]", rb"https --auth[ =]")
    ),
    (rb"lftp ", _MORE + rb"-u[ \t]{0,4}[^\s,\"']{1,64}," + _VALUE, "https://lftp.yar.ru/lftp-man.html", is_value),
    *(
        (client, rb"[A-Za-z][\w$#]{0,30}/(?P<bare>[^\s\"'`\\|/@][^\s\"'`\\|@]{1,128})@", _ORACLE, is_value)
        for client in (rb"sqlplus ", rb"sqlplus -[A-Za-z] ", rb"expdp ", rb"impdp ", rb"oracle:thin:", rb"oracle:oci:")
    ),
    (
        rb"htpasswd -[a-zA-Z0-9]{0,4}b",
        rb"\w{0,4}[ \t]{1,4}(?:-\w{1,4}[ \t]{1,4}){0,4}" + _WORD + rb"[ \t]{1,4}" + _WORD + rb"[ \t]{1,4}" + _VALUE,
        "https://httpd.apache.org/docs/2.4/programs/htpasswd.html",
        is_value,
    ),
    (rb"wpa_passphrase ", _WORD + rb"[ \t]{1,4}" + _VALUE, "https://w1.fi/wpa_supplicant/", is_value),
    (rb"rclone obscure ", _VALUE, "https://rclone.org/commands/rclone_obscure/", is_value),
    (
        rb"nmcli ",
        _MORE + rb"(?:password|wifi-sec\.psk)[ \t]{1,4}" + _VALUE,
        "https://networkmanager.dev/docs/api/latest/nmcli.html",
        is_value,
    ),
    (
        rb"(?i)net use ",
        _MORE + rb"/user:" + _WORD + rb"[ \t]{1,4}(?!/)" + _VALUE,
        "https://learn.microsoft.com/windows-server/administration/windows-commands/net-use",
        is_value,
    ),
    (
        rb"(?i)cmdkey ",
        _MORE + rb"/pass:" + _VALUE,
        "https://learn.microsoft.com/windows-server/administration/windows-commands/cmdkey",
        is_value,
    ),
    (
        rb"mysqladmin ",
        _MORE + rb"password[ \t]{1,4}" + _VALUE,
        "https://dev.mysql.com/doc/refman/8.4/en/mysqladmin.html",
        is_value,
    ),
    (
        rb"rabbitmqctl ",
        _MORE + rb"(?:add_user|change_password|authenticate_user)[ \t]{1,4}" + _WORD + rb"[ \t]{1,4}" + _VALUE,
        "https://www.rabbitmq.com/docs/man/rabbitmqctl.8",
        is_value,
    ),
    (
        rb"mc alias set ",
        _WORD + rb"[ \t]{1,4}" + _WORD + rb"[ \t]{1,4}" + _WORD + rb"[ \t]{1,4}" + _VALUE,
        "https://min.io/docs/minio/linux/reference/minio-mc/mc-alias-set.html",
        is_value,
    ),
    (rb"reset-admin-password ", _VALUE, "https://grafana.com/docs/grafana/latest/administration/cli/", is_not_words),
    (
        rb"secret set ",
        _MORE + rb"(?:--body|-b)(?:[ \t]{1,4}|=)" + _VALUE,
        "https://cli.github.com/manual/gh_secret_set",
        is_value,
    ),
    (
        rb"(?:secret|secrets) set ",
        _MORE + rb"[A-Za-z_]\w{0,64}=" + _VALUE,
        "https://fly.io/docs/flyctl/secrets-set/",
        is_value,
    ),
    (
        rb"user-secrets set ",
        rb"(?:" + QUOTE + rb")?[\w:.-]{1,128}(?:" + QUOTE + rb")?" + _NEXT + _VALUE,
        "https://learn.microsoft.com/aspnet/core/security/app-secrets",
        is_value,
    ),
    (rb"cargo login ", _VALUE, "https://doc.rust-lang.org/cargo/commands/cargo-login.html", _is_random),
    (
        rb"vault login ",
        rb"(?!-|\w{1,20}=)" + _VALUE,
        "https://developer.hashicorp.com/vault/docs/commands/login",
        _is_random,
    ),
    (
        rb"nuget push ",
        _MORE + rb"(?:-k|--api-key)[ \t]{1,4}" + _VALUE,
        "https://learn.microsoft.com/dotnet/core/tools/dotnet-nuget-push",
        is_value,
    ),
    (
        rb"(?i)setapikey ",
        _VALUE,
        "https://learn.microsoft.com/nuget/reference/cli-reference/cli-ref-setapikey",
        is_value,
    ),
    (
        rb"http-basic\.",
        _WORD + rb"[ \t]{1,4}" + _WORD + rb"[ \t]{1,4}" + _VALUE,
        "https://getcomposer.org/doc/articles/authentication-for-private-packages.md",
        is_value,
    ),
    (
        rb"pypi-token\.",
        _WORD + rb"[ \t]{1,4}" + _VALUE,
        "https://python-poetry.org/docs/repositories/#configuring-credentials",
        is_value,
    ),
    (rb"_authToken ", _VALUE, "https://docs.npmjs.com/cli/configuring-npm/npmrc", _is_random),
    (
        rb"encrypt_string ",
        _MORE + _VALUE,
        "https://docs.ansible.com/projects/ansible/latest/cli/ansible-vault.html",
        is_not_words,
    ),
    (rb"(?:generic|internet)-password ", _flag(("-w",)), "https://ss64.com/mac/security.html", is_value),
    (
        rb"--secret-string[ =]",
        _VALUE,
        "https://docs.aws.amazon.com/cli/latest/reference/secretsmanager/create-secret.html",
        is_value,
    ),
    (
        rb"SecureString ",
        _MORE + rb"--value(?:[ \t]{1,4}|=)" + _VALUE,
        "https://docs.aws.amazon.com/cli/latest/reference/ssm/put-parameter.html",
        is_value,
    ),
    (
        rb"keyvault secret set ",
        _MORE + rb"--value(?:[ \t]{1,4}|=)" + _VALUE,
        "https://learn.microsoft.com/cli/azure/keyvault/secret",
        is_value,
    ),
    (
        rb"--from-literal[ =]",
        rb"(?:" + QUOTE + rb")?[\w.-]{1,128}=" + _VALUE,
        _KUBECTL,
        _of_secret,
    ),
    (
        rb"(?i)setx ",
        _NAMED + rb"[ \t]{1,4}" + _VALUE,
        "https://learn.microsoft.com/windows-server/administration/windows-commands/setx",
        _by_name,
    ),
    (rb"AUTH ", rb"(?:(?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5|default)[ \t]{1,2})?" + _VALUE, _REDIS, _is_random),
    (rb"-setcookie ", _VALUE, "https://www.erlang.org/doc/system/distributed.html#security", is_value),
    (
        rb"chpasswd <<<",
        rb"[ \t]{0,2}(?:" + QUOTE + rb")?[\w.$-]{1,64}:" + _VALUE,
        "https://man7.org/linux/man-pages/man8/chpasswd.8.html",
        is_value,
    ),
)

_USER = rb"(?:[\w.$-]{1,64}:(?=[^\n|]{1,256}\|[^\n|]{0,80}chpasswd))?"
# What the command in front of a pipe writes to the next one.
_PIPED = LazyPattern(
    rb"(?:echo|printf)[ \t]{1,4}(?:-[neE]{1,3}[ \t]{1,4})?"
    rb"(?:(?P<q>\\{0,15}[\"'])" + _USER + rb"(?P<quoted>(?:(?!(?P=q))[^\n|$]){3,1024}?)(?:\\n)?(?P=q)"
    rb"|" + _USER + rb"(?P<bare>[^\s\"'`$|][^\s\"'`|]{2,1024}?))[ \t]{0,4}\|"
)

# A command that prints a secret, and behind its line what it printed.
_PRINTED = LazyPattern(rb"(?P<command>[^\n]{0,300})\r?\n(?P<bare>[^\s\"$#>][^\s\"]{3,512})(?=\r?\n|\Z)")
# In front of it is at most a prompt, and the first words of the command.
_PROMPT = re.compile(rb"\s*+(?:[^\s]{0,60} ?[$#>%] )?(?:[\w-]{1,24}[ \t]){0,4}\Z")
_PRINTS = (
    (rb"terraform output -raw ", "https://developer.hashicorp.com/terraform/cli/commands/output"),
    (rb"tofu output -raw ", "https://opentofu.org/docs/cli/commands/output/"),
    (rb" initial-password", "https://argo-cd.readthedocs.io/en/stable/getting_started/"),
    (rb"kv get -field=", "https://developer.hashicorp.com/vault/docs/commands/kv/get"),
    (rb"get-secret-value ", "https://docs.aws.amazon.com/cli/latest/reference/secretsmanager/get-secret-value.html"),
    (rb"secrets versions access ", "https://cloud.google.com/sdk/gcloud/reference/secrets/versions/access"),
    (rb"op read ", "https://developer.1password.com/docs/cli/reference/commands/read/"),
    (rb"find-generic-password ", "https://ss64.com/mac/security.html"),
    (rb"config:get ", "https://devcenter.heroku.com/articles/config-vars"),
    (rb"get secrets? ", _KUBECTL),
)

# These print other values too.
_OF_ANYTHING = (b"output -raw ", b"config:get ")


def _is_printed(match: re.Match[bytes]) -> bool:
    value = match["bare"]
    line = match.string[max(0, match.start() - 160) : match.start()].rpartition(b"\n")[2]
    decodes = (
        b"base64" in match["command"] or b"get secret" not in match.string[max(0, match.start() - 12) : match.start()]
    )
    requested = match["command"].partition(b" ")[0]
    return (
        decodes
        and (not line.endswith(_OF_ANYTHING) or secret_name(requested) is not Strength.NONE)
        and _PROMPT.match(line) is not None
        and not looks_like_words(value)
        and not is_placeholder(value, quoted=True)
        and not value.endswith(b":")
    )


TOOL_COMMANDS: tuple[Rule, ...] = (
    *(Rule("secret", trigger, Behind(_PRINTED, _is_printed), source, Rank.KEYED) for trigger, source in _PRINTS),
    *(
        Rule(
            "password",
            trigger,
            Behind(LazyPattern(pattern), check, back=int(trigger.endswith(_EDGE))),
            source,
            Rank.KEYED,
        )
        for trigger, pattern, source, check in _CALLED
    ),
    *(
        Rule("password", trigger, Around(_PIPED, is_value, reach=1200, tail=0), _SUDO, Rank.KEYED)
        for trigger in (
            rb"\|[^\n|]{0,160}--password-stdin",
            rb"\|[^\n|]{0,160}--with-token",
            rb"\|[^\n|]{0,160}--passphrase-fd",
            rb"\|[ \t]{0,2}(?:\w{1,8}\s){0,2}chpasswd",
            rb"\|[ \t]{0,2}sudo -S",
            rb"\|[ \t]{0,2}(?:\w{1,8}\s){0,2}passwd",
            rb"\|[ \t]{0,2}(?:\w{1,8}\s){0,2}cryptsetup",
        )
    ),
)
"""Command lines of tools."""
