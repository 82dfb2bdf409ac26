#ifndef CNETWORKKERNELS_CONVOLUTION_TABLE_H
#define CNETWORKKERNELS_CONVOLUTION_TABLE_H

#include "convolution.h"

// The kernels of convolution.inc at one level.
typedef struct {
    void (*convolve)(
        const nk_convolution_input *, size_t, const float *, size_t, const nk_product_output *);
    void (*depthwise)(const nk_depthwise_line *, size_t, float *);
} nk_convolution_table;

extern const nk_convolution_table nk_convolution_base;
extern const nk_convolution_table nk_convolution_v3;
extern const nk_convolution_table nk_convolution_v4;

#endif
