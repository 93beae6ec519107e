"""Parameters for TypeScript notebooks in papermill: importing this package registers the translator."""

# First of all, as papermill imports this package (engine.py) while it is itself being imported.
import papermill  # noqa: F401
from papermill.translators import papermill_translators

from .translator import TypeScriptTranslator

__all__ = ["TypeScriptTranslator"]

papermill_translators.register("typescript", TypeScriptTranslator)
