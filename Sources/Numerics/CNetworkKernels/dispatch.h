#ifndef CNETWORKKERNELS_DISPATCH_H
#define CNETWORKKERNELS_DISPATCH_H

#include "kernel_level.h"

// The table of a topic for a level.
#if defined(__x86_64__)
#define NK_TABLE_OF(topic, level)                      \
    ((level) == nk_level_v4   ? &topic##_v4            \
     : (level) == nk_level_v3 ? &topic##_v3            \
                              : &topic##_base)
#else
#define NK_TABLE_OF(topic, level) ((void)(level), &topic##_base)
#endif

// The table of a topic for the level in use.
#define NK_TABLE(topic) NK_TABLE_OF(topic, nk_level())

#endif
