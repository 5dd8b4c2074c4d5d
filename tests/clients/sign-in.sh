#!/bin/sh
# What BROWSER names in the tests of clients that open one: sign-in.ts signs the person in.
exec "$CALLOSUM_PERSON_NODE" "$(dirname "$0")/sign-in.ts" "$@"
