"""Tools around models: search, browsers, sandboxes, memory, tracing, coding and voice agents.

Vendors: Amp, Arcade, Arize, Botpress, Braintrust, Brave, Browser Use, Browserbase, Composio, Coze, Cursor, Devin,
Dify, E2B, Factory, Firecrawl, Helicone, Humanloop, Hyperbrowser, Langfuse, LangSmith, Letta, LlamaCloud, Mem0,
PromptLayer, Ragie, Retell, ScrapeGraph, Scrapfly, Steel, Tavily, Traceloop, Vectara, Voiceflow, Warp, You, Zep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import (
    BASE64,
    SLUG,
    SLUG_END,
    SNAKE,
    UUID,
    WORD,
    WORD_END,
    structured,
    token,
)

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
AGENT_TOOLS: tuple[Rule, ...] = (
    token("tavily-key", rb"tvly-", SLUG, (20, 128), positive="tvly-dev-{w32}", negative="tvly-search", source="https://docs.tavily.com/documentation/quickstart"),
    token("brave-key", rb"BSA", SLUG, (25, 32), end=SLUG_END, mixed=True, positive="BSA{s28}", negative="BSA-certified", source="https://api-dashboard.search.brave.com/documentation/guides/authentication"),
    token("firecrawl-key", rb"fc-", WORD, (32, 32), end=WORD_END, word_start=True, positive="fc-{h32}", negative="fc-42", source="https://docs.firecrawl.dev/introduction"),
    token("you-key", rb"ydc-sk-", SLUG, (24, 160), positive="ydc-sk-{h16}-{w40}", negative="ydc-sk-name", source="https://documentation.you.com/quickstart"),
    token("scrapegraph-key", rb"sgai-", SLUG, (32, 64), positive="sgai-{h8}-{h4}-{h4}-{h4}-{h12}", negative="sgai-mcp-2", source="https://docs.scrapegraphai.com/introduction"),
    token("scrapfly-key", rb"scp-(?:live|test)-", WORD, (28, 64), positive="scp-live-{h32}", negative="scp-live-copy", source="https://scrapfly.io/docs/scrape-api/getting-started"),
    token("browserbase-key", rb"bb_(?:live|test)_", SLUG, (20, 64), positive="bb_live_{s27}", negative="bb_live_view", source="https://docs.browserbase.com/introduction/getting-started"),
    structured("browser-use-key", trigger=rb"bu_[A-Za-z0-9_-]{16}", pattern=rb"bu_(?=[A-Z0-9_-]{0,64}[a-z])(?=[a-z0-9_-]{0,64}[A-Z])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])",
        mixed=True, positive="bu_{s43}", negative="bu_id_2", source="https://docs.cloud.browser-use.com/get-started/quickstart"),
    token("steel-key", rb"ste-", WORD, (40, 128), mixed=True, positive="ste-{w80}", negative="ste-2", source="https://docs.steel.dev/overview/intro-to-steel"),
    token("hyperbrowser-key", rb"hb_", WORD, (24, 64), word_start=True, positive="hb_{h32}", negative="hb_shape_2", source="https://docs.hyperbrowser.ai/quickstart"),
    token("e2b-key", rb"e2b_", WORD, (32, 64), positive="e2b_{h40}", negative="e2b_sandbox_2", source="https://e2b.dev/docs/api-key"),
    token("e2b-token", rb"sk_e2b_", WORD, (32, 64), positive="sk_e2b_{h40}", negative="sk_e2b_token", source="https://e2b.dev/docs/api-key"),
    token("composio-key", rb"ak_", SLUG, (18, 48), mixed=True, positive="ak_{w20}", negative="ak_tree", source="https://docs.composio.dev/reference/authenticating-to-composio"),
    token("composio-key", rb"uak_", SLUG, (18, 48), mixed=True, positive="uak_{w20}", negative="uak_tree", source="https://docs.composio.dev/reference/authenticating-to-composio"),
    token("composio-key", rb"oak_", SLUG, (18, 48), mixed=True, positive="oak_{w20}", negative="oak_tree", source="https://docs.composio.dev/reference/authenticating-to-composio"),
    token("arcade-key", rb"arc_", WORD, (40, 128), mixed=True, positive="arc_{w52}", negative="arc_length_2", source="https://docs.arcade.dev/en/get-started/setup/api-keys"),
    token("llamacloud-key", rb"llx-", WORD, (40, 96), positive="llx-{w48}", negative="llx-2", source="https://developers.llamaindex.ai/python/cloud/general/api_key/"),
    token("vectara-key", rb"zut_", SLUG, (34, 64), word_start=True, positive="zut_{s40}", negative="zut_2", source="https://docs.vectara.com/docs/security/authentication/api-key-management"),
    token("vectara-key", rb"zqt_", SLUG, (34, 64), word_start=True, positive="zqt_{s40}", negative="zqt_2", source="https://docs.vectara.com/docs/security/authentication/api-key-management"),
    token("vectara-key", rb"zwt_", SLUG, (34, 64), word_start=True, positive="zwt_{s40}", negative="zwt_2", source="https://docs.vectara.com/docs/security/authentication/api-key-management"),
    token("ragie-key", rb"tnt_", SLUG, (40, 128), mixed=True, positive="tnt_{w11}_{w60}", negative="tnt_2", source="https://docs.ragie.ai/docs/authentication"),
    structured("zep-key", trigger=rb"z_1dWlkIjoi", pattern=rb"z_1dWlkIjoi[A-Za-z0-9_.-]{40,400}(?<!\.)",
        word_start=True, positive="z_1dWlkIjoi{w60}.{w60}", negative="z_1dWlkIjoi", source="https://help.getzep.com/quick-start-guide"),
    token("mem0-key", rb"m0-", WORD, (36, 64), mixed=True, positive="m0-{w40}", negative="m0-plus", source="https://docs.mem0.ai/platform/quickstart"),
    token("letta-key", rb"sk-let-", BASE64, (32, 256), positive="sk-let-{b80}", negative="sk-let-go", source="https://docs.letta.com/api-reference/overview/"),
    token("langsmith-key", rb"lsv2_(?:pt|sk)_", rb"[0-9a-f_]", (32, 64), positive="lsv2_pt_{h32}_{h10}", negative="lsv2_pt_key", source="https://docs.langchain.com/langsmith/create-account-api-key"),
    token("langsmith-key", rb"ls__", WORD, (32, 64), positive="ls__{h32}", negative="ls__main", source="https://docs.langchain.com/langsmith/create-account-api-key"),
    token("langfuse-key", rb"[sp]k-lf-", SLUG, (32, 48), positive="sk-lf-{h8}-{h4}-{h4}-{h4}-{h12}", negative="pk-lf-demo", source="https://langfuse.com/docs/api"),
    token("helicone-key", rb"[sp]k-helicone-", SLUG, (20, 128), positive="sk-helicone-{l7}-{l7}-{l7}-{l7}", negative="pk-helicone-proxy", source="https://docs.helicone.ai/references/how-we-handle-api-keys"),
    token("braintrust-token", rb"bt-st-", WORD, (32, 128), positive="bt-st-{w48}", negative="bt-st-2", source="https://www.braintrust.dev/docs/admin/organizations"),
    token("traceloop-key", rb"tl_", WORD, (32, 128), mixed=True, positive="tl_{h64}", negative="tl_corner_2", source="https://www.traceloop.com/docs/openllmetry/integrations/traceloop"),
    token("promptlayer-key", rb"pl_", WORD, (32, 64), word_start=True, positive="pl_{h32}", negative="pl_0f1e", source="https://docs.promptlayer.com/quickstart"),
    token("humanloop-key", rb"hl_sk_", WORD, (40, 96), positive="hl_sk_{h48}", negative="hl_sk_name", source="https://humanloop.com/docs/quickstart/create-prompt"),
    structured("arize-key", trigger=rb"ak-[0-9a-f]{8}-", pattern=rb"ak-" + UUID + rb"-[A-Za-z0-9_-]{20,64}",
        word_start=True, positive="ak-{h8}-{h4}-{h4}-{h4}-{h12}-{s32}", negative="ak-0f1e2d3c-42", source="https://arize.com/docs/ax/security-and-settings/api-keys"),
    token("cursor-key", rb"key_", WORD, (64, 64), end=WORD_END, word_start=True, positive="key_{h64}", negative="key_0f1e2d3c4b5a", source="https://cursor.com/docs/account/teams/admin-api"),
    token("cursor-key", rb"crsr_", WORD, (40, 128), word_start=True, positive="crsr_{h64}", negative="crsr_pos_2", source="https://cursor.com/docs/account/teams/admin-api"),
    token("retell-key", rb"key_", WORD, (28, 32), end=WORD_END, word_start=True, positive="key_{h28}", negative="key_0f1e2d3c", source="https://docs.retellai.com/accounts/api-keys-overview"),
    token("devin-key", rb"cog_", WORD, (40, 128), mixed=True, positive="cog_{l52}", negative="cog_icon_2", source="https://docs.devin.ai/api-reference/authentication"),
    token("devin-key", rb"apk_", rb"[A-Za-z0-9_+/=-]", (32, 256), mixed=True, positive="apk_user_{b88}==", negative="apk_signature_2", source="https://docs.devin.ai/api-reference/authentication"),
    token("factory-key", rb"fk-", SLUG, (32, 128), mixed=True, positive="fk-{w20}-{w43}", negative="fk-2", source="https://docs.factory.ai/cli/configuration/settings"),
    token("amp-token", rb"sgamp_(?:user|workspace)_", SNAKE, (40, 128), positive="sgamp_user_{u26}_{h64}", negative="sgamp_user_id", source="https://ampcode.com/manual"),
    token("warp-key", rb"wk-1\.", WORD, (40, 128), word_start=True, positive="wk-1.{h64}", negative="wk-1.5", source="https://docs.warp.dev/reference/cli/api-keys"),
    structured("dify-key", trigger=rb"app-[A-Za-z0-9]{16}", pattern=rb"app-(?=[A-Z0-9]{0,24}[a-z])(?=[a-z0-9]{0,24}[A-Z])[A-Za-z0-9]{24}(?![A-Za-z0-9_-])",
        mixed=True, positive="app-{w24}", negative="app-0f1e2d3c4b5a69788796a5b4", source="https://docs.dify.ai/en/guides/application-publishing/developing-with-apis"),
    structured("dify-key", trigger=rb"dataset-[A-Za-z0-9]{16}", pattern=rb"dataset-(?=[A-Z0-9]{0,24}[a-z])(?=[a-z0-9]{0,24}[A-Z])[A-Za-z0-9]{24}(?![A-Za-z0-9_-])",
        mixed=True, positive="dataset-{w24}", negative="dataset-0f1e2d3c4b5a69788796a5b4", source="https://docs.dify.ai/en/guides/application-publishing/developing-with-apis"),
    token("coze-token", rb"pat_", WORD, (60, 80), mixed=True, positive="pat_{w64}", negative="pat_name_2", source="https://www.coze.com/docs/developer_guides/authentication"),
    token("coze-token", rb"sat_", WORD, (60, 80), mixed=True, positive="sat_{w64}", negative="sat_name_2", source="https://www.coze.com/docs/developer_guides/authentication"),
    token("botpress-token", rb"bp_(?:pat|bak|iak)_", WORD, (24, 64), positive="bp_pat_{w36}", negative="bp_pat_name", source="https://botpress.com/docs/for-developers/sdk/overview"),
    token("voiceflow-key", rb"VF\.(?:DM|WS)\.[0-9a-f]{12}", rb"[A-Za-z0-9.]", (16, 64), positive="VF.DM.{h24}.{w16}", negative="VF.DM.name", source="https://docs.voiceflow.com/reference/authentication"),
)
# fmt: on
