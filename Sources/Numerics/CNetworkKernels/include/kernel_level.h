#ifndef CNETWORKKERNELS_LEVEL_H
#define CNETWORKKERNELS_LEVEL_H

// Levels of instructions, ascending.
enum {
    nk_level_base = 0,  // SSE2, or NEON on arm64
    nk_level_v3 = 1,    // x86-64-v3: AVX2 and FMA
    nk_level_v4 = 2     // x86-64-v4: AVX-512 F, BW, CD, DQ and VL
};

/// The level in use in this thread.
int nk_level(void);

/// The highest level that this machine can run.
int nk_highest_level(void);

/// Uses another level in this thread from now on, for tests: the highest when it is above, the machine's when negative.
void nk_set_thread_level(int level);

#endif
