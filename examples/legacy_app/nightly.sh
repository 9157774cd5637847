#!/bin/sh
# cron: 15 2 * * *  /opt/halloran/nightly.sh
HERE=$(cd "$(dirname "$0")" && pwd)
PY=${PYTHON:-python3}
cd "${HALLORAN_HOME:-.}" || exit 1
#export HALLORAN_ENV=test
if $PY "$HERE/collect.py" "$@" >> nightly.out 2>&1
then
    $PY "$HERE/export_scores.py" >> nightly.out 2>&1
else
    echo "nightly failed" | mail -s "collections" dh@halloran.local
fi
exit 0
