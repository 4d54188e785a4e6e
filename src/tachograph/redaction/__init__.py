"""Redacts secrets and personal data in everything before it is written or sent.

How a value is redacted, from `Sealer.json` on (`sealer`):

1. Dump. The value becomes JSON. If it is known to be clean, that is the result.
2. Scan. `scan.engine` searches the bytes once for all triggers. Without a hit and without a known secret
   (`environment`), the dump is the result. The triggers come from the rules (`scan.triggers`), are compiled once per
   user (`scan.compile_job`), kept in the cache folder (`scan.trigger_cache`) and loaded at the first value
   (`scan.engine_loader`).
3. Walk. After a hit, `walk` copies the value leaf by leaf, as plain JSON values (`plain_values`). Names of members,
   flags and pairs say what is below them (`words.member_names`); under a secret's name the leaf is replaced.
4. Text. Each other text is scanned by itself (`text`). If the scan reports escapes or base 64, it is also read decoded
   (`decoding`).
5. Windows. `scan.matching` turns each hit into the part of the text in which the rule may match.
6. Rule. The rule (`rule_types`, all of them in `catalogue`) finds the secret around, behind or below its trigger, and
   its check decides: `shapes` has the tokens of vendors, `rules` what is around a secret, such as a name or a command.
   Both know words from one table (`words.secret_words`), values from `words.looks` and `words.placeholder`.
7. Marker. `marker` replaces the secret; equal secrets have equal tags, made with the key of the installation (`key`).
8. Again. What is next to a marker is read again until nothing changes.

If any of this fails, the value becomes `REDACTED_ERROR`. `stream` does steps 4 to 8 for a text of any size. What the
user configures (`configuration`) is a `policy`: kinds of personal data, allowed values, names, and rules
(`custom_rules`).

To add a vendor's token, a rule or a secret word, see "How to add" in CONTRIBUTING.md.
"""

from tachograph.redaction.key import installation_key
from tachograph.redaction.sealer import REDACTED_ERROR, Sealer, redact_text

__all__ = ["REDACTED_ERROR", "Sealer", "installation_key", "redact_text"]
