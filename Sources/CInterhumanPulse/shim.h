/// PulseAudio's asynchronous API.
#ifndef CINTERHUMAN_PULSE_SHIM_H
#define CINTERHUMAN_PULSE_SHIM_H

#include <pulse/pulseaudio.h>

/// Signed 16-bit samples in this machine's byte order. The macro is no constant that Swift sees.
static const pa_sample_format_t interhuman_PA_SAMPLE_S16NE = PA_SAMPLE_S16NE;

/// How long ago the timing was measured, in microseconds of the wall clock that libpulse stamps it with.
static inline long long interhuman_pulse_age(const pa_timing_info *info) {
  struct timeval now;
  pa_gettimeofday(&now);
  return (long long)(now.tv_sec - info->timestamp.tv_sec) * 1000000 + (now.tv_usec - info->timestamp.tv_usec);
}

#endif
