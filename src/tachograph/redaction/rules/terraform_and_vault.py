"""Secrets in files, state and plans of Terraform, and in what Vault prints."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import Around, Rank, Rule, rule_behind
from tachograph.redaction.rules.checks import is_filled_in
from tachograph.redaction.rules.named_values import gives_away
from tachograph.redaction.words.name_patterns import WHOLE_NAME
from tachograph.redaction.words.name_strength import kind_of

_VARIABLE = re.compile(rb"variable\s{1,4}\\{0,15}\"(?P<name>[\w.-]{1,64})\\{0,15}\"\s{0,4}\{[^{}]*\Z")
_MOST_BLOCK = 400


def _of_variable(match: re.Match[bytes]) -> str:
    before = match.string[max(0, match.start() - _MOST_BLOCK) : match.start()]
    block = _VARIABLE.search(before, max(0, before.rfind(b'variable "'), before.rfind(b"variable \\")))
    if block is None:
        return ""
    return kind_of(block["name"]) if gives_away(block["name"], match["secret"], quoted=True) else ""


def _of_role(match: re.Match[bytes]) -> bool:
    around = match.string[max(0, match.start() - 256) : match.end() + 256].lower()
    return b"role_id" in around or b"approle" in around or b"roleid" in around


TERRAFORM_AND_VAULT: tuple[Rule, ...] = (
    Rule(
        "password",
        rb"random_password",
        Around(
            LazyPattern(rb"\"result\\{0,15}\"\s{0,4}:\s{0,4}\\{0,15}\"(?P<secret>[^\"\n\\]{4,256})"),
            reach=1024,
            tail=1024,
            beyond=True,
        ),
        "https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/password",
        Rank.KEYED,
    ),
    rule_behind(
        "secret",
        rb"default\s{1,12}=\s{1,4}\\{0,15}\"[^\s\"]{4}",
        rb"(?P<secret>[^\"\n\\]{4,1024})",
        "https://developer.hashicorp.com/terraform/language/block/variable",
        _of_variable,
        back=4,
    ),
    # Old and new value in a Terraform plan.
    rule_behind(
        "secret",
        rb"(?i)" + WHOLE_NAME + rb"\s{1,40}=\s\\{0,15}\"[^\"\n]{0,256}\" -> \\{0,15}\"",
        rb"(?P<secret>[^\"\n\\]{3,1024})",
        "https://developer.hashicorp.com/terraform/cli/commands/plan",
        is_filled_in,
    ),
    Rule(
        "vault-secret-id",
        rb"(?i)secret_id[\"'\\]{0,4}\s{0,2}[:=]",
        Around(
            LazyPattern(
                rb"secret_id[\"'\\]{0,16}\s{0,2}[:=]\s{0,4}[\"'\\]{0,16}(?P<secret>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
                re.IGNORECASE,
            ),
            _of_role,
        ),
        "https://developer.hashicorp.com/vault/docs/auth/approle",
        Rank.KEYED,
    ),
    Rule(
        "vault-unseal-key",
        rb"(?i)(?:unseal|recovery) key(?: [0-9]{1,2}| \([a-z0-9 ,]{1,24}\))?:",
        Around(
            LazyPattern(
                rb"(?:unseal|recovery) key[^:\n]{0,32}:\s{1,4}(?P<secret>[A-Za-z0-9+/]{40,88}={0,2})", re.IGNORECASE
            )
        ),
        "https://developer.hashicorp.com/vault/docs/concepts/seal",
        Rank.KEYED,
    ),
)
"""Terraform and Vault."""
