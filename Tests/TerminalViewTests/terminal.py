#!/usr/bin/env python3
"""Runs a command in a pseudo-terminal as a shell's foreground job, takes steps, and tells as JSON what came.

terminal.py '{"size": [80, 24], "steps": [["expect", "Segment"], ["send", "q"]]}' COMMAND ARGUMENT...

Steps: expect TEXT (in what came since the step before), send TEXT, signal NAME (to the job), resize COLUMNSxROWS,
stopped (waits until the job has stopped, and takes the terminal back), continue (fg). Afterwards it reads until the job
has ended. Nothing waits for a time: a step that never comes true is ended by whoever runs this.
"""

import array
import ctypes
import fcntl
import json
import os
import pty
import select
import signal
import sys
import termios
import threading


def shell(command, orders, reports):
    """The job's parent, in the terminal's session but in another group, as shells are."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    # With the terminal's other end, the job gets SIGHUP as in a window that is closed.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp(command[0], command)
    os.write(reports, b"pid %d\n" % job)

    def obey():
        for line in os.fdopen(orders):
            if line.strip() == "take":
                os.tcsetpgrp(0, os.getpgrp())
                os.write(reports, b"taken\n")
            else:
                os.tcsetpgrp(0, job)
                os.kill(job, signal.SIGCONT)

    threading.Thread(target=obey, daemon=True).start()
    while True:
        _, status = os.waitpid(job, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            os.write(reports, b"stopped\n")
            continue
        # Whoever reads the settings needs the terminal open.
        os.write(reports, b"status %d\n" % os.waitstatus_to_exitcode(status))
        signal.pause()


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, array.array("H", [rows, columns, 0, 0]))


def is_cooked(terminal):
    flags = termios.tcgetattr(terminal)[3]
    return bool(flags & termios.ICANON) and bool(flags & termios.ECHO)


class Run:
    def __init__(self, plan, command):
        orders, self.orders = os.pipe()
        reports, write_reports = os.pipe()
        self.shell, self.terminal = pty.fork()
        if self.shell == 0:
            # Not before the size is known.
            os.read(orders, 1)
            shell(command, orders, write_reports)
        os.close(write_reports)
        self.reports, self.unread = reports, b""
        # Nothing is left over when the test is ended early. The signal of prctl would not do: it comes when the *thread*
        # that started this ends, and those of Swift's pool come and go.
        self.parent = os.pidfd_open(os.getppid())
        resize(self.terminal, *plan["size"])
        os.write(self.orders, b"\n")
        self.output = b""
        self.job = int(self.report("pid"))
        self.seen = 0
        self.observations = []

    def report(self, word):
        """What the shell says of a thing, reading on from the terminal meanwhile; the end of the job is kept."""
        while True:
            for line in self.unread.decode().splitlines(keepends=True):
                if line.startswith(word) and line.endswith("\n"):
                    if word != "status":
                        self.unread = self.unread.replace(line.encode(), b"", 1)
                    return line[len(word):].strip()
            if b"status" in self.unread:
                return ""
            self.read()

    def read(self):
        """Reads what comes; false when the job has ended and everything was read."""
        ended = b"status" in self.unread
        sources = [self.terminal, self.parent] + ([] if ended else [self.reports])
        ready = select.select(sources, [], [], 0 if ended else None)[0]
        if self.parent in ready:
            # The shell goes with its parent, and the job with its terminal.
            sys.exit("The test has ended.")
        if self.reports in ready:
            self.unread += os.read(self.reports, 4096)
        if self.terminal in ready:
            self.output += os.read(self.terminal, 65536)
        return bool(ready)

    def take(self, step):
        verb, value = step[0], step[1] if len(step) > 1 else ""
        if verb == "expect":
            while (place := self.output.find(value.encode(), self.seen)) < 0:
                if not self.read():
                    return
            self.seen = place + len(value.encode())
        elif verb == "send":
            os.write(self.terminal, value.encode())
        elif verb == "signal":
            os.kill(self.job, getattr(signal, "SIG" + value))
        elif verb == "resize":
            resize(self.terminal, *map(int, value.split("x")))
        elif verb == "stopped":
            self.report("stopped")
            self.observations.append({"cooked": is_cooked(self.terminal)})
            os.write(self.orders, b"take\n")
            self.report("taken")
        elif verb == "continue":
            os.write(self.orders, b"fg\n")

    def finish(self):
        status = int(self.report("status"))
        while self.read():
            pass
        cooked = is_cooked(self.terminal)
        os.kill(self.shell, signal.SIGKILL)
        return {
            "status": status, "cooked": cooked, "observations": self.observations,
            "output": self.output.decode(errors="replace"),
        }


def main():
    plan = json.loads(sys.argv[1])
    run = Run(plan, sys.argv[2:])
    for step in plan["steps"]:
        run.take(step)
    print(json.dumps(run.finish()))


main()
