"""Databases, vector search and object storage.

Vendors: Aiven, Appwrite, Astra, Backblaze, Chroma, ClickHouse, Cockroach, Convex, Databricks, Elastic, Gel, InfluxDB,
Materialize, MongoDB, Neon, Pinecone, PlanetScale, Snowflake, Supabase, Turbopuffer, Upstash, Vespa, Xata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import (
    BASE64,
    HEX,
    SLUG,
    SNAKE,
    SNAKE_END,
    WORD,
    WORD_END,
    structured,
    token,
)

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
DATABASES: tuple[Rule, ...] = (
    token("planetscale-token", rb"pscale_[a-z]{2,10}_", rb"[A-Za-z0-9_=.-]", (24, 128), positive="pscale_tkn_{s43}", negative="pscale_tkn_{w6}", source="https://planetscale.com/docs/concepts/service-tokens"),
    token("neon-key", rb"napi_", WORD, (32, 80), word_start=True, positive="napi_{l64}", negative="napi_{w6}", source="https://neon.com/docs/manage/api-keys"),
    token("neon-password", rb"npg_", WORD, (12, 40), end=SNAKE_END, mixed=True, positive="npg_{w12}", negative="npg_{w6}", source="https://neon.com/docs/manage/api-keys"),
    token("supabase-token", rb"sbp_(?:oauth_|v0_)?", WORD, (40, 64), word_start=True, positive="sbp_{h40}", negative="sbp_{h6}", source="https://supabase.com/docs/reference/api/introduction"),
    token("supabase-key", rb"sb_(?:secret|publishable)_", SLUG, (24, 64), word_start=True, positive="sb_secret_{s22}_{w8}", negative="sb_secret_{w6}", source="https://supabase.com/docs/guides/api/api-keys"),
    token("mongodb-atlas-secret", rb"mdb_sa_sk_", SLUG, (30, 80), positive="mdb_sa_sk_{s40}", negative="mdb_sa_sk_{w6}", source="https://www.mongodb.com/docs/atlas/api/service-accounts-overview/"),
    token("cockroach-key", rb"CCDB1_", SNAKE, (40, 96), positive="CCDB1_{w22}_{w40}", negative="CCDB1_{w6}", source="https://www.cockroachlabs.com/docs/cockroachcloud/managing-access#api-access"),
    structured("databricks-token", trigger=rb"dapi[0-9a-fA-F]{16}", pattern=rb"dapi[0-9a-fA-F]{32}(?:-[0-9]{1,2})?(?![A-Za-z0-9])",
        word_start=True, positive="dapi{h32}-2", negative="dapi{h6}", source="https://docs.databricks.com/aws/en/dev-tools/auth/pat"),
    token("databricks-secret", rb"dose", HEX, (32, 32), end=WORD_END, word_start=True, positive="dose{h32}", negative="dose{h6}", source="https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m"),
    structured("snowflake-token", trigger=rb"ver:[0-9]-hint:", pattern=rb"ver:[0-9](?:-hint:[0-9]{1,20})?-[A-Za-z0-9+/=:_-]{0,16}[A-Za-z0-9+/=_-]{40,2048}",
        positive="ver:1-hint:{d5}-{b160}", negative="ver:1-hint:none", source="https://docs.snowflake.com/en/developer-guide/sql-api/authenticating"),
    token("elastic-key", rb"essu_", BASE64, (40, 256), word_start=True, positive="essu_{b80}==", negative="essu_{w6}", source="https://www.elastic.co/guide/en/cloud/current/ec-api-authentication.html"),
    token("elastic-token", rb"AAEAAWVsYXN0aWM", BASE64, (30, 256), word_start=True, positive="AAEAAWVsYXN0aWMvZmxlZXQ{b60}", negative="AAEAAWVsYXN0aWM{w6}", source="https://www.elastic.co/guide/en/elasticsearch/reference/current/service-tokens-command.html"),
    token("influxdb-token", rb"apiv3_", SLUG, (60, 128), word_start=True, positive="apiv3_{s86}", negative="apiv3_{w6}", source="https://docs.influxdata.com/influxdb3/core/admin/tokens/"),
    structured("astra-token", trigger=rb"AstraCS:[A-Za-z0-9]{16}", pattern=rb"AstraCS:[A-Za-z0-9]{20,64}(?::[A-Za-z0-9]{40,128})?",
        positive="AstraCS:{w24}:{h64}", negative="AstraCS:{w9}", source="https://docs.datastax.com/en/astra-db-serverless/administration/manage-application-tokens.html"),
    token("clickhouse-key", rb"4b1d", WORD, (38, 38), end=WORD_END, mixed=True, positive="4b1d{w38}", negative="4b1d{w9}", source="https://clickhouse.com/docs/cloud/manage/openapi"),
    token("aiven-password", rb"AVNS_", SLUG, (15, 40), word_start=True, positive="AVNS_{s19}", negative="AVNS_{w6}", source="https://aiven.io/docs/platform/concepts/service-users"),
    # It begins with the base 64 of `{"UserID":`.
    token("upstash-token", rb"eyJVc2VySUQiOi", BASE64, (60, 400), word_start=True, positive="eyJVc2VySUQiOi{w120}==", negative="eyJVc2VySUQiOi{w9}", source="https://upstash.com/docs/qstash/api-refence/authentication"),
    structured("convex-key", trigger=rb"prod:[a-z0-9:-]{3,40}\|", pattern=rb"prod:[a-z0-9:_-]{3,128}\|[A-Za-z0-9+/=_-]{30,512}",
        word_start=True, positive="prod:happy-otter-123|{b90}==", negative="prod:happy-otter-123|", source="https://docs.convex.dev/cli/deploy-key-types"),
    structured("convex-key", trigger=rb"dev:[a-z0-9:-]{3,40}\|", pattern=rb"dev:[a-z0-9:_-]{3,128}\|[A-Za-z0-9+/=_-]{30,512}",
        word_start=True, positive="dev:happy-otter-123|{b90}==", negative="dev:happy-otter-123|", source="https://docs.convex.dev/cli/deploy-key-types"),
    structured("convex-key", trigger=rb"preview:[a-z0-9:-]{3,40}\|", pattern=rb"preview:[a-z0-9:_-]{3,128}\|[A-Za-z0-9+/=_-]{30,512}",
        word_start=True, positive="preview:my-team:my-project|{b90}==", negative="preview:happy-otter-123|", source="https://docs.convex.dev/cli/deploy-key-types"),
    structured("convex-key", trigger=rb"project:[a-z0-9:-]{3,40}\|", pattern=rb"project:[a-z0-9:_-]{3,128}\|[A-Za-z0-9+/=_-]{30,512}",
        word_start=True, positive="project:my-team:my-project|{b90}==", negative="project:happy-otter-123|", source="https://docs.convex.dev/cli/deploy-key-types"),
    token("xata-key", rb"xau_", WORD, (20, 80), mixed=True, positive="xau_{w38}", negative="xau_{w6}", source="https://xata.io/docs/authentication"),
    token("appwrite-key", rb"standard_", WORD, (64, 512), word_start=True, positive="standard_{h256}", negative="standard_{h12}", source="https://appwrite.io/docs/advanced/platform/api-keys"),
    token("gel-token", rb"nbwt1_", rb"[A-Za-z0-9_.=-]", (40, 4096), word_start=True, positive="nbwt1_{s80}.{s120}.{s43}", negative="nbwt1_{w6}", source="https://docs.geldata.com/resources/guides/cloud"),
    token("materialize-password", rb"mzp_", WORD, (40, 96), word_start=True, positive="mzp_{h64}", negative="mzp_{w6}", source="https://materialize.com/docs/security/cloud/users-service-accounts/create-service-accounts/"),
    token("backblaze-key", rb"K00[0-9]", rb"[A-Za-z0-9+/]", (27, 27), end=rb"(?![A-Za-z0-9+/=])", mixed=True, positive="K005{b27}", negative="K005{w6}", source="https://www.backblaze.com/docs/cloud-storage-application-keys"),
    # Vector search
    token("pinecone-key", rb"pcsk_", SNAKE, (40, 128), word_start=True, positive="pcsk_{w6}_{w63}", negative="pcsk_{w6}", source="https://docs.pinecone.io/guides/projects/manage-api-keys"),
    token("chroma-key", rb"ck-", WORD, (30, 64), mixed=True, positive="ck-{w43}", negative="ck-{w6}", source="https://docs.trychroma.com/cloud/getting-started"),
    token("turbopuffer-key", rb"tpuf_", WORD, (24, 96), mixed=True, positive="tpuf_{w32}", negative="tpuf_{w6}", source="https://turbopuffer.com/docs/auth"),
    token("vespa-token", rb"vespa_cloud_", WORD, (30, 96), positive="vespa_cloud_{w42}", negative="vespa_cloud_{w6}", source="https://docs.vespa.ai/en/security/guide.html"),
)
# fmt: on
