"""All rules in one row; the place of a rule in it is its number in the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.rules.accounts import ACCOUNTS
from tachograph.redaction.rules.agents import AGENTS
from tachograph.redaction.rules.calls import CALLS
from tachograph.redaction.rules.chat import CHAT
from tachograph.redaction.rules.cloud import CLOUD
from tachograph.redaction.rules.code_hosts import CODE_HOSTS
from tachograph.redaction.rules.commands import COMMANDS
from tachograph.redaction.rules.content import CONTENT
from tachograph.redaction.rules.data import DATA
from tachograph.redaction.rules.delivery import DELIVERY
from tachograph.redaction.rules.documents import DOCUMENTS
from tachograph.redaction.rules.formats import FORMATS
from tachograph.redaction.rules.hashes import HASHES
from tachograph.redaction.rules.headers import HEADERS
from tachograph.redaction.rules.hosting import HOSTING
from tachograph.redaction.rules.identity import IDENTITY
from tachograph.redaction.rules.keys import KEYED
from tachograph.redaction.rules.models import MODELS
from tachograph.redaction.rules.monitoring import MONITORING
from tachograph.redaction.rules.networks import NETWORKS
from tachograph.redaction.rules.payments import PAYMENTS
from tachograph.redaction.rules.people import PEOPLE
from tachograph.redaction.rules.services import SERVICES
from tachograph.redaction.rules.tables import TABLES
from tachograph.redaction.rules.tools import TOOLS
from tachograph.redaction.rules.urls import URLS
from tachograph.redaction.rules.vaults import VAULTS
from tachograph.redaction.rules.vendors import VENDORS

if TYPE_CHECKING:
    from tachograph.redaction.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *DOCUMENTS,
    *URLS,
    *CLOUD,
    *HOSTING,
    *CODE_HOSTS,
    *DELIVERY,
    *VAULTS,
    *DATA,
    *CONTENT,
    *MODELS,
    *AGENTS,
    *PAYMENTS,
    *CHAT,
    *MONITORING,
    *SERVICES,
    *IDENTITY,
    *HASHES,
    *HEADERS,
    *KEYED,
    *VENDORS,
    *COMMANDS,
    *CALLS,
    *TOOLS,
    *FORMATS,
    *TABLES,
    *PEOPLE,
    *ACCOUNTS,
    *NETWORKS,
)
"""Every rule."""
