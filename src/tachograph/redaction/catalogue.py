"""All rules in one row.

The place of a rule is the number under which the scan reports its trigger; the numbers of other triggers are in
`trigger_groups`. The order is of no other meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.rules.call_arguments import CALL_ARGUMENTS
from tachograph.redaction.rules.cards_and_ibans import CARDS_AND_IBANS
from tachograph.redaction.rules.commands import COMMANDS
from tachograph.redaction.rules.config_files import CONFIG_FILES
from tachograph.redaction.rules.dialogs import DIALOGS
from tachograph.redaction.rules.emails_and_phones import EMAILS_AND_PHONES
from tachograph.redaction.rules.forms_and_markup import FORMS_AND_MARKUP
from tachograph.redaction.rules.http_headers import HTTP_HEADERS
from tachograph.redaction.rules.ip_addresses import IP_ADDRESSES
from tachograph.redaction.rules.named_values import NAMED_VALUES
from tachograph.redaction.rules.pem_and_jwt import PEM_AND_JWT
from tachograph.redaction.rules.sentences import SENTENCES
from tachograph.redaction.rules.sql import SQL
from tachograph.redaction.rules.tables import TABLES
from tachograph.redaction.rules.terraform_and_vault import TERRAFORM_AND_VAULT
from tachograph.redaction.rules.tool_commands import TOOL_COMMANDS
from tachograph.redaction.rules.urls import URLS
from tachograph.redaction.rules.vendor_names import VENDOR_NAMES
from tachograph.redaction.shapes.agent_tools import AGENT_TOOLS
from tachograph.redaction.shapes.analytics import ANALYTICS
from tachograph.redaction.shapes.blockchain import BLOCKCHAIN
from tachograph.redaction.shapes.business import BUSINESS
from tachograph.redaction.shapes.ci_cd import CI_CD
from tachograph.redaction.shapes.cloud import CLOUD
from tachograph.redaction.shapes.code_hosts import CODE_HOSTS
from tachograph.redaction.shapes.code_quality import CODE_QUALITY
from tachograph.redaction.shapes.content_platforms import CONTENT_PLATFORMS
from tachograph.redaction.shapes.databases import DATABASES
from tachograph.redaction.shapes.feature_flags import FEATURE_FLAGS
from tachograph.redaction.shapes.hosting import HOSTING
from tachograph.redaction.shapes.identity import IDENTITY
from tachograph.redaction.shapes.infrastructure import INFRASTRUCTURE
from tachograph.redaction.shapes.messaging import MESSAGING
from tachograph.redaction.shapes.model_providers import MODEL_PROVIDERS
from tachograph.redaction.shapes.monitoring import MONITORING
from tachograph.redaction.shapes.password_hashes import PASSWORD_HASHES
from tachograph.redaction.shapes.payments import PAYMENTS
from tachograph.redaction.shapes.secret_stores import SECRET_STORES
from tachograph.redaction.shapes.social_networks import SOCIAL_NETWORKS

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

RULES: tuple[Rule, ...] = (
    *PEM_AND_JWT,
    *URLS,
    *CLOUD,
    *HOSTING,
    *INFRASTRUCTURE,
    *CODE_HOSTS,
    *CI_CD,
    *CODE_QUALITY,
    *FEATURE_FLAGS,
    *SECRET_STORES,
    *DATABASES,
    *ANALYTICS,
    *CONTENT_PLATFORMS,
    *MODEL_PROVIDERS,
    *AGENT_TOOLS,
    *PAYMENTS,
    *BLOCKCHAIN,
    *MESSAGING,
    *SOCIAL_NETWORKS,
    *MONITORING,
    *BUSINESS,
    *IDENTITY,
    *PASSWORD_HASHES,
    *HTTP_HEADERS,
    *NAMED_VALUES,
    *VENDOR_NAMES,
    *COMMANDS,
    *SQL,
    *SENTENCES,
    *CALL_ARGUMENTS,
    *TOOL_COMMANDS,
    *CONFIG_FILES,
    *TERRAFORM_AND_VAULT,
    *DIALOGS,
    *FORMS_AND_MARKUP,
    *TABLES,
    *EMAILS_AND_PHONES,
    *CARDS_AND_IBANS,
    *IP_ADDRESSES,
)
"""Every rule."""
