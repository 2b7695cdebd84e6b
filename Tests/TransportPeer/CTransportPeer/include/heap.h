#ifndef CTRANSPORTPEER_HEAP_H
#define CTRANSPORTPEER_HEAP_H

#include <stddef.h>

/// Gives free memory back to the kernel; the bytes that `malloc` has given out, as far as the C library can tell.
/// Swift's overlay of the C library leaves <malloc.h> out.
size_t trimmedHeapByteCount(void);

#endif
