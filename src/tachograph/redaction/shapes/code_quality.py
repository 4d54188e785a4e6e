"""Code quality and security scanners.

Vendors: Aikido, Censys, Dependency Track, Endor, Mergify, Qlty, Snyk, Socket, Sonar, WakaTime.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import SLUG, SNAKE, WORD, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
CODE_QUALITY: tuple[Rule, ...] = (
    structured("snyk-token", trigger=rb"snyk_[us]at\.[A-Za-z0-9]{8}", pattern=rb"snyk_[us]at\.[A-Za-z0-9]{8}(?:\.?[A-Za-z0-9_-]{16,4096}){1,3}",
        positive="snyk_uat.{w8}.{s60}.{s86}", negative="snyk_uat.{w6}", source="https://docs.snyk.io/snyk-api/authentication-for-api"),
    token("sonar-token", rb"sq[aup]_", WORD, (40, 64), word_start=True, positive="squ_{h40}", negative="squ_{h6}", source="https://docs.sonarsource.com/sonarqube-server/latest/user-guide/managing-tokens/"),
    token("socket-token", rb"sktsec_", SLUG, (30, 128), positive="sktsec_{w43}_api", negative="sktsec_{w6}", source="https://docs.socket.dev/docs/api-keys"),
    token("endor-key", rb"endr\+", WORD, (14, 64), word_start=True, positive="endr+{w16}", negative="endr+{w6}", source="https://docs.endorlabs.com/administration/api-keys/"),
    token("aikido-token", rb"AIK_", SNAKE, (24, 256), mixed=True, positive="AIK_CI_{w80}", negative="AIK_CI_TOKEN", source="https://help.aikido.dev/code-scanning/local-code-scanning"),
    token("mergify-key", rb"mergify_application_key_", SLUG, (30, 256), positive="mergify_application_key_{s40}", negative="mergify_application_key_id", source="https://docs.mergify.com/api/usage"),
    token("qlty-token", rb"qlt[a-z]{1,2}_", WORD, (16, 96), mixed=True, positive="qltcp_{w32}", negative="qltcp_{w6}", source="https://docs.qlty.sh/coverage/quickstart"),
    token("wakatime-key", rb"waka_", SLUG, (32, 64), word_start=True, positive="waka_{h8}-{h4}-{h4}-{h4}-{h12}", negative="waka_{h6}", source="https://wakatime.com/developers#authentication"),
    token("dependency-track-key", rb"odt_", SNAKE, (32, 64), mixed=True, positive="odt_{w32}", negative="odt_2", source="https://docs.dependencytrack.org/integrations/rest-api/"),
    token("censys-token", rb"censys_", SNAKE, (24, 96), mixed=True, positive="censys_{w8}_{w32}", negative="censys_api_client_for_python", source="https://docs.censys.com/reference/get-started"),
)
# fmt: on
