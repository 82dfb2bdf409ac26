#include <stdatomic.h>

#include "table.h"

int ik_highest_level(void) {
#if defined(__x86_64__)
    // The compiler's model covers the operating system's part too: whether it saves the wide registers.
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return ik_level_v4;
    if (__builtin_cpu_supports("x86-64-v3")) return ik_level_v3;
#endif
    return ik_level_base;
}

// -1 until first asked. Threads that ask at once all write the same value.
static atomic_int chosen = -1;
// -1 unless a test asked for a level.
static _Thread_local int forced = -1;

int ik_level(void) {
    if (forced >= 0) return forced;
    int level = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (level < 0) {
        level = ik_highest_level();
        atomic_store_explicit(&chosen, level, memory_order_relaxed);
    }
    return level;
}

void ik_set_thread_level(int level) {
    int highest = ik_highest_level();
    forced = level < highest ? level : highest;
}

static const ik_table *table(void) {
#if defined(__x86_64__)
    switch (ik_level()) {
    case ik_level_v4: return &ik_table_v4;
    case ik_level_v3: return &ik_table_v3;
    }
#endif
    return &ik_table_base;
}

void ik_copy(const ik_view *view, const ik_planes *planes) { table()->copy(view, planes); }

void ik_warp(const ik_view *view, const ik_map *map, const ik_planes *planes) {
    table()->warp(view, map, planes);
}

void ik_apply_linear(float *values, size_t count, const ik_linear *steps, size_t step_count) {
    table()->apply_linear(values, count, steps, step_count);
}
