"""Keys of the tools around models: search, browsers, sandboxes, tracing and agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import BASE64, HEX, SLUG, WORD, parts, shape

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

_PROXY = "https://modal.com/docs/guide/webhook-proxy-auth"
_COMPOSIO = "https://docs.composio.dev/reference/authenticating-to-composio"
_DEVIN = "https://docs.devin.ai/api-reference/authentication"
_CURSOR = "https://cursor.com/docs/account/teams/admin-api"
_E2B = "https://e2b.dev/docs/api-key"
_DIFY = "https://docs.dify.ai/en/guides/application-publishing/developing-with-apis"
_VECTARA = "https://docs.vectara.com/docs/security/authentication/api-key-management"
_LANGSMITH = "https://docs.langchain.com/langsmith/create-account-api-key"
_END = rb"(?![A-Za-z0-9])"
_BOTH_CASES = rb"(?=[A-Z0-9_-]{0,64}[a-z])(?=[a-z0-9_-]{0,64}[A-Z])"

AGENT_TOOLS: tuple[Rule, ...] = (
    shape(
        "tavily-key",
        rb"tvly-",
        SLUG,
        20,
        128,
        "https://docs.tavily.com/documentation/quickstart",
        "tvly-dev-{w32}",
        "tvly-search",
    ),
    shape(
        "brave-key",
        rb"BSA",
        SLUG,
        25,
        32,
        "https://api-dashboard.search.brave.com/documentation/guides/authentication",
        "BSA{s28}",
        "BSA-certified",
        weak=True,
        end=rb"(?![A-Za-z0-9_-])",
    ),
    shape(
        "firecrawl-key",
        rb"fc-",
        HEX,
        32,
        32,
        "https://docs.firecrawl.dev/introduction",
        "fc-{h32}",
        "fc-42",
        left=True,
        end=_END,
    ),
    shape(
        "you-key",
        rb"ydc-sk-",
        SLUG,
        24,
        160,
        "https://documentation.you.com/quickstart",
        "ydc-sk-{h16}-{w40}",
        "ydc-sk-name",
    ),
    shape(
        "scrapegraph-key",
        rb"sgai-",
        rb"[0-9a-f-]",
        32,
        64,
        "https://docs.scrapegraphai.com/introduction",
        "sgai-{h8}-{h4}-{h4}-{h4}-{h12}",
        "sgai-mcp-2",
    ),
    shape(
        "scrapfly-key",
        rb"scp-(?:live|test)-",
        WORD,
        28,
        64,
        "https://scrapfly.io/docs/scrape-api/getting-started",
        "scp-live-{h32}",
        "scp-live-copy",
    ),
    shape(
        "browserbase-key",
        rb"bb_(?:live|test)_",
        SLUG,
        20,
        64,
        "https://docs.browserbase.com/introduction/getting-started",
        "bb_live_{s27}",
        "bb_live_view",
    ),
    parts(
        "browser-use-key",
        rb"bu_[A-Za-z0-9_-]{16}",
        rb"bu_" + _BOTH_CASES + rb"[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])",
        "https://docs.cloud.browser-use.com/get-started/quickstart",
        "bu_{s43}",
        "bu_id_2",
        weak=True,
    ),
    shape(
        "steel-key",
        rb"ste-",
        WORD,
        40,
        128,
        "https://docs.steel.dev/overview/intro-to-steel",
        "ste-{w80}",
        "ste-2",
        weak=True,
    ),
    shape(
        "hyperbrowser-key",
        rb"hb_",
        HEX,
        24,
        64,
        "https://docs.hyperbrowser.ai/quickstart",
        "hb_{h32}",
        "hb_shape_2",
        left=True,
    ),
    shape("e2b-key", rb"e2b_", HEX, 32, 64, _E2B, "e2b_{h40}", "e2b_sandbox_2"),
    shape("e2b-token", rb"sk_e2b_", HEX, 32, 64, _E2B, "sk_e2b_{h40}", "sk_e2b_token"),
    *(
        shape(
            "modal-token",
            prefix,
            WORD,
            22,
            22,
            source,
            prefix.decode() + "{w22}",
            prefix.decode() + "of-2026",
            weak=True,
            end=rb"(?![A-Za-z0-9_-])",
        )
        for prefix, source in ((b"wk-", _PROXY), (b"ws-", _PROXY))
    ),
    *(
        shape(
            "composio-key",
            prefix,
            SLUG,
            18,
            48,
            _COMPOSIO,
            prefix.decode() + "{w20}",
            prefix.decode() + "tree",
            weak=True,
        )
        for prefix in (b"ak_", b"uak_", b"oak_")
    ),
    shape(
        "arcade-key",
        rb"arc_",
        WORD,
        40,
        128,
        "https://docs.arcade.dev/en/get-started/setup/api-keys",
        "arc_{w52}",
        "arc_length_2",
        weak=True,
    ),
    shape(
        "llamacloud-key",
        rb"llx-",
        WORD,
        40,
        96,
        "https://developers.llamaindex.ai/python/cloud/general/api_key/",
        "llx-{w48}",
        "llx-2",
    ),
    *(
        shape(
            "vectara-key", prefix, SLUG, 34, 64, _VECTARA, prefix.decode() + "{s40}", prefix.decode() + "2", left=True
        )
        for prefix in (b"zut_", b"zqt_", b"zwt_")
    ),
    shape(
        "ragie-key",
        rb"tnt_",
        SLUG,
        40,
        128,
        "https://docs.ragie.ai/docs/authentication",
        "tnt_{w11}_{w60}",
        "tnt_2",
        weak=True,
    ),
    parts(
        "zep-key",
        rb"z_1dWlkIjoi",
        rb"z_1dWlkIjoi[A-Za-z0-9_.-]{40,400}(?<!\.)",
        "https://help.getzep.com/quick-start-guide",
        "z_1dWlkIjoi{w60}.{w60}",
        "z_1dWlkIjoi",
        left=True,
    ),
    shape(
        "mem0-key", rb"m0-", WORD, 36, 64, "https://docs.mem0.ai/platform/quickstart", "m0-{w40}", "m0-plus", weak=True
    ),
    shape(
        "letta-key",
        rb"sk-let-",
        BASE64,
        32,
        256,
        "https://docs.letta.com/api-reference/overview/",
        "sk-let-{b80}",
        "sk-let-go",
    ),
    shape(
        "langsmith-key", rb"lsv2_(?:pt|sk)_", rb"[0-9a-f_]", 32, 64, _LANGSMITH, "lsv2_pt_{h32}_{h10}", "lsv2_pt_key"
    ),
    shape("langsmith-key", rb"ls__", HEX, 32, 64, _LANGSMITH, "ls__{h32}", "ls__main"),
    shape(
        "langfuse-key",
        rb"[sp]k-lf-",
        rb"[0-9a-f-]",
        32,
        48,
        "https://langfuse.com/docs/api",
        "sk-lf-{h8}-{h4}-{h4}-{h4}-{h12}",
        "pk-lf-demo",
    ),
    shape(
        "helicone-key",
        rb"[sp]k-helicone-",
        SLUG,
        20,
        128,
        "https://docs.helicone.ai/references/how-we-handle-api-keys",
        "sk-helicone-{l7}-{l7}-{l7}-{l7}",
        "pk-helicone-proxy",
    ),
    shape(
        "braintrust-token",
        rb"bt-st-",
        WORD,
        32,
        128,
        "https://www.braintrust.dev/docs/admin/organizations",
        "bt-st-{w48}",
        "bt-st-2",
    ),
    shape(
        "traceloop-key",
        rb"tl_",
        WORD,
        32,
        128,
        "https://www.traceloop.com/docs/openllmetry/integrations/traceloop",
        "tl_{h64}",
        "tl_corner_2",
        weak=True,
    ),
    shape(
        "promptlayer-key",
        rb"pl_",
        HEX,
        32,
        64,
        "https://docs.promptlayer.com/quickstart",
        "pl_{h32}",
        "pl_0f1e",
        left=True,
    ),
    shape(
        "humanloop-key",
        rb"hl_sk_",
        WORD,
        40,
        96,
        "https://humanloop.com/docs/quickstart/create-prompt",
        "hl_sk_{h48}",
        "hl_sk_name",
    ),
    parts(
        "arize-key",
        rb"ak-[0-9a-f]{8}-",
        rb"ak-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-[A-Za-z0-9_-]{20,64}",
        "https://arize.com/docs/ax/security-and-settings/api-keys",
        "ak-{h8}-{h4}-{h4}-{h4}-{h12}-{s32}",
        "ak-0f1e2d3c-42",
        left=True,
    ),
    shape("cursor-key", rb"key_", HEX, 64, 64, _CURSOR, "key_{h64}", "key_0f1e2d3c4b5a", left=True, end=_END),
    shape("cursor-key", rb"crsr_", HEX, 40, 128, _CURSOR, "crsr_{h64}", "crsr_pos_2", left=True),
    shape(
        "retell-key",
        rb"key_",
        HEX,
        28,
        32,
        "https://docs.retellai.com/accounts/api-keys-overview",
        "key_{h28}",
        "key_0f1e2d3c",
        left=True,
        end=_END,
    ),
    shape("devin-key", rb"cog_", WORD, 40, 128, _DEVIN, "cog_{l52}", "cog_icon_2", weak=True),
    shape(
        "devin-key", rb"apk_", rb"[A-Za-z0-9_+/=-]", 32, 256, _DEVIN, "apk_user_{b88}==", "apk_signature_2", weak=True
    ),
    shape(
        "factory-key",
        rb"fk-",
        SLUG,
        32,
        128,
        "https://docs.factory.ai/cli/configuration/settings",
        "fk-{w20}-{w43}",
        "fk-2",
        weak=True,
    ),
    shape(
        "amp-token",
        rb"sgamp_(?:user|workspace)_",
        rb"[A-Za-z0-9_]",
        40,
        128,
        "https://ampcode.com/manual",
        "sgamp_user_{u26}_{h64}",
        "sgamp_user_id",
    ),
    shape(
        "warp-key",
        rb"wk-1\.",
        WORD,
        40,
        128,
        "https://docs.warp.dev/reference/cli/api-keys",
        "wk-1.{h64}",
        "wk-1.5",
        left=True,
    ),
    *(
        parts(
            "dify-key",
            prefix + rb"[A-Za-z0-9]{16}",
            prefix + rb"(?=[A-Z0-9]{0,24}[a-z])(?=[a-z0-9]{0,24}[A-Z])[A-Za-z0-9]{24}(?![A-Za-z0-9_-])",
            _DIFY,
            prefix.decode() + "{w24}",
            prefix.decode() + "0f1e2d3c4b5a69788796a5b4",
            weak=True,
        )
        for prefix in (b"app-", b"dataset-")
    ),
    *(
        shape(
            "coze-token",
            prefix,
            WORD,
            60,
            80,
            "https://www.coze.com/docs/developer_guides/authentication",
            prefix.decode() + "{w64}",
            prefix.decode() + "name_2",
            weak=True,
        )
        for prefix in (b"pat_", b"sat_")
    ),
    shape(
        "botpress-token",
        rb"bp_(?:pat|bak|iak)_",
        WORD,
        24,
        64,
        "https://botpress.com/docs/for-developers/sdk/overview",
        "bp_pat_{w36}",
        "bp_pat_name",
    ),
    shape(
        "voiceflow-key",
        rb"VF\.(?:DM|WS)\.[0-9a-f]{12}",
        rb"[A-Za-z0-9.]",
        16,
        64,
        "https://docs.voiceflow.com/reference/authentication",
        "VF.DM.{h24}.{w16}",
        "VF.DM.name",
    ),
)
