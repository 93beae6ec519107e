#!/usr/bin/env bash
# npm: `npm sbom` writes a CycloneDX document that does not fit CycloneDX's schema if a package names
# its repository as ssh does, as color-name 1.1.4 and thus chalk 4 do.
#
# Library:   npm 11.19.1, in a project whose only dependency is color-name 1.1.4; the validator of
#            cyclonedx-python-lib 11.12.0.
# Specified: npm's documentation (npm sbom): SBOMs can be generated in CycloneDX format; the document
#            names bom-1.5.schema.json. There, the url of an external reference is an IRI-reference
#            (RFC 3987), or a BOM-Link.
# Observed:  The external reference of type vcs is git@github.com:colorjs/color-name.git, copied from
#            package.json. It is no IRI-reference: the first segment of a relative one has no colon.
#            The document is valid with ssh://git@github.com/colorjs/color-name.git there.
# Reports:   npm/cli#9144, open.
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir tool project
npm install --prefix tool --silent --no-audit --no-fund --ignore-scripts npm@11.19.1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'cyclonedx-python-lib[json-validation]==11.12.0'

cd project
npm=../tool/node_modules/npm/bin/npm-cli.js
echo '{ "name": "project", "version": "1.0.0" }' > package.json
node "$npm" install --silent --no-audit --no-fund --ignore-scripts color-name@1.1.4
node "$npm" sbom --sbom-format=cyclonedx > sbom.json
sed 's#git@github.com:colorjs#ssh://git@github.com/colorjs#' sbom.json > corrected.json

cat > validate.py <<'PYTHON'
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

error = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read())
print("valid" if error is None else "not valid: " + error.data.message)
PYTHON
echo "npm $(node "$npm" --version)"
written=$(../venv/bin/python validate.py sbom.json)
corrected=$(../venv/bin/python validate.py corrected.json)
echo "as npm writes it:      $written (expected: valid)"
echo "with a URL of ssh:     $corrected"
case "$written $corrected" in
"not valid: 'git@github.com:colorjs/color-name.git' "*" valid") echo "Reproduced." ;;
*)
  echo "Not reproduced."
  exit 1
  ;;
esac
