"""Secrets that no shape and no name but their place gives away: arguments of calls and of tools, files, columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.unit.redaction.samples import filled

if TYPE_CHECKING:
    from tachograph.redaction import Sealer

P = "Tr0ub4dor" + "-3x"
R = filled("{w32}")
H = filled("{h32}")
PHRASE = "ribbon-muffin" + "-gustav-helena"

# %s is the secret; what stands around it stays.
GONE: dict[str, tuple[str, str]] = {
    # Calls.
    "requests": ('requests.get(url, auth=("bob", "%s"))', P),
    "requests, a word": ("auth=('bob', '%s') verify=False", "sesame" + "street"),
    "a class for it": ('auth=HTTPBasicAuth("bob", "%s"))', P),
    ".NET": ('new NetworkCredential("bob", "%s", "CORP")', P),
    "SMTP": ("smtp.login('bob', '%s')", P),
    "Go's SMTP": ('smtp.PlainAuth("", "bob", "%s", host)', P),
    "JDBC": ('DriverManager.getConnection(url, "bob", "%s");', P),
    "PDO": ("new PDO('mysql:host=db;dbname=x', 'sa', '%s', [PDO::ATTR => 1]);", P),
    "PDO in a trace": ("PDO->__construct('mysql:host=mq-3...', 'etl', '%s')", "fszSX" + "jVvwON"),
    "DBI": ('DBI->connect("DBI:mysql:x", "bob", "%s", { RaiseError => 1 })', P),
    "two tokens": ('auth.set_access_token("1-a", "%s")', R),
    "Twilio": ('Client("AC' + "%s" + '")', R),
    "PowerShell": ("ConvertTo-SecureString '%s' -AsPlainText", P),
    "WordPress": ("define('AUTH_KEY',         '%s');", "7Y>2bQx t8ehDN(#rQLCdb{DpLbG;F"),
    # Tools.
    "flag of a tool": ("sqlcmd -S db -U sa -P %s -d users", P),
    "flag and value in one": ("mongodump -u bob -p%s --port=1", P),
    "list of arguments": ("['sqlcmd', '-U', 'sa', '-P', '%s', '-d', 'x']", P),
    "curl in a list": ("Command '['curl', '-u', 'bob:%s', 'https://db']' timed out", P),
    "on more lines": ("sqlcmd -S db \\\n    -U sa \\\n    -P %s\n", P),
    "curl on more lines": ('curl -s https://db \\\n  -H "X: ' + "x" * 450 + '" \\\n  -u bob:%s \\\n  -d a=b', P),
    "docker on more lines": ("docker login r \\\n  -u sa \\\n  -p %s\n", P),
    "like a path of names": ("sqlcmd -S db -P %s -d x", "Drache" + ".Marble26"),
    "zip": ("zip -r -P %s a.zip b", P),
    "7-Zip": ("7z a -tzip -p%s -mem=AES256 a.zip b", P),
    "remote desktop": ("xfreerdp /u:bob /p:%s /v:h", P),
    "Samba": ("smbclient //h/share -U 'bob%%%s' -c ls", P),
    "OpenSSL": ("openssl enc -aes-256-cbc -in a -k %s", P),
    "HTTPie": ("http -a bob:%s example.org", P),
    "lftp": ("lftp -u bob,%s sftp://h", P),
    "SQL*Plus": ("sqlplus bob/%s@//h:1521/ORCL", P),
    "Oracle's JDBC": ("jdbc:oracle:thin:bob/%s@//h:1521/X", P),
    "htpasswd": ("htpasswd -b /etc/x bob %s", P),
    "wpa_passphrase": ("wpa_passphrase ssid %s", P),
    "nmcli": ("nmcli dev wifi connect ssid password %s", P),
    "net use": (r"net use Z: \\h\share /user:CORP\bob %s /persistent:yes", P),
    "cmdkey": ("cmdkey /add:h /user:bob /pass:%s", P),
    "mysqladmin": ("mysqladmin -u root password %s", P),
    "RabbitMQ": ("rabbitmqctl -n x add_user bob %s", P),
    "MinIO": ("mc alias set m http://h access-key %s", P),
    "GitHub's secret": ("gh secret set FOO --body %s", P),
    "secret of a host": ("fly secrets set FOO=%s", P),
    "secret of .NET": ('dotnet user-secrets set "Db:X" "%s"', P),
    "Vault": ("vault login %s", P),
    "npm": ("npm config set //npm.example.org/:_authToken %s", R),
    "AWS secret": ("aws secretsmanager create-secret --name x --secret-string %s", P),
    "AWS parameter": ("aws ssm put-parameter --type SecureString --name x --value %s", P),
    "Azure secret": ("az keyvault secret set --vault-name v --name n --value %s", P),
    "kubectl": ("kubectl create secret generic x --from-literal=foo=%s", P),
    "setx": ("setx API_TOKEN %s", P),
    "Redis": ("AUTH default %s", P),
    "Erlang": ("erl -setcookie %s -name x", "WONBKOZ" + "YVLCWIDCNYIDU"),
    "piped into docker": ("echo '%s' | docker login ghcr.io -u bob --password-stdin", P),
    "piped into sudo": ("echo %s | sudo -S ls", P),
    "piped into chpasswd": ('echo "root:%s" | sudo chpasswd', P),
    # Files, dialogs, dumps.
    ".pgpass": ("db.internal:5432:app:bob:%s", P),
    "DSN of Go": ('dsn := "bob:%s@tcp(db:3306)/hr"', P),
    "ODBC": ("SERVER=h;UID=bob;PWD={%s};", P + "?"),
    "ODBC in a URL": ("jdbc:redshift://h:5439/dev?UID=bob&PWD=%s", P),
    "router": ("username bob privilege 15 password 0 %s", P),
    "community": ("snmp-server community %s RO", P),
    "IPsec": ('10.0.0.1 10.0.0.2 : PSK "%s"', P),
    "ACL of Redis": ("user bob on >%s ~cache:* +@read", P),
    "HAProxy": ("  stats auth admin:%s", P),
    "HAProxy's user": ("  user backup insecure-password %s", P),
    "NTLM": ("bob:500:%s:::", f"{H}:{H}"),
    "PgBouncer": ('"admin" "%s"', "md5" + H),
    "state of Terraform": ('"type": "random_password", "result": "%s", "special": true', P),
    "variable of Terraform": ('variable "x_api_key" {\n  type    = string\n  default = "%s"\n}', R),
    "AppRole": ("role_id: ccda7b83-03c6-4cef-863d-d5bb54db017c\nsecret_id: %s", "f0857066-6cae-4ea6-b385-4d8558078366"),
    "unseal key": ("Unseal Key 1: %s", filled("{w43}") + "="),
    "FTP": ("> USER backup\n< 331 Password required\n> PASS %s\n< 230 ok", P),
    "IMAP": ('a1 LOGIN "bob" "%s"', P),
    "expect": ('expect "password:"\nsend "%s\\r"', P),
    "form as it is sent": ('Content-Disposition: form-data; name="password"\r\n\r\n%s\r\n--b--', P),
    "form as it is written": ('<input type="password" name="x" id="y" value="%s">', P),
    "hidden field": ('<input name="client_secret" type="hidden" value="%s"/>', R),
    "property in XML": ('<property name="hibernate.connection.password">%s</property>', PHRASE),
    "attributes in XML": ('<wsse:Password Type="PasswordText">%s</wsse:Password>', P),
    "value in XML": ("<Password><Value>%s</Value></Password>", P),
    "attribute": ('<Connector keystorePass="%s" clientAuth="false"/>', P),
    "wireless": ('ssid="x"\npsk="%s"', P),
    "columns of signs": ('db_password     = "%s"', "Violet%d4k0t4160*"),
    "three quotes": ('bind_password = """%s"""', P),
    "of Ruby": ('ENV["X_API_TOKEN"] ||= "%s"', R),
    "national string": ("CREATE LOGIN bob WITH PASSWORD = N'%s', CHECK_POLICY=OFF", P),
    "dump of PHP": ('["password"]=>\n  string(14) "%s"', P),
    "in bold": ("**Password:** %s  \n**Login:** backup", P),
    "for a program": ("SSHPASS=%s sshpass -e ssh h", P),
    "phrase": ("db_password = %s", PHRASE),
    "letters alone": ("shipping_token: %s", "xHHXUcvANYqJlE" + "FvipqMSgpppcmSHpiI"),
    "constant of C": ('#define WIFI_PASS "%s"', "Papaya1992?"),
    "words and digits in quotes": ("mongosh --password '%s' --eval 'x'", "Drache" + ".Marble26"),
    "parentheses in quotes": ('MAIL_PASSWORD="%s"', "kaeiKyj0ny(H8x)%"),
    "seed": ('MNEMONIC="%s"', "noble abandon winter drift goose puzzle kangaroo ribbon tunnel salmon maple oyster"),
    "plan of Terraform": ('~ password = "%s" -> (sensitive value)', P),
    "new in a plan of Terraform": ('  ~ password = (sensitive value)\n  ~ token = "x" -> "%s"', R),
    "prompt of AWS": ("AWS Secret Access Key [None]: %s\n", filled("{w40}")),
    "prompt of AWS, again": ("AWS Secret Access Key [****************ABCD]: %s\n", filled("{w40}")),
    "array of PHP": ("    [username] => bob\n    [password] => %s\n", P),
    "prompt of Python": (">>> os.environ['DB_PASS']\n'%s'", P),
    "printed": ("$ terraform output -raw db_password\n%s\n", P),
    "printed by kubectl": ("$ kubectl get secret x -o jsonpath='{.data.p}' | base64 -d\n%s\n$ ", P),
    "reset": ("Password for the [elastic] user successfully reset.\nNew value: %s", filled("{w8}-{w11}")),
    "key in base 64": ("client-key-data: %s", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo" + filled("{w200}")),
    "one-time password": ("this setup key: TOTP secret %s, then", "QHYIOXB3RYR" + "TSVAH"),
    "second flag": ("snmpwalk -v3 -a SHA -A '[REDACTED:password]' -x AES -X '%s' sw1", P),
    "signing key": ("jwt.sign({ sub: user.id }, '%s', { expiresIn: '15m' })", P),
    "table of psql": ("  name   |  api_key\n---------+---------\n billing | %s\n(1 row)", R),
    "cookie of curl": ("curl -s -b '%s' https://x.example/", "session=" + R + "; theme=dark"),
    "with a slash": ("DB_PASS=%s", "kJ8/Qx2" + "pLm9vTz"),
    "like a test": ("SMTP_PASS=%s", "Testing" + "123!"),
    "on the next line": ("password:\n  %s\n", "kOlEVlbe" + "OOnsxA=="),
    "with a brace": ("password=%s", "Xk2Pq9{" + "v8!mT#"),
    "like PHP": ('"password": "%s"', "$vR2[x9]" + "Lm#4"),
    "like a path": ('"password": "%s"', "file://" + "Ab9x!"),
    "in quotes": ("curl -u %s h", 'bob:"pa ss9"'),
    "of a list, behind its program": ("['unzip', '-P', '%s', 'a.zip']", P),
    "of a list, with a blank": ("['sqlcmd', '-S', 'a', '-P', '%s', '-d']", "x9! Qz7)"),
    "in the first line of JSON": ('{"a": "| user | password |\\n|---|---|\\n| bob | %s |\\n"}', P),
    "behind an odd row": ('name,password,note\nbob,"x",1,2\nann,%s,yo\n', P),
    "other quotes": ('auth=("user", "%s")', "pa'ss12"),
    "not the first flag": ('ConvertTo-SecureString -AsPlainText "%s" -Force', P),
    "piped phrase": ('echo "%s" | docker login -u x --password-stdin', "correct horse " + "battery9"),
    "HTTPie, settled": ("http --auth=%s example.org", "bob:" + P),
    # Sentences.
    "Russian": ("Пароль от базы: %s", P),
    "Italian": ("password di accesso: %s", P),
    "French label": ("Mot de passe : %s", P),
    "password for": ("the new password for the staging VPN is %s - please change it", PHRASE),
    "key for": ("the app key for staging is %s - please", R),
    "German": ("Das Passwort für den Benutzer bob lautet: %s", P),
    "French": ("Le mot de passe de la base est « %s », l'utilisateur reste", P),
    "with password": ("logging in as bob with password %s", P),
    "user and password": ("Credentials for the jump host: root / %s", P),
    # Columns.
    "Markdown": ("| env | user | password |\n|---|---|---|\n| staging | bob | %s |\n", P),
    "CSV": ("id,username,password,note\n1,bob,%s,old\n", P),
    "CSV, the last": ("id,password\n1,%s\n", P),
    "CSV, the first": ("x\npassword,id\n%s,1\n", P),
    "SQL on more lines": ("INSERT INTO x\n  (api_key, b)\nVALUES\n  ('%s', 1)", R),
    "SQL": ("INSERT INTO x (name, api_key, active) VALUES ('yon(d'',er', '%s', 1);", R),
}  # fmt: skip


@pytest.mark.parametrize("place", GONE)
def test_it_goes_and_what_is_around_it_stays(place: str, sealer: Sealer) -> None:
    template, secret = GONE[place]
    if place == "Twilio":
        secret, template = H, f'Client("AC{H[::-1]}", "%s")'
    text = template % secret
    out = sealer.text(text, tally := {})
    sealed = json.loads(sealer.json({"a": text}, {}))["a"]
    before, _, after = (part.replace("%%", "%") for part in template.partition("%s"))
    assert secret not in out
    assert secret[len(secret) // 2 :] not in out
    assert out.endswith(after)
    assert out.startswith(before) or place in {"curl in a list", "curl on more lines", "Twilio"}
    assert sum(tally.values()) == (2 if place == "Twilio" else 1)
    assert sealed == out, "on the short way too"
    assert sealer.text(out, again := {}) == out
    assert again == {}


def test_all_rows_of_a_table_are_read(sealer: Sealer) -> None:
    rows = [(f"user{number}", filled("{w20}")) for number in range(2000)]
    out = sealer.text("user,password\n" + "".join(f"{user},{word}\n" for user, word in rows) + "end\n", tally := {})
    assert [word for _, word in rows if word in out] == []
    assert all(f"{user}," in out for user, _ in rows)
    assert tally == {"password": 2000}


@pytest.mark.parametrize("sign", ["a", "a1B", "\\\\", "'", "''", '"a", ', "[", "(", ",", "|", "-p ", "a=", "\u2019"])
def test_what_repeats_is_read_to_its_end(sign: str, sealer: Sealer) -> None:
    for template, _ in GONE.values():
        head = template.partition("%s")[0]
        for text in (head + sign * 4000, (head + sign * 40) * 40, head * 100):
            assert sealer.text(text, {})


STAYS = [
    "SERVER_AUTH = (129, 'serverAuth')",
    'auth=("user", "pass")',
    'auth=(os.environ["U"], os.environ["P"])',
    'login("bob", "submit form")',
    "client.login(user, password)",
    "DriverManager.getConnection(url, user, password)",
    "sqlcmd -S db -U sa -P $SA_PASSWORD",
    "gzip -9 file && zip -r a.zip b",
    "echo $TOKEN | docker login -u bob --password-stdin",
    "250-AUTH LOGIN PLAIN CRAM-MD5\n250 8BITMIME",
    "smtp.add_feature('AUTH CRAM-MD5')",
    "the user forgot password again",
    "Please log in with password authentication, or with token support",
    "The token for the next page is returned in the header",
    "the key for the object is s3://bucket/a1/b2.json",
    "| name | token |\n| a1 | b2c3d4e5f6 |",
    '__all__ = (\n    "key_password",\n    "server_hostname2",\n)',
    'username,password\nno_such_row\n"x"',
    "fun login(user: String, password: CharArray): TokenResponse = api.login(user, password)",
    '"authenticity_token"=>"[FILTERED]", "password"=>"[FILTERED]"',
    "DB_PASSWORD=\nAPI_KEY=\nTOKEN_TTL=3600\n",
    '<string name="confirm_password">Confirm password</string>',
    "kubectl get secrets\nNAME",
    'f"DRIVER=x;UID={user};PWD={password};"',
    "$ terraform output -raw bucket_name\nlogs-7f3a91\n",
    'Content-Disposition: form-data; name="password"\r\n\r\n${PASSWORD}\r\n--b--',
    "each user depends on >=3.11",
    "user | password\n---|---\n",
    "x.log: op read op://a/b failed\nhttps://docs.example/x1\n",
    "COMPRESS ('gzip --best')\nPOSTOP ('@ :')",
    "wpa_passphrase ssid\nnothing",
    "--- PASS: TestServer/5 (0.06s)\nPASS: tests/unit_1.sh",
    "f.pass = &emptyPass; Secret: TestSecret{1}, Credential: &syscall.Credential{Uid: 1}",
    't.Errorf("serverSecret = %x, Proxy-Authorization=%q, want %v", got)',
    "E_AUTH: Final = -2018574313",
    'ACL_CREDENTIALS = "Access-Control-Allow-Credentials"',
    "isinstance(private_key, ed25519.Ed25519PrivateKey)",
    "const b64Key = util_1.encoding.base64Encode(publicKey);",
    "SO_COOKIE                        = 0x39",
    "SYS_MEMFD_SECRET            = 447",
    'class Cookie:\n    """HTTP cookie, version 1."""',
    "<input type='password' name='password' placeholder='Password'>",
    '<input name="q" value="a1b2c3d4e5f6a7b8">',
    "INSERT INTO x (id, token_type) VALUES (1, 'bearer');",
    'variable "region" {\n  default = "eu-west-1"\n}',
    "secret_id: f0857066-6cae-4ea6-b385-4d8558078366",
    "cd $OLDPWD; PWD=/srv/app make",
    "kubectl create configmap x --from-literal=foo=bar1234",
]  # fmt: skip


@pytest.mark.parametrize("text", STAYS)
def test_it_stays(text: str, sealer: Sealer) -> None:
    assert sealer.text(text, tally := {}) == text
    assert tally == {}


def test_flags_of_tools_in_a_list(sealer: Sealer) -> None:
    value = {"argv": ["/usr/bin/sqlcmd", "-U", "sa", "-P", "sesame" + "street", "-d", "users"]}
    sealed = json.loads(sealer.json(value, tally := {}))
    assert sealed["argv"][:4] == value["argv"][:4]
    assert sealed["argv"][4].startswith("[REDACTED:secret:")
    assert sealed["argv"][5:] == ["-d", "users"]
    assert tally == {"secret": 1}


JSON = [
    json.dumps({"a": '10.0.0.1 : PSK "' + P + '"'}),
    json.dumps(json.dumps({"a": "h:5432:d:u:" + P})),
    json.dumps(json.dumps({"a": "user alice on >" + P})),
    json.dumps({"a": 'x; name="password"\r\n\r\n' + P, "b": "end"}),
    json.dumps({"a": "h:5432:d:u:" + P + "\nnext"}),
    json.dumps({"a": f"curl -u bob:{P}", "b": "https://x"}),
    json.dumps({"a": f'<input type="password" value="{P}">', "b": 1}),
]


@pytest.mark.parametrize("text", JSON)
def test_json_stays_json(text: str, sealer: Sealer) -> None:
    sealed = json.loads(sealer.text(text, {}))
    given = json.loads(text)
    assert P not in str(sealed)
    assert (sealed != given, type(sealed)) == (True, type(given))
    assert type(given) is str or list(sealed.items())[1:] == list(given.items())[1:]
