#!/usr/bin/env bash
# Makes the Python environment of the vendor's codealong: OpenCV (without windows, of which there are none here) and
# websockets.

exec "$(dirname "${BASH_SOURCE[0]}")/../../Scripts/python-environment.sh" codealong-venv \
  "the vendor's codealong in Python" opencv-python-headless==4.12.0.88 websockets==15.0.1
