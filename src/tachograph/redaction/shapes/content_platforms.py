"""Tokens of spreadsheets, content, files and maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import HEX, SLUG, WORD, parts, shape

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

_AIRTABLE = "https://airtable.com/developers/web/guides/personal-access-tokens"

CONTENT_PLATFORMS: tuple[Rule, ...] = (
    shape(
        "apify-token",
        rb"apify_(?:api|ui|proxy)_",
        WORD,
        30,
        64,
        "https://docs.apify.com/platform/integrations/api",
        "apify_api_{w36}",
        "apify_api_{w6}",
    ),
    # Spreadsheets and content.
    parts(
        "airtable-token",
        rb"pat[A-Za-z0-9]{14}\.[0-9a-f]{16}",
        rb"pat[A-Za-z0-9]{14}\.[0-9a-f]{40,80}",
        _AIRTABLE,
        "pat{w14}.{h64}",
        "pat{w14}.{h6}",
        left=True,
    ),
    parts(
        "airtable-token",
        rb"oaa[A-Za-z0-9]{14}\.v[0-9]\.",
        rb"oaa[A-Za-z0-9]{14}\.v[0-9]\.(?:refresh\.)?[A-Za-z0-9+/=_-]{30,1024}(?:\.[A-Za-z0-9+/=_-]{16,256})?",
        "https://airtable.com/developers/web/api/oauth-reference",
        "oaa{w14}.v1.{b120}.{h64}",
        "oaa{w14}.v1.{w6}",
        left=True,
    ),
    shape(
        "rows-key",
        rb"rows-",
        WORD,
        40,
        80,
        "https://rows.com/docs/using-rows-api",
        "rows-{w48}",
        "rows-{w6}",
        weak=True,
    ),
    shape(
        "contentful-token",
        rb"CFPAT-",
        SLUG,
        36,
        80,
        "https://www.contentful.com/developers/docs/references/authentication/",
        "CFPAT-{s43}",
        "CFPAT-{w6}",
    ),
    parts(
        "storyblok-token",
        rb"tt-[0-9]{5,9}-[A-Za-z0-9_-]{16}",
        rb"(?<!\\)[A-Za-z0-9_-]{20,24}tt-[0-9]{5,9}-[A-Za-z0-9_-]{16,24}",
        "https://www.storyblok.com/docs/concepts/access-tokens",
        "{w22}tt-{d6}-{s20}",
        "tt-{d6}-{w6}",
        left=True,
    ),
    shape(
        "builder-key",
        rb"bpk-",
        HEX,
        30,
        64,
        "https://www.builder.io/c/docs/using-your-api-key",
        "bpk-{h32}",
        "bpk-{h6}",
        left=True,
    ),
    shape(
        "imagekit-key",
        rb"private_",
        rb"[A-Za-z0-9+/=]",
        26,
        40,
        "https://imagekit.io/docs/api-keys",
        "private_{b27}=",
        "private_{w9}",
        weak=True,
    ),
    parts(
        "cloudinary-secret",
        rb"cloudinary://[0-9]{10}",
        rb"cloudinary://(?P<secret>[0-9]{10,24}:[A-Za-z0-9_-]{16,64})",
        "https://cloudinary.com/documentation/cloudinary_sdks#configuration_parameters",
        "cloudinary://{d15}:{s27}@demo",
        "cloudinary://demo",
    ),
    shape(
        "dropbox-token",
        rb"sl\.",
        SLUG,
        100,
        2048,
        "https://www.dropbox.com/developers/reference/auth-types",
        "sl.B{s135}",
        "sl.{w6}",
        weak=True,
    ),
    parts(
        "mapbox-token",
        rb"[stp]k\.ey[IJ][A-Za-z0-9_-]{16}",
        rb"[stp]k\.ey[IJ][A-Za-z0-9_-]{16,1024}\.[A-Za-z0-9_-]{16,64}",
        "https://docs.mapbox.com/help/dive-deeper/access-tokens/",
        "sk.eyJ1Ijoi{w60}.{s22}",
        "sk.eyJ{w6}",
        left=True,
    ),
    # Two letters alone are too little to look for, so the sign in front is looked for with them.
)
