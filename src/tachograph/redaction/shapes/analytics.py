"""Product analytics, business intelligence and data pipelines.

Vendors: Confluent, dbt, Hex, Kaggle, Lightdash, Metabase, PostHog, Segment, Tableau, Tinybird.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import SLUG, STANDARD_BASE64, WORD, WORD_END, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
ANALYTICS: tuple[Rule, ...] = (
    token("dbt-token", rb"dbt[cu]_", SLUG, (32, 96), mixed=True, positive="dbtc_{s43}", negative="dbtc_{w6}", source="https://docs.getdbt.com/docs/dbt-cloud-apis/authentication"),
    token("hex-token", rb"hxt[pw]_", WORD, (40, 160), word_start=True, positive="hxtp_{h96}", negative="hxtp_{w6}", source="https://learn.hex.tech/docs/api-integrations/api/overview"),
    structured("tinybird-token", trigger=rb"p\.ey[IJ][A-Za-z0-9_-]{16}", pattern=rb"p\.ey[IJ][A-Za-z0-9_-]{20,1024}(?:\.[A-Za-z0-9_-]{20,128})?",
        word_start=True, positive="p.eyJ1Ijog{s90}.{s43}", negative="p.eyJ{w6}", source="https://www.tinybird.co/docs/forward/administration/tokens"),
    token("confluent-secret", rb"cflt", STANDARD_BASE64, (50, 80), mixed=True, positive="cflt{b60}", negative="cflt{w6}", source="https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html"),
    token("metabase-key", rb"mb_", STANDARD_BASE64, (40, 64), mixed=True, positive="mb_{b43}=", negative="mb_{w6}", source="https://www.metabase.com/docs/latest/people-and-groups/api-keys"),
    token("lightdash-token", rb"ldpat_", WORD, (24, 96), word_start=True, positive="ldpat_{h32}", negative="ldpat_{w6}", source="https://docs.lightdash.com/references/personal_tokens"),
    token("kaggle-token", rb"KGAT_", WORD, (30, 64), word_start=True, positive="KGAT_{h32}", negative="KGAT_{h6}", source="https://www.kaggle.com/docs/api"),
    structured("tableau-token", trigger=rb"==:[A-Za-z0-9]{16}", pattern=rb"(?<!\\)[A-Za-z0-9+/]{20,24}==:[A-Za-z0-9]{20,40}",
        word_start=True, positive="{b22}==:{w32}", negative="{b22}==:{w6}", source="https://help.tableau.com/current/server/en-us/security_personal_access_tokens.htm"),
    # One row each: in one expression, hyperscan would look for the `ph` they share.
    token("posthog-key", rb"phc_", SLUG, (32, 64), word_start=True, positive="phc_{w43}", negative="phc_key_2", source="https://posthog.com/docs/api"),
    token("posthog-key", rb"phs_", SLUG, (32, 64), word_start=True, positive="phs_{w43}", negative="phs_key_2", source="https://posthog.com/docs/api"),
    token("posthog-key", rb"phx_", SLUG, (32, 64), word_start=True, positive="phx_{w43}", negative="phx_key_2", source="https://posthog.com/docs/api"),
    token("posthog-key", rb"pha_", SLUG, (32, 64), word_start=True, positive="pha_{w43}", negative="pha_key_2", source="https://posthog.com/docs/api"),
    token("posthog-key", rb"phr_", SLUG, (32, 64), word_start=True, positive="phr_{w43}", negative="phr_key_2", source="https://posthog.com/docs/api"),
    token("segment-token", rb"sgp_", WORD, (64, 64), end=WORD_END, word_start=True, positive="sgp_{w64}", negative="sgp_2", source="https://segment.com/docs/api/public-api/"),
)
# fmt: on
