"""Support for parameters of TypeScript notebooks in papermill. Importing this package registers the translator."""

# Imported first, because papermill imports this package (engine.py) while it is being imported
# itself.
import papermill  # noqa: F401
from papermill.translators import papermill_translators

from .translator import TypeScriptTranslator

__all__ = ["TypeScriptTranslator"]

papermill_translators.register("typescript", TypeScriptTranslator)
