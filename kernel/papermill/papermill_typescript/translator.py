"""Translates Python values to TypeScript and reads the declarations of parameters cells, for papermill."""

import json
import math
import re

from papermill.models import Parameter
from papermill.translators import Translator

from .declarations import find_declarations


class TypeScriptTranslator(Translator):
    # Number.MAX_SAFE_INTEGER: numbers represent all integers up to this exactly.
    MAX_SAFE_INTEGER = 2**53 - 1

    # Annotations for values from which TypeScript infers no type, so that using the variable would
    # be an error.
    ANNOTATIONS = {'null': ': any', '[]': ': any[]'}

    # Types that TypeScript infers from literals. papermill calls the type of null "NoneType".
    LITERAL_PATTERNS = {
        'boolean': re.compile(r'true|false'),
        'NoneType': re.compile(r'null'),
        'bigint': re.compile(r'-?(\d[\d_]*|0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+)n'),
        'number': re.compile(
            r'[-+]?(0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+'
            r'|(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)([eE][-+]?\d+)?|NaN|Infinity)'
        ),
        'string': re.compile(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])*\'|`(\\.|[^`\\])*`', re.DOTALL),
    }

    @classmethod
    def translate_escaped_str(cls, str_val):
        """Translate a string to JSON in ASCII, which is also a TypeScript literal"""
        return json.dumps(str(str_val))

    @classmethod
    def translate_none(cls, val):
        return 'null'

    @classmethod
    def translate_int(cls, val):
        """Translate an int to a number, or to a bigint if a number would not be exact"""
        strval = cls.translate_raw_str(val)
        return f'{strval}n' if abs(val) > cls.MAX_SAFE_INTEGER else strval

    @classmethod
    def translate_float(cls, val):
        if math.isfinite(val):
            return cls.translate_raw_str(val)
        elif math.isnan(val):
            return 'NaN'
        elif val < 0:
            return '-Infinity'
        else:
            return 'Infinity'

    @classmethod
    def translate_key(cls, key):
        """Translate the key of a dict to a property name, as JSON does"""
        if key is None:
            return '"null"'
        elif isinstance(key, bool):
            return '"true"' if key else '"false"'
        # Computed, because a plain __proto__ would set the object's prototype
        return '["__proto__"]' if key == '__proto__' else cls.translate_str(key)

    @classmethod
    def translate_dict(cls, val):
        escaped = ', '.join([f'{cls.translate_key(k)}: {cls.translate(v)}' for k, v in val.items()])
        return f'{{{escaped}}}'

    @classmethod
    def translate_list(cls, val):
        escaped = ', '.join([cls.translate(v) for v in val])
        return f'[{escaped}]'

    @classmethod
    def comment(cls, cmt_str):
        return '\n'.join([f'// {line}'.strip() for line in cmt_str.splitlines() or ['']])

    @classmethod
    def assign(cls, name, str_val):
        # A new declaration shadows one in the parameters cell, even a const, and also works without
        # one
        return f'let {name}{cls.ANNOTATIONS.get(str_val, "")} = {str_val};'

    @classmethod
    def infer_type_name(cls, value):
        """Return the type that TypeScript infers from a literal; "None" for other values"""
        for type_name, pattern in cls.LITERAL_PATTERNS.items():
            if pattern.fullmatch(value):
                return type_name
        return 'None'

    @classmethod
    def inspect(cls, parameters_cell):
        """Inspect the parameters cell to get a Parameter list

        It must return an empty list if no parameters are found and
        it should ignore inspection errors.

        Parameters
        ----------
        parameters_cell : NotebookNode
            Cell tagged _parameters_

        Returns
        -------
        List[Parameter]
            A list of all parameters
        """
        return [
            Parameter(
                name=declaration.name,
                inferred_type_name=declaration.annotation or cls.infer_type_name(declaration.value),
                default=declaration.value,
                help=declaration.help,
            )
            for declaration in find_declarations(parameters_cell['source'])
        ]
