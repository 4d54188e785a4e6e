"""Recognises placeholders: templates, expressions, types and words in the place of a secret."""

from __future__ import annotations

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.words.expressions import either, words_of
from tachograph.redaction.words.secret_words import CODE_MEMBER, KEY_STAND_INS, STAND_IN

_TEMPLATE = LazyPattern(
    rb"""(?isx)
    (?: \[?REDACTED (?: : [a-z0-9-]+ (?: : [0-9a-f]{6} )? \]? )?
    | \$ \{{1,2} [^}]* \}{0,2} | \$ [a-z_]\w* | \$ \( [^)]* \)?
    | \{\{ .* | \#\{ .* | \{ [\w.!: ]* \} | (?-i: @@ [A-Z_]+ @@ ) | < [^<>]* >?
    | % [a-z_]\w* % | (?: %[+\#]?[sdrqvxwtpcfiu] [:@/,\ ]? )+ | %\( \w+ \)s
    | [\[(] (?: filtered | redacted | masked | hidden | removed | secret | sensitive (?: \  value )? ) [\])]
    | (?: [*xX.\-_?\#0] | \xe2\x80[\xa2\xa6] )+
    | .{0,24} (?: \.\.\. | \*\*\*\* | \xe2\x80\xa6 | xxxxx ) [*x]* (?: [a-z0-9]{1,4} )?
    | [a-z_]*[-_]? your [-_ ]? [a-z_\- ]+
    ) \Z
    """
)
_CODE = LazyPattern(
    rb"""(?isx)
      (?: os|process|env|settings|config|self|cls|args|kwargs|options|opts|params|this|secrets|vars|var|ctx|cfg
        |credentials|request|req|data|conf ) [.\[] [\w.\[\]"'()]* \Z
    | [a-z_][\w.]* \( .* \Z
    | [a-z_]\w* \[ [^\]]* \]? \Z | [a-z_][\w.]* \[ (?: [a-z_.:+-]* | \d* :? \d* | len\( .* ) \]? \Z
    | \$ [a-z_]\w* (?: \[ (?: [^\]]* \] )? | (?: -> | :: ) [a-z_{}()$+>:\[\]-]* | - ) \Z
    | (?! (?: \D* \d ){3} | .* \d\d \Z )
      [&*$@!]? [a-z_]\w* (?: (?: \. | -> | :: ) [a-z_]\w* ){1,6} (?: [!?]? [({] .* )? \Z
    | (?-i: \{ [a-z_]+ [a-z_.:A-Z]* ) \Z | (?-i: & [a-z_]+ [A-Za-z_.]* ) \Z | & [a-z_.]+ \{ .* \Z
    | (?-i: [A-Z][a-z][A-Za-z]{4,}+ ) \{ .* \Z
    | [a-z_]\w* \. (?-i: [A-Z] ) \w* (?: """
    + either(CODE_MEMBER)
    + rb""" ) \Z
    | (?-i: \* [a-z]+ (?: - [a-z]+ )+ ) \Z | (?-i: : [a-z_]+ ) \Z | ! [a-z]+ \b .* \Z | lambda \b .* \Z
    """
)
_PATH = LazyPattern(rb"[A-Za-z_]+(?:(?:\.|->|::)[A-Za-z_]+)+(?:\([^()]*\))?\Z|[A-Za-z_]+\(\)\Z")
_EXPRESSION = LazyPattern(
    rb"""(?isx)
      .{0,128}? \[ [^\[\]]{0,48} (?: a-z | 0-9 ) [^\[\]]{0,48} \] [{+*] .* \Z
    | (?: op | vault | ssm | env | file | keyring | ref\+ [a-z]+ ) :// [\w./\#\ -]* \Z
    | [a-z]+ (?: [-./] [a-z]+ )+ : v? \d+ \. \d+ \. \d [\w.-]* \Z
    | & (?: lt | \#x3c | \#60 ) ; .* \Z
    | (?: my | the | some | insert | enter | replace | put | change | add ) [-_ ] [a-z_\- ]+ \Z
    | .{0,12} (?: example | placeholder | changeme | dummy | redacted | masked | hidden | not[-_]?set ) [-_\w]{0,12} \Z
    """
)
# For values with a digit and without the signs of templates and expressions.
_STAND_IN = LazyPattern(
    rb"(?i)-?0x[0-9a-f]{1,8}\Z|(?:cram|digest|scram)-(?:md5|sha-?[0-9]{1,3}(?:-plus)?)\Z|.{0,24}xxxxx[x]*(?:[a-z0-9]{1,4})?\Z"
    rb"|.{0,12}(?:example|placeholder|changeme|dummy|redacted|masked|hidden|not[-_]?set)[-_\w]{0,12}\Z"
)
_WORDS = frozenset(
    b"""none null nil undefined true false yes no on off required optional string str int integer bytes bool boolean
    object any text number value values empty unset missing invalid
    expired wrong incorrect correct unknown default n/a na tbd todo test type name bearer basic digest negotiate
    and or not is the a an of for to in with from must should can may will has have if this that field fields reset
    protected encrypted hashed auto manual never always once new old user username email admin root guest""".split()
).union(words_of(STAND_IN), (word.encode() for word in KEY_STAND_INS))


def is_template(value: bytes) -> bool:
    """Whether a value is a template to be filled in, or a marker."""
    return _TEMPLATE.compiled.match(value) is not None


def is_placeholder(value: bytes, *, quoted: bool = False) -> bool:
    """Whether the value of a secret's name is a template, an expression, a type or a word about it.

    Parameters
    ----------
    value
        The value, without its quotes.
    quoted
        Whether it is in quotes, in which an expression can only be a path of names.
    """
    stripped = value.strip()
    lowered = stripped.lower().rstrip(b".,;:!?)]}")
    if not lowered or lowered in _WORDS or len(set(lowered)) == 1:
        return True
    plain = stripped.translate(None, b"+/=-_")
    if plain.isalnum() and not plain.isalpha():
        return not stripped.strip(b"xX0-_") or _STAND_IN.compiled.match(stripped) is not None
    if _TEMPLATE.compiled.match(stripped) is not None or _EXPRESSION.compiled.match(stripped) is not None:
        return True
    return (_PATH if quoted else _CODE).compiled.match(stripped) is not None
