"""Validates CycloneDX files against the schema of the version that they name.

Arguments: the files. Prints a line for each file that is not valid, and exits with 1 if there is one.
"""

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

failed = False
for name in sys.argv[1:]:
    text = Path(name).read_text(encoding="utf-8")
    version = SchemaVersion.from_version(json.loads(text)["specVersion"])
    error = JsonStrictValidator(version).validate_str(text)
    if error is not None:
        failed = True
        print(f"{Path(name).name}: {error.data.message[:500]}")
sys.exit(1 if failed else 0)
