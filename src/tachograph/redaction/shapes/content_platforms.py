"""Content, spreadsheets, files and maps.

Vendors: Airtable, Apify, Builder, Cloudinary, Contentful, Dropbox, ImageKit, Mapbox, Rows, Storyblok.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import SLUG, STANDARD_BASE64, WORD, structured, token

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
CONTENT_PLATFORMS: tuple[Rule, ...] = (
    token("apify-token", rb"apify_(?:api|ui|proxy)_", WORD, (30, 64), positive="apify_api_{w36}", negative="apify_api_{w6}", source="https://docs.apify.com/platform/integrations/api"),
    structured("airtable-token", trigger=rb"pat[A-Za-z0-9]{14}\.[0-9a-f]{16}", pattern=rb"pat[A-Za-z0-9]{14}\.[0-9a-f]{40,80}",
        word_start=True, positive="pat{w14}.{h64}", negative="pat{w14}.{h6}", source="https://airtable.com/developers/web/guides/personal-access-tokens"),
    structured("airtable-token", trigger=rb"oaa[A-Za-z0-9]{14}\.v[0-9]\.",
        pattern=rb"oaa[A-Za-z0-9]{14}\.v[0-9]\.(?:refresh\.)?[A-Za-z0-9+/=_-]{30,1024}(?:\.[A-Za-z0-9+/=_-]{16,256})?",
        word_start=True, positive="oaa{w14}.v1.{b120}.{h64}", negative="oaa{w14}.v1.{w6}", source="https://airtable.com/developers/web/api/oauth-reference"),
    token("rows-key", rb"rows-", WORD, (40, 80), mixed=True, positive="rows-{w48}", negative="rows-{w6}", source="https://rows.com/docs/using-rows-api"),
    token("contentful-token", rb"CFPAT-", SLUG, (36, 80), positive="CFPAT-{s43}", negative="CFPAT-{w6}", source="https://www.contentful.com/developers/docs/references/authentication/"),
    structured("storyblok-token", trigger=rb"tt-[0-9]{5,9}-[A-Za-z0-9_-]{16}", pattern=rb"(?<!\\)[A-Za-z0-9_-]{20,24}tt-[0-9]{5,9}-[A-Za-z0-9_-]{16,24}",
        word_start=True, positive="{w22}tt-{d6}-{s20}", negative="tt-{d6}-{w6}", source="https://www.storyblok.com/docs/concepts/access-tokens"),
    token("builder-key", rb"bpk-", WORD, (30, 64), word_start=True, positive="bpk-{h32}", negative="bpk-{h6}", source="https://www.builder.io/c/docs/using-your-api-key"),
    token("imagekit-key", rb"private_", STANDARD_BASE64, (26, 40), mixed=True, positive="private_{b27}=", negative="private_{w9}", source="https://imagekit.io/docs/api-keys"),
    structured("cloudinary-secret", trigger=rb"cloudinary://[0-9]{10}", pattern=rb"cloudinary://(?P<secret>[0-9]{10,24}:[A-Za-z0-9_-]{16,64})",
        positive="cloudinary://{d15}:{s27}@demo", negative="cloudinary://demo", source="https://cloudinary.com/documentation/cloudinary_sdks#configuration_parameters"),
    token("dropbox-token", rb"sl\.", SLUG, (100, 2048), mixed=True, positive="sl.B{s135}", negative="sl.{w6}", source="https://www.dropbox.com/developers/reference/auth-types"),
    structured("mapbox-token", trigger=rb"[stp]k\.ey[IJ][A-Za-z0-9_-]{16}", pattern=rb"[stp]k\.ey[IJ][A-Za-z0-9_-]{16,1024}\.[A-Za-z0-9_-]{16,64}",
        word_start=True, positive="sk.eyJ1Ijoi{w60}.{s22}", negative="sk.eyJ{w6}", source="https://docs.mapbox.com/help/dive-deeper/access-tokens/"),
)
# fmt: on
