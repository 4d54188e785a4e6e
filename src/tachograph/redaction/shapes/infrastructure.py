"""Infrastructure as code, networks, gateways and devices.

Vendors: Adafruit, Boundary, Defined Networking, Headscale, Infracost, NetBird, OpenShift, Porkbun, Pulumi, Samsara,
Tailscale, Terraform, Things, Unkey, Zuplo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import KEBAB, SLUG, SNAKE, WORD, WORD_END, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
INFRASTRUCTURE: tuple[Rule, ...] = (
    structured("terraform-token", trigger=rb"\.atlasv1\.[A-Za-z0-9_=-]{16}", pattern=rb"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,100}",
        positive="{w14}.atlasv1.{s67}", negative="{w14}.atlasv1.{w6}", source="https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens"),
    token("pulumi-token", rb"pul-", WORD, (40, 40), end=WORD_END, word_start=True, positive="pul-{h40}", negative="pul-{h7}", source="https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/"),
    token("infracost-key", rb"ico-", WORD, (32, 40), mixed=True, positive="ico-{w32}", negative="ico-{w6}", source="https://www.infracost.io/docs/infracost_cloud/key_concepts/"),
    token("zuplo-key", rb"zpka_", SNAKE, (30, 80), word_start=True, positive="zpka_{h32}_{h8}", negative="zpka_{w6}", source="https://zuplo.com/docs/articles/api-key-leak-detection"),
    token("unkey-key", rb"unkey_", WORD, (20, 64), mixed=True, positive="unkey_{w22}", negative="unkey_{w6}", source="https://www.unkey.com/docs/security/root-keys"),
    token("tailscale-key", rb"tskey-", KEBAB, (16, 128), word_start=True, positive="tskey-auth-{w17}-{w32}", negative="tskey-auth-{w3}", source="https://tailscale.com/kb/1252/key-secret-management"),
    token("headscale-key", rb"hskey-", SLUG, (24, 128), word_start=True, positive="hskey-auth-{w12}-{s64}", negative="hskey-auth-{w3}", source="https://headscale.net/stable/ref/registration/"),
    token("netbird-token", rb"nbp_", WORD, (30, 64), mixed=True, positive="nbp_{w36}", negative="nbp_{w6}", source="https://docs.netbird.io/how-to/access-netbird-public-api"),
    token("defined-networking-token", rb"dnkey-", rb"[A-Za-z0-9=_-]", (40, 128), word_start=True, positive="dnkey-{u26}-{u52}", negative="dnkey-{u6}", source="https://docs.defined.net/guides/automating-host-creation/"),
    token("openshift-token", rb"sha256~", SLUG, (40, 64), positive="sha256~{s43}", negative="sha256~{w6}", source="https://docs.openshift.com/container-platform/latest/authentication/understanding-authentication.html"),
    structured("boundary-token", trigger=rb"at_[A-Za-z0-9]{10}_[A-Za-z0-9]{16}", pattern=rb"at_[A-Za-z0-9]{10}_[A-Za-z0-9]{40,512}",
        word_start=True, positive="at_{w10}_s1{w120}", negative="at_{w10}_{w6}", source="https://developer.hashicorp.com/boundary/docs/concepts/domain-model/auth-tokens"),
    token("samsara-token", rb"samsara_api_", WORD, (28, 64), positive="samsara_api_{w30}", negative="samsara_api_client", source="https://developers.samsara.com/docs/authentication"),
    token("adafruit-key", rb"aio_", WORD, (28, 28), end=WORD_END, word_start=True, positive="aio_{w28}", negative="aio_read_2", source="https://io.adafruit.com/api/docs/#authentication"),
    token("porkbun-key", rb"pk1_", WORD, (64, 64), word_start=True, positive="pk1_{h64}", negative="pk1_2", source="https://porkbun.com/api/json/v3/documentation"),
    token("porkbun-key", rb"sk1_", WORD, (64, 64), word_start=True, positive="sk1_{h64}", negative="sk1_2", source="https://porkbun.com/api/json/v3/documentation"),
    token("things-key", rb"NNSXS\.", rb"[A-Z0-9.]", (80, 120), positive="NNSXS.{u39}.{u52}", negative="NNSXS.ID", source="https://www.thethingsindustries.com/docs/api/concepts/auth/"),
)
# fmt: on
