"""What papermill loads when it starts, by the entry point in pyproject.toml; the import registers the translator."""

from papermill.engines import NBClientEngine


class TypeScriptEngine(NBClientEngine):
    """papermill's own engine, unchanged: TypeScript notebooks run on any engine."""
