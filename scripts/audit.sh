#!/bin/sh
# Looks up known weaknesses of everything that is installed in the virtual environment. Called by `make audit`.
# Where the tool or its service is out of reach it says so and does not fail: no answer is not a bad answer.
set -u

BIN=${VENV:-.venv}/bin
found=$(mktemp)
said=$(mktemp)
trap 'rm -f "$found" "$said"' EXIT

unaudited() {
    echo "Nothing was audited: $1" >&2
    exit 0
}

install() {
    if command -v uv >/dev/null 2>&1; then
        uv pip install --quiet -c constraints.txt --python "$BIN/python" 'pip-audit>=2.9,<3'
    else
        "$BIN/python" -m pip install -qq --disable-pip-version-check -c constraints.txt 'pip-audit>=2.9,<3'
    fi
}

if ! "$BIN/pip-audit" --version >/dev/null 2>&1; then
    install >/dev/null 2>&1 || unaudited "pip-audit is not installed and cannot be had from here"
fi

"$BIN/pip-audit" --skip-editable --progress-spinner off --format json --output "$found" >/dev/null 2>"$said"
status=$?
if [ ! -s "$found" ]; then
    unaudited "the service that knows weaknesses cannot be reached: $(tail -n 1 "$said")"
fi
if [ "$status" -eq 0 ]; then
    echo "No known weakness in what is installed."
else
    cat "$said" >&2
    cat "$found"
fi
exit "$status"
