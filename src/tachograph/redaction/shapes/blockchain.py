"""Blockchain nodes, wallets and market data.

Vendors: Alchemy, BitGo, Blockfrost, CoinGecko, Covalent, Ethereum, Extended Private, QuickNode, SettleMint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import ANY_HEX, SNAKE_END, WORD, WORD_END, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
BLOCKCHAIN: tuple[Rule, ...] = (
    token("alchemy-token", rb"alcht_", WORD, (24, 64), word_start=True, positive="alcht_{w30}", negative="alcht_{w6}", source="https://www.alchemy.com/docs/reference/admin-api"),
    token("quicknode-key", rb"QN_", WORD, (32, 64), word_start=True, positive="QN_{h32}", negative="QN_{h6}", source="https://www.quicknode.com/docs/console-api/getting-started"),
    token("covalent-key", rb"cqt_", WORD, (24, 64), mixed=True, positive="cqt_rQ{w26}", negative="cqt_{w6}", source="https://goldrush.dev/docs/quickstart"),
    token("coingecko-key", rb"CG-", WORD, (24, 24), end=WORD_END, mixed=True, positive="CG-{w24}", negative="CG-{w6}", source="https://docs.coingecko.com/reference/setting-up-your-api-key"),
    token("blockfrost-key", rb"mainnet", WORD, (32, 32), end=WORD_END, mixed=True, positive="mainnet{w32}", negative="mainnet{w9}", source="https://blockfrost.dev/start-building/"),
    token("blockfrost-key", rb"preprod", WORD, (32, 32), end=WORD_END, mixed=True, positive="preprod{w32}", negative="preprod{w9}", source="https://blockfrost.dev/start-building/"),
    token("bitgo-token", rb"v2x", ANY_HEX, (64, 64), end=SNAKE_END, word_start=True, positive="v2x{h64}", negative="v2x0f1e", source="https://developers.bitgo.com/docs/get-started-access-tokens"),
    token("settlemint-token", rb"sm_(?:pat|aat|sat)_", WORD, (16, 64), positive="sm_pat_{w16}", negative="sm_pat_name", source="https://console.settlemint.com/documentation/platform-components/security-and-authentication/personal-access-tokens"),
    token("extended-private-key", rb"[xyztuv]prv", WORD, (90, 120), word_start=True, positive="xprv{w107}", negative="xprv9", source="https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki"),
    structured("ethereum-key", trigger=rb"(?i)(?:private|secret)[ _-]?key[^0-9a-z]{1,8}(?:is[^0-9a-z]{1,4})?0x[0-9a-f]{16}",
        pattern=rb"(?i)(?:private|secret)[ _-]?key[^0-9a-z]{1,8}(?:is[^0-9a-z]{1,4})?(?P<secret>0x[0-9a-f]{64})(?![0-9a-f])",
        positive="private key is 0x{h64}", negative="private key 0x0f1e", source="https://ethereum.org/en/developers/docs/accounts/"),
)
# fmt: on
