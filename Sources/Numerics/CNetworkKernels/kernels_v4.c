// The kernels for x86-64-v4.
#if defined(__x86_64__)

// Before the attribute, so that nothing of the system is compiled for the newer machine.
#include <math.h>
#include <stddef.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define NK_LANES 16
#define NK_NAME(name) name##_v4
#include "levels.inc"
#pragma clang attribute pop

#endif
