"""Model providers and what trains or serves models.

Vendors: Anthropic, Anyscale, BFL, Cartesia, Cerebras, Chutes, ElevenLabs, Featherless, Fireworks, Freepik, Friendli,
Groq, HeyGen, HuggingFace, Jina, Lambda, Luma, many with sk-, Meshy, Murf, Nebius, Neptune, Nomic, Novita, NVIDIA,
OpenAI, OpenRouter, Perplexity, Prime Intellect, Replicate, Requesty, RunPod, Runway, Sarvam, Synthetic, Tinker,
Together, Tripo, TwelveLabs, Upstage, Venice, Voyage, WandB, xAI.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import (
    BASE64,
    DOTTED,
    LOWER,
    SLUG,
    SNAKE_END,
    WORD,
    WORD_END,
    structured,
    token,
)

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
MODEL_PROVIDERS: tuple[Rule, ...] = (
    token("openai-key", rb"sk-(?:proj|svcacct|admin|None)-", SLUG, (16, 256), positive="sk-proj-{s74}", negative="sk-proj-notes", source="https://platform.openai.com/docs/api-reference/authentication"),
    structured("openai-key", trigger=rb"T3BlbkFJ[A-Za-z0-9_-]{8}", pattern=rb"sk-[A-Za-z0-9_-]{8,160}T3BlbkFJ[A-Za-z0-9_-]{8,160}",
        positive="sk-{w20}T3BlbkFJ{w20}", negative="T3BlbkFJ is what base 64 makes of OpenAI", source="https://platform.openai.com/docs/api-reference/authentication"),
    token("openai-session", rb"sess-", WORD, (40, 128), mixed=True, positive="sess-{w40}", negative="sess-42", source="https://platform.openai.com/docs/api-reference/authentication"),
    token("anthropic-key", rb"sk-ant-", SLUG, (16, 256), positive="sk-ant-api03-{s93}AA", negative="sk-ant-colony", source="https://docs.anthropic.com/en/api/overview"),
    token("openrouter-key", rb"sk-or-v1-", WORD, (16, 128), positive="sk-or-v1-{h64}", negative="sk-or-v1-abc", source="https://openrouter.ai/docs/api-reference/authentication"),
    # DeepSeek, Moonshot, Alibaba, SiliconFlow, Stability, LiteLLM and many more
    structured("sk-key", trigger=rb"sk-[A-Za-z0-9_-]{16}", pattern=rb"sk-(?!ssh-|ecdsa-)[A-Za-z0-9_-]{20,256}",
        mixed=True, positive="sk-{h32}", negative="sk-ssh-ed25519-cert-v01", source="https://platform.openai.com/docs/api-reference/authentication"),
    # ElevenLabs: 48 digits, Inception: 32
    token("sk-key", rb"sk_", WORD, (32, 128), mixed=True, positive="sk_{w40}", negative="sk_estimator_checks_for_version_2", source="https://elevenlabs.io/docs/api-reference/authentication"),
    token("elevenlabs-key", rb"sk_", WORD, (48, 48), end=WORD_END, positive="sk_{h48}", negative="sk_0123abcd", source="https://elevenlabs.io/docs/api-reference/authentication"),
    structured("novita-key", trigger=rb"sk_[A-Za-z0-9_-]{16}", pattern=rb"sk_(?=[A-Z0-9_-]{0,64}[a-z])(?=[a-z0-9_-]{0,64}[A-Z])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])",
        mixed=True, positive="sk_{w20}_{w22}", negative="sk_estimator_checks_for_all_the_versions_of_2_0", source="https://novita.ai/docs/guides/quickstart"),
    token("groq-key", rb"gsk_", WORD, (30, 128), positive="gsk_{w52}", negative="gsk_build_v2", source="https://console.groq.com/docs/quickstart"),
    token("xai-key", rb"xai-", SLUG, (40, 256), positive="xai-{w80}", negative="xai-org/grok-1", source="https://docs.x.ai/docs/overview"),
    token("perplexity-key", rb"pplx-", WORD, (30, 128), positive="pplx-{w48}", negative="pplx-70b-online", source="https://docs.perplexity.ai/guides/getting-started"),
    token("huggingface-token", rb"hf_", WORD, (30, 64), end=SNAKE_END, word_start=True, positive="hf_{w34}", negative="hf_servingcellpriorityparametersdescription_h", source="https://huggingface.co/docs/hub/security-tokens"),
    token("huggingface-token", rb"api_org_", WORD, (30, 64), positive="api_org_{w34}", negative="api_org_members", source="https://huggingface.co/docs/hub/security-tokens"),
    token("huggingface-token", rb"hf_(?:oauth|jwt)_", DOTTED, (40, 4096), word_start=True, positive="hf_oauth_{w36}.{w60}", negative="hf_oauth_token", source="https://huggingface.co/docs/hub/security-tokens"),
    token("replicate-token", rb"r8_", WORD, (30, 64), word_start=True, positive="r8_{w37}", negative="r8_unorm", source="https://replicate.com/docs/topics/security/api-tokens"),
    token("together-key", rb"tgp_v1_", SLUG, (32, 128), positive="tgp_v1_{s43}", negative="tgp_v1_beta", source="https://docs.together.ai/docs/api-keys-authentication"),
    token("fireworks-key", rb"fw_", WORD, (20, 64), mixed=True, positive="fw_{w24}", negative="fw_update_image_20260101", source="https://docs.fireworks.ai/getting-started/quickstart"),
    token("cerebras-key", rb"csk-", WORD, (32, 64), word_start=True, positive="csk-{l48}", negative="csk-8", source="https://inference-docs.cerebras.ai/quickstart"),
    structured("voyage-key", trigger=rb"pa-[A-Za-z0-9_-]{16}", pattern=rb"pa-(?=[A-Z0-9_-]{0,64}[a-z])(?=[a-z0-9_-]{0,64}[A-Z])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])",
        mixed=True, positive="pa-{s43}", negative="pa-turnpike-closed-in-both-directions-on-2026-11-01", source="https://docs.voyageai.com/docs/api-key-and-installation"),
    structured("voyage-key", trigger=rb"al-[A-Za-z0-9_-]{16}", pattern=rb"al-(?=[A-Z0-9_-]{0,64}[a-z])(?=[a-z0-9_-]{0,64}[A-Z])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])",
        mixed=True, positive="al-{s43}", negative="al-turnpike-closed-in-both-directions-on-2026-11-01", source="https://docs.voyageai.com/docs/api-key-and-installation"),
    token("jina-key", rb"jina_[A-Za-z0-9]{16}", SLUG, (16, 128), positive="jina_{h32}{s28}", negative="jina_embeddings_v3_text_matching_for_all_2", source="https://jina.ai/api-dashboard/"),
    token("nvidia-key", rb"nvapi-", SLUG, (40, 128), positive="nvapi-{s64}", negative="nvapi-client-2", source="https://docs.api.nvidia.com/"),
    token("upstage-key", rb"up_", WORD, (28, 64), mixed=True, positive="up_{w29}", negative="up_arrow_2", source="https://console.upstage.ai/docs/getting-started"),
    token("venice-key", rb"VENICE-(?:INFERENCE|ADMIN)-KEY-", SLUG, (20, 128), positive="VENICE-INFERENCE-KEY-{w48}", negative="VENICE-ADMIN-KEY-name", source="https://docs.venice.ai/overview/guides/generating-api-key"),
    token("chutes-key", rb"cpk_[0-9a-f]{16}", rb"[A-Za-z0-9.]", (32, 128), positive="cpk_{h32}.{h32}.{w32}", negative="cpk_user_key", source="https://chutes.ai/docs/getting-started/authentication"),
    token("featherless-key", rb"rc_", WORD, (64, 64), end=WORD_END, word_start=True, positive="rc_{h64}", negative="rc_0f1e2d", source="https://featherless.ai/docs/quickstart-guide"),
    token("friendli-token", rb"flp_", WORD, (32, 128), mixed=True, positive="flp_{w50}", negative="flp_mode_2", source="https://friendli.ai/docs/guides/personal_access_tokens"),
    token("nebius-key", rb"v1\.Cm", DOTTED, (80, 1024), word_start=True, positive="v1.Cm{s90}", negative="v1.Cmd", source="https://docs.nebius.com/iam/service-accounts/access-tokens"),
    structured("nomic-key", trigger=rb"nk-[A-Za-z0-9_-]{16}", pattern=rb"nk-(?=[A-Z0-9_-]{0,64}[a-z])(?=[a-z0-9_-]{0,64}[A-Z])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])",
        mixed=True, positive="nk-{s43}", negative="nk-the-story-of-our-rockets-from-1969-until-2026-1", source="https://docs.nomic.ai/atlas/introduction/quick-start"),
    structured("sarvam-key", trigger=rb"sk_[a-z0-9]{8}_[A-Za-z0-9]{16}", pattern=rb"sk_[a-z0-9]{8}_[A-Za-z0-9]{20,64}",
        mixed=True, positive="sk_{l8}_{w24}", negative="sk_buff_20260101", source="https://docs.sarvam.ai/api-reference-docs/authentication"),
    token("luma-key", rb"luma-[0-9a-f]{8}-", SLUG, (27, 96), positive="luma-{h8}-{h4}-{h4}-{h4}-{h12}", negative="luma-ray-2", source="https://docs.lumalabs.ai/docs/api"),
    token("bfl-key", rb"bfl_", SLUG, (24, 128), mixed=True, positive="bfl_{w43}", negative="bfl_flux_2", source="https://docs.bfl.ai/quick_start/create_account"),
    token("runway-key", rb"key_", WORD, (128, 128), end=WORD_END, word_start=True, positive="key_{h128}", negative="key_0f1e2d", source="https://docs.dev.runwayml.com/guides/setup/"),
    token("meshy-key", rb"msy_", WORD, (30, 64), word_start=True, positive="msy_{w36}", negative="msy_v2", source="https://docs.meshy.ai/en/api/authentication"),
    token("tripo-key", rb"tsk_", SLUG, (40, 64), mixed=True, positive="tsk_{s43}", negative="tsk_id", source="https://platform.tripo3d.ai/docs/authentication"),
    token("heygen-key", rb"sk_V2_hgu_", SLUG, (24, 128), positive="sk_V2_hgu_{s40}", negative="sk_V2_hgu_a", source="https://docs.heygen.com/reference/authentication"),
    token("cartesia-key", rb"sk_car_", SLUG, (18, 64), positive="sk_car_{s22}", negative="sk_car_park", source="https://docs.cartesia.ai/get-started/overview"),
    token("murf-key", rb"ap2_[0-9a-f]{8}-", SLUG, (27, 32), positive="ap2_{h8}-{h4}-{h4}-{h4}-{h12}", negative="ap2_rev1", source="https://murf.ai/api/docs/introduction/quickstart"),
    token("freepik-key", rb"FPSX", LOWER, (32, 64), word_start=True, positive="FPSX{h32}", negative="FPSX4", source="https://docs.freepik.com/authentication"),
    token("twelvelabs-key", rb"tlk_", WORD, (20, 64), word_start=True, positive="tlk_{u30}", negative="tlk_2", source="https://docs.twelvelabs.io/docs/get-started/quickstart"),
    token("runpod-key", rb"rpa_", WORD, (28, 64), word_start=True, positive="rpa_{u46}", negative="rpa_bot_2", source="https://docs.runpod.io/get-started/api-keys"),
    structured("lambda-key", trigger=rb"secret_[A-Za-z0-9-]{1,40}_[0-9a-f]{16}", pattern=rb"secret_[A-Za-z0-9-]{1,40}_[0-9a-f]{32}\.[A-Za-z0-9]{32}",
        word_start=True, positive="secret_laptop_{h32}.{w32}", negative="secret_laptop_0f1e", source="https://docs.lambda.ai/public-cloud/cloud-api/"),
    token("anyscale-key", rb"esecret_", WORD, (20, 64), positive="esecret_{w26}", negative="esecret_name", source="https://docs.anyscale.com/auth/api-keys"),
    token("anyscale-key", rb"aph0_", SLUG, (60, 256), word_start=True, positive="aph0_{s80}", negative="aph0_a", source="https://docs.anyscale.com/auth/api-keys"),
    token("anyscale-key", rb"ash0_", SLUG, (60, 256), word_start=True, positive="ash0_{s80}", negative="ash0_a", source="https://docs.anyscale.com/auth/api-keys"),
    token("prime-intellect-key", rb"pit_", WORD, (60, 128), word_start=True, positive="pit_{h64}", negative="pit_stop_2", source="https://docs.primeintellect.ai/api-reference/api-keys"),
    token("tinker-key", rb"tml-", SLUG, (40, 256), mixed=True, positive="tml-{s64}", negative="tml-2026-report", source="https://tinker-docs.thinkingmachines.ai/install"),
    token("wandb-key", rb"wandb_v1_", SLUG, (32, 128), positive="wandb_v1_{w77}", negative="wandb_v1_run", source="https://docs.wandb.ai/support/find_api_key/"),
    token("synthetic-key", rb"syn_", WORD, (32, 64), word_start=True, positive="syn_{h32}", negative="syn_ack_1", source="https://dev.synthetic.new/docs/api/overview"),
    token("neptune-token", rb"eyJhcGlfYWRkcmVzcyI6", BASE64, (40, 1024), positive="eyJhcGlfYWRkcmVzcyI6{b120}", negative="eyJhcGlfYWRkcmVzcyI6Imh0", source="https://docs.neptune.ai/setup/setting_api_token/"),
    token("requesty-key", rb"rqsty-sk-", BASE64, (20, 256), positive="rqsty-sk-{b80}", negative="rqsty-sk-name", source="https://docs.requesty.ai/quickstart"),
)
# fmt: on
