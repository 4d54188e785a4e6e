"""Large clouds and their services.

Vendors: Akamai, Alibaba, Amazon, AWS, Azure, Baidu, DigitalOcean, Exoscale, Firebase, Google, JDCloud, Oracle,
Scaleway, Scalingo, Tencent, UpCloud, Volcengine, Yandex.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import (
    BASE64,
    DOTTED,
    HEX,
    KEBAB,
    SLUG,
    SLUG_END,
    UPPER,
    WORD,
    WORD_END,
    structured,
    token,
)

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
CLOUD: tuple[Rule, ...] = (
    token("aws-access-key", rb"AKIA", UPPER, (16, 16), end=WORD_END, positive="AKIA{u16}", negative="AKIA{u9}", source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    token("aws-access-key", rb"ASIA", UPPER, (16, 16), end=WORD_END, positive="ASIA{u16}", negative="ASIA{u9}", source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    token("aws-access-key", rb"ABIA", UPPER, (16, 16), end=WORD_END, positive="ABIA{u16}", negative="ABIA{u9}", source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    token("aws-access-key", rb"ACCA", UPPER, (16, 16), end=WORD_END, positive="ACCA{u16}", negative="ACCA{u9}", source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    token("aws-session-token", rb"IQoJb3JpZ2luX2Vj", BASE64, (100, 8192), positive="IQoJb3JpZ2luX2Vj{b300}==", negative="IQoJb3JpZ2luX2Vj{b20}", source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html"),
    token("aws-session-token", rb"FwoGZXIvYXdz", BASE64, (100, 8192), positive="FwoGZXIvYXdz{b300}==", negative="FwoGZXIvYXdz{b20}", source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html"),
    token("aws-session-token", rb"FQoGZXIvYXdz", BASE64, (100, 8192), positive="FQoGZXIvYXdz{b300}==", negative="FQoGZXIvYXdz{b20}", source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html"),
    token("aws-bedrock-key", rb"ABSK", BASE64, (100, 400), word_start=True, positive="ABSK{b128}", negative="ABSK{w12}", source="https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html"),
    token("aws-bedrock-key", rb"bedrock-api-key-", BASE64, (40, 8192), positive="bedrock-api-key-{b300}==", negative="bedrock-api-key-rotation", source="https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html"),
    token("aws-appsync-key", rb"da2-", WORD, (26, 26), end=WORD_END, word_start=True, positive="da2-{l26}", negative="da2-migration-plan", source="https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html"),
    token("amazon-mws-token", rb"amzn\.mws\.", SLUG, (36, 36), positive="amzn.mws.{h8}-{h4}-{h4}-{h4}-{h12}", negative="amzn.mws.endpoint", source="https://developer-docs.amazon.com/sp-api/docs/authorize-applications"),
    token("amazon-token", rb"Atz[ar]\|", SLUG, (40, 4096), word_start=True, positive="Atza|{s200}", negative="Atza|{w8}", source="https://developer.amazon.com/docs/login-with-amazon/access-token.html"),
    token("amazon-client-secret", rb"amzn1\.oa2-cs\.v1\.", WORD, (40, 128), positive="amzn1.oa2-cs.v1.{h64}", negative="amzn1.oa2-cs.v1.{h6}", source="https://developer.amazon.com/docs/login-with-amazon/access-token.html"),
    # Google
    token("google-key", rb"AIza", SLUG, (33, 64), positive="AIza{s35}", negative="AIza{w9}", source="https://cloud.google.com/docs/authentication/api-keys"),
    token("google-key", rb"AQ\.Ab", SLUG, (24, 256), word_start=True, positive="AQ.Ab8{s46}", negative="AQ.About", source="https://cloud.google.com/docs/authentication/api-keys"),
    token("google-oauth", rb"ya29\.", DOTTED, (20, 2048), positive="ya29.a0{s160}", negative="ya29.refresh()", source="https://developers.google.com/identity/protocols/oauth2"),
    token("google-secret", rb"GOCSPX-", SLUG, (20, 64), positive="GOCSPX-{s28}", negative="GOCSPX-prefix", source="https://developers.google.com/identity/protocols/oauth2"),
    token("google-refresh-token", rb"1//0", SLUG, (40, 512), word_start=True, positive="1//0{s99}", negative="1//0 divides", source="https://developers.google.com/identity/protocols/oauth2"),
    token("google-oauth-code", rb"4/0A", SLUG, (50, 256), word_start=True, positive="4/0A{s70}", negative="4/0A{w9}", source="https://developers.google.com/identity/protocols/oauth2"),
    token("google-hmac-key", rb"GOOG", UPPER, (20, 80), mixed=True, positive="GOOG1E{u55}", negative="GOOGLECLOUDSTORAGEBUCKETNAME", source="https://cloud.google.com/storage/docs/authentication/hmackeys"),
    structured("firebase-messaging-key", trigger=rb":APA91b[A-Za-z0-9_-]{16}", pattern=rb"(?<!\\)[A-Za-z0-9_-]{7,40}:APA91b[A-Za-z0-9_-]{80,300}",
        word_start=True, positive="AAAA{s7}:APA91b{s134}", negative="topic:APA91b{w8}", source="https://firebase.google.com/docs/cloud-messaging/auth-server"),
    token("google-recaptcha-key", rb"6L[cdef]", SLUG, (37, 37), end=SLUG_END, word_start=True, positive="6Ld{s37}", negative="6Ld{w12}", source="https://developers.google.com/recaptcha/intro"),
    # Microsoft: a service's keys have that service's signature at a fixed place.
    structured("azure-client-secret", trigger=rb"0Q~[A-Za-z0-9_~.-]{16}|1Q~[A-Za-z0-9_~.-]{16}|2Q~[A-Za-z0-9_~.-]{16}|3Q~[A-Za-z0-9_~.-]{16}|4Q~[A-Za-z0-9_~.-]{16}|5Q~[A-Za-z0-9_~.-]{16}|6Q~[A-Za-z0-9_~.-]{16}|7Q~[A-Za-z0-9_~.-]{16}|8Q~[A-Za-z0-9_~.-]{16}|9Q~[A-Za-z0-9_~.-]{16}",
        pattern=rb"[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,40}(?<!\.)",
        positive="{w3}8Q~{s34}", negative="{w3}8Q~{w9}", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/_-]{16}",
        pattern=rb"(?:AccountKey|SharedAccessKey)=(?P<secret>[A-Za-z0-9+/_-]{16,256}={0,2})",
        positive="AccountName=shop;AccountKey={b86}==;EndpointSuffix=core.windows.net", negative="AccountKey=none", source="https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string"),
    structured("azure-key", trigger=rb"JQQJ99[A-Za-z0-9]{16}", pattern=rb"(?<!\\)[A-Za-z0-9]{32,80}JQQJ99[A-Za-z0-9]{16,40}={0,2}",
        word_start=True, positive="{w52}JQQJ99{w26}", negative="JQQJ99{w12}", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-devops-token", trigger=rb"AZDO[A-Za-z0-9]{4}", pattern=rb"(?<!\\)[A-Za-z0-9]{44,80}AZDO[A-Za-z0-9]{4,8}(?![A-Za-z0-9])",
        word_start=True, positive="{w76}AZDO{w4}", negative="AZDO{w9}", source="https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate"),
    structured("azure-key", trigger=rb"\+ASt[A-Za-z0-9+/]{5}[AQgw]==", pattern=rb"[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{5}[AQgw]==",
        word_start=True, positive="{b76}+ASt{b5}A==", negative="+ASt{b5}A==", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"\+ABa[A-Za-z0-9+/]{5}[AQgw]==", pattern=rb"[A-Za-z0-9+/]{76}\+ABa[A-Za-z0-9+/]{5}[AQgw]==",
        word_start=True, positive="{b76}+ABa{b5}A==", negative="+ABa{b5}A==", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"ACDb[A-Za-z0-9+/]{5}[AQgw]==", pattern=rb"[A-Za-z0-9+/]{76}ACDb[A-Za-z0-9+/]{5}[AQgw]==",
        word_start=True, positive="{b76}ACDb{b5}A==", negative="ACDb{b5}A==", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"APIM[A-Za-z0-9+/]{5}[AQgw]==", pattern=rb"[A-Za-z0-9+/]{76}APIM[A-Za-z0-9+/]{5}[AQgw]==",
        word_start=True, positive="{b76}APIM{b5}A==", negative="APIM{b5}A==", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"AZEG[A-Za-z0-9+/]{5}[AQgw]==", pattern=rb"[A-Za-z0-9+/]{76}AZEG[A-Za-z0-9+/]{5}[AQgw]==",
        word_start=True, positive="{b76}AZEG{b5}A==", negative="AZEG{b5}A==", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"\+ASb[A-P][A-Za-z0-9+/]{5}=", pattern=rb"[A-Za-z0-9+/]{33}\+ASb[A-P][A-Za-z0-9+/]{5}=",
        word_start=True, positive="{b33}+ASbB{b5}=", negative="+ASbB{b5}=", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"\+AEh[A-P][A-Za-z0-9+/]{5}=", pattern=rb"[A-Za-z0-9+/]{33}\+AEh[A-P][A-Za-z0-9+/]{5}=",
        word_start=True, positive="{b33}+AEhB{b5}=", negative="+AEhB{b5}=", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"\+ARm[A-P][A-Za-z0-9+/]{5}=", pattern=rb"[A-Za-z0-9+/]{33}\+ARm[A-P][A-Za-z0-9+/]{5}=",
        word_start=True, positive="{b33}+ARmB{b5}=", negative="+ARmB{b5}=", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"AIoT[A-P][A-Za-z0-9+/]{5}=", pattern=rb"[A-Za-z0-9+/]{33}AIoT[A-P][A-Za-z0-9+/]{5}=",
        word_start=True, positive="{b33}AIoTB{b5}=", negative="AIoTB{b5}=", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"AzCa[A-P][A-Za-z0-9+/]{5}=", pattern=rb"[A-Za-z0-9+/]{33}AzCa[A-P][A-Za-z0-9+/]{5}=",
        word_start=True, positive="{b33}AzCaB{b5}=", negative="AzCaB{b5}=", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"AzSe[A-D][A-Za-z0-9]{5}", pattern=rb"[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}(?![A-Za-z0-9])",
        word_start=True, positive="{w42}AzSeB{w5}", negative="AzSeB{w5}", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"\+ACR[A-D][A-Za-z0-9]{5}", pattern=rb"[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9]{5}(?![A-Za-z0-9])",
        word_start=True, positive="{b42}+ACRB{w5}", negative="+ACRB{w5}", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    structured("azure-key", trigger=rb"AzFu[A-Za-z0-9_-]{5}[AQgw]==", pattern=rb"[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]==",
        word_start=True, positive="{w44}AzFu{s5}g==", negative="AzFu{w5}g==", source="https://learn.microsoft.com/purview/sit-defn-all-creds"),
    # Asia and Russia
    token("alibaba-access-key", rb"LTAI", WORD, (12, 32), end=WORD_END, word_start=True, positive="LTAI5t{w18}", negative="LTAI{w6}", source="https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair"),
    token("alibaba-access-key", rb"STS\.", WORD, (20, 64), mixed=True, positive="STS.N{w26}", negative="STS.AssumeRole", source="https://www.alibabacloud.com/help/en/ram/product-overview/what-is-sts"),
    token("tencent-access-key", rb"AKID", SLUG, (28, 128), mixed=True, positive="AKID{w32}", negative="AKID{w8}", source="https://www.tencentcloud.com/document/product/598/32675"),
    token("volcengine-access-key", rb"AKLT", BASE64, (40, 64), mixed=True, positive="AKLT{w43}", negative="AKLT{w12}", source="https://www.volcengine.com/docs/6291/65568"),
    token("baidu-access-key", rb"ALTAK", KEBAB, (21, 32), word_start=True, positive="ALTAK{w21}", negative="ALTAK{w6}", source="https://cloud.baidu.com/doc/Reference/s/9jwvz2egb"),
    structured("baidu-key", trigger=rb"bce-v3/ALTAK-", pattern=rb"bce-v3/ALTAK-[A-Za-z0-9]{16,32}/[0-9a-f]{40}",
        positive="bce-v3/ALTAK-{w21}/{h40}", negative="bce-v3/ALTAK-{w8}", source="https://cloud.baidu.com/doc/Reference/s/9jwvz2egb"),
    token("jdcloud-access-key", rb"JDC_", WORD, (24, 40), word_start=True, positive="JDC_{u28}", negative="JDC_{u8}", source="https://docs.jdcloud.com/en/account-management/accesskey-management"),
    token("yandex-key", rb"AQVN", SLUG, (30, 64), word_start=True, positive="AQVN{s36}", negative="AQVN{w9}", source="https://yandex.cloud/en/docs/iam/concepts/authorization/"),
    token("yandex-access-key", rb"YCAJE", SLUG, (20, 24), word_start=True, positive="YCAJE{s20}", negative="YCAJE{w6}", source="https://yandex.cloud/en/docs/iam/concepts/authorization/"),
    structured("yandex-token", trigger=rb"t1\.[A-Za-z0-9_=-]{16}", pattern=rb"t1\.[A-Za-z0-9_-]{16,440}={0,2}\.[A-Za-z0-9_-]{60,128}={0,2}",
        word_start=True, positive="t1.{s180}.{s86}", negative="t1.customer_identifier = t2.customer_identifier", source="https://yandex.cloud/en/docs/iam/concepts/authorization/"),
    token("yandex-token", rb"y[0123]_", SLUG, (39, 100), mixed=True, positive="y0_{s55}", negative="y0_{w9}", source="https://yandex.com/dev/id/doc/en/tokens/token-invalidate"),
    token("yandex-captcha-key", rb"ysc[12]_", SLUG, (30, 64), word_start=True, positive="ysc2_{w48}", negative="ysc2_{w9}", source="https://yandex.cloud/en/docs/smartcaptcha/operations/get-keys"),
    # Europe
    token("scaleway-access-key", rb"SCW", UPPER, (17, 17), end=WORD_END, mixed=True, positive="SCW{u17}", negative="SCW{u8}", source="https://www.scaleway.com/en/docs/iam/concepts/#api-key"),
    token("exoscale-key", rb"EXO", HEX, (24, 24), end=WORD_END, word_start=True, positive="EXO{h24}", negative="EXO{h9}", source="https://community.exoscale.com/product/account/iam/quick-start/"),
    token("upcloud-token", rb"ucat_", WORD, (20, 64), word_start=True, positive="ucat_{u26}", negative="ucat_{w6}", source="https://upcloud.com/docs/guides/getting-started-upcloud-api/"),
    token("scalingo-token", rb"tk-us-", SLUG, (40, 64), word_start=True, positive="tk-us-{s48}", negative="tk-us-east-region", source="https://developers.scalingo.com/index#authentication"),
    # America
    token("digitalocean-token", rb"do[opr]_v1_", WORD, (32, 128), positive="dop_v1_{h64}", negative="dop_v1_{h8}", source="https://docs.digitalocean.com/reference/api/"),
    token("digitalocean-access-key", rb"DO00", UPPER, (16, 16), end=WORD_END, word_start=True, positive="DO00{u16}", negative="DO00{u6}", source="https://docs.digitalocean.com/products/spaces/how-to/manage-access/"),
    structured("oracle-storage-url", trigger=rb"oraclecloud\.com/p/[A-Za-z0-9_-]{16}", pattern=rb"oraclecloud\.com/p/(?P<secret>[A-Za-z0-9_-]{16,256})",
        positive="https://objectstorage.eu-frankfurt-1.oraclecloud.com/p/{s64}/n/space/b/bucket/o/report", negative="https://objectstorage.eu-frankfurt-1.oraclecloud.com/p/{w6}", source="https://docs.oracle.com/en-us/iaas/Content/Object/Tasks/usingpreauthenticatedrequests.htm"),
    # Not the host name in the credentials file, which begins in the same way.
    token("akamai-token", rb"akab-", rb"[a-z0-9-]", (30, 64), end=rb"(?![a-z0-9-]|\.luna)", word_start=True, positive="akab-{l16}-{l16}", negative="akab-client-token", source="https://techdocs.akamai.com/developer/docs/edgegrid"),
)
# fmt: on
