#ifndef CNETWORKKERNELS_DECODER_TABLE_H
#define CNETWORKKERNELS_DECODER_TABLE_H

#include "decoder.h"

// The kernels of decoder.inc at one level.
typedef struct {
    void (*panel_linear)(
        const float *, size_t, size_t, size_t, const float *, const float *, size_t, int, float *,
        size_t);
    void (*partial_softmax)(float *, size_t, size_t, size_t, float *, float *);
    void (*softmax_groups)(float *, size_t, size_t, size_t, size_t, const float *);
    void (*direct_product)(
        const float *, size_t, size_t, size_t, const float *, size_t, size_t, size_t, size_t,
        float *, size_t);
    void (*transposed_panels)(const float *, const float *, size_t, size_t, float *);
    void (*residual_norm)(
        const float *, const float *, const float *, const float *, const float *, float,
        float *, size_t, size_t);
    void (*head_scores)(
        const float *, size_t, size_t, size_t, const float *, size_t, size_t, float *, size_t);
    void (*head_values)(
        const float *, size_t, size_t, size_t, size_t, const float *, size_t, size_t, float *);
    void (*upscale_tail)(
        const nk_upscaling *, const float *, size_t, size_t, const float *, size_t, float *,
        float *);
    void (*combine_rows)(const float *const *, const float *, size_t, float *);
    void (*threshold)(const float *, size_t, const float *, unsigned char *, size_t *);
} nk_decoder_table;

extern const nk_decoder_table nk_decoder_base;
extern const nk_decoder_table nk_decoder_v3;
extern const nk_decoder_table nk_decoder_v4;

#endif
