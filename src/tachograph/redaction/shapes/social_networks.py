"""Social networks, streaming and games.

Vendors: Cfx, Facebook, Instagram, Lichess, LinkedIn, Modrinth, Pinterest, Riot, Roblox, Spotify, TikTok, Twitch,
Twitter, VK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.rule_types import Group
from tachograph.redaction.shapes.token_shape import NOT_BASE64, SLUG, SNAKE, WORD, WORD_END, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
SOCIAL_NETWORKS: tuple[Rule, ...] = (
    # If + or / follows, it is the base 64 of something else.
    token("facebook-token", rb"EAA[A-Z]", WORD, (80, 600), end=rb"(?![A-Za-z0-9+/])", word_start=True, positive="EAAC{w160}", negative="EAACEdEose0cBA", source="https://developers.facebook.com/docs/facebook-login/guides/access-tokens/"),
    token("instagram-token", rb"IGQV", SLUG, (80, 400), word_start=True, positive="IGQV{w160}", negative="IGQV2", source="https://developers.facebook.com/docs/facebook-login/guides/access-tokens/"),
    token("instagram-token", rb"IGQW", SLUG, (80, 400), word_start=True, positive="IGQW{w160}", negative="IGQW2", source="https://developers.facebook.com/docs/facebook-login/guides/access-tokens/"),
    token("instagram-token", rb"IGAA", SLUG, (80, 400), word_start=True, positive="IGAA{w160}", negative="IGAA2", source="https://developers.facebook.com/docs/facebook-login/guides/access-tokens/"),
    token("instagram-token", rb"THAA", SLUG, (80, 400), word_start=True, positive="THAA{w160}", negative="THAA2", source="https://developers.facebook.com/docs/facebook-login/guides/access-tokens/"),
    token("twitch-token", rb"oauth:", WORD, (30, 30), end=WORD_END, positive="oauth:{l30}", negative="oauth:password", source="https://dev.twitch.tv/docs/authentication/"),
    structured("twitch-stream-key", trigger=rb"live_[0-9]{6,12}_[A-Za-z0-9]{16}", pattern=rb"live_[0-9]{6,12}_[A-Za-z0-9]{28,48}",
        word_start=True, positive="live_{d9}_{w30}", negative="live_123456789_a", source="https://help.twitch.tv/s/article/twitch-stream-key-faq"),
    structured("twitter-bearer", trigger=rb"%3D[A-Za-z0-9]{40}", pattern=rb"A{19,24}[A-Za-z0-9%]{12,64}%3D[A-Za-z0-9]{40,80}",
        word_start=True, positive="AAAAAAAAAAAAAAAAAAAAA{w24}%2B{w8}%3D{w50}", negative="AAAAAAAAAAAAAAAAAAAAA", source="https://docs.x.com/fundamentals/authentication/oauth-2-0/bearer-tokens"),
    token("linkedin-token", rb"AQR", SLUG, (150, 600), end=NOT_BASE64, word_start=True, positive="AQR{s300}", negative="AQR2", source="https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"),
    token("linkedin-token", rb"AQS", SLUG, (150, 600), end=NOT_BASE64, word_start=True, positive="AQS{s300}", negative="AQS2", source="https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"),
    token("linkedin-token", rb"AQT", SLUG, (150, 600), end=NOT_BASE64, word_start=True, positive="AQT{s300}", negative="AQT2", source="https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"),
    token("linkedin-token", rb"AQU", SLUG, (150, 600), end=NOT_BASE64, word_start=True, positive="AQU{s300}", negative="AQU2", source="https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"),
    token("linkedin-token", rb"AQV", SLUG, (150, 600), end=NOT_BASE64, word_start=True, positive="AQV{s300}", negative="AQV2", source="https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"),
    token("linkedin-token", rb"AQW", SLUG, (150, 600), end=NOT_BASE64, word_start=True, positive="AQW{s300}", negative="AQW2", source="https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"),
    token("linkedin-token", rb"AQX", SLUG, (150, 600), end=NOT_BASE64, word_start=True, positive="AQX{s300}", negative="AQX2", source="https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"),
    token("linkedin-token", rb"AQY", SLUG, (150, 600), end=NOT_BASE64, word_start=True, positive="AQY{s300}", negative="AQY2", source="https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"),
    token("linkedin-secret", rb"WPL_AP[0-9]\.", rb"[A-Za-z0-9+/=.]", (20, 64), positive="WPL_AP1.{w16}.{w6}==", negative="WPL_AP1.a", source="https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"),
    token("pinterest-token", rb"pin[ar]_", SLUG, (32, 128), word_start=True, positive="pina_{u96}", negative="pina_colada_2", source="https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/"),
    structured("tiktok-token", trigger=rb"(?:act|rft|clt)\.[A-Za-z0-9]{16}", pattern=rb"(?:act|rft|clt)\.[A-Za-z0-9]{24,96}(?:![0-9]{2,6}(?:\.[A-Za-z0-9]{1,8})?)?",
        mixed=True, positive="act.{w56}!4567.e1", negative="act.characterisations", source="https://developers.tiktok.com/doc/oauth-user-access-token-management"),
    token("spotify-token", rb"BQA", SLUG, (120, 600), end=NOT_BASE64, word_start=True, positive="BQA{s180}", negative="BQA2", source="https://developer.spotify.com/documentation/web-api/concepts/access-token"),
    token("spotify-token", rb"BQB", SLUG, (120, 600), end=NOT_BASE64, word_start=True, positive="BQB{s180}", negative="BQB2", source="https://developer.spotify.com/documentation/web-api/concepts/access-token"),
    token("spotify-token", rb"BQC", SLUG, (120, 600), end=NOT_BASE64, word_start=True, positive="BQC{s180}", negative="BQC2", source="https://developer.spotify.com/documentation/web-api/concepts/access-token"),
    token("spotify-token", rb"BQD", SLUG, (120, 600), end=NOT_BASE64, word_start=True, positive="BQD{s180}", negative="BQD2", source="https://developer.spotify.com/documentation/web-api/concepts/access-token"),
    token("lichess-token", rb"lip_", WORD, (20, 64), word_start=True, positive="lip_{w20}", negative="lip_read_2", source="https://lichess.org/api#section/Introduction/Authentication"),
    token("lichess-token", rb"lio_", WORD, (20, 64), word_start=True, positive="lio_{w20}", negative="lio_read_2", source="https://lichess.org/api#section/Introduction/Authentication"),
    token("vk-token", rb"vk1\.a\.", SLUG, (60, 400), positive="vk1.a.{s198}", negative="vk1.a.b", source="https://dev.vk.com/en/api/access-token/getting-started"),
    structured("roblox-cookie", trigger=rb"_\|WARNING:-DO-NOT-SHARE-THIS", pattern=rb"""_\|WARNING:-DO-NOT-SHARE-THIS[^|\"'\s]{0,256}\|_[A-Za-z0-9_.-]{16,2048}(?<!\.)""",
        positive="_|WARNING:-DO-NOT-SHARE-THIS.--Sharing-this|_{H200}", negative="_|WARNING:-DO-NOT-SHARE", source="https://create.roblox.com/docs/cloud/auth"),
    token("cfx-key", rb"cfxk_", SNAKE, (20, 64), positive="cfxk_{w20}_{w6}", negative="cfxk_2", source="https://docs.fivem.net/docs/server-manual/setting-up-a-server/"),
    token("riot-key", rb"RGAPI-[0-9a-f]{8}-", SLUG, (27, 32), positive="RGAPI-{h8}-{h4}-{h4}-{h4}-{h12}", negative="RGAPI-key", source="https://developer.riotgames.com/docs/portal"),
    token("modrinth-token", rb"mrp_", WORD, (48, 96), word_start=True, positive="mrp_{w64}", negative="mrp_2", source="https://docs.modrinth.com/api/"),
    token("modrinth-token", rb"mra_", WORD, (48, 96), word_start=True, positive="mra_{w64}", negative="mra_2", source="https://docs.modrinth.com/api/"),
    # It has no literal, but it has a long number, around which the scan looks for it.
    structured("facebook-app-token", trigger=rb"[0-9]{13}\|[A-Za-z0-9_-]{20}", pattern=rb"[0-9]{13,17}\|[A-Za-z0-9_-]{24,40}",
        group=Group.NUMBER, word_start=True, positive="{d15}|{s27}", negative="{d15}|{w6}", source="https://developers.facebook.com/docs/facebook-login/guides/access-tokens/#apptokens"),
)
# fmt: on
