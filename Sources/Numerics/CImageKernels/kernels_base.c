// The kernels for every machine of this architecture: SSE2 or NEON.
#define IK_LEVEL 0
#define IK_NAME(name) name##_base
#include "levels.inc"
