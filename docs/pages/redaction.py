"""The page of redaction."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from pages.markdown import code, heading, table
from tachograph.redaction.catalogue import RULES
from tachograph.redaction.policy import ON_REQUEST, PERSONAL_KINDS
from tachograph.redaction.rule_types import Rank

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

_INTRODUCTION = """\
Everything a program produces is redacted before it is written or sent. A marker such as
`[REDACTED:github-token:561c1e]` replaces a secret: it has a kind, and a tag that equal secrets share. Inside a URL
it is `REDACTED`, because brackets would break URL parsers. `tacho show` counts what was redacted, by kind.

The tag is made with a key of the installation (`$XDG_DATA_HOME/tachograph/key`, mode 0600), so that the same secret
can be recognised in all runs of a machine, and nobody without the key can test guesses. Kinds whose values can all be
tried (card numbers, e-mail addresses, PINs and other personal data) have no tag.

`tacho redact` does the same with any text on its standard input; `tacho redact --explain` lists what would be
redacted, and where, without showing it. In Python:

```python
from tachograph.redaction import redact_text

redact_text("postgresql://app:tr0ub4dor@db.internal/prod")  # postgresql://app:REDACTED@db.internal/prod
```"""

_PLACES = """\
A value without such a name is redacted in these places:

- among the arguments of a call: `auth=("user", …)`, `HTTPBasicAuth`, `NetworkCredential`, `smtp.login`,
  `getConnection`, `new PDO`, `ConvertTo-SecureString` and others
- on the command line of a tool, as a text and mostly as a list: `curl -u`, `mysql -p`, `sqlcmd -P`, `mongodump -p`,
  `zip -P`, `sqlplus user/…@`, `smbclient -U user%…`, `htpasswd -b`, `kubectl create secret --from-literal`, `gh
  secret set`, and what is piped into `docker login --password-stdin`, `sudo -S`, `chpasswd`
- in the line after a command that prints one: `terraform output -raw`, `kubectl get secret … | base64 -d`,
  `vault kv get -field=…`, `op read`
- in files and dialogs: `.netrc`, `.pgpass`, connection strings of ODBC, Go and Oracle, HAProxy, Redis, IPsec, routers,
  variables and state of Terraform, forms of HTML and as they are sent, FTP, IMAP
- in the columns of a Markdown table, of CSV with a row of names, and of SQL's `INSERT`
- in a sentence: `the password for the server is …`, `das Passwort lautet …`, `logging in with password …`"""

_RULES = """\
Your rules are in [the configuration file](settings.md):

```toml
[redaction]
keys = ["x-internal-auth", "badge"]  # under these names everything is redacted
allow = ["sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"]  # these values stay

[redaction.personal]
phone = false
private-ip = true

[[redaction.rules]]
name = "employee-id"  # the kind in the marker
pattern = "EMP-[0-9]{6}"
```

- A pattern is one of Python's regular expressions, for text. If it has the group `secret`, that is redacted, otherwise
  the whole match. A pattern that could take a time that doubles with each character of a text, such as `(a+)+$`, is
  refused, and so is one that refers to its own groups.
- Names are compared without regard to case, hyphens, underscores, full stops and blanks.
- Values that stay are named by their SHA-256 digest, as they are in the text, so that the file holds no secret:
  `printf %s VALUE | sha256sum`.
- Rules are checked when they are loaded. A mistake stops `tacho` with the file, the line and what to write; a program
  that records itself is then not recorded rather than recorded without them.
- With your rules or names, each text is looked at separately, which costs some 30 µs more per record."""

_PERSONAL = {
    "email": "e-mail addresses",
    "card": "payment cards: the issuers' ranges and lengths, and the check digit",
    "iban": "international bank account numbers: the length of the country and the checksum",
    "ssn": "social security numbers of the United States, in the ranges that are given out",
    "phone": "telephone numbers: international, North American, national ones in groups, others next to a word for it",
    "ip": "public addresses of machines, IPv4 and IPv6",
    "private-ip": "private and link-local addresses; loopback addresses always stay",
    "mac": "hardware addresses",
    "wallet": "Bitcoin addresses with a valid checksum",
}

_FAMILIES = {
    "shapes.cloud": "Clouds",
    "shapes.hosting": "Hosting",
    "shapes.infrastructure": "Infrastructure, networks and devices",
    "shapes.code_hosts": "Code hosts and package registries",
    "shapes.ci_cd": "Continuous integration and delivery",
    "shapes.code_quality": "Code quality and security scanners",
    "shapes.feature_flags": "Feature flags",
    "shapes.secret_stores": "Secret stores",
    "shapes.databases": "Databases",
    "shapes.analytics": "Analytics and data pipelines",
    "shapes.content_platforms": "Content and files",
    "shapes.model_providers": "Model providers",
    "shapes.agent_tools": "Tools for models and agents",
    "shapes.payments": "Payment and finance",
    "shapes.blockchain": "Blockchain",
    "shapes.messaging": "Chat, mail and telephony",
    "shapes.social_networks": "Social networks and games",
    "shapes.monitoring": "Monitoring",
    "shapes.business": "Business services",
    "shapes.identity": "Identity",
    "shapes.password_hashes": "Password hashes",
    "rules.pem_and_jwt": "Private keys, JSON Web Tokens, Kubernetes Secrets",
    "rules.call_arguments": "Arguments of calls",
    "rules.config_files": "Configuration files",
    "rules.terraform_and_vault": "Terraform and Vault",
    "rules.dialogs": "Dialogs and output",
    "rules.forms_and_markup": "Forms, HTML and XML",
    "rules.urls": "URLs",
    "rules.http_headers": "Headers",
}


def page() -> str:
    """The text of docs/redaction.md."""
    personal = ((code(kind), text, "on request" if kind in ON_REQUEST else "yes") for kind, text in _PERSONAL.items())
    if PERSONAL_KINDS.symmetric_difference(_PERSONAL):
        raise ValueError(PERSONAL_KINDS.symmetric_difference(_PERSONAL))
    shaped = sum(bool(rule.positive) for rule in RULES)
    families = ((title, ", ".join(map(code, _kinds(module)))) for module, title in _FAMILIES.items())
    return "\n".join(
        [
            heading("Redaction", "tachograph.redaction", _INTRODUCTION),
            "## Names\n",
            (
                "A value is redacted if its name marks a secret: `password`, `api_key`, `client_secret`, "
                "`authorization` and others, in mappings, pairs, headers, arguments, and in text in the syntax of "
                "JSON, YAML, TOML, INI, shells, XML, environments, connection strings, SQL and sentences. Under a name "
                "that is less clear (`token`, `deploy_key`) only values that look random are redacted. The values of "
                "secrets in the environment and the keys of recorded clients are redacted wherever they are.\n"
            ),
            "## Places\n",
            _PLACES + "\n",
            "## Personal data\n",
            table(("kind", "what", "by default"), personal),
            "`tacho redact` and `redact_text` redact all of them, because their output is handed on.\n",
            "## Your rules\n",
            _RULES + "\n",
            f"## Shapes\n\n{shaped} shapes of tokens, by kind; each rule names its vendor's page in the code.\n",
            table(("family", "kinds"), families),
        ]
    )


def _kinds(module: str) -> list[str]:
    family = vars(importlib.import_module(f"tachograph.redaction.{module}"))
    rules: tuple[Rule, ...] = family[module.rpartition(".")[2].upper()]
    return sorted({rule.kind for rule in rules if rule.rank is not Rank.PERSONAL})
