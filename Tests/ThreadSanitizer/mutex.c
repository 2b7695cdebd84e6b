/* Tells ThreadSanitizer what it can't see of Swift's Mutex.
 *
 * A contended Synchronization.Mutex is taken and given back in libswiftSynchronization (futex with priority inheritance),
 * which is not instrumented, so that every contended withLock is reported as a race: a program of twenty lines with
 * nothing but a mutex shows it. This stands before the two functions and names the order that they make.
 *
 *   clang -O1 -shared -fPIC Tests/ThreadSanitizer/mutex.c -o .build-tsan/mutex.so
 *   LD_PRELOAD=$PWD/.build-tsan/mutex.so swift test --sanitize=thread --scratch-path .build-tsan --disable-xctest
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

/* The runtime's own, in the program that is tested; absent in those that run beside it. */
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define MUTEX __attribute__((swift_context)) void *mutex

typedef __attribute__((swiftcall)) void (*lock_function)(uint32_t thread, MUTEX);
typedef __attribute__((swiftcall)) void (*unlock_function)(MUTEX);

__attribute__((swiftcall)) void annotated_lock(uint32_t thread, MUTEX) __asm__(LOCK);
__attribute__((swiftcall)) void annotated_unlock(MUTEX) __asm__(UNLOCK);

__attribute__((swiftcall)) void annotated_lock(uint32_t thread, MUTEX) {
  ((lock_function)dlsym(RTLD_NEXT, LOCK))(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

__attribute__((swiftcall)) void annotated_unlock(MUTEX) {
  if (__tsan_release) __tsan_release(mutex);
  ((unlock_function)dlsym(RTLD_NEXT, UNLOCK))(mutex);
}
