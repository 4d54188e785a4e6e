"""What programs print: each line has one secret that goes, and the rest of it stays; or none, and all of it stays."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from tests.unit.redaction.samples import filled

if TYPE_CHECKING:
    from tachograph.redaction import Sealer

P = "Tr0ub4dor" + "&3x"
WORD = "zebra" + "fishing"
R = filled("{w32}")
GITHUB = filled("ghp_{w36}")

# %s is the secret; what stands around it stays.
GONE: dict[str, tuple[str, str]] = {
    "environment of a container": ("- name: DB_PASSWORD\n  value: %s\n", WORD),
    "the same with carriage returns": ('"name": "DB_PASSWORD",\r\n "value": "%s"', P),
    "a line by itself": ("user: bob\npass: %s", P),
    "two letters": ("ID:bob PW:%s", P),
    "block scalar": ("password: |\n  %s\nport: 1", P),
    "list": ("password:\n  - %s", P),
    "escaped quote": ('password="q\\"%s"', P),
    "never closed": ('password="%s\nmore', P),
    "wrapped": ("password=SecretStr('%s')", P),
    "setter": ('client.setPassword("%s")', P),
    "type": ('val password: String = "%s"', P),
    "list in JSON": ('{"passwords":["%s"]}', P),
    "member in JSON": ('{"password":{"value":"%s"}}', P),
    "German": ("Kennwort: %s", P),
    "Russian": ("пароль: %s", P),
    "Chinese": ("密码\uff1a%s", P),
    "Spanish": ("contraseña: %s", P),
    "curl": ("curl -u bob:%s https://x", P),
    "curl without a blank": ("curl -ubob:%s https://x", P),
    "sshpass": ("sshpass -p %s ssh bob@db", P),
    "docker": ("docker login -u bob -p %s registry", P),
    "redis": ("redis-cli -h db -a %s", P),
    "keytool": ("keytool -storepass %s -list", P),
    "openssl": ("openssl rsa -passin pass:%s", P),
    "SQL": ("ALTER USER bob IDENTIFIED BY '%s';", P),
    "as the key": ("please use %s as the key", R),
    "the key is": ("the key is %s", R),
    "colour": ("\x1b[32m%s\x1b[0m", filled("AKIA{u16}")),
    "behind an arrow in JSON": ("\\u2192%s", filled("AKIA{u16}")),
    "lower percent sign": ("a=%%0a%s", GITHUB),
    "in the fragment": ("https://x.test/cb#code=%s", R),
    "end of a key": ("%s\n-----END RSA " + "PRIVATE KEY-----", R + R),
    "address": ("client %s connected", "91.2.3.4"),
    "phone in words": ("Telefon: %s", "030 123 4567"),
    "behind an escape and a word": (r'{"log":"ok\nhost=%s\nnext"}', "8.8.0.5"),
    "behind a word and an escape": (r'{"a":"Phone:\n%s ok"}', "780 6326"),
    "behind two escapes": (r'{"a":"auth\r\n%s"}', R),
    "far behind a blank": ("x" * 300 + r'"cmd":"mysql -p%s"', r"0\/e9"),
    "an escape beside a number": ("\n+905321234567\\ncoveralls-SECRET-KEY=%s", "s6Kq9"),
    "address escaped twice": (r'"https:\\/\\/user:%s@host\\/p"', "PWxxy7,"),
    "flag in a form": ("?q=mysql+--db-password+%s", P.replace("&", "")),
    "flag of another name in a form": ("cmd=deploy+--github_token+%s", R),
    "number behind a per cent sign": ("%%27%s%%27", "411111" + "1111111111"),
    "address behind a per cent sign": ("%%27%s%%27", "1.30.40.50"),
    "second of two numbers": ("call 0815/%s now", "0171 123 4567"),
    "second of two addresses": ("git@%s", "john.doe@acme.com"),
    "many pieces": ("secret=%s", "ab," * 400 + "q7Rk2Lw9XzP4"),
    "behind what is no marker": ("[REDACTED: password=%s", P),
    "within what is no marker": ('password="%s"', f"[REDACTED: {R}]"),
    "number by its name": ("my SSN is %s.", "150160063"),
    "number by its name in JSON": ('{"social_security_number": "%s"}', "150160063"),
    "address of a machine behind a user": ("ssh bob@%s", "17.132.120.3"),
    "phone in German": ("Mobilnummer: %s", "0171 7153416"),
    "phone in French": ("Téléphone portable : %s", "06 25 38 15 62"),
    "account of letters": ("IBAN: %s", "QA37 SYFA 3WY9 W852 7JPD 6AO9 5RHE Y"),
    "under a name of its own": ("password:\n  value: %s\n", P),
    "behind two colons": ("password::%s", P),
    "default of a variable": ("${DB_PASSWORD:-%s}", P),
    "word in JSON in JSON": (r'{"x":"{\"pw\": \"%s\"}"}', P),
}


@pytest.mark.parametrize("place", GONE)
def test_it_goes_and_what_is_around_it_stays(place: str, sealer: Sealer) -> None:
    template, secret = GONE[place]
    text = template % secret
    out = sealer.text(text, {})
    sealed = json.loads(sealer.json({"a": text}, {}))["a"]
    assert secret not in out
    assert secret[len(secret) // 2 :] not in out
    assert sealed == out, "on the short way too"
    assert sealer.text(out, again := {}) == out
    assert again == {}
    before = template.partition("%s")[0].replace("%%", "%")
    assert out.startswith(before) or place in {"curl", "curl without a blank", "end of a key", "escaped quote"}


VALUES: dict[str, object] = {
    "below a weaker name": {"credentials": {"user": "bob", "password": WORD}},
    "a pair of members": {"name": "DB_PASSWORD", "value": WORD},
    "a pair of OTLP": {"key": "db.password", "value": {"stringValue": WORD}},
    "a sensitive output": {"db": {"value": WORD, "sensitive": True}},
    "a Secret of Kubernetes": {"kind": "Secret", "data": {"foo": WORD}},
    "a JSON Web Key": {"kty": "EC", "x": "abc", "d": WORD},
    "curl": ["curl", "-u", "bob:" + WORD, "https://x"],
    "mysql": ["/usr/bin/mysql", "-u", "root", "-p" + WORD],
    "sshpass": ["sshpass", "-p", WORD, "ssh", "bob@db"],
}


@pytest.mark.parametrize("place", VALUES)
def test_it_goes_from_a_structure(place: str, sealer: Sealer) -> None:
    sealed = sealer.json(VALUES[place], tally := {})
    assert WORD.encode() not in sealed
    assert sum(tally.values()) == 1


LINES = "\n".join([filled("{w64}")] * 6)
DOCUMENTS = {
    "JSON Web Key": ('{"kty": "EC", "x": "' + "u" * 900 + '", "d": "%s"}', R),
    "key of PuTTY": ("Private-Lines: 6\n%s\n", LINES),
    "Secret of Kubernetes": ("kind: Secret\nmetadata:\n  note: " + "u" * 900 + "\ndata:\n%s\n", f"  foo: {R}"),
    "key in PEM": ("-----BEGIN RSA " + "PRIVATE KEY-----\n%s\n-----END RSA " + "PRIVATE KEY-----", LINES),
    "JSON Web Token": ("it is ey%s", filled("J{w40}.ey{w2000}.{w43}")),
}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_it_goes_from_the_beginning_of_a_large_text(document: str, sealer: Sealer) -> None:
    template, secret = DOCUMENTS[document]
    filler = "\n---\n" + "one two three\n" * 12_000
    out = sealer.text(template % secret + filler, tally := {})
    assert secret not in out
    assert secret[len(secret) // 2 :] not in out
    assert out.endswith(filler)
    assert sum(tally.values()) == 1


def test_all_private_members_of_a_key_go_from_a_large_text(sealer: Sealer) -> None:
    members = {name: filled("{w43}") for name in ("d", "p", "q", "dp", "dq", "qi")}
    out = sealer.text(json.dumps({"kty": "RSA", "n": "u" * 900, **members}) + " more" * 12_000, tally := {})
    assert [name for name, value in members.items() if value in out] == []
    assert tally == {"json-web-key": 6}


def test_a_telephone_number_is_known_by_its_name(sealer: Sealer) -> None:
    value = {"phone": "4155552671", "mobile_number": 4155552671, "phone_type": "mobile", "count": 4155552671}
    assert json.loads(sealer.json(value, {})) == {
        "phone": "[REDACTED:phone]",
        "mobile_number": "[REDACTED:phone]",
        "phone_type": "mobile",
        "count": 4155552671,
    }


@pytest.mark.parametrize("wrap", [0, 76])
@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("alphabet", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_token_in_base_64_goes_as_a_whole(wrap: int, depth: int, alphabet: object, sealer: Sealer) -> None:
    encode = base64.b64encode if alphabet is base64.b64encode else base64.urlsafe_b64encode
    body = f'{{"user": "bö", "note": "{"x" * 60}", "key": "{GITHUB}", "more": "{"y" * 80}"}}'.encode()
    for _ in range(depth):
        body = encode(body)
    text = body.decode()
    if wrap:
        text = "\n".join(text[at : at + wrap] for at in range(0, len(text), wrap))
    out = sealer.text(f"got {text}\nbye", tally := {})
    assert out.startswith("got [REDACTED:github-token:")
    assert out.endswith("]\nbye")
    assert tally == {"github-token": 1}
    # The same secret, however it is written, has one tag.
    assert out[4:-4] == sealer.text(GITHUB, {})


STAYS = [
    "PWD=/home/bob\nOLDPWD=/home",
    'docker run -v "$PWD":/work',
    "Authorization: Bearer",
    'headers = {"Authorization": f"Bearer {token}"}',
    "authorization: string;",
    "`Authorization`, `Cookie` and others",
    "accounts are identified by their email",
    "hotkeyJumpBackward.dispatch and PublicKeyIdentifier.fromJSON",
    "from client import BetaManagedAgentsCredential, AsyncBetaManagedAgentsCredential",
    "if a.password == hashed_password:",
    "b.password!=c.password",
    "def connect(user, pwd=None):",
    "password = random_password.db.result",
    "Password: !Ref DbPassword",
    "prompt='Password: ') or input(prompt='Again')",
    '"password": "Passwort"',
    '{"token":"abc12345","logprob":-0.1}',
    '{"pass":120,"fail":3}',
    "V8 to 9.6.180.15x, OID 1.3.101.112, Section 24.1.1.2",
    "5211 5212 5213 5214 5215 5216",
    "prompt: Default: 'Password: '\n  stream: A writable file 'x'",
    "def f(netscape_cookie, hide_cookie2=False): return hide_cookie2",
    "user_pass = '%s:%s' % (user, word)",
    "icon@2x.png user@1000.service",
    "Decimal('+35236450.6')",
    "mysql -h db --port=3306",
    "ssh --private-key ~/.ssh/id_rsa",
    "bob ALL=(ALL) NOPASSWD: /bin/ls",
    "&lt;password&gt;string&#x3C;string>",
    # Beside an escape that is undone.
    r'{"m":"SomeLib/1.22.33.44\nfoo"}',
    r"version 1.22.33.44\n",
    r"clone ssh://deploy@git.acme.com\nfoo",
    r"part R533.69.5701\n",
    r"id_212-555-1234\n",
    "let secret: SecretString = SecretString::new(token.into());",
    'parser.add_argument("--password", default=None, help="of the database")',
    "$password = $_POST['password'];",
    'var password = builder.Configuration["Db:Password"]; $"User={user};Password={password};"',
    'password = System.fetch_env!("DATABASE_PASSWORD")',
    "DB_PASSWORD=${DB_PASSWORD:?is required} REDIS_PASSWORD=${REDIS_PASSWORD:-}",
    "password = op://Private/Postgres/password",
    'api_key = "%(API_KEY)s" secret = "@@SECRET@@"',
    'api_key: "Clé d\'API"',
    "const GITHUB_PAT = /gh[pousr]_[A-Za-z0-9]{36,255}/g;",
    "UPDATE api_keys SET secret = :secret WHERE id = :id",
    "serviceAccountToken: {path: token, expirationSeconds: 3607}",
    "secrets:\n  db_password:\n    file: ./secrets/db_password.txt",
    "DB_PASSWORD=\nAPI_TOKEN=\n",
    r"`DB_PASSWORD=\nAPI_TOKEN=\n`",
    "arn:aws:secretsmanager:eu-west-1:481230977615:secret:prod/db/password-CPRn0F",
    "add --api-key flag and read it",
    "com.auth0:java-jwt:4.4.0, io.jsonwebtoken:jjwt-api:0.12.5",
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1kA6\n-----END PUBLIC KEY-----",
    "gpg: using RSA key C3F85710216909AFF20C75BA1C0DF41893DD4CAD",
    "kind: Secret\nmetadata: {}\n---\nkind: ConfigMap\ndata:\n  color: blue\n",
]


@pytest.mark.parametrize("text", STAYS)
def test_it_stays(text: str, sealer: Sealer) -> None:
    assert sealer.text(text, tally := {}) == text
    assert tally == {}


def test_a_number_in_the_json_of_a_text_leaves_json(sealer: Sealer) -> None:
    text = json.dumps({"a": json.dumps({"password": 12345678, "n": 1})})
    held = json.loads(json.loads(sealer.text(text, {}))["a"])
    assert held["n"] == 1
    assert held["password"].startswith("[REDACTED:password:")
