/// PulseAudio's asynchronous API.
#ifndef CINTERHUMAN_PULSE_SHIM_H
#define CINTERHUMAN_PULSE_SHIM_H

#include <pulse/pulseaudio.h>

#endif
