#!/bin/sh
# Makes the virtual environment and keeps it up to date. Called by the Makefile:
#   setup.sh problem               print in one line why it cannot be made here, with the cure; print nothing if it can
#   setup.sh runtime|development   make it, install what is needed
set -eu

PYTHON=${PYTHON:-python3}
VENV=${VENV:-.venv}
NEW_ENOUGH='import sys; sys.exit(sys.version_info < (3, 11))'

have() { command -v "$1" >/dev/null 2>&1; }

is_usable() { [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -c "$NEW_ENOUGH" >/dev/null 2>&1; }

problem() {
    if is_usable; then
        return
    fi
    other="or name one that is there: make demo PYTHON=/path/to/python3.11"
    version=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || version=
    if [ -z "$version" ]; then
        echo "Heron needs Python 3.11 or newer and $PYTHON does not run: install it (Debian, Ubuntu: apt install python3 python3-venv), $other"
    elif ! "$PYTHON" -c "$NEW_ENOUGH"; then
        echo "Heron needs Python 3.11 or newer and $PYTHON is $version: install a newer one, $other"
    elif ! have uv && ! "$PYTHON" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        echo "Python $version lacks its venv module: install it (Debian, Ubuntu: apt install python3-venv) or uv, $other"
    fi
}

make_venv() {
    if is_usable; then
        return
    fi
    # --clear: what stands there was left by a Python that has moved, is too old, or by a set-up that was cut off.
    if have uv; then
        uv venv --quiet --clear --python "$PYTHON" "$VENV"
    else
        "$PYTHON" -m venv --clear "$VENV"
    fi
}

install() {
    if have uv; then
        uv pip install --quiet --python "$VENV/bin/python" -c constraints.txt -e "$1"
        return
    fi
    "$VENV/bin/python" -m pip --version >/dev/null 2>&1 || "$VENV/bin/python" -m ensurepip >/dev/null
    "$VENV/bin/python" -m pip install -qq --disable-pip-version-check -c constraints.txt -e "$1"
}

case ${1:-} in
problem)
    problem
    exit
    ;;
runtime) wanted=. ;;
development) wanted='.[all,dev]' ;;
*)
    echo "usage: setup.sh problem|runtime|development" >&2
    exit 2
    ;;
esac

found=$(problem)
if [ -n "$found" ]; then
    echo "$found" >&2
    exit 1
fi
echo "Setting up $VENV ($1) …" >&2
make_venv
install "$wanted"
# The first start learns the text model and keeps it. Whoever sets up expects to wait; whoever asks does not.
echo '{"id": "first", "text": "hello"}' | "$VENV/bin/heron" diagnose --json >/dev/null || echo "The first start will be slow." >&2
