"""Tokens of the hosts of code, packages and images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import ANY_HEX, BASE64, HEX, LOWER, SLUG, SNAKE, UPPER, WORD, parts, shape

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

_GITHUB = (
    "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"
)
_GITLAB = "https://docs.gitlab.com/security/tokens/#token-prefixes"
_SOURCEGRAPH = "https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token"
_BITBUCKET = "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/"
_DOCKER = "https://docs.docker.com/security/access-tokens/"
_SWARM = "https://docs.docker.com/engine/swarm/swarm-tutorial/rotate-keys/"
_JFROG = "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens"
_JSR = "https://jsr.io/docs/api"
_OPENVSX = "https://github.com/eclipse/openvsx/wiki/Publishing-Extensions"
_END = rb"(?![A-Za-z0-9])"

CODE_HOSTS: tuple[Rule, ...] = (
    shape("github-token", rb"gh[pou]_", SNAKE, 16, 255, _GITHUB, "ghp_{w36}", "ghp_prefix"),
    # Those of installations are JSON Web Tokens now.
    parts(
        "github-token",
        rb"gh[sr]_[A-Za-z0-9_]{16}",
        rb"gh[sr]_[A-Za-z0-9_]{16,1024}(?:[A-Za-z0-9_-]{0,1024}(?:\.[A-Za-z0-9_-]{16,4096}){2}|)",
        _GITHUB,
        "ghs_{d6}_{w36}.{s160}.{s300}",
        "ghs_prefix",
    ),
    shape("github-token", rb"github_pat_", SNAKE, 16, 255, _GITHUB, "github_pat_{w22}_{w59}", "github_pat_docs"),
    shape("github-token", rb"GHSAT0", UPPER, 30, 200, _GITHUB, "GHSAT0AAAAAA{u60}", "GHSAT0{u6}", left=True),
    *(
        parts(
            "gitlab-token",
            start.encode() + rb"[A-Za-z0-9_=-]{16}",
            start.encode() + rb"[A-Za-z0-9_=-]{16,512}(?:\.[0-9a-z]{2}\.?[0-9A-Za-z]{7,9}(?![0-9A-Za-z]))?",
            _GITLAB,
            start + body,
            start + "prefix",
        )
        for start, body in (
            ("glpat-", "{s27}.01.{l9}"),
            ("gldt-", "{s20}"),
            ("glrt-", "t1_{s20}"),
            ("glrtr-", "{s20}"),
            ("glcbt-", "{h2}_{s20}"),
            ("glptt-", "{h40}"),
            ("glft-", "{s20}"),
            ("glimt-", "{s25}"),
            ("glagent-", "{s50}"),
            ("gloas-", "{h64}"),
            ("glsoat-", "{s20}"),
            ("glffct-", "{s20}"),
            ("glwt-", "{s20}"),
        )
    ),
    shape("gitlab-runner-token", rb"GR1348941", SLUG, 20, 64, _GITLAB, "GR1348941{s20}", "GR1348941{w6}"),
    parts(
        "gitlab-session",
        rb"_gitlab_session=[A-Za-z0-9]{16}",
        rb"_gitlab_session=(?P<secret>[A-Za-z0-9]{24,64})",
        _GITLAB,
        "_gitlab_session={h32}",
        "_gitlab_session=none",
    ),
    shape("bitbucket-token", rb"ATBB", rb"[A-Za-z0-9_=-]", 24, 256, _BITBUCKET, "ATBB{w32}", "ATBB{w6}", left=True),
    shape(
        "bitbucket-token",
        rb"ATCTT",
        rb"[A-Za-z0-9_=-]",
        40,
        512,
        _BITBUCKET,
        "ATCTT3xFfGN0{s160}={H8}",
        "ATCTT{w6}",
        left=True,
    ),
    shape(
        "bitbucket-token",
        rb"BBDC-",
        rb"[A-Za-z0-9+/@_=-]",
        30,
        80,
        "https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
        "BBDC-{b44}",
        "BBDC-{w6}",
    ),
    parts(
        "sourcegraph-token",
        rb"sgp_(?:[0-9a-fA-F]{16}|local)",
        rb"sgp_(?:(?:[0-9a-fA-F]{16}|local)_)?[0-9a-fA-F]{40,64}",
        _SOURCEGRAPH,
        "sgp_{h16}_{h40}",
        "sgp_local_build",
        left=True,
    ),
    shape("sourcegraph-token", rb"sgd_", ANY_HEX, 40, 128, _SOURCEGRAPH, "sgd_{h64}", "sgd_{h6}", left=True),
    shape("sourcegraph-license", rb"slk_", ANY_HEX, 40, 128, _SOURCEGRAPH, "slk_{h64}", "slk_{h6}", left=True),
    shape(
        "npm-token",
        rb"npm_",
        WORD,
        30,
        64,
        "https://docs.npmjs.com/about-access-tokens",
        "npm_{w36}",
        "npm_install",
        weak=True,
    ),
    shape(
        "pypi-token",
        rb"pypi-",
        SLUG,
        50,
        1024,
        "https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns",
        "pypi-AgEIcHlwaS5vcmc{s140}",
        "pypi-attestations-model",
        weak=True,
    ),
    shape(
        "rubygems-key",
        rb"rubygems_",
        HEX,
        40,
        64,
        "https://guides.rubygems.org/api-key-scopes/",
        "rubygems_{h48}",
        "rubygems_{h6}",
    ),
    shape(
        "nuget-key",
        rb"oy2",
        LOWER,
        43,
        43,
        "https://learn.microsoft.com/nuget/nuget-org/publish-a-package",
        "oy2{l43}",
        "oy2{l9}",
        weak=True,
        end=_END,
    ),
    shape(
        "crates-token",
        rb"cio_tp_",
        SLUG,
        24,
        128,
        "https://doc.rust-lang.org/cargo/reference/publishing.html",
        "cio_tp_{w40}",
        "cio_tp_{w6}",
        left=True,
    ),
    shape(
        "crates-token",
        rb"cio",
        WORD,
        32,
        32,
        "https://doc.rust-lang.org/cargo/reference/publishing.html",
        "cio{w32}",
        "cio{w9}",
        weak=True,
        end=_END,
    ),
    shape(
        "clojars-token",
        rb"CLOJARS_",
        HEX,
        40,
        80,
        "https://github.com/clojars/clojars-web/wiki/Deploy-Tokens",
        "CLOJARS_{h60}",
        "CLOJARS_USERNAME",
    ),
    shape("docker-token", rb"dckr_(?:pat|oat)_", SLUG, 20, 64, _DOCKER, "dckr_pat_{s27}", "dckr_pat_{w6}"),
    shape("docker-swarm-token", rb"SWMTKN-1-", rb"[a-z0-9-]", 40, 128, _SWARM, "SWMTKN-1-{l50}-{l25}", "SWMTKN-1-{l6}"),
    shape("docker-swarm-key", rb"SWMKEY-1-", BASE64, 30, 64, _SWARM, "SWMKEY-1-{b43}", "SWMKEY-1-{w6}"),
    shape("jfrog-key", rb"AKC[p0-9]", WORD, 40, 128, _JFROG, "AKCp8{w68}", "AKCp8{w6}", left=True),
    shape("jfrog-token", rb"cmVmd", WORD, 50, 80, _JFROG, "cmVmdGtuOjAxOj{w50}", "cmVmd{w6}", left=True),
    *(
        parts(
            "jfrog-password",
            rb"AP[%b][A-Za-z0-9]{16}" % digits,
            rb"(?<![+/_-])AP[%b][A-Za-z0-9]{20,128}(?![A-Za-z0-9+/_])" % digits,
            "https://jfrog.com/help/r/jfrog-artifactory-documentation/centrally-secure-passwords",
            "AP" + digits.decode()[0] + "{w40}",
            "AP" + digits.decode()[0] + "{w9}",
            weak=True,
        )
        for digits in (b"0123", b"4567", b"89AB", b"CDEF")
    ),
    shape(
        "cloudsmith-key",
        rb"csa_",
        WORD,
        24,
        64,
        "https://help.cloudsmith.io/docs/api-key",
        "csa_{w32}",
        "csa_{w6}",
        weak=True,
    ),
    shape(
        "packagist-token",
        rb"packagist_[a-z]{3}_",
        HEX,
        40,
        96,
        "https://packagist.com/docs/composer-authentication",
        "packagist_uut_{h68}",
        "packagist_uut_{h6}",
    ),
    shape("jsr-token", rb"jsr[pdw]_", SLUG, 24, 96, _JSR, "jsrp_{w43}", "jsrp_{w6}", weak=True),
    shape(
        "openvsx-token",
        rb"ovsxp_",
        rb"[A-Za-z0-9-]",
        30,
        64,
        _OPENVSX,
        "ovsxp_{h8}-{h4}-{h4}-{h4}-{h12}",
        "ovsxp_{w6}",
        left=True,
    ),
    shape(
        "openvsx-token",
        rb"ovsxat_",
        rb"[A-Za-z0-9-]",
        30,
        64,
        _OPENVSX,
        "ovsxat_{h8}-{h4}-{h4}-{h4}-{h12}",
        "ovsxat_{w6}",
        left=True,
    ),
    shape(
        "thunderstore-token",
        rb"tss_",
        SLUG,
        30,
        80,
        "https://thunderstore.io/api/docs/",
        "tss_{w38}",
        "tss_offset_in_thread_block_area",
        weak=True,
    ),
    parts(
        "anaconda-token",
        rb"conda\.anaconda\.org/t/",
        rb"conda\.anaconda\.org/t/(?P<secret>[A-Za-z0-9_-]{16,128})/",
        "https://docs.anaconda.com/anacondaorg/user-guide/packages/installing-packages/",
        "https://conda.anaconda.org/t/{w2}-{h8}-{h4}-{h4}-{h4}-{h12}/channel",
        "https://conda.anaconda.org/t/main/label",
    ),
)
