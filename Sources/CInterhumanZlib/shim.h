/// The system's zlib.
#ifndef CINTERHUMAN_ZLIB_SHIM_H
#define CINTERHUMAN_ZLIB_SHIM_H

#include <zlib.h>

#endif
