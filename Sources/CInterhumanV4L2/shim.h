/// V4L2 through libv4l2. Swift can't call variadic `v4l2_ioctl`, so requests get typed forms here.
#ifndef CINTERHUMAN_V4L2_SHIM_H
#define CINTERHUMAN_V4L2_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <libv4l2.h>
#include <linux/videodev2.h>

/// `v4l2_ioctl` repeated over EINTR. Returns 0 or a positive errno.
static inline int interhuman_v4l2_ioctl(int descriptor, unsigned long request, void *argument) {
  int result;
  do {
    result = v4l2_ioctl(descriptor, request, argument);
  } while (result == -1 && errno == EINTR);
  return result == -1 ? errno : 0;
}

#endif
