// The kernels for every machine of this architecture: four lanes, SSE2 or NEON.
#define NK_LANES 4
#define NK_NAME(name) name##_base
#include "levels.inc"
