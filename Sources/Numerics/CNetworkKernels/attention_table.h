#ifndef CNETWORKKERNELS_ATTENTION_TABLE_H
#define CNETWORKKERNELS_ATTENTION_TABLE_H

#include "attention.h"

// The kernels of attention.inc at one level.
typedef struct {
    nk_attention_sizes (*sizes)(const nk_attention_shape *, size_t);
    void (*pack_table)(const nk_attention_shape *, const float *, float *);
    void (*pack_keys)(
        const nk_attention_shape *, const int32_t *, const float *, const float *, size_t,
        const float *, const float *, float *, float *);
    void (*attend)(
        const nk_attention_shape *, const nk_query *, size_t, const float *, size_t, const float *,
        const float *, const float *, const float *, float *, size_t, size_t, float *);
} nk_attention_table;

extern const nk_attention_table nk_attention_base;
extern const nk_attention_table nk_attention_v3;
extern const nk_attention_table nk_attention_v4;

#endif
