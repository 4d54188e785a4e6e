"""Takes secrets and personal data out of everything before it is written or sent."""

from tachograph.redaction.key import installation_key
from tachograph.redaction.sealer import REDACTED_ERROR, Sealer, redact_text

__all__ = ["REDACTED_ERROR", "Sealer", "installation_key", "redact_text"]
