"""Tests the translation of values to TypeScript. `node` evaluates the results as an independent check."""

import json
import subprocess
import unittest

import nbformat
from papermill.exceptions import PapermillException
from papermill.translators import papermill_translators, translate_parameters

from papermill_typescript import TypeScriptTranslator

TRANSLATIONS = [
    (None, 'null'),
    (True, 'true'),
    (False, 'false'),
    (0, '0'),
    (12345, '12345'),
    (-54321, '-54321'),
    (2**53 - 1, '9007199254740991'),
    (2**53, '9007199254740992n'),
    (-(2**53), '-9007199254740992n'),
    (2**70, '1180591620717411303424n'),
    (1.2345, '1.2345'),
    (-0.0, '-0.0'),
    (1e-7, '1e-07'),
    (1e300, '1e+300'),
    (float('nan'), 'NaN'),
    (float('inf'), 'Infinity'),
    (float('-inf'), '-Infinity'),
    ('foo', '"foo"'),
    ('', '""'),
    ('{"foo": "bar"}', r'"{\"foo\": \"bar\"}"'),
    ("it's", '''"it's"'''),
    ('`${x}`', '"`${x}`"'),
    ('back\\slash', r'"back\\slash"'),
    ('\n\r\t\b\f\0', r'"\n\r\t\b\f\u0000"'),
    ('\u2028\u2029', r'"\u2028\u2029"'),
    ('grün 😍', r'"gr\u00fcn \ud83d\ude0d"'),
    ('\ud800', r'"\ud800"'),
    ([], '[]'),
    (['foo', 1, None, [True, []]], '["foo", 1, null, [true, []]]'),
    ([float('nan'), 2**60], '[NaN, 1152921504606846976n]'),
    ({}, '{}'),
    ({'foo': 'bar', 'a b': 1}, '{"foo": "bar", "a b": 1}'),
    ({'foo': {'"baz"': [1, {}]}}, r'{"foo": {"\"baz\"": [1, {}]}}'),
    ({2: 'a', 1.5: 'b', None: 'c', True: 'd', False: 'e'}, '{"2": "a", "1.5": "b", "null": "c", "true": "d", "false": "e"}'),
    ({'__proto__': 1}, '{["__proto__"]: 1}'),
]


class TestTranslate(unittest.TestCase):
    def test_values(self):
        for value, expected in TRANSLATIONS:
            with self.subTest(value=value):
                self.assertEqual(TypeScriptTranslator.translate(value), expected)

    def test_other_types(self):
        class Quoted:
            def __str__(self):
                return 'a "quoted"\nvalue'

        self.assertEqual(TypeScriptTranslator.translate(Quoted()), r'"a \"quoted\"\nvalue"')

    def test_evaluated_by_node(self):
        """JSON cannot represent NaN, infinities and bigints, which test_values covers."""
        values = [
            '"\'`${1}\\ \n\r\u2028\u2029\0\x7f\x85 grün 日本 😍 </script>',
            '\ud800 alone',
            {'a': [1, -2.5, 1e-07, 1e300, {'b': None, 'ü"': [True, []]}], '__proto__': {'c': 1}, '': ''},
            2**53 - 1,
        ]
        for value in values:
            with self.subTest(value=value):
                source = TypeScriptTranslator.codify({'value': value})
                printed = subprocess.run(
                    ['node', '-e', source + 'process.stdout.write(JSON.stringify(value))'],
                    capture_output=True,
                    check=True,
                    encoding='utf-8',
                ).stdout
                self.assertEqual(json.loads(printed), value)

    def test_comment(self):
        for text, expected in [
            ('', '//'),
            ('foo', '// foo'),
            ("['best effort']", "// ['best effort']"),
            ('two\nlines', '// two\n// lines'),
        ]:
            with self.subTest(text=text):
                self.assertEqual(TypeScriptTranslator.comment(text), expected)

    def test_codify(self):
        for parameters, expected in [
            ({}, '// Parameters\n'),
            ({'foo': 'bar'}, '// Parameters\nlet foo = "bar";\n'),
            ({'foo': 5, '$b_2': [1]}, '// Parameters\nlet foo = 5;\nlet $b_2 = [1];\n'),
            # TypeScript rejects the use of variables with an implicit any type.
            ({'none': None, 'empty': []}, '// Parameters\nlet none: any = null;\nlet empty: any[] = [];\n'),
        ]:
            with self.subTest(parameters=parameters):
                self.assertEqual(TypeScriptTranslator.codify(parameters), expected)

    def test_comment_of_codify(self):
        self.assertEqual(TypeScriptTranslator.codify({'a': 1}, 'From\nme'), '// From\n// me\nlet a = 1;\n')


class TestRegistration(unittest.TestCase):
    def test_found_by_language(self):
        for kernel in ('convnotes', 'tslab', 'deno'):
            with self.subTest(kernel=kernel):
                self.assertIs(papermill_translators.find_translator(kernel, 'typescript'), TypeScriptTranslator)
        self.assertEqual(
            translate_parameters('convnotes', 'typescript', {'epochs': 2}), '// Parameters\nlet epochs = 2;\n'
        )

    def test_not_for_other_languages(self):
        with self.assertRaises(PapermillException):
            papermill_translators.find_translator('unknown', 'cobol')


class TestInspect(unittest.TestCase):
    def inspect(self, source):
        return [tuple(each) for each in TypeScriptTranslator.inspect(nbformat.v4.new_code_cell(source))]

    def test_declarations(self):
        for source, expected in [
            ('', []),
            ('// only a comment', []),
            ('a = 2', []),
            ('console.log("const a = 1")', []),
            ('const a = 2', [('a', 'number', '2', '')]),
            ('let a = 2;', [('a', 'number', '2', '')]),
            ('export var a = 2;', [('a', 'number', '2', '')]),
            ('const epochs: number = 3; // passes', [('epochs', 'number', '3', 'passes')]),
            ('const epochs: number = 3 // passes', [('epochs', 'number', '3', 'passes')]),
            ('let a = 1 /* one */;', [('a', 'number', '1', 'one')]),
            ('// above\nlet a = 1;\n// below\nlet b = 2;', [('a', 'number', '1', ''), ('b', 'number', '2', '')]),
            ('let a = 1; let b = 2; // b', [('a', 'number', '1', ''), ('b', 'number', '2', 'b')]),
            ('let a = 1, b: string = "x, y"; // b', [('a', 'number', '1', ''), ('b', 'string', '"x, y"', 'b')]),
            ('let epochs: number; // must be given', [('epochs', 'number', 'undefined', 'must be given')]),
            ('const $a_1=1', [('$a_1', 'number', '1', '')]),
            ('let größe = 1', [('größe', 'number', '1', '')]),
            ('let a = 1;\r\nlet b = 2;', [('a', 'number', '1', ''), ('b', 'number', '2', '')]),
        ]:
            with self.subTest(source=source):
                self.assertEqual(self.inspect(source), expected)

    def test_types(self):
        for value, type_name in [
            ('true', 'boolean'),
            ('null', 'NoneType'),
            ('-1_000.5e-3', 'number'),
            ('0xFF', 'number'),
            ('.5', 'number'),
            ('NaN', 'number'),
            ('-Infinity', 'number'),
            ('10n', 'bigint'),
            ("'it\\'s'", 'string'),
            ('"a // b = c;"', 'string'),
            ('`a\nb`', 'string'),
            ('"a" + "b"', 'None'),
            ('[1, 2]', 'None'),
            ('{ a: 1, b: [2] }', 'None'),
            ('new Map<string, number>()', 'None'),
            ('a < 1', 'None'),
            ('a === 1', 'None'),
            ('(x: number) => { const y = 1; return x; }', 'None'),
        ]:
            with self.subTest(value=value):
                self.assertEqual(self.inspect(f'const a = {value}; // help'), [('a', type_name, value, 'help')])

    def test_annotations(self):
        for annotation in [
            'string | undefined',
            '"adam" | "sgd"',
            'Array<[string, number]>',
            'Map<string, Array<number>>',
            'Record<string, { a: number; b?: string }>',
            '(x: number) => number',
        ]:
            with self.subTest(annotation=annotation):
                self.assertEqual(
                    self.inspect(f'let a: {annotation} = value, b = 1'),
                    [('a', annotation, 'value', ''), ('b', 'number', '1', '')],
                )

    def test_several_lines(self):
        source = '''/** How it learns. */
const options: Options = {
  rate: 1e-3, // the learning rate
  layers: [
    8,
    16,
  ],
}; // all of them
const names =
  ["a", "b"]
const sum = 1
  + 2 // three
function f() {
  const inner = 1;
}
const last = f()
'''
        self.assertEqual(
            self.inspect(source),
            [
                ('options', 'Options', '{rate: 1e-3, layers: [8, 16,],}', 'all of them'),
                ('names', 'None', '["a", "b"]', ''),
                ('sum', 'None', '1 + 2', 'three'),
                ('last', 'None', 'f()', ''),
            ],
        )

    def test_unreadable_declarations(self):
        for source in [
            'const { a, b } = options;',
            'const [a, b] = list',
            'const',
            'const enum Size { Small = 1 }',
            'const = 3',
            'let a = ;',
            'let a = "no end',
            'const a = (1;',
            ')))',
            '/* no end',
            '`',
        ]:
            with self.subTest(source=source):
                self.inspect(source)
        self.assertEqual(self.inspect('const { a, b } = options;\nconst enum E { A }\nlet c = 1'), [('c', 'number', '1', '')])


if __name__ == '__main__':
    unittest.main()
