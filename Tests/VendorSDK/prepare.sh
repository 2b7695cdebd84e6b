#!/usr/bin/env bash
# Makes the Python environment of the tests that run the vendor's SDK against the local service.

exec "$(dirname "${BASH_SOURCE[0]}")/../../Scripts/python-environment.sh" vendor-sdk-venv \
  "the local service with the vendor's SDK" interhumanai==1.3.4
