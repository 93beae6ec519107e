"""Finds the variables that a TypeScript cell declares at its top level, without a compiler.

The source is split into tokens and statements, as far as needed to find the end of a declaration: brackets,
strings and comments are recognized, and a line that cannot end a statement continues in the next. Regular expressions
and nested templates are not recognized; unreadable declarations are omitted.
"""

import re
from typing import Iterator, List, NamedTuple, Optional, Tuple

TOKEN = re.compile(
    r"""
      (?P<comment>//[^\n]*|/\*.*?\*/)
    | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)
    | (?P<newline>\n)
    | (?P<blank>[^\S\n]+)
    | (?P<word>[\w$]+)
    | (?P<arrow>=>)
    | (?P<comparison>[=!]==?|[<>]=)
    | (?P<open>[\[({])
    | (?P<close>[\])}])
    | (?P<end>;)
    | (?P<operator>[-+*/%&|^<?:,.=])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

# A statement continues across a line break if one of these precedes or follows it.
JOINTS = ('arrow', 'comparison', 'operator')

KEYWORDS = ('const', 'let', 'var')

Token = Tuple[str, str]


class Declaration(NamedTuple):
    """A declared variable: source texts, empty where missing."""

    name: str
    annotation: str
    value: str
    help: str


class Statement:
    """The tokens of a statement, without comments and line breaks, and its trailing comment."""

    def __init__(self):
        self.tokens: List[Token] = []
        self.help = ''


def find_declarations(source: str) -> List[Declaration]:
    """Finds the variables that a cell declares with const, let or var. Omits patterns ({a, b} = …)."""
    found = []
    for statement in split_statements(source):
        found += read_declarations(statement)
    return found


def split_statements(source: str) -> Iterator[Statement]:
    """Splits a source into statements."""
    tokens = [(match.lastgroup or '', match.group()) for match in TOKEN.finditer(source.replace('\r\n', '\n'))]
    statement = Statement()
    ended: Optional[Statement] = None  # The statement that has ended on this line.
    depth = 0
    for index, (kind, text) in enumerate(tokens):
        if kind == 'comment':
            if depth == 0:
                (statement if statement.tokens else ended or statement).help = comment_text(text)
        elif kind == 'newline':
            if ended is not None:
                yield ended
                ended = None
            if depth > 0 or continues(statement.tokens, tokens[index + 1 :]):
                statement.tokens.append((kind, ' '))
            elif statement.tokens:
                yield statement
                statement = Statement()
            else:
                statement.help = ''
        elif kind == 'end' and depth == 0:
            if ended is not None:
                yield ended
            ended = statement
            statement = Statement()
        elif statement.tokens or kind != 'blank':
            depth += {'open': 1, 'close': -1}.get(kind, 0)
            statement.tokens.append((kind, text))
    if ended is not None:
        yield ended
    yield statement


def continues(tokens: List[Token], rest: List[Token]) -> bool:
    """Returns whether a statement continues on the next line."""
    if not tokens:
        return False
    before = [kind for kind, _ in tokens if kind not in ('blank', 'newline')]
    after = next((kind for kind, _ in rest if kind not in ('blank', 'newline', 'comment')), '')
    return before[-1] in JOINTS or after in JOINTS


def read_declarations(statement: Statement) -> List[Declaration]:
    """Reads the declarations of a statement. Returns none if it is another statement or unreadable."""
    tokens = statement.tokens
    words = [text for kind, text in tokens if kind not in ('blank', 'newline')]
    keyword = 1 if words[:1] == ['export'] else 0
    if len(words) <= keyword or words[keyword] not in KEYWORDS or words[keyword + 1 : keyword + 2] == ['enum']:
        return []
    start = [index for index, (_, text) in enumerate(tokens) if text == words[keyword]][0] + 1
    found = []
    for part in split_declarators(tokens[start:]):
        declaration = read_declaration(part)
        if declaration is not None:
            found.append(declaration)
    if found:
        found[-1] = found[-1]._replace(help=statement.help)
    return found


def split_declarators(tokens: List[Token]) -> Iterator[List[Token]]:
    """Splits "a = 1, b = 2" at its comma, but not "new Map<string, number>()"."""
    part: List[Token] = []
    depth = 0
    for index, (kind, text) in enumerate(tokens):
        depth += {'open': 1, 'close': -1}.get(kind, 0)
        if text == ',' and depth == 0:
            following = [token for token in tokens[index + 1 :] if token[0] not in ('blank', 'newline')]
            if [kind for kind, _ in following[:1]] == ['word'] and (
                len(following) == 1 or following[1][1] in (':', '=', ',')
            ):
                # A word also follows in Map<string, Array<…>> and Map<K, V>, but there a bracket is
                # open.
                if angle_depth(part) == 0:
                    yield part
                    part = []
                    continue
        part.append((kind, text))
    yield part


def angle_depth(tokens: List[Token]) -> int:
    """Returns the number of open "<" in a type annotation."""
    texts = [text for _, text in tokens]
    return 0 if '=' in texts else texts.count('<') - texts.count('>')


def read_declaration(tokens: List[Token]) -> Optional[Declaration]:
    """Reads "name: annotation = value", where annotation and value are optional."""
    if not tokens:
        return None
    depth = 0
    equals = len(tokens)
    colon: Optional[int] = None
    for index, (kind, text) in enumerate(tokens):
        depth += {'open': 1, 'close': -1}.get(kind, 0)
        if depth == 0 and text == ':' and colon is None:
            colon = index
        if depth == 0 and text == '=':
            equals = index
            break
    if colon is None:
        colon = equals
    name = joined(tokens[:colon]).rstrip('!')
    if not re.fullmatch(r'[^\W\d][\w$]*|\$[\w$]*', name):
        return None
    value = joined(tokens[equals + 1 :]) if equals < len(tokens) else 'undefined'
    return Declaration(name, joined(tokens[colon + 1 : equals]), value, '') if value else None


def joined(tokens: List[Token]) -> str:
    """Joins tokens on one line. A line break becomes a blank, except next to a bracket."""
    source = ''
    broken = False
    for kind, text in tokens:
        if kind == 'newline':
            source, broken = source.rstrip(), True
        elif broken and kind == 'blank':
            continue
        else:
            if broken and kind != 'close' and not source.endswith(('(', '[', '{')):
                source += ' '
            source, broken = source + text, False
    return source.strip()


def comment_text(comment: str) -> str:
    """Returns the text of a comment."""
    words = comment[2:] if comment.startswith('//') else comment[2:-2]
    return ' '.join(words.strip('/* \t').split())
