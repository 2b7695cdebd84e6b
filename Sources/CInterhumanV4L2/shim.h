/// V4L2 through libv4l2. Swift can't call variadic `v4l2_ioctl` nor see `_IOWR` macros, so both get typed forms here.
#ifndef CINTERHUMAN_V4L2_SHIM_H
#define CINTERHUMAN_V4L2_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <libv4l2.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

/// Flags that don't fit a signed int, which is what Swift makes of macros.
static const __u32 interhuman_V4L2_CAP_DEVICE_CAPS = V4L2_CAP_DEVICE_CAPS;
static const __u32 interhuman_V4L2_CTRL_NEXT = V4L2_CTRL_FLAG_NEXT_CTRL;

/// The requests that the capture layer makes, as integers that Swift sees.
static const unsigned long interhuman_VIDIOC_QUERYCAP = VIDIOC_QUERYCAP;
static const unsigned long interhuman_VIDIOC_ENUM_FMT = VIDIOC_ENUM_FMT;
static const unsigned long interhuman_VIDIOC_ENUM_FRAMESIZES = VIDIOC_ENUM_FRAMESIZES;
static const unsigned long interhuman_VIDIOC_ENUM_FRAMEINTERVALS = VIDIOC_ENUM_FRAMEINTERVALS;
static const unsigned long interhuman_VIDIOC_ENUMINPUT = VIDIOC_ENUMINPUT;
static const unsigned long interhuman_VIDIOC_G_INPUT = VIDIOC_G_INPUT;
static const unsigned long interhuman_VIDIOC_G_FMT = VIDIOC_G_FMT;
static const unsigned long interhuman_VIDIOC_S_FMT = VIDIOC_S_FMT;
static const unsigned long interhuman_VIDIOC_G_PARM = VIDIOC_G_PARM;
static const unsigned long interhuman_VIDIOC_S_PARM = VIDIOC_S_PARM;
static const unsigned long interhuman_VIDIOC_REQBUFS = VIDIOC_REQBUFS;
static const unsigned long interhuman_VIDIOC_QUERYBUF = VIDIOC_QUERYBUF;
static const unsigned long interhuman_VIDIOC_QBUF = VIDIOC_QBUF;
static const unsigned long interhuman_VIDIOC_DQBUF = VIDIOC_DQBUF;
static const unsigned long interhuman_VIDIOC_STREAMON = VIDIOC_STREAMON;
static const unsigned long interhuman_VIDIOC_STREAMOFF = VIDIOC_STREAMOFF;
static const unsigned long interhuman_VIDIOC_SUBSCRIBE_EVENT = VIDIOC_SUBSCRIBE_EVENT;
static const unsigned long interhuman_VIDIOC_DQEVENT = VIDIOC_DQEVENT;
static const unsigned long interhuman_VIDIOC_QUERY_DV_TIMINGS = VIDIOC_QUERY_DV_TIMINGS;
static const unsigned long interhuman_VIDIOC_S_DV_TIMINGS = VIDIOC_S_DV_TIMINGS;
static const unsigned long interhuman_VIDIOC_QUERY_EXT_CTRL = VIDIOC_QUERY_EXT_CTRL;
static const unsigned long interhuman_VIDIOC_QUERYMENU = VIDIOC_QUERYMENU;
static const unsigned long interhuman_VIDIOC_G_CTRL = VIDIOC_G_CTRL;
static const unsigned long interhuman_VIDIOC_S_CTRL = VIDIOC_S_CTRL;

/// `struct v4l2_querymenu` for menus of names, without the packing that Swift can't import.
struct interhuman_querymenu {
  __u32 id;
  __u32 index;
  char name[32];
  __u32 reserved;
};
_Static_assert(sizeof(struct interhuman_querymenu) == sizeof(struct v4l2_querymenu), "layout");

/// `struct v4l2_dv_timings` as words: what the driver detects goes back to it unread.
struct interhuman_dv_timings {
  __u32 words[33];
};
_Static_assert(sizeof(struct interhuman_dv_timings) == sizeof(struct v4l2_dv_timings), "layout");

/// A buffer's time stamp in nanoseconds. `struct timeval` belongs to whichever C module is imported first, so that
/// Swift can't reach into it reliably.
static inline long long interhuman_v4l2_time(const struct v4l2_buffer *buffer) {
  return (long long)buffer->timestamp.tv_sec * 1000000000 + (long long)buffer->timestamp.tv_usec * 1000;
}

/// The opposite, for scripted devices.
static inline void interhuman_v4l2_set_time(struct v4l2_buffer *buffer, long long nanoseconds) {
  buffer->timestamp.tv_sec = nanoseconds / 1000000000;
  buffer->timestamp.tv_usec = nanoseconds % 1000000000 / 1000;
}

/// Names the calling thread, for debuggers and /proc; the kernel keeps 15 bytes.
static inline void interhuman_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

/// `v4l2_ioctl` repeated over EINTR. Returns 0 or a positive errno.
static inline int interhuman_v4l2_ioctl(int descriptor, unsigned long request, void *argument) {
  int result;
  do {
    result = v4l2_ioctl(descriptor, request, argument);
  } while (result == -1 && errno == EINTR);
  return result == -1 ? errno : 0;
}

/// Opens a device node without blocking. Returns the descriptor or a negative errno.
static inline int interhuman_v4l2_open(const char *path, int convert) {
  int descriptor;
  do {
    descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  } while (descriptor == -1 && errno == EINTR);
  if (descriptor == -1) return -errno;
  // Asked by the bare ioctl first: libv4l2 complains on stderr about nodes that are no video devices.
  struct v4l2_capability capability;
  if (ioctl(descriptor, VIDIOC_QUERYCAP, &capability) == -1) {
    int code = errno;
    close(descriptor);
    return -code;
  }
  if (v4l2_fd_open(descriptor, convert ? 0 : V4L2_DISABLE_CONVERSION) == -1) {
    int code = errno;
    close(descriptor);
    return -code;
  }
  return descriptor;
}

/// Maps a buffer. Returns NULL and sets `*code` on failure.
static inline void *interhuman_v4l2_mmap(int descriptor, size_t length, long long offset, int *code) {
  void *address = v4l2_mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, offset);
  *code = address == MAP_FAILED ? errno : 0;
  return address == MAP_FAILED ? NULL : address;
}

#endif
