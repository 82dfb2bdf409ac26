#include "dispatch.h"

#include <stdatomic.h>

int nk_highest_level(void) {
#if defined(__x86_64__)
    // The compiler's model covers the operating system's part too: whether it saves the wide registers.
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return nk_level_v4;
    if (__builtin_cpu_supports("x86-64-v3")) return nk_level_v3;
#endif
    return nk_level_base;
}

// -1 until first asked. Threads that ask at once all write the same value.
static atomic_int chosen = -1;
// -1 unless a test asked for a level.
static _Thread_local int forced = -1;

int nk_level(void) {
    if (forced >= 0) return forced;
    int level = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (level < 0) {
        level = nk_highest_level();
        atomic_store_explicit(&chosen, level, memory_order_relaxed);
    }
    return level;
}

void nk_set_thread_level(int level) {
    int highest = nk_highest_level();
    forced = level < highest ? level : highest;
}
