"""Code hosts and package registries.

Vendors: Anaconda, Bitbucket, Clojars, Cloudsmith, Crates, Docker, GitHub, GitLab, JFrog, JSR, npm, NuGet, OpenVSX,
Packagist, PyPI, RubyGems, Sourcegraph, Thunderstore.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import (
    BASE64,
    KEBAB,
    LOWER,
    SLUG,
    SNAKE,
    UPPER,
    WORD,
    WORD_END,
    structured,
    token,
)

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
CODE_HOSTS: tuple[Rule, ...] = (
    token("github-token", rb"gh[pou]_", SNAKE, (16, 255), positive="ghp_{w36}", negative="ghp_prefix", source="https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"),
    # Installation tokens can be JSON Web Tokens behind the prefix.
    structured("github-token", trigger=rb"gh[sr]_[A-Za-z0-9_]{16}", pattern=rb"gh[sr]_[A-Za-z0-9_]{16,1024}(?:[A-Za-z0-9_-]{0,1024}(?:\.[A-Za-z0-9_-]{16,4096}){2}|)",
        positive="ghs_{d6}_{w36}.{s160}.{s300}", negative="ghs_prefix", source="https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"),
    token("github-token", rb"github_pat_", SNAKE, (16, 255), positive="github_pat_{w22}_{w59}", negative="github_pat_docs", source="https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"),
    token("github-token", rb"GHSAT0", UPPER, (30, 200), word_start=True, positive="GHSAT0AAAAAA{u60}", negative="GHSAT0{u6}", source="https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"),
    structured("gitlab-token", trigger=rb"glpat-[A-Za-z0-9_=-]{16}", pattern=rb"glpat-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="glpat-{s27}.01.{l9}", negative="glpat-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"gldt-[A-Za-z0-9_=-]{16}", pattern=rb"gldt-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="gldt-{s20}", negative="gldt-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"glrt-[A-Za-z0-9_=-]{16}", pattern=rb"glrt-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="glrt-t1_{s20}", negative="glrt-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"glrtr-[A-Za-z0-9_=-]{16}", pattern=rb"glrtr-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="glrtr-{s20}", negative="glrtr-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"glcbt-[A-Za-z0-9_=-]{16}", pattern=rb"glcbt-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="glcbt-{h2}_{s20}", negative="glcbt-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"glptt-[A-Za-z0-9_=-]{16}", pattern=rb"glptt-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="glptt-{h40}", negative="glptt-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"glft-[A-Za-z0-9_=-]{16}", pattern=rb"glft-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="glft-{s20}", negative="glft-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"glimt-[A-Za-z0-9_=-]{16}", pattern=rb"glimt-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="glimt-{s25}", negative="glimt-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"glagent-[A-Za-z0-9_=-]{16}", pattern=rb"glagent-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="glagent-{s50}", negative="glagent-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"gloas-[A-Za-z0-9_=-]{16}", pattern=rb"gloas-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="gloas-{h64}", negative="gloas-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"glsoat-[A-Za-z0-9_=-]{16}", pattern=rb"glsoat-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="glsoat-{s20}", negative="glsoat-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"glffct-[A-Za-z0-9_=-]{16}", pattern=rb"glffct-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="glffct-{s20}", negative="glffct-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-token", trigger=rb"glwt-[A-Za-z0-9_=-]{16}", pattern=rb"glwt-[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
        positive="glwt-{s20}", negative="glwt-prefix", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    token("gitlab-runner-token", rb"GR1348941", SLUG, (20, 64), positive="GR1348941{s20}", negative="GR1348941{w6}", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    structured("gitlab-session", trigger=rb"_gitlab_session=[A-Za-z0-9]{16}", pattern=rb"_gitlab_session=(?P<secret>[A-Za-z0-9]{24,64})",
        positive="_gitlab_session={h32}", negative="_gitlab_session=none", source="https://docs.gitlab.com/security/tokens/#token-prefixes"),
    token("bitbucket-token", rb"ATBB", rb"[A-Za-z0-9_=-]", (24, 256), word_start=True, positive="ATBB{w32}", negative="ATBB{w6}", source="https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/"),
    token("bitbucket-token", rb"ATCTT", rb"[A-Za-z0-9_=-]", (40, 512), word_start=True, positive="ATCTT3xFfGN0{s160}={H8}", negative="ATCTT{w6}", source="https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/"),
    token("bitbucket-token", rb"BBDC-", rb"[A-Za-z0-9+/@_=-]", (30, 80), positive="BBDC-{b44}", negative="BBDC-{w6}", source="https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html"),
    structured("sourcegraph-token", trigger=rb"sgp_(?:[0-9a-fA-F]{16}|local)", pattern=rb"sgp_(?:(?:[0-9a-fA-F]{16}|local)_)?[0-9a-fA-F]{40,64}",
        word_start=True, positive="sgp_{h16}_{h40}", negative="sgp_local_build", source="https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token"),
    token("sourcegraph-token", rb"sgd_", WORD, (40, 128), word_start=True, positive="sgd_{h64}", negative="sgd_{h6}", source="https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token"),
    token("sourcegraph-license", rb"slk_", WORD, (40, 128), word_start=True, positive="slk_{h64}", negative="slk_{h6}", source="https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token"),
    token("npm-token", rb"npm_", WORD, (30, 64), mixed=True, positive="npm_{w36}", negative="npm_install", source="https://docs.npmjs.com/about-access-tokens"),
    token("pypi-token", rb"pypi-", SLUG, (50, 1024), mixed=True, positive="pypi-AgEIcHlwaS5vcmc{s140}", negative="pypi-attestations-model", source="https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns"),
    token("rubygems-key", rb"rubygems_", WORD, (40, 64), positive="rubygems_{h48}", negative="rubygems_{h6}", source="https://guides.rubygems.org/api-key-scopes/"),
    token("nuget-key", rb"oy2", LOWER, (43, 43), end=WORD_END, mixed=True, positive="oy2{l43}", negative="oy2{l9}", source="https://learn.microsoft.com/nuget/nuget-org/publish-a-package"),
    token("crates-token", rb"cio_tp_", SLUG, (24, 128), word_start=True, positive="cio_tp_{w40}", negative="cio_tp_{w6}", source="https://doc.rust-lang.org/cargo/reference/publishing.html"),
    token("crates-token", rb"cio", WORD, (32, 32), end=WORD_END, mixed=True, positive="cio{w32}", negative="cio{w9}", source="https://doc.rust-lang.org/cargo/reference/publishing.html"),
    token("clojars-token", rb"CLOJARS_", WORD, (40, 80), positive="CLOJARS_{h60}", negative="CLOJARS_USERNAME", source="https://github.com/clojars/clojars-web/wiki/Deploy-Tokens"),
    token("docker-token", rb"dckr_(?:pat|oat)_", SLUG, (20, 64), positive="dckr_pat_{s27}", negative="dckr_pat_{w6}", source="https://docs.docker.com/security/access-tokens/"),
    token("docker-swarm-token", rb"SWMTKN-1-", rb"[a-z0-9-]", (40, 128), positive="SWMTKN-1-{l50}-{l25}", negative="SWMTKN-1-{l6}", source="https://docs.docker.com/engine/swarm/swarm-tutorial/rotate-keys/"),
    token("docker-swarm-key", rb"SWMKEY-1-", BASE64, (30, 64), positive="SWMKEY-1-{b43}", negative="SWMKEY-1-{w6}", source="https://docs.docker.com/engine/swarm/swarm-tutorial/rotate-keys/"),
    token("jfrog-key", rb"AKC[p0-9]", WORD, (40, 128), word_start=True, positive="AKCp8{w68}", negative="AKCp8{w6}", source="https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens"),
    token("jfrog-token", rb"cmVmd", WORD, (50, 80), word_start=True, positive="cmVmdGtuOjAxOj{w50}", negative="cmVmd{w6}", source="https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens"),
    structured("jfrog-password", trigger=rb"AP[0123][A-Za-z0-9]{16}", pattern=rb"(?<![+/_-])AP[0123][A-Za-z0-9]{20,128}(?![A-Za-z0-9+/_])",
        mixed=True, positive="AP0{w40}", negative="AP0{w9}", source="https://jfrog.com/help/r/jfrog-artifactory-documentation/centrally-secure-passwords"),
    structured("jfrog-password", trigger=rb"AP[4567][A-Za-z0-9]{16}", pattern=rb"(?<![+/_-])AP[4567][A-Za-z0-9]{20,128}(?![A-Za-z0-9+/_])",
        mixed=True, positive="AP4{w40}", negative="AP4{w9}", source="https://jfrog.com/help/r/jfrog-artifactory-documentation/centrally-secure-passwords"),
    structured("jfrog-password", trigger=rb"AP[89AB][A-Za-z0-9]{16}", pattern=rb"(?<![+/_-])AP[89AB][A-Za-z0-9]{20,128}(?![A-Za-z0-9+/_])",
        mixed=True, positive="AP8{w40}", negative="AP8{w9}", source="https://jfrog.com/help/r/jfrog-artifactory-documentation/centrally-secure-passwords"),
    structured("jfrog-password", trigger=rb"AP[CDEF][A-Za-z0-9]{16}", pattern=rb"(?<![+/_-])AP[CDEF][A-Za-z0-9]{20,128}(?![A-Za-z0-9+/_])",
        mixed=True, positive="APC{w40}", negative="APC{w9}", source="https://jfrog.com/help/r/jfrog-artifactory-documentation/centrally-secure-passwords"),
    token("cloudsmith-key", rb"csa_", WORD, (24, 64), mixed=True, positive="csa_{w32}", negative="csa_{w6}", source="https://help.cloudsmith.io/docs/api-key"),
    token("packagist-token", rb"packagist_[a-z]{3}_", WORD, (40, 96), positive="packagist_uut_{h68}", negative="packagist_uut_{h6}", source="https://packagist.com/docs/composer-authentication"),
    token("jsr-token", rb"jsr[pdw]_", SLUG, (24, 96), mixed=True, positive="jsrp_{w43}", negative="jsrp_{w6}", source="https://jsr.io/docs/api"),
    token("openvsx-token", rb"ovsxp_", KEBAB, (30, 64), word_start=True, positive="ovsxp_{h8}-{h4}-{h4}-{h4}-{h12}", negative="ovsxp_{w6}", source="https://github.com/eclipse/openvsx/wiki/Publishing-Extensions"),
    token("openvsx-token", rb"ovsxat_", KEBAB, (30, 64), word_start=True, positive="ovsxat_{h8}-{h4}-{h4}-{h4}-{h12}", negative="ovsxat_{w6}", source="https://github.com/eclipse/openvsx/wiki/Publishing-Extensions"),
    token("thunderstore-token", rb"tss_", SLUG, (30, 80), mixed=True, positive="tss_{w38}", negative="tss_offset_in_thread_block_area", source="https://thunderstore.io/api/docs/"),
    structured("anaconda-token", trigger=rb"conda\.anaconda\.org/t/", pattern=rb"conda\.anaconda\.org/t/(?P<secret>[A-Za-z0-9_-]{16,128})/",
        positive="https://conda.anaconda.org/t/{w2}-{h8}-{h4}-{h4}-{h4}-{h12}/channel", negative="https://conda.anaconda.org/t/main/label", source="https://docs.anaconda.com/anacondaorg/user-guide/packages/installing-packages/"),
)
# fmt: on
