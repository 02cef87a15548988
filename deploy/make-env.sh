#!/bin/sh
# Writes .env from .env.example with a random value for every secret that is empty there. Never overwrites one.
set -eu
cd "$(dirname "$0")/.."
umask 077
set -C
while IFS= read -r line; do
  case $line in
    [A-Z]*SECRET= | [A-Z]*TOKEN= | [A-Z]*PASSWORD=) echo "$line$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" ;;
    *) echo "$line" ;;
  esac
done < .env.example > .env
