"""Business software and other services.

Vendors: Adobe, Asana, Atlassian, Cal, Canva, ClickUp, Close, Dub, Figma, Foursquare, Frameio, Harvest, IFTTT,
Intra42, Linear, Make, many with pk_, MaxMind, Notion, Personio, Postman, RapidAPI, Readme, Salesforce, Tally,
Teamwork, Trello, Typeform, Wix, Yahoo, Zapier, Zoho.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import BASE64, DOTTED, SLUG, SNAKE_END, WORD, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
BUSINESS: tuple[Rule, ...] = (
    token("notion-token", rb"ntn_", WORD, (32, 64), word_start=True, positive="ntn_{w46}", negative="ntn_2", source="https://developers.notion.com/docs/authorization"),
    token("notion-token", rb"secret_", WORD, (43, 43), end=SNAKE_END, word_start=True, positive="secret_{w43}", negative="secret_name_2", source="https://developers.notion.com/docs/authorization"),
    token("linear-key", rb"lin_(?:api|oauth|wh)_", WORD, (20, 128), positive="lin_api_{w40}", negative="lin_api_client", source="https://linear.app/developers"),
    token("figma-token", rb"fig[duo][hr]?_", SLUG, (32, 128), word_start=True, positive="figd_{s40}", negative="figure_caption_of_the_whole_document", source="https://www.figma.com/developers/api#access-tokens"),
    token("atlassian-token", rb"ATATT", rb"[A-Za-z0-9_=-]", (40, 256), word_start=True, positive="ATATT3xFf{s180}={H8}", negative="ATATT2", source="https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/"),
    token("trello-token", rb"ATTA", WORD, (60, 96), word_start=True, positive="ATTA{h64}{H8}", negative="ATTA2", source="https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/"),
    structured("asana-token", trigger=rb"1/1[0-9]{12}", pattern=rb"1/1[0-9]{12,17}:[0-9a-f]{32}",
        word_start=True, positive="1/1{d15}:{h32}", negative="1/1234", source="https://developers.asana.com/docs/personal-access-token"),
    structured("asana-token", trigger=rb"2/1[0-9]{12}", pattern=rb"2/1[0-9]{12,17}/1[0-9]{12,17}:[0-9a-f]{32}",
        word_start=True, positive="2/1{d15}/1{d15}:{h32}", negative="2/1234", source="https://developers.asana.com/docs/personal-access-token"),
    # ClickUp and others
    token("pk-key", rb"pk_", WORD, (32, 96), mixed=True, positive="pk_{l45}", negative="pk_column_2", source="https://developer.clickup.com/docs/authentication"),
    structured("clickup-token", trigger=rb"pk_[0-9]{5,12}_[A-Z0-9]{16}", pattern=rb"pk_[0-9]{5,12}_[A-Z0-9]{32}",
        word_start=True, positive="pk_{d8}_{u32}", negative="pk_12345678_A", source="https://developer.clickup.com/docs/authentication"),
    token("typeform-token", rb"tfp_", DOTTED, (40, 96), word_start=True, positive="tfp_{w44}_{w14}", negative="tfp_2", source="https://www.typeform.com/developers/get-started/personal-access-token/"),
    token("canva-secret", rb"cnvca", SLUG, (40, 64), word_start=True, positive="cnvca{s56}", negative="cnvca2", source="https://www.canva.dev/docs/connect/authentication/"),
    token("adobe-secret", rb"p8e-", SLUG, (24, 64), word_start=True, positive="p8e-{w32}", negative="p8e-2", source="https://developer.adobe.com/developer-console/docs/guides/authentication/"),
    token("postman-key", rb"PMAK-", SLUG, (40, 80), positive="PMAK-{h24}-{h34}", negative="PMAK-key", source="https://learning.postman.com/docs/developer/postman-api/authentication/"),
    token("postman-key", rb"PMAT-", WORD, (24, 64), positive="PMAT-{u26}", negative="PMAT-KEY", source="https://learning.postman.com/docs/developer/postman-api/authentication/"),
    token("readme-key", rb"rdme_", WORD, (40, 128), positive="rdme_{l70}", negative="rdme_2", source="https://docs.readme.com/main/reference/authentication"),
    token("frameio-token", rb"fio-u-", BASE64, (40, 128), positive="fio-u-{s64}", negative="fio-u-2", source="https://developer.frame.io/docs/getting-started/authentication"),
    structured("salesforce-token", trigger=rb"00D[A-Za-z0-9]{12,15}!", pattern=rb"00D[A-Za-z0-9]{12,15}![A-Za-z0-9_.]{40,256}(?<!\.)",
        word_start=True, positive="00D{w12}!{w96}", negative="00D5g00000KzW1x", source="https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_tokens_scopes.htm"),
    token("salesforce-token", rb"5Aep8", rb"[A-Za-z0-9_.]", (60, 512), word_start=True, positive="5Aep8{w80}", negative="5Aep8a", source="https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_tokens_scopes.htm"),
    token("salesforce-consumer-key", rb"3MVG9", rb"[A-Za-z0-9_.]", (60, 256), word_start=True, positive="3MVG9{w80}", negative="3MVG9a", source="https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_tokens_scopes.htm"),
    structured("zapier-webhook", trigger=rb"hooks\.zapier\.com/hooks/", pattern=rb"hooks\.zapier\.com/hooks/(?:catch|standard)/(?P<secret>[0-9]{4,12}/[A-Za-z0-9]{5,32})",
        positive="https://hooks.zapier.com/hooks/catch/{d8}/{l7}", negative="https://hooks.zapier.com/hooks/catch/", source="https://help.zapier.com/hc/en-us/articles/8496288690317"),
    structured("make-webhook", trigger=rb"hook\.[a-z0-9]{2,5}\.make\.com/", pattern=rb"hook\.[a-z0-9]{2,5}\.make\.com/(?P<secret>[a-z0-9]{24,64})",
        positive="https://hook.eu1.make.com/{l32}", negative="https://hook.eu1.make.com/", source="https://help.make.com/webhooks"),
    structured("ifttt-key", trigger=rb"maker\.ifttt\.com/", pattern=rb"maker\.ifttt\.com/(?:use/|trigger/[^/\s]{1,64}(?:/json)?/with/key/)(?P<secret>[A-Za-z0-9_-]{20,96})",
        positive="https://maker.ifttt.com/trigger/door/with/key/{s43}", negative="https://maker.ifttt.com/trigger/door", source="https://ifttt.com/maker_webhooks"),
    structured("zoho-token", trigger=rb"1000\.[0-9a-f]{16}", pattern=rb"1000\.[0-9a-f]{32}\.[0-9a-f]{32}",
        word_start=True, positive="1000.{h32}.{h32}", negative="1000.0f1e", source="https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html"),
    token("teamwork-token", rb"tkn\.v1_", BASE64, (40, 160), positive="tkn.v1_{b94}==", negative="tkn.v1_2", source="https://apidocs.teamwork.com/docs/teamwork/authentication"),
    token("intra42-secret", rb"s-s4t2(?:ud|af)-", WORD, (48, 96), positive="s-s4t2ud-{h64}", negative="s-s4t2ud-id", source="https://api.intra.42.fr/apidoc/guides/getting_started"),
    structured("maxmind-key", trigger=rb"[A-Za-z0-9]{8}_mmk", pattern=rb"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk",
        word_start=True, positive="{w6}_{w29}_mmk", negative="license_mmk", source="https://support.maxmind.com/hc/en-us/articles/4407111582235"),
    token("dub-key", rb"dub_", WORD, (20, 64), mixed=True, positive="dub_{w24}", negative="dub_step_2", source="https://dub.co/docs/api-reference/tokens"),
    token("cal-key", rb"cal_(?:live_|test_)?", WORD, (32, 64), word_start=True, positive="cal_live_{h32}", negative="cal_2", source="https://cal.com/docs/api-reference/v2/introduction"),
    token("tally-key", rb"tly-", WORD, (24, 64), mixed=True, positive="tly-{w32}", negative="tly-2", source="https://developers.tally.so/api-reference/api-keys"),
    structured("close-key", trigger=rb"api_[A-Za-z0-9]{16}", pattern=rb"api_[0-9A-Za-z]{22}\.[0-9A-Za-z]{22}",
        mixed=True, positive="api_{w22}.{w22}", negative="api_authentication.py", source="https://developer.close.com/topics/authentication/"),
    structured("harvest-token", trigger=rb"\.pt\.[A-Za-z0-9_-]{32}", pattern=rb"[0-9]{4,12}\.pt\.[A-Za-z0-9_-]{60,128}",
        word_start=True, positive="{d7}.pt.{s86}", negative="1234567.pt.x", source="https://help.getharvest.com/api-v2/authentication-api/authentication/authentication/"),
    token("foursquare-key", rb"fsq3", BASE64, (40, 64), word_start=True, positive="fsq3{w44}=", negative="fsq3-2", source="https://docs.foursquare.com/developer/reference/authentication"),
    structured("rapidapi-key", trigger=rb"msh[a-z0-9]{15}p1[a-z0-9]{6}jsn", pattern=rb"[a-z0-9]{10}msh[a-z0-9]{15}p1[a-z0-9]{6}jsn[a-z0-9]{12}",
        positive="{h10}msh{h15}p1{h6}jsn{h12}", negative="mesh of jsn", source="https://docs.rapidapi.com/docs/keys-and-key-rotation"),
    structured("wix-token", trigger=rb"IST\.eyJ[A-Za-z0-9_-]{16}", pattern=rb"IST\.eyJ[A-Za-z0-9_-]{16,4096}\.[A-Za-z0-9_-]{16,65536}(?:\.[A-Za-z0-9_-]{1,4096})?",
        positive="IST.eyJ{s60}.eyJ{s200}.{s86}", negative="IST.eyJ", source="https://dev.wix.com/docs/rest/account-level/about-account-level-apis/get-started-with-account-level-apis"),
    token("yahoo-key", rb"dj0yJmk9", BASE64, (60, 160), word_start=True, positive="dj0yJmk9{w90}-", negative="dj0yJmk92", source="https://developer.yahoo.com/oauth2/guide/openid_connect/getting_started.html"),
    token("personio-key", rb"papi-[0-9a-f]{8}-", SLUG, (27, 32), positive="papi-{h8}-{h4}-{h4}-{h4}-{h12}", negative="papi-2", source="https://developer.personio.de/docs/getting-started-with-the-personio-api"),
)
# fmt: on
