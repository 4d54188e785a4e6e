"""Monitoring, logs, tracing and on-call.

Vendors: Axiom, Checkly, Coralogix, Datadog, Dynatrace, Grafana, Healthchecks, Honeycomb, incident-io, Logfire, New
Relic, PagerDuty, Rootly, Sentry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import BASE64, HEX, SLUG, SNAKE, UUID, WORD, WORD_END, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
MONITORING: tuple[Rule, ...] = (
    token("grafana-token", rb"glsa_", SNAKE, (32, 96), positive="glsa_{w32}_{h8}", negative="glsa_token", source="https://grafana.com/docs/grafana/latest/administration/service-accounts/"),
    token("grafana-token", rb"glc_ey[IJ]", rb"[A-Za-z0-9_+/=-]", (32, 512), word_start=True, positive="glc_eyJ{w120}==", negative="glc_2", source="https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/access-policies/"),
    # It begins with the base 64 of {"k":".
    token("grafana-key", rb"eyJrIjoi", BASE64, (40, 512), word_start=True, positive="eyJrIjoi{w80}==", negative="eyJrIjoiYSJ9", source="https://grafana.com/docs/grafana/latest/developers/http_api/auth/"),
    token("newrelic-key", rb"NRAK-", SLUG, (16, 64), word_start=True, positive="NRAK-{w32}", negative="NRAK-2", source="https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    token("newrelic-key", rb"NRJS-", SLUG, (16, 64), word_start=True, positive="NRJS-{w32}", negative="NRJS-2", source="https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    token("newrelic-key", rb"NRII-", SLUG, (16, 64), word_start=True, positive="NRII-{w32}", negative="NRII-2", source="https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    token("newrelic-key", rb"NRIQ-", SLUG, (16, 64), word_start=True, positive="NRIQ-{w32}", negative="NRIQ-2", source="https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    token("newrelic-key", rb"NRRA-", SLUG, (16, 64), word_start=True, positive="NRRA-{w32}", negative="NRRA-2", source="https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    token("newrelic-key", rb"NRBR-", SLUG, (16, 64), word_start=True, positive="NRBR-{w32}", negative="NRBR-2", source="https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    token("newrelic-key", rb"NRAL-", SLUG, (16, 64), word_start=True, positive="NRAL-{w32}", negative="NRAL-2", source="https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    structured("newrelic-key", trigger=rb"[A-Za-z0-9]{8}NRAL", pattern=rb"[A-Za-z0-9]{36}NRAL(?![A-Za-z0-9])",
        word_start=True, positive="{h32}FFFFNRAL", negative="0f1e2d3cNRAL", source="https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"),
    token("datadog-key", rb"ddapp_", SLUG, (20, 128), word_start=True, positive="ddapp_{w40}", negative="ddapp_name", source="https://docs.datadoghq.com/account_management/personal-access-tokens/"),
    token("datadog-key", rb"ddpat_", SLUG, (20, 128), word_start=True, positive="ddpat_{w40}", negative="ddpat_name", source="https://docs.datadoghq.com/account_management/personal-access-tokens/"),
    token("datadog-key", rb"ddsat_", SLUG, (20, 128), word_start=True, positive="ddsat_{w40}", negative="ddsat_name", source="https://docs.datadoghq.com/account_management/personal-access-tokens/"),
    token("datadog-key", rb"ddap_", SLUG, (20, 128), word_start=True, positive="ddap_{w40}", negative="ddap_name", source="https://docs.datadoghq.com/account_management/personal-access-tokens/"),
    token("datadog-client-token", rb"pub", HEX, (32, 32), end=WORD_END, word_start=True, positive="pub{h32}", negative="pub2026", source="https://docs.datadoghq.com/account_management/api-app-keys/#client-tokens"),
    token("sentry-token", rb"sntry[suaid]_", BASE64, (32, 512), positive="sntrys_eyJ{b100}=_{b43}", negative="sntrys_token", source="https://docs.sentry.io/account/auth-tokens/"),
    structured("sentry-dsn", trigger=rb"\.sentry\.io/[0-9]", pattern=rb"https?://[0-9a-f]{32}(?::[0-9a-f]{32})?@[a-z0-9.-]{1,64}\.sentry\.io/[0-9]{1,20}",
        positive="https://{h32}@o{d7}.ingest.us.sentry.io/{d16}", negative="https://o1.ingest.sentry.io/2", source="https://docs.sentry.io/concepts/key-terms/dsn-explainer/"),
    structured("dynatrace-token", trigger=rb"dt0[a-z][0-9]{2}\.[A-Z0-9]{8}", pattern=rb"dt0[a-z][0-9]{2}\.[A-Z0-9]{8,24}(?:\.[A-Z0-9]{64})?",
        positive="dt0c01.{u24}.{u64}", negative="dt0c01.id", source="https://docs.dynatrace.com/docs/dynatrace-api/basics/dynatrace-api-authentication"),
    token("honeycomb-key", rb"hc[a-dxg]ik_", WORD, (40, 96), positive="hcaik_{l58}", negative="hcaik_01h2", source="https://docs.honeycomb.io/configure/environments/manage-api-keys/"),
    token("honeycomb-key", rb"hc[a-dxg]mk_", rb"[A-Za-z0-9:]", (26, 96), positive="hcamk_{l26}:{w32}", negative="hcamk_01h2", source="https://docs.honeycomb.io/configure/environments/manage-api-keys/"),
    structured("axiom-token", trigger=rb"xaat-[0-9a-f]{8}-", pattern=rb"xaat-" + UUID,
        positive="xaat-{h8}-{h4}-{h4}-{h4}-{h12}", negative="xaat-0f1e", source="https://axiom.co/docs/reference/tokens"),
    structured("axiom-token", trigger=rb"xapt-[0-9a-f]{8}-", pattern=rb"xapt-" + UUID,
        positive="xapt-{h8}-{h4}-{h4}-{h4}-{h12}", negative="xapt-0f1e", source="https://axiom.co/docs/reference/tokens"),
    structured("axiom-token", trigger=rb"xait-[0-9a-f]{8}-", pattern=rb"xait-" + UUID,
        positive="xait-{h8}-{h4}-{h4}-{h4}-{h12}", negative="xait-0f1e", source="https://axiom.co/docs/reference/tokens"),
    token("logfire-token", rb"pylf_v[0-9]_[a-z]{2,16}_", WORD, (32, 96), positive="pylf_v1_us_{w43}", negative="pylf_v1_us_x", source="https://logfire.pydantic.dev/docs/how-to-guides/create-write-tokens/"),
    token("pagerduty-token", rb"pdus\+", SLUG, (20, 96), word_start=True, positive="pdus+_0{u7}_{h8}-{h4}-{h4}-{h4}-{h12}", negative="pdus+2", source="https://support.pagerduty.com/main/docs/api-access-keys"),
    token("pagerduty-token", rb"pdeu\+", SLUG, (20, 96), word_start=True, positive="pdeu+_0{u7}_{h8}-{h4}-{h4}-{h4}-{h12}", negative="pdeu+2", source="https://support.pagerduty.com/main/docs/api-access-keys"),
    token("rootly-key", rb"rootly_", WORD, (48, 96), positive="rootly_{h64}", negative="rootly_0f1e", source="https://docs.rootly.com/api-reference/overview"),
    token("incident-io-key", rb"inc_", WORD, (64, 64), end=WORD_END, word_start=True, positive="inc_{h64}", negative="inc_0f1e", source="https://api-docs.incident.io/"),
    token("checkly-key", rb"cu_", WORD, (32, 32), end=WORD_END, word_start=True, positive="cu_{h32}", negative="cu_12", source="https://www.checklyhq.com/docs/accounts-and-users/creating-api-key/"),
    token("coralogix-key", rb"cxtp_", WORD, (24, 64), word_start=True, positive="cxtp_{w30}", negative="cxtp_2", source="https://coralogix.com/docs/user-guides/account-management/api-keys/api-keys/"),
    token("coralogix-key", rb"cxup_", WORD, (24, 64), word_start=True, positive="cxup_{w30}", negative="cxup_2", source="https://coralogix.com/docs/user-guides/account-management/api-keys/api-keys/"),
    token("healthchecks-key", rb"hcw_", WORD, (24, 64), word_start=True, positive="hcw_{w28}", negative="hcw_2", source="https://healthchecks.io/docs/api/"),
    token("healthchecks-key", rb"hcr_", WORD, (24, 64), word_start=True, positive="hcr_{w28}", negative="hcr_2", source="https://healthchecks.io/docs/api/"),
)
# fmt: on
