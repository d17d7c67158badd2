#!/bin/sh
# The tests start a PostgreSQL cluster of their own in a temporary folder. Installed when root, used when there,
# otherwise those tests are skipped and this says so.
set -u
if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing a PostgreSQL server for the tests (once) ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null && exit 0
fi
echo "No PostgreSQL server here and no right to install one: the PostgreSQL tests will be skipped." >&2
exit 0
