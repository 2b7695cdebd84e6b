/// PulseAudio's asynchronous API.
#ifndef CINTERHUMAN_PULSE_SHIM_H
#define CINTERHUMAN_PULSE_SHIM_H

#include <pulse/pulseaudio.h>

/// Signed 16-bit samples in this machine's byte order. The macro is no constant that Swift sees.
static const pa_sample_format_t interhuman_PA_SAMPLE_S16NE = PA_SAMPLE_S16NE;

#endif
