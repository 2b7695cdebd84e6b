#!/usr/bin/env bash
# Installs what the package needs beyond the Swift toolchain. Sourced by the other scripts, or run by itself.
#   Scripts/setup.sh [--tests]     with --tests also what only the tests need

set -euo pipefail

interhuman_build_packages=(
  pkg-config libssl-dev zlib1g-dev
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libswresample-dev
  libv4l-dev libpulse-dev
)
interhuman_test_packages=(
  ffmpeg openssl python3-venv nginx-light tinyproxy-bin iproute2 pulseaudio-utils zsh fish man-db mandoc
)
# Both sound servers, each test's own. A desktop has one already, and installing the other would take its place: the tests
# of the one that is missing are skipped there.
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] ||
  interhuman_test_packages+=(pulseaudio pipewire pipewire-pulse wireplumber dbus-daemon)
# Plays segments as a web page does (122 MB). Ubuntu has it only as a snap, which can't be run from a script: there
# those tests say that they are skipped.
[ "$(. /etc/os-release 2>/dev/null && echo "${ID:-}")" != debian ] || interhuman_test_packages+=(chromium)
# The camera's VM; where they can't be had, its tests are skipped and say so.
interhuman_camera_packages=(qemu-system-x86 busybox-static cpio kmod xz-utils)

interhuman_setup() {
  local wanted=("${interhuman_build_packages[@]}") missing=() package sudo=()
  if [ "${1:-}" = --tests ]; then wanted+=("${interhuman_test_packages[@]}" "${interhuman_camera_packages[@]}"); fi

  if ! command -v swift >/dev/null; then
    echo "Swift is not on the PATH. Install a toolchain, 6.1 or newer, from https://www.swift.org/install/linux/ first." >&2
    return 69
  fi
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    if ! command -v pkg-config >/dev/null || ! pkg-config --exists openssl zlib libavformat libswscale libswresample libv4l2 libpulse; then
      cat >&2 <<TXT
This is no Debian or Ubuntu, so nothing can be installed for you. Install the development packages of
OpenSSL 3, zlib, FFmpeg 5.1 or newer (libavformat, libavcodec, libavutil, libswscale, libswresample), libv4l and
libpulse with your system's package manager, and pkg-config, then run this again.
TXT
      return 69
    fi
    return 0
  fi

  for package in "${wanted[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0

  echo "Installing with apt: ${missing[*]}" >&2
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "That needs root, and there is no sudo here. As root: apt-get install ${missing[*]}" >&2
      return 77
    fi
    sudo=(sudo)
  fi
  local log
  log=$(mktemp)
  if ! { "${sudo[@]}" apt-get update -qq &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    echo "apt could not install them; its own words are above." >&2
    return 69
  fi
  rm -f "$log"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then interhuman_setup "$@"; fi
