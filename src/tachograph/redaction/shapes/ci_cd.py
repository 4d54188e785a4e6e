"""Continuous integration, delivery and workflows.

Vendors: Buildkite, Chromatic, CircleCI, Dagger, Depot, Harness, Inngest, Ionic, n8n, Octopus, Prefect, Retool,
trigger-dev.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import SNAKE, WORD, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
CI_CD: tuple[Rule, ...] = (
    token("circleci-token", rb"CCIPAT_", SNAKE, (32, 128), positive="CCIPAT_{w22}_{h40}", negative="CCIPAT_{w6}", source="https://circleci.com/docs/managing-api-tokens/"),
    token("circleci-token", rb"CCIPRJ_", SNAKE, (32, 128), positive="CCIPRJ_{w22}_{h40}", negative="CCIPRJ_{w6}", source="https://circleci.com/docs/managing-api-tokens/"),
    structured("buildkite-token", trigger=rb"bkua_[A-Za-z0-9_-]{16}", pattern=rb"bkua_[A-Za-z0-9_-]{30,1024}(?:\.[A-Za-z0-9_-]{16,4096}){0,2}",
        word_start=True, positive="bkua_{w40}", negative="bkua_{w6}", source="https://buildkite.com/docs/platform/security/tokens"),
    structured("buildkite-token", trigger=rb"bkaa_[A-Za-z0-9_-]{16}", pattern=rb"bkaa_[A-Za-z0-9_-]{30,1024}(?:\.[A-Za-z0-9_-]{16,4096}){0,2}",
        word_start=True, positive="bkaa_{w40}", negative="bkaa_{w6}", source="https://buildkite.com/docs/platform/security/tokens"),
    structured("buildkite-token", trigger=rb"bkaj_[A-Za-z0-9_-]{16}", pattern=rb"bkaj_[A-Za-z0-9_-]{30,1024}(?:\.[A-Za-z0-9_-]{16,4096}){0,2}",
        word_start=True, positive="bkaj_{w40}", negative="bkaj_{w6}", source="https://buildkite.com/docs/platform/security/tokens"),
    structured("buildkite-token", trigger=rb"bkct_[A-Za-z0-9_-]{16}", pattern=rb"bkct_[A-Za-z0-9_-]{30,1024}(?:\.[A-Za-z0-9_-]{16,4096}){0,2}",
        word_start=True, positive="bkct_{w40}", negative="bkct_{w6}", source="https://buildkite.com/docs/platform/security/tokens"),
    structured("buildkite-token", trigger=rb"bkpt_[A-Za-z0-9_-]{16}", pattern=rb"bkpt_[A-Za-z0-9_-]{30,1024}(?:\.[A-Za-z0-9_-]{16,4096}){0,2}",
        word_start=True, positive="bkpt_{w40}", negative="bkpt_{w6}", source="https://buildkite.com/docs/platform/security/tokens"),
    structured("buildkite-token", trigger=rb"bkjat_[A-Za-z0-9_-]{16}", pattern=rb"bkjat_[A-Za-z0-9_-]{30,1024}(?:\.[A-Za-z0-9_-]{16,4096}){0,2}",
        word_start=True, positive="bkjat_{w40}", negative="bkjat_{w6}", source="https://buildkite.com/docs/platform/security/tokens"),
    token("octopus-key", rb"API-", WORD, (25, 40), mixed=True, positive="API-{u31}", negative="API-KEY", source="https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key"),
    structured("harness-token", trigger=rb"[ps]at\.[A-Za-z0-9_-]{16}", pattern=rb"[ps]at\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9]{16,32}\.[A-Za-z0-9]{16,32}",
        word_start=True, positive="pat.{s22}.{h24}.{w20}", negative="pat.{s22}.md", source="https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys"),
    token("prefect-key", rb"pnu_", WORD, (32, 64), word_start=True, positive="pnu_{w36}", negative="pnu_{w6}", source="https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys"),
    token("prefect-key", rb"pnb_", WORD, (32, 64), word_start=True, positive="pnb_{w36}", negative="pnb_{w6}", source="https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys"),
    token("trigger-dev-key", rb"tr_(?:dev|prod|stg|preview)_", WORD, (16, 64), mixed=True, positive="tr_prod_{w24}", negative="tr_prod_{w6}", source="https://trigger.dev/docs/apikeys"),
    token("trigger-dev-key", rb"tr_pat_", WORD, (24, 96), mixed=True, positive="tr_pat_{l40}", negative="tr_pat_{w6}", source="https://trigger.dev/docs/apikeys"),
    token("inngest-key", rb"signkey-[a-z]{3,8}-", WORD, (32, 128), positive="signkey-prod-{h64}", negative="signkey-prod-{h6}", source="https://www.inngest.com/docs/platform/signing-keys"),
    token("n8n-key", rb"n8n_api_", WORD, (32, 256), positive="n8n_api_{h80}", negative="n8n_api_{w6}", source="https://docs.n8n.io/api/authentication/"),
    token("retool-token", rb"retool_", WORD, (20, 64), mixed=True, positive="retool_01{l24}", negative="retool_{w6}", source="https://docs.retool.com/org-users/guides/retool-api/authentication"),
    token("depot-token", rb"depot_(?:user|project|org|ci)_", WORD, (32, 128), positive="depot_project_{h64}", negative="depot_project_{w6}", source="https://depot.dev/docs/cli/authentication"),
    structured("dagger-token", trigger=rb"dag_[a-z0-9_-]{1,40}_[A-Za-z0-9]{16}", pattern=rb"dag_[a-z0-9_-]{1,40}_[A-Za-z0-9-]{30,80}",
        mixed=True, positive="dag_acme_{w40}", negative="dag_run_conf", source="https://docs.dagger.io/configuration/cloud"),
    token("ionic-token", rb"ion_", WORD, (40, 64), mixed=True, positive="ion_{w42}", negative="ion_{w9}", source="https://ionic.io/docs/appflow/personal-access-tokens"),
    token("chromatic-token", rb"chpt_", WORD, (11, 40), mixed=True, positive="chpt_{h15}", negative="chpt_{h6}", source="https://www.chromatic.com/docs/setup/"),
)
# fmt: on
