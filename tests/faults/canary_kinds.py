"""The kinds of secret that are planted in every carrier."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
import string
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.faults.canary_secrets import Secret, filled, letters, sample, stretches

from tachograph.redaction.catalogue import RULES

if TYPE_CHECKING:
    import random

    from tests.faults.canary_secrets import Maker

_LONG = re.compile(r"\{[wsbhHul](?:[89]|\d\d+)\}")

# In parts, so that no file holds what looks like a secret.
_PEM = "-----BEGIN {0}" + "PRIVATE KEY-----/{{w64}}/{{w64}}/{{w64}}/-----END {0}" + "PRIVATE KEY-----"

_SAMPLES = {
    # Vendors
    "GitHub": "ghp_{w36}",
    "GitHub, fine-grained": "github_pat_{w22}_{w59}",
    "GitLab": "glpat-{w20}",
    "AWS": "AKIA{u16}",
    "Google": "AIza{w35}",
    "Google OAuth": "ya29.a0{w160}",
    "Azure storage": "AccountName=shop;AccountKey={w86}==;EndpointSuffix=core.windows.net",
    "DigitalOcean": "dop_v1_{h64}",
    "Vercel": "vcp_{w56}",
    "Netlify": "nfp_{w36}",
    "npm": "npm_{w36}",
    "PyPI": "pypi-AgEIcHlwaS5vcmc{w140}",
    "Docker": "dckr_pat_{w27}",
    "CircleCI": "CCIPAT_{w22}_{h40}",
    "Terraform": "{w14}.atlasv1.{w67}",
    "Vault": "hvs.CAESI{w90}",
    "Doppler": "dp.st.prd.{w43}",
    "Supabase": "sbp_{h40}",
    "Databricks": "dapi{h32}-2",
    "Airtable": "pat{w14}.{h64}",
    "OpenAI": "sk-proj-{w74}",
    "OpenAI, older": "sk-{w20}T3BlbkFJ{w20}",
    "Anthropic": "sk-ant-api03-{w93}AA",
    "OpenRouter": "sk-or-v1-{h64}",
    "Groq": "gsk_{w52}",
    "xAI": "xai-{w80}",
    "Perplexity": "pplx-{w48}",
    "Hugging Face": "hf_{w34}",
    "Replicate": "r8_{w37}",
    "LangSmith": "lsv2_pt_{h32}_{h10}",
    "Langfuse": "sk-lf-{h8}-{h4}-{h4}-{h4}-{h12}",
    "Stripe": "sk_live_{w99}",
    "Shopify": "shpat_{h32}",
    "Slack": "xoxb-{d12}-{d13}-{w24}",
    "Slack webhook": "https://hooks.slack.com/services/T{u8}/B{u8}/{w24}",
    "Telegram": "{d10}:AA{w33}",
    "Twilio": "SK{h32}",
    "SendGrid": "SG.{w22}.{w43}",
    "HubSpot": "pat-na1-{h8}-{h4}-{h4}-{h4}-{h12}",
    "Grafana": "glsa_{w32}_{h8}",
    "New Relic": "NRAK-{u27}",
    "Sentry": "https://{h32}@o{d7}.ingest.us.sentry.io/{d16}",
    "Notion": "ntn_{w46}",
    "Linear": "lin_api_{w40}",
    "Figma": "figd_{w40}",
    "Atlassian": "ATATT3xFf{w180}={H8}",
    "Postman": "PMAK-{h24}-{h34}",
    "age": "AGE-SECRET-KEY-1{u58}",
    # Structures
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJ{w40}.{w43}",
    "PEM of many lines": _PEM.format("RSA ").replace("/", "\n"),
    "PEM on one line": _PEM.format("EC ").replace("/", r"\n"),
    "password hash": "$2b$12${w53}",
    # Headers and addresses
    "Bearer": "Authorization: Bearer {w40}",
    "Bearer alone": "Bearer {w40}",
    "cookie": "Cookie: session={w32}; theme=dark",
    "cookie that is set": "Set-Cookie: sid={w32}; Path=/; HttpOnly",
    "header of a key": "x-api-key: {w32}",
    "URL with a password": "https://app:{w20}@files.example.org/k?page=2",
    "URL of a database": "postgresql://app:{w24}@db.internal:5432/prod?sslmode=require",
    "URL with a signature": "https://b.s3.amazonaws.com/k?X-Amz-Credential={w20}&X-Amz-Signature={h64}&page=2",
    "URL with a SAS": "https://shop.blob.core.windows.net/c/b?sv=2024-11-04&sig={w43}%3D&se=2027",
    "URL with a key": "https://api.example.org/v1?key=1&api_key={w32}&page=2",
    # Names that give it away
    "JSON": '{"user": "ann", "password": "{w20}", "port": 1}',
    "JSON in JSON": r'{"arguments": "{\"api_key\": \"{w32}\"}"}',
    "Python": "{'user': 'ann', 'client_secret': '{w32}', 'port': 1}",
    "YAML": "user: ann\npassword: {w20}\nport: 1",
    "environment": "export ACME_SECRET_KEY={w32}",
    "dotenv": 'DB_PASSWORD="{w24}"',
    "flag": "acme --verbose --api-key {w32} --dry-run",
    "flag with a sign": "acme --password={w20} --dry-run",
    "curl": "curl -s -u ann:{w20} https://api.example.org/x",
    "XML": "<login><password>{w20}</password></login>",
    "connection string": "Server=db;Database=x;User Id=app;Password={w20};Encrypt=true",
    "prose": "the password is {w20}",
    "SQL": "ALTER USER ann IDENTIFIED BY '{w20}'",
    "netrc": "machine example.org login ann password {w20}",
    # Written in another way
    "percent": "next=%2Fx%3Fpassword%3D{w24}%26page%3D2",
    "entities": "&quot;password&quot;: &quot;{w24}&quot;",
    "unicode escapes": r"password=\u0022{w24}\u0022",
}


def _basic(source: random.Random) -> Secret:
    word, (hidden,) = filled("{w24}", source)
    written = base64.b64encode(f"ann:{word}".encode()).decode()
    return Secret(f"Authorization: Basic {written}", (hidden, *stretches(written[8:])))


def _encoded(source: random.Random) -> Secret:
    token, hidden = filled("ghp_{w36}", source)
    written = base64.b64encode(f"token={token};".encode()).decode()
    return Secret(written, (*hidden, *stretches(written[16:])))


def _email(source: random.Random) -> Secret:
    name = letters(source, 16)
    return Secret(f"{name}@example.org", (name,))


def _card(source: random.Random) -> Secret:
    body = "4" + letters(source, 14, string.digits)
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(body)]
    last = -sum(value // 10 + value % 10 for value in doubled) % 10
    digits = f"{body}{last}"
    text = " ".join(digits[at : at + 4] for at in range(0, 16, 4))
    return Secret(text, (text,))


def _iban(source: random.Random) -> Secret:
    account = letters(source, 18, string.digits)
    check = 98 - int(f"{account}131400") % 97
    text = f"DE{check:02}{account}"
    grouped = " ".join(text[at : at + 4] for at in range(0, len(text), 4))
    return Secret(grouped, (grouped[2:],))


def _ssn(source: random.Random) -> Secret:
    text = f"{source.randint(100, 665)}-{source.randint(10, 99)}-{source.randint(1000, 9999)}"
    return Secret(f"SSN {text}", (text,))


def _phone(source: random.Random) -> Secret:
    text = f"415-{source.randint(200, 999)}-{source.randint(1000, 9999)}"
    return Secret(f"call me: +1 {text}", (text,))


def _address(source: random.Random) -> Secret:
    octets = [source.randint(193, 197), *(source.randint(100, 254) for _ in range(3))]
    text = ".".join(map(str, octets))
    return Secret(text, (text,))


def _long_address(source: random.Random) -> Secret:
    text = str(ipaddress.IPv6Address((0x2A02 << 112) | source.getrandbits(112) | 0x1000_1000_1000_1000_1000_1000_1000))
    return Secret(text, (text,))


def _quoted(source: random.Random) -> Secret:
    """A password that is written differently in JSON."""
    first, last = (filled("{w12}", source)[0] for _ in range(2))
    return Secret("login " + json.dumps({"password": f'{first}"\\{last}'}), (first, last))


def _escaped(source: random.Random) -> Secret:
    word, (hidden,) = filled("{w24}", source)
    password = f"/{word}/+"
    return Secret(f"amqp://app:{quote(password, safe='')}@queue.example.org/x", (hidden,))


KINDS: dict[str, Maker] = {
    **{name: sample(template) for name, template in _SAMPLES.items()},
    "Basic": _basic,
    "base 64 of a token": _encoded,
    "password with signs in JSON": _quoted,
    "password with signs in a URL": _escaped,
    "e-mail address": _email,
    "card": _card,
    "IBAN": _iban,
    "social security number": _ssn,
    "telephone number": _phone,
    "address on the Internet": _address,
    "long address on the Internet": _long_address,
}
"""By name; each is planted in each carrier that can hold it."""


def _shape(template: str) -> Maker:
    def make(source: random.Random) -> Secret:
        text, hidden = filled(template, source)
        # What stands in front of the last part of an address is a name.
        return Secret(text, hidden[-1:] if "://" in template else hidden)

    return make


SHAPES: dict[str, Maker] = {
    f"{rule.kind}: {rule.positive}": _shape(rule.positive) for rule in RULES if _LONG.search(rule.positive)
}
"""Every shape the product knows; each is planted in one carrier."""
