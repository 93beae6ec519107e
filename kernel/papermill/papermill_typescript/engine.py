"""Defines the engine of the entry point in pyproject.toml. Loading it registers the translator."""

from papermill.engines import NBClientEngine


class TypeScriptEngine(NBClientEngine):
    """papermill's default engine, unchanged: TypeScript notebooks run on any engine."""
