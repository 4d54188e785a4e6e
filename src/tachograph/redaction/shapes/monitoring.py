"""Keys of monitoring, error tracking, analytics and feature flags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import BASE64, HEX, SLUG, SNAKE, WORD, parts, shape

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

_GRAFANA = "https://grafana.com/docs/grafana/latest/administration/service-accounts/"
_NEWRELIC = "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"
_DATADOG = "https://docs.datadoghq.com/account_management/personal-access-tokens/"
_SENTRY = "https://docs.sentry.io/account/auth-tokens/"
_DYNATRACE = "https://docs.dynatrace.com/docs/dynatrace-api/basics/dynatrace-api-authentication"
_POSTHOG = "https://posthog.com/docs/api"
_HONEYCOMB = "https://docs.honeycomb.io/configure/environments/manage-api-keys/"
_AXIOM = "https://axiom.co/docs/reference/tokens"
_PAGERDUTY = "https://support.pagerduty.com/main/docs/api-access-keys"
_STATSIG = "https://docs.statsig.com/sdk-keys/api-keys"
_CORALOGIX = "https://coralogix.com/docs/user-guides/account-management/api-keys/api-keys/"
_HEALTHCHECKS = "https://healthchecks.io/docs/api/"
_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_SOME_UUID = "{h8}-{h4}-{h4}-{h4}-{h12}"
_END = rb"(?![A-Za-z0-9])"

MONITORING: tuple[Rule, ...] = (
    shape("grafana-token", rb"glsa_", SNAKE, 32, 96, _GRAFANA, "glsa_{w32}_{h8}", "glsa_token"),
    shape(
        "grafana-token",
        rb"glc_ey[IJ]",
        rb"[A-Za-z0-9_+/=-]",
        32,
        512,
        "https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/access-policies/",
        "glc_eyJ{w120}==",
        "glc_2",
        left=True,
    ),
    # The beginning of {"k":" in base 64.
    shape(
        "grafana-key",
        rb"eyJrIjoi",
        BASE64,
        40,
        512,
        "https://grafana.com/docs/grafana/latest/developers/http_api/auth/",
        "eyJrIjoi{w80}==",
        "eyJrIjoiYSJ9",
        left=True,
    ),
    *(
        shape(
            "newrelic-key",
            prefix,
            rb"[A-Za-z0-9_-]",
            16,
            64,
            _NEWRELIC,
            prefix.decode() + "{w32}",
            prefix.decode() + "2",
            left=True,
        )
        for prefix in (b"NRAK-", b"NRJS-", b"NRII-", b"NRIQ-", b"NRRA-", b"NRBR-", b"NRAL-")
    ),
    parts(
        "newrelic-key",
        rb"[A-Za-z0-9]{8}NRAL",
        rb"[A-Za-z0-9]{36}NRAL(?![A-Za-z0-9])",
        _NEWRELIC,
        "{h32}FFFFNRAL",
        "0f1e2d3cNRAL",
        left=True,
    ),
    *(
        shape(
            "datadog-key",
            prefix,
            SLUG,
            20,
            128,
            _DATADOG,
            prefix.decode() + "{w40}",
            prefix.decode() + "name",
            left=True,
        )
        for prefix in (b"ddapp_", b"ddpat_", b"ddsat_", b"ddap_")
    ),
    shape(
        "datadog-client-token",
        rb"pub",
        HEX,
        32,
        32,
        "https://docs.datadoghq.com/account_management/api-app-keys/#client-tokens",
        "pub{h32}",
        "pub2026",
        left=True,
        end=_END,
    ),
    shape(
        "sentry-token",
        rb"sntry[suaid]_",
        rb"[A-Za-z0-9+/=_-]",
        32,
        512,
        _SENTRY,
        "sntrys_eyJ{b100}=_{b43}",
        "sntrys_token",
    ),
    parts(
        "sentry-dsn",
        rb"\.sentry\.io/[0-9]",
        rb"https?://[0-9a-f]{32}(?::[0-9a-f]{32})?@[a-z0-9.-]{1,64}\.sentry\.io/[0-9]{1,20}",
        "https://docs.sentry.io/concepts/key-terms/dsn-explainer/",
        "https://{h32}@o{d7}.ingest.us.sentry.io/{d16}",
        "https://o1.ingest.sentry.io/2",
    ),
    parts(
        "dynatrace-token",
        rb"dt0[a-z][0-9]{2}\.[A-Z0-9]{8}",
        rb"dt0[a-z][0-9]{2}\.[A-Z0-9]{8,24}(?:\.[A-Z0-9]{64})?",
        _DYNATRACE,
        "dt0c01.{u24}.{u64}",
        "dt0c01.id",
    ),
    # Apart, for hyperscan would look for the `ph` that all of them begin with.
    *(
        shape(
            "posthog-key",
            prefix,
            SLUG,
            32,
            64,
            _POSTHOG,
            prefix.decode() + "{w43}",
            prefix.decode() + "key_2",
            left=True,
        )
        for prefix in (b"phc_", b"phs_", b"phx_", b"pha_", b"phr_")
    ),
    shape(
        "segment-token",
        rb"sgp_",
        WORD,
        64,
        64,
        "https://segment.com/docs/api/public-api/",
        "sgp_{w64}",
        "sgp_2",
        left=True,
        end=_END,
    ),
    shape("honeycomb-key", rb"hc[a-dxg]ik_", WORD, 40, 96, _HONEYCOMB, "hcaik_{l58}", "hcaik_01h2"),
    shape("honeycomb-key", rb"hc[a-dxg]mk_", rb"[A-Za-z0-9:]", 26, 96, _HONEYCOMB, "hcamk_{l26}:{w32}", "hcamk_01h2"),
    *(
        parts(
            "axiom-token",
            prefix + rb"[0-9a-f]{8}-",
            prefix + _UUID,
            _AXIOM,
            prefix.decode() + _SOME_UUID,
            prefix.decode() + "0f1e",
        )
        for prefix in (b"xaat-", b"xapt-", b"xait-")
    ),
    shape(
        "logfire-token",
        rb"pylf_v[0-9]_[a-z]{2,16}_",
        WORD,
        32,
        96,
        "https://logfire.pydantic.dev/docs/how-to-guides/create-write-tokens/",
        "pylf_v1_us_{w43}",
        "pylf_v1_us_x",
    ),
    *(
        shape(
            "pagerduty-token",
            b"pd" + region.encode() + rb"\+",
            SLUG,
            20,
            96,
            _PAGERDUTY,
            f"pd{region}+_0{{u7}}_{_SOME_UUID}",
            f"pd{region}+2",
            left=True,
        )
        for region in ("us", "eu")
    ),
    shape(
        "rootly-key",
        rb"rootly_",
        HEX,
        48,
        96,
        "https://docs.rootly.com/api-reference/overview",
        "rootly_{h64}",
        "rootly_0f1e",
    ),
    shape(
        "incident-io-key",
        rb"inc_",
        HEX,
        64,
        64,
        "https://api-docs.incident.io/",
        "inc_{h64}",
        "inc_0f1e",
        left=True,
        end=_END,
    ),
    shape(
        "checkly-key",
        rb"cu_",
        HEX,
        32,
        32,
        "https://www.checklyhq.com/docs/accounts-and-users/creating-api-key/",
        "cu_{h32}",
        "cu_12",
        left=True,
        end=_END,
    ),
    shape("statsig-key", rb"client-", WORD, 40, 64, _STATSIG, "client-{w44}", "client-token-2", weak=True),
    shape(
        "samsara-token",
        rb"samsara_api_",
        WORD,
        28,
        64,
        "https://developers.samsara.com/docs/authentication",
        "samsara_api_{w30}",
        "samsara_api_client",
    ),
    shape(
        "settlemint-token",
        rb"sm_(?:pat|aat|sat)_",
        WORD,
        16,
        64,
        "https://console.settlemint.com/documentation/platform-components/security-and-authentication/personal-access-tokens",
        "sm_pat_{w16}",
        "sm_pat_name",
    ),
    shape(
        "dependency-track-key",
        rb"odt_",
        SNAKE,
        32,
        64,
        "https://docs.dependencytrack.org/integrations/rest-api/",
        "odt_{w32}",
        "odt_2",
        weak=True,
    ),
    *(
        shape(
            "coralogix-key",
            prefix,
            WORD,
            24,
            64,
            _CORALOGIX,
            prefix.decode() + "{w30}",
            prefix.decode() + "2",
            left=True,
        )
        for prefix in (b"cxtp_", b"cxup_")
    ),
    *(
        shape(
            "healthchecks-key",
            prefix,
            WORD,
            24,
            64,
            _HEALTHCHECKS,
            prefix.decode() + "{w28}",
            prefix.decode() + "2",
            left=True,
        )
        for prefix in (b"hcw_", b"hcr_")
    ),
    shape(
        "censys-token",
        rb"censys_",
        SNAKE,
        24,
        96,
        "https://docs.censys.com/reference/get-started",
        "censys_{w8}_{w32}",
        "censys_api_client_for_python",
        weak=True,
    ),
)
