"""One row of the vocabulary is enough for a new word, and no other module has a list of secret words."""

from __future__ import annotations

import ast
import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tachograph import redaction
from tachograph.redaction.words.name_strength import kind_of, secret_name
from tachograph.redaction.words.secret_words import WORDS, Strength, Word

if TYPE_CHECKING:
    from tachograph.redaction import Sealer

VALUE = "Harbour7" + "light"

TEXTS = {
    "assignment": "zuvala=%s",
    "assignment with blanks": "zuvala = '%s'",
    "JSON": '{"user": "ann", "zuvala": "%s"}',
    "JSON in JSON": r'{"a": "{\"zuvala\": \"%s\"}"}',
    "YAML": "user: ann\nzuvala: %s\n",
    "YAML, a pair": "- name: DB_ZUVALA\n  value: %s\n",
    "TOML": '[db]\nzuvala = "%s"\n',
    "environment variable": "export ACME_ZUVALA=%s",
    "query of a URL": "GET /x?page=2&zuvala=%s",
    "query, encoded": "next=%%2Fx%%3Fzuvala%%3D%s%%26page",
    "query, a flag in it": "command=acme+--zuvala+%s",
    "query, a sentence in it": "text=the+zuvala+is+%s",
    "header": "X-Acme-Zuvala: %s",
    "flag": "acme --zuvala %s --verbose",
    "flag with an underscore": "acme --db_zuvala %s --verbose",
    "flag with a sign": "acme --zuvala=%s --verbose",
    "flag in a list": "['acme', '--zuvala', '%s']",
    "SQL": "INSERT INTO users (name, zuvala) VALUES ('ann', '%s');",
    "head of a table": "| user | zuvala |\n| --- | --- |\n| ann | %s |\n",
    "head of CSV": "user,zuvala\nann,%s\n",
    "element": "<login><zuvala>%s</zuvala></login>",
    "attribute": '<add key="Zuvala" value="%s"/>',
    "name of an element": '<param name="zuvala">%s</param>',
    "field of a form": '<input name="zuvala" value="%s">',
    "field of a form as it is sent": 'name="zuvala"\r\n\r\n%s\r\n',
    "prompt of Python": ">>> config['zuvala']\n'%s'\n",
    "comparison": 'if "%s" == zuvala:',
    "constant of C": '#define DB_ZUVALA "%s"',
    "the noun is": "the zuvala is %s",
    "the noun for it is": "The zuvala for the server is %s.",
    "with the noun": "log in with zuvala %s",
    "as the noun": "use %s as the zuvala",
}
VALUES: dict[str, Any] = {
    "member": {"zuvala": VALUE},
    "attribute key": {"db.acme.zuvala": VALUE},
    "pair": {"name": "zuvala", "value": VALUE},
    "arguments": ["acme", "--zuvala", VALUE],
    "base 64": {"data": base64.b64encode(f"user=ann;zuvala={VALUE};".encode()).decode()},
}

_FIRST_ROW = "WORDS: tuple[Word, ...] = (\n"
_NEW_ROW = '    Word("zuvala", STRONG, "zuvala"),\n'
_RUN = """
import json, sys
from tachograph.redaction import Sealer
from tachograph.redaction.scan import engine_loader
engine_loader.wait()
sealer = Sealer(bytes(32), None)
texts, values = json.load(sys.stdin)
print(json.dumps([{n: sealer.text(t, {}) for n, t in texts.items()},
                  {n: sealer.json(v, {}).decode() for n, v in values.items()}]))
"""


def test_one_row_makes_a_word_known_in_every_syntax(tmp_path: Path) -> None:
    package = Path(redaction.__file__).parents[1]
    copy = shutil.copytree(package, tmp_path / "src" / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    table = copy / "redaction" / "words" / "secret_words.py"
    rows = table.read_text("utf-8")
    assert rows.count(_FIRST_ROW) == 1
    table.write_text(rows.replace(_FIRST_ROW, _FIRST_ROW + _NEW_ROW), "utf-8")
    environ = {**os.environ, "PYTHONPATH": str(copy.parent), "XDG_CACHE_HOME": str(tmp_path)}
    given = json.dumps([{name: text % VALUE for name, text in TEXTS.items()}, VALUES])
    done = subprocess.run(
        [sys.executable, "-c", _RUN], env=environ, input=given, capture_output=True, text=True, check=True
    )
    sealed = {name: text for part in json.loads(done.stdout) for name, text in part.items()}
    assert sorted(sealed) == sorted([*TEXTS, *VALUES])
    assert {name: text for name, text in sealed.items() if VALUE in text} == {}
    assert "[REDACTED:zuvala:" in sealed["assignment"]


@pytest.mark.parametrize("name", TEXTS)
def test_without_the_row_it_stays(name: str, sealer: Sealer) -> None:
    assert VALUE in sealer.text(TEXTS[name] % VALUE, {})


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.written)
def test_the_row_says_the_kind_and_the_strength(word: Word) -> None:
    name = word.written.encode()
    assert kind_of(name) == word.kind
    # By itself, `key` is a word of mappings.
    assert secret_name(name) is (Strength.NONE if word.written == "key" else word.strength)


_LISTED = {word.written for word in WORDS if word.strength >= Strength.WEAK and len(word.written) > 5} | {"pwd"}
_SCHEMES = {"bearer", "authorization", "cookie"}
# Keywords of one tool: passwords of IOS, options of libcurl, keytool and others, objects in code, parameters of
# signed URLs.
_SYNTAX = (
    "(?:password|secret)[ \\t]",
    "enable (?:password|secret) ",
    "(?i)curlopt_",
    "htpasswd|keytool",
    "process|env|",
)


def test_no_other_module_has_a_list_of_secret_words() -> None:
    folder = Path(redaction.__file__).parent
    files = [path for path in folder.rglob("*.py") if path.name != "secret_words.py" and path.parent.name != "shapes"]
    assert len(files) > 30
    assert [found for path in files for found in _lists_in(path)] == []


def _lists_in(path: Path) -> list[tuple[str, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    lists: list[tuple[str, str]] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str | bytes) or id(node) in prose:
            continue
        text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
        listed = {word for word in _LISTED - _SCHEMES if word in text.replace("(?P<secret>", "").lower()}
        # A word within another is one.
        listed -= {word for word in listed for other in listed if word in other and word != other}
        if len(listed) > 1 and not any(syntax in text for syntax in _SYNTAX):
            lists.append((path.name, text[:80]))
    return lists
