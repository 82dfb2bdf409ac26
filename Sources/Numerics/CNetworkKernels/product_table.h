#ifndef CNETWORKKERNELS_PRODUCT_TABLE_H
#define CNETWORKKERNELS_PRODUCT_TABLE_H

#include "product.h"

// The kernels of product.inc at one level.
typedef struct {
    nk_layout layout;
    void (*pack_strips)(const float *, size_t, size_t, size_t, float *);
    void (*pack_panels)(const float *, size_t, size_t, size_t, float *);
    void (*layer_norm_strips)(
        const float *, size_t, size_t, const float *, const float *, float, float *);
    void (*product)(
        const float *, size_t, size_t, const float *, size_t, const nk_product_output *);
    void (*narrow_panels)(const float *, size_t, uint32_t *);
    void (*product_of_halves)(
        const float *, size_t, size_t, const uint32_t *, size_t, const nk_product_output *);
} nk_product_table;

extern const nk_product_table nk_product_base;
extern const nk_product_table nk_product_v3;
extern const nk_product_table nk_product_v4;

#endif
