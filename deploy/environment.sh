#!/bin/sh
# Makes a virtual environment in the folder $1 with the newest Python from 3.11 on. Debian splits venv into a package of
# its own: as root it is installed, otherwise the message says what to ask for.
set -eu
folder=$1
for python in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$python; break; fi
done
if [ -z "${found:-}" ]; then
    echo "Activity Sync needs Python 3.11 or newer; none was found. On Debian: apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    else
        echo "This Python has no venv module. On Debian: apt-get install python3-venv" >&2
        exit 1
    fi
fi
exec "$found" -m venv "$folder"
