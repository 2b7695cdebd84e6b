#!/usr/bin/env bash
# Runs a command of this machine in a throw-away VM with kernel cameras.
#   run.sh [-t SECONDS] [-m "MODULE ARGUMENTS"]... [-o FILE] DIRECTORY COMMAND [ARGUMENT...]
# DIRECTORY is where prepare.sh put the kernel. The guest sees this machine's files copy-on-write, in the same working
# directory and environment. Output comes on stdout, what it writes to /vm/result in FILE; the exit status is the command's,
# 124 after the time, 125 when the VM failed.

set -u
seconds=300
modules=()
result=
while getopts t:m:o: option; do
  case $option in
    t) seconds=$OPTARG ;;
    m) modules+=("$OPTARG") ;;
    o) result=$OPTARG ;;
    *) exit 64 ;;
  esac
done
shift $((OPTIND - 1))
kernel=$1
shift
[ ${#modules[@]} -gt 0 ] || modules=("vivid n_devs=2 node_types=0x1,0x1 num_inputs=1,1 input_types=0,3")

share=$(mktemp -d)
trap 'rm -rf "$share"' EXIT
{
  export -p
  for module in "${modules[@]}"; do echo "/sbin/modprobe $module || exit 125"; done
  printf 'cd %q\nexec' "$PWD"
  printf ' %q' "$@"
  echo
} >"$share/command"

append="console=ttyS0 loglevel=4 panic=-1 nokaslr mitigations=off random.trust_cpu=on tsc=reliable audit=0 rdinit=/init"
timeout -k 5 "$seconds" qemu-system-x86_64 -M pc -accel tcg,thread=multi,tb-size=512 -cpu max -smp 2 -m 2048 \
  -nodefaults -no-user-config -display none -no-reboot -monitor none \
  -kernel "$kernel/kernel" -initrd "$kernel/initial" -append "$append" -serial "file:$share/console" \
  -device isa-debug-exit,iobase=0xf4,iosize=1 \
  -add-fd fd=3,set=1 -chardev file,id=output,path=/dev/fdset/1,append=on -device virtio-serial-pci -device virtserialport,chardev=output,name=output \
  -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap \
  -device virtio-9p-pci,fsdev=host,mount_tag=host \
  -fsdev local,id=share,path="$share",security_model=none,multidevs=remap \
  -device virtio-9p-pci,fsdev=share,mount_tag=share 3>&1 </dev/null
qemu=$?

[ -z "$result" ] || [ ! -s "$share/result" ] || cp "$share/result" "$result"
[ -s "$share/status" ] && exit "$(cat "$share/status")"
if [ $qemu = 124 ] || [ $qemu = 137 ]; then
  echo "camera VM: the command took longer than $seconds s" >&2
  exit 124
fi
echo "camera VM: it failed (qemu's status $qemu); the last words of its console:" >&2
tail -40 "$share/console" >&2
exit 125
