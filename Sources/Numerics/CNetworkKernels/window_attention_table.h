#ifndef CNETWORKKERNELS_WINDOW_ATTENTION_TABLE_H
#define CNETWORKKERNELS_WINDOW_ATTENTION_TABLE_H

#include "window_attention.h"

// The kernels of window_attention.inc at one level.
typedef struct {
    nk_window_sizes (*sizes)(const nk_window_shape *);
    void (*pack_biases)(const nk_window_shape *, const float *, float *);
    void (*attend)(
        const nk_window_shape *, const int32_t *, const float *, size_t, const float *,
        const float *, float *, size_t, float *);
} nk_window_attention_table;

extern const nk_window_attention_table nk_window_attention_base;
extern const nk_window_attention_table nk_window_attention_v3;
extern const nk_window_attention_table nk_window_attention_v4;

#endif
