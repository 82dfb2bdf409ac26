#ifndef CNETWORKKERNELS_ELEMENTWISE_TABLE_H
#define CNETWORKKERNELS_ELEMENTWISE_TABLE_H

#include <stddef.h>

// The kernels of elementwise.inc at one level.
typedef struct {
    void (*relu)(const float *, float *, size_t);
    void (*gelu)(const float *, float *, size_t);
    void (*exp)(const float *, float *, size_t);
    void (*round_bfloat16)(const float *, float *, size_t);
    void (*add)(const float *, const float *, float *, size_t);
    void (*scale)(const float *, float *, size_t, float);
    void (*add_bias)(float *, size_t, size_t, size_t, const float *);
    void (*layer_norm)(
        const float *, float *, size_t, size_t, const float *, const float *, float);
    void (*softmax_rows)(float *, size_t, size_t);
    void (*transpose)(const float *, size_t, size_t, size_t, float *, size_t);
} nk_elementwise_table;

extern const nk_elementwise_table nk_elementwise_base;
extern const nk_elementwise_table nk_elementwise_v3;
extern const nk_elementwise_table nk_elementwise_v4;

#endif
