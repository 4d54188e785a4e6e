"""Payments, banking and shops.

Vendors: Adyen, Asaas, Braintree, Brex, Cashfree, Checkout, Duffel, Easypost, Flutterwave, Freemius, GoCardless,
Klarna, Lob, many with live_, many with test_, MercadoPago, Mercury, Midtrans, Mollie, Omise, Paddle, Persona, Plaid,
Polar, Rainforest, Ramp, Razorpay, Shippo, Shopify, Square, Stripe, SumUp, Wompi, WooCommerce, Xendit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.redaction.shapes.token_shape import (
    BASE64,
    KEBAB,
    SLUG,
    SLUG_END,
    SNAKE,
    SNAKE_END,
    STANDARD_BASE64,
    UUID,
    WORD,
    structured,
    token,
)

if TYPE_CHECKING:
    from tachograph.redaction.rule_types import Rule

# fmt: off
PAYMENTS: tuple[Rule, ...] = (
    # Clerk, Paystack, PayMongo, Courier, Liveblocks and others use the same prefixes.
    token("stripe-key", rb"[serp]k_(?:live|test|prod|dev)_", WORD, (10, 256), positive="sk_live_{w99}", negative="sk_test_mode_2", source="https://docs.stripe.com/keys"),
    token("stripe-key", rb"sk_org_(?:live_|test_)?", WORD, (24, 256), positive="sk_org_{w60}", negative="sk_org_chart_2", source="https://docs.stripe.com/keys"),
    token("stripe-webhook", rb"whsec_", STANDARD_BASE64, (16, 128), positive="whsec_{w32}", negative="whsec_header", source="https://docs.stripe.com/webhooks"),
    structured("stripe-client-secret", trigger=rb"_secret_[A-Za-z0-9]{16}",
        pattern=rb"(?:pi|seti|si|src|cs_live|cs_test|cuss|accs)_[A-Za-z0-9_]{8,128}_secret_[A-Za-z0-9]{16,256}",
        word_start=True, positive="pi_{w24}_secret_{w25}", negative="pi_3MtwBwLkdIwHu7ix28a3tqPa", source="https://docs.stripe.com/api/payment_intents/object#payment_intent_object-client_secret"),
    token("square-token", rb"EAAA", SLUG, (60, 60), end=SLUG_END, word_start=True, positive="EAAA{s60}", negative="EAAA2", source="https://developer.squareup.com/docs/build-basics/access-tokens"),
    token("square-token", rb"sq0(?:atp|csp|idp)-", SLUG, (22, 64), positive="sq0csp-{s43}", negative="sq0csp-name", source="https://developer.squareup.com/docs/build-basics/access-tokens"),
    token("braintree-token", rb"access_token\$(?:production|sandbox)\$", rb"[a-z0-9$]", (40, 96), positive="access_token$production${l16}${h32}", negative="access_token$sandbox$id", source="https://developer.paypal.com/braintree/articles/control-panel/important-gateway-credentials"),
    token("braintree-key", rb"(?:production|sandbox)_[a-z0-9]{8}_", WORD, (16, 16), end=SNAKE_END, mixed=True, positive="production_{l8}_{l16}", negative="sandbox_customer_1", source="https://developer.paypal.com/braintree/articles/control-panel/important-gateway-credentials"),
    structured("adyen-key", trigger=rb"AQE[a-z]?hmf[A-Za-z0-9+/]{8}",
        pattern=rb"AQE[a-z]?hmf[A-Za-z0-9+/=]{20,256}-[A-Za-z0-9+/=]{32,64}-[A-Za-z0-9!#$%(*+/:;=?@\[^_{|}~-]{6,48}(?<![.;:?!*])",
        word_start=True, positive="AQEyhmf{b86}==-{b43}=-{w16}", negative="AQEyhmf", source="https://docs.adyen.com/development-resources/api-credentials"),
    structured("plaid-token", trigger=rb"(?:access|public|link|processor)-(?:sandbox|development|production)-[0-9a-f]{8}-",
        pattern=rb"(?:access|public|link|processor)-(?:sandbox|development|production)-" + UUID,
        positive="access-sandbox-{h8}-{h4}-{h4}-{h4}-{h12}", negative="access-sandbox-0f1e2d3c", source="https://plaid.com/docs/api/tokens/"),
    token("shopify-token", rb"shp[a-z]{2,3}_", WORD, (16, 96), positive="shpat_{w32}", negative="shpat_token", source="https://shopify.dev/docs/apps/build/authentication-authorization"),
    token("shopify-token", rb"prtapi_", WORD, (24, 96), positive="prtapi_{h32}", negative="prtapi_token", source="https://shopify.dev/docs/apps/build/authentication-authorization"),
    token("shopify-token", rb"atkn_", WORD, (32, 128), word_start=True, positive="atkn_{h64}", negative="atkn_2", source="https://shopify.dev/docs/apps/build/authentication-authorization"),
    token("paddle-key", rb"pdl_(?:live|sdbx)_apikey_", SNAKE, (40, 128), positive="pdl_live_apikey_{l26}_{w22}_{w3}", negative="pdl_live_apikey_id", source="https://developer.paddle.com/api-reference/about/authentication"),
    token("paddle-webhook", rb"pdl_ntfset_", rb"[A-Za-z0-9+/_]", (40, 128), positive="pdl_ntfset_{l26}_{b32}", negative="pdl_ntfset_id", source="https://developer.paddle.com/api-reference/about/authentication"),
    # GoCardless: 40 characters, Lob: 35, Chargebee: 32, Mollie: 30, Paddle: 27. Twitch has its own row.
    structured("live-key", trigger=rb"live_[A-Za-z0-9_-]{16}", pattern=rb"live_(?!pub_|[0-9]{4,12}_)[A-Za-z0-9_-]{27,64}",
        mixed=True, positive="live_{w40}", negative="live_updates_for_version_2", source="https://developer.gocardless.com/getting-started/api/making-your-first-request/"),
    token("gocardless-key", rb"sandbox_", SLUG, (40, 40), end=SLUG_END, mixed=True, positive="sandbox_{w40}", negative="sandbox_mode_2", source="https://developer.gocardless.com/getting-started/api/making-your-first-request/"),
    # Mollie: 30 characters, Lob: 35, Column: 36, Kickbox: 64
    token("test-key", rb"test_", WORD, (30, 96), end=SNAKE_END, mixed=True, positive="test_{w30}", negative="test_that_user_2_has_no_name_yet", source="https://docs.mollie.com/reference/authentication"),
    token("mollie-token", rb"access_", WORD, (40, 40), end=SNAKE_END, mixed=True, positive="access_{w40}", negative="access_log_20261101", source="https://docs.mollie.com/reference/authentication"),
    token("lob-key", rb"(?:live|test)_pub_", WORD, (24, 64), positive="live_pub_{h31}", negative="test_pub_sub_2", source="https://docs.lob.com/#tag/Authentication"),
    token("flutterwave-key", rb"FLW(?:SECK|PUBK)(?:_TEST)?-?", KEBAB, (12, 64), positive="FLWSECK_TEST-{h32}-X", negative="FLWSECK_TEST-key", source="https://developer.flutterwave.com/docs/authentication"),
    token("razorpay-key", rb"rzp_(?:live|test)_", WORD, (14, 64), positive="rzp_live_{w14}", negative="rzp_live_mode", source="https://razorpay.com/docs/api/authentication/"),
    token("asaas-key", rb"\$aact_", rb"[A-Za-z0-9+/=:_-]", (24, 512), positive="$aact_prod_{b160}", negative="$aact_prod_key", source="https://docs.asaas.com/docs/authentication-2"),
    token("duffel-token", rb"duffel_(?:live|test)_", BASE64, (32, 96), positive="duffel_test_{s43}", negative="duffel_test_mode", source="https://duffel.com/docs/api/overview/making-requests"),
    token("easypost-key", rb"EZAK", WORD, (50, 64), word_start=True, positive="EZAK{w54}", negative="EZAK2", source="https://docs.easypost.com/docs/authentication"),
    token("easypost-key", rb"EZTK", WORD, (50, 64), word_start=True, positive="EZTK{w54}", negative="EZTK2", source="https://docs.easypost.com/docs/authentication"),
    token("shippo-token", rb"shippo_(?:live|test)_", WORD, (32, 64), positive="shippo_live_{h40}", negative="shippo_test_label", source="https://docs.goshippo.com/docs/guides_general/authentication"),
    token("polar-token", rb"polar_(?:[a-z]{1,6}_){1,2}", WORD, (28, 96), positive="polar_oat_{w43}", negative="polar_bear_cub_2", source="https://polar.sh/docs/integrate/authentication"),
    token("ramp-key", rb"ramp_(?:sec|id|tok)_", WORD, (32, 96), positive="ramp_sec_{w48}", negative="ramp_id_2", source="https://docs.ramp.com/developer-api/v1/authorization"),
    token("rainforest-key", rb"apikey_", WORD, (64, 64), end=SNAKE_END, positive="apikey_{h64}", negative="apikey_0f1e2d", source="https://docs.rainforestpay.com/docs/authentication"),
    token("persona-key", rb"persona_(?:production|sandbox)_", SLUG, (24, 96), positive="persona_production_{h8}-{h4}-{h4}-{h4}-{h12}", negative="persona_sandbox_id", source="https://docs.withpersona.com/api-keys"),
    token("brex-token", rb"bxt_", WORD, (32, 96), word_start=True, positive="bxt_{w40}", negative="bxt_2", source="https://developer.brex.com/docs/authentication/"),
    structured("freemius-key", trigger=rb"sk_[A-Za-z0-9!#$%&*?@^~]{29}", pattern=rb"sk_(?=[A-Za-z0-9]{0,27}[!#$%&*?@^~])[A-Za-z0-9!#$%&*?@^~]{29}(?![A-Za-z0-9])",
        mixed=True, positive="sk_{w14}#{w14}", negative="sk_mean # of the estimators", source="https://freemius.com/help/documentation/api/"),
    token("checkout-key", rb"[sp]k_sbox_", WORD, (26, 27), positive="sk_sbox_{l27}", negative="sk_sbox_2", source="https://www.checkout.com/docs/developer-resources/api/manage-your-api-keys"),
    structured("checkout-key", trigger=rb"[sp]k_(?:test_)?[0-9a-f]{8}-", pattern=rb"[sp]k_(?:test_)?" + UUID,
        word_start=True, positive="sk_test_{h8}-{h4}-{h4}-{h4}-{h12}", negative="sk_0f1e2d3c-1", source="https://www.checkout.com/docs/developer-resources/api/manage-your-api-keys"),
    token("xendit-key", rb"xnd_(?:public_)?(?:development|production)_", WORD, (32, 128), positive="xnd_production_{w60}", negative="xnd_production_mode", source="https://docs.xendit.co/docs/api-keys"),
    token("midtrans-key", rb"Mid-(?:server|client)-", SLUG, (16, 64), mixed=True, positive="Mid-server-{w24}", negative="Mid-server-name", source="https://docs.midtrans.com/docs/getting-started"),
    token("mercadopago-token", rb"APP_USR-[0-9]{6}", rb"[0-9A-Za-z_-]", (24, 128), positive="APP_USR-{d16}-{d6}-{h32}-{d9}", negative="APP_USR-123456", source="https://www.mercadopago.com/developers/en/docs/your-integrations/credentials"),
    token("cashfree-key", rb"cfsk_ma_(?:prod|test)_", SNAKE, (32, 96), positive="cfsk_ma_prod_{h32}_{h8}", negative="cfsk_ma_test_id", source="https://www.cashfree.com/docs/api-reference/authentication"),
    token("omise-key", rb"skey_(?:test_)?", WORD, (19, 32), word_start=True, positive="skey_test_{l19}", negative="skey_test_2", source="https://docs.omise.co/api-authentication"),
    token("wompi-key", rb"prv_(?:prod|test)_", WORD, (24, 64), positive="prv_prod_{w32}", negative="prv_test_2", source="https://docs.wompi.co/en/docs/colombia/ambientes-y-llaves/"),
    token("klarna-key", rb"klarna_(?:live|test)_(?:api|client)_", BASE64, (24, 256), positive="klarna_live_api_{b100}", negative="klarna_test_api_2", source="https://docs.klarna.com/acquirer/klarna/get-started/integration-guidelines/"),
    token("sumup-key", rb"sup_sk_", WORD, (24, 64), positive="sup_sk_{w32}", negative="sup_sk_2", source="https://developer.sumup.com/tools/authorization/api-keys/"),
    token("woocommerce-key", rb"ck_", WORD, (40, 40), end=SNAKE_END, word_start=True, positive="ck_{h40}", negative="ck_0f1e2d", source="https://woocommerce.com/document/woocommerce-rest-api/"),
    token("woocommerce-key", rb"cs_", WORD, (40, 40), end=SNAKE_END, word_start=True, positive="cs_{h40}", negative="cs_0f1e2d", source="https://woocommerce.com/document/woocommerce-rest-api/"),
    token("mercury-token", rb"mercury_(?:production|sandbox)_", SNAKE, (32, 160), positive="mercury_production_wma_{w60}_yrucrem", negative="mercury_production_wma", source="https://docs.mercury.com/docs/getting-started"),
)
# fmt: on
