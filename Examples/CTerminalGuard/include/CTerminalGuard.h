/// Puts a terminal back as it was, whatever becomes of the process. In C, since it happens in signal handlers.
#ifndef CTERMINALGUARD_H
#define CTERMINALGUARD_H

#include <stddef.h>
#include <termios.h>

/// From now on, a process that dies of a signal (a crash, SIGABRT, SIGQUIT, SIGHUP) or calls `exit` first writes
/// `farewell` to `descriptor` and sets the terminal to `settings`. Both are copied; `farewell` is cut to 64 bytes.
/// One terminal at a time. Returns 0, or -1 with `errno`.
int ih_terminal_guard_arm(int descriptor, const struct termios *settings, const char *farewell, size_t length);

/// The terminal is as it should be: nothing more is done.
void ih_terminal_guard_disarm(void);

/// `tcsetattr` that does not stop a process in the background (SIGTTOU). Returns 0, or -1 with `errno`.
int ih_terminal_set(int descriptor, const struct termios *settings);

/// Lets output go on that the user stopped with Ctrl-S, by giving up flow control (Linux: tcflow(3) would not do).
void ih_terminal_resume_output(int descriptor);

/// Stops the process as Ctrl-Z does, if its shell can continue it (POSIX: not in an orphaned process group). Returns when
/// it goes on. The signal is ignored afterwards, as before.
void ih_terminal_stop(void);

/// A descriptor that becomes readable when 8 bytes are written to it (eventfd(2)), and never waits. -1 with `errno`.
int ih_wakeup_open(void);

#endif
