#!/usr/bin/env bash
# Makes kernel and initial file system of the camera VM in DIRECTORY, if they aren't there.
#   prepare.sh DIRECTORY
# The kernel is Debian's, downloaded and unpacked but not installed. Exit status 77: it can't be had on this machine.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
[ ! -f "$out/ready" ] || exit 0

skip() { echo "camera VM: $*" >&2; exit 77; }

for program in apt-get dpkg-deb qemu-system-x86_64 busybox cpio depmod modprobe xz; do
  command -v "$program" >/dev/null || PATH=$PATH:/sbin:/usr/sbin command -v "$program" >/dev/null ||
    skip "$program is missing (Scripts/setup.sh --tests installs it)"
done
PATH=$PATH:/sbin:/usr/sbin
[ "$(dpkg --print-architecture)" = amd64 ] || skip "only amd64 machines have a recipe"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The kernel that the distribution's meta package names at present (Ubuntu keeps vivid in a package of its own).
package=$(apt-cache depends linux-image-amd64 linux-image-generic 2>/dev/null |
  sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | head -1)
[ -n "$package" ] || skip "no kernel package is known to apt (apt-get update?)"
extra=${package/linux-image-/linux-modules-}
(
  cd "$work"
  apt-get -qq download "$package" 2>"$work/apt.log" || { cat "$work/apt.log" >&2; exit 1; }
  for more in "$extra" "${extra/modules-/modules-extra-}"; do apt-get -qq download "$more" 2>/dev/null || true; done
) || skip "the package $package can't be downloaded"
for archive in "$work"/*.deb; do dpkg-deb -x "$archive" "$work/root"; done
version=$(ls "$work/root/lib/modules")
[ -f "$work/root/lib/modules/$version/modules.dep" ] || depmod -b "$work/root" "$version"

# The bzImage wraps an ELF kernel in xz; qemu starts the bare one three times as fast.
image=$work/root/boot/vmlinuz-$version
number() { od -An -v -t "u$2" -j "$1" -N "$2" "$image" | tr -d ' '; }
setup=$(number 497 1)
start=$(((${setup/#0/4} + 1) * 512 + $(number 584 4)))
tail -c "+$((start + 1))" "$image" | head -c "$(number 588 4)" |
  xz -dc --single-stream >"$out/kernel" 2>/dev/null || true
[ "$(head -c 4 "$out/kernel" | tail -c 3)" = ELF ] || cp "$image" "$out/kernel"

# The initial file system: busybox, init, what it needs to mount the host, and the camera's modules for modprobe.
initial=$work/initial
mkdir -p "$initial"/{bin,proc,sys,dev} "$initial/lib/modules/$version"
cp "$(command -v busybox)" "$initial/bin/busybox"
cp "$here/init" "$initial/init"
chmod 755 "$initial/init"
files() {
  for module in "$@"; do modprobe -d "$work/root" -S "$version" --show-depends "$module" 2>/dev/null || true; done |
    sed -n 's#^insmod .*\(/lib/modules/[^ ]*\).*#\1#p' | awk '!seen[$0]++'
}
files virtio_pci virtio_console 9pnet_virtio 9p overlay >"$initial/modules.boot"
for file in $(cat "$initial/modules.boot"; files vivid uvcvideo); do
  mkdir -p "$initial/$(dirname "$file")"
  cp "$work/root$file" "$initial$file"
done
ls "$initial/lib/modules/$version/kernel/drivers/media/test-drivers/vivid/" >/dev/null 2>&1 ||
  skip "$package has no vivid module"
cp "$work/root/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$initial/lib/modules/$version/"
depmod -b "$initial" "$version"
(cd "$initial" && find . | cpio -o -H newc --quiet) >"$out/initial"
echo "$package" >"$out/ready"
