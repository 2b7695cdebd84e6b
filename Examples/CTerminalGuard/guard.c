#include "CTerminalGuard.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static const int guarded_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, SIGQUIT, SIGHUP};
enum { signal_count = sizeof guarded_signals / sizeof *guarded_signals };

/// Written while `armed` is 0, and read by whoever took `armed` from 1 to 0.
static struct {
    int descriptor;
    struct termios settings;
    char farewell[64];
    size_t length;
    struct sigaction before[signal_count];
} guard;
static atomic_int armed;

void ih_terminal_resume_output(int descriptor) {
    struct termios settings;
    if (tcgetattr(descriptor, &settings) != 0) return;
    settings.c_iflag &= ~(tcflag_t)IXON;
    ih_terminal_set(descriptor, &settings);
}

/// Only calls that POSIX allows in signal handlers.
static void restore(void) {
    if (atomic_exchange(&armed, 0) == 0) return;
    ih_terminal_resume_output(guard.descriptor);
    size_t done = 0;
    for (int attempt = 0; done < guard.length && attempt < 4; attempt++) {
        ssize_t count = write(guard.descriptor, guard.farewell + done, guard.length - done);
        if (count > 0) {
            done += (size_t)count;
        } else {
            struct pollfd wanted = {.fd = guard.descriptor, .events = POLLOUT};
            poll(&wanted, 1, 250);
        }
    }
    tcsetattr(guard.descriptor, TCSANOW, &guard.settings);
}

static void handle(int number, siginfo_t *information, void *context) {
    (void)context;
    int error = errno;
    restore();
    for (int index = 0; index < signal_count; index++) {
        if (guarded_signals[index] == number) sigaction(number, &guard.before[index], NULL);
    }
    errno = error;
    // A fault happens again when the handler returns, and then whoever was there before sees it where it is.
    int is_fault = number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE;
    if (!is_fault || information->si_code <= 0) raise(number);
}

int ih_terminal_guard_arm(int descriptor, const struct termios *settings, const char *farewell, size_t length) {
    static int is_registered;
    ih_terminal_guard_disarm();
    guard.descriptor = descriptor;
    guard.settings = *settings;
    guard.length = length < sizeof guard.farewell ? length : sizeof guard.farewell;
    memcpy(guard.farewell, farewell, guard.length);
    if (!is_registered) {
        if (atexit(restore) != 0) return -1;
        struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        // SIGTTOU among them, which would stop a process in the background.
        sigfillset(&action.sa_mask);
        for (int index = 0; index < signal_count; index++) {
            if (sigaction(guarded_signals[index], &action, &guard.before[index]) != 0) return -1;
            // Whoever runs the program with nohup wants to keep that.
            if (guarded_signals[index] == SIGHUP && guard.before[index].sa_handler == SIG_IGN)
                sigaction(SIGHUP, &guard.before[index], NULL);
        }
        is_registered = 1;
    }
    atomic_store(&armed, 1);
    return 0;
}

int ih_wakeup_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void ih_terminal_guard_disarm(void) { atomic_store(&armed, 0); }

int ih_terminal_set(int descriptor, const struct termios *settings) {
    sigset_t background, before;
    sigemptyset(&background);
    sigaddset(&background, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &background, &before);
    int status = tcsetattr(descriptor, TCSANOW, settings);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return status;
}

void ih_terminal_stop(void) {
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    signal(SIGTSTP, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &stop, &before);
    // To this thread, so that it does not go on before the process has stopped.
    raise(SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    signal(SIGTSTP, SIG_IGN);
}
