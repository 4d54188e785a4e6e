"""Feature flags and experiments.

Vendors: ConfigCat, DevCycle, Flagsmith, GrowthBook, LaunchDarkly, Statsig, Unleash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import SNAKE, UUID, WORD, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
FEATURE_FLAGS: tuple[Rule, ...] = (
    structured("launchdarkly-key", trigger=rb"sdk-[0-9a-f]{8}-[0-9a-f]{4}-", pattern=rb"sdk-" + UUID,
        word_start=True, positive="sdk-{h8}-{h4}-{h4}-{h4}-{h12}", negative="sdk-{h8}", source="https://launchdarkly.com/docs/home/account/environment/keys"),
    structured("launchdarkly-key", trigger=rb"api-[0-9a-f]{8}-[0-9a-f]{4}-", pattern=rb"api-" + UUID,
        word_start=True, positive="api-{h8}-{h4}-{h4}-{h4}-{h12}", negative="api-{h8}", source="https://launchdarkly.com/docs/home/account/environment/keys"),
    structured("launchdarkly-key", trigger=rb"mob-[0-9a-f]{8}-[0-9a-f]{4}-", pattern=rb"mob-" + UUID,
        word_start=True, positive="mob-{h8}-{h4}-{h4}-{h4}-{h12}", negative="mob-{h8}", source="https://launchdarkly.com/docs/home/account/environment/keys"),
    structured("launchdarkly-key", trigger=rb"rel-[0-9a-f]{8}-[0-9a-f]{4}-", pattern=rb"rel-" + UUID,
        word_start=True, positive="rel-{h8}-{h4}-{h4}-{h4}-{h12}", negative="rel-{h8}", source="https://launchdarkly.com/docs/home/account/environment/keys"),
    structured("configcat-key", trigger=rb"configcat-sdk-[0-9]/", pattern=rb"configcat-sdk-[0-9]/[A-Za-z0-9_-]{16,32}/[A-Za-z0-9_-]{16,32}",
        positive="configcat-sdk-1/{s22}/{s22}", negative="configcat-sdk-1/docs", source="https://configcat.com/docs/advanced/manage-sdk-keys/"),
    token("devcycle-key", rb"dvc_(?:server|client|mobile)_", SNAKE, (24, 128), mixed=True, positive="dvc_server_{h8}_{h4}_{h4}_{h4}_{h12}_{h7}", negative="dvc_server_{w6}", source="https://docs.devcycle.com/essentials/keys"),
    token("growthbook-key", rb"secret_(?:admin|user|readonly)_", WORD, (20, 96), mixed=True, positive="secret_admin_{w44}", negative="secret_admin_{w6}", source="https://docs.growthbook.io/api-overview"),
    token("flagsmith-key", rb"ser\.", WORD, (20, 32), end=rb"(?![A-Za-z0-9_(])", mixed=True, positive="ser.{w22}", negative="ser.deserializeMessageFromBuffer2(x)", source="https://docs.flagsmith.com/clients/server-side"),
    token("statsig-key", rb"secret-", WORD, (36, 64), mixed=True, positive="secret-{w43}", negative="secret-{w12}", source="https://docs.statsig.com/access-management/api-keys"),
    token("statsig-key", rb"console-", WORD, (36, 64), mixed=True, positive="console-{w43}", negative="console-{w12}", source="https://docs.statsig.com/console-api/introduction"),
    structured("unleash-token", trigger=rb"(?:development|production)\.[0-9a-f]{16}",
        pattern=rb"(?<!\\)(?:[A-Za-z0-9_-]{1,40}|\*|\[\]):(?:development|production)\.[0-9a-f]{40,128}",
        word_start=True, positive="default:production.{h64}", negative="default:production.{h6}", source="https://docs.getunleash.io/reference/api-tokens-and-client-keys"),
    structured("unleash-token", trigger=rb"\*:\*\.[0-9a-f]{16}", pattern=rb"\*:\*\.[0-9a-f]{40,128}",
        positive="*:*.{h64}", negative="*:*.{h6}", source="https://docs.getunleash.io/reference/api-tokens-and-client-keys"),
    token("statsig-key", rb"client-", WORD, (40, 64), mixed=True, positive="client-{w44}", negative="client-token-2", source="https://docs.statsig.com/sdk-keys/api-keys"),
)
# fmt: on
