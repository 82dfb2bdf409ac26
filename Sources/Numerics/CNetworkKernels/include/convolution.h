#ifndef CNETWORKKERNELS_CONVOLUTION_H
#define CNETWORKKERNELS_CONVOLUTION_H

#include <stddef.h>

#include "product.h"

// Convolutions over pictures whose channels lie together (line after line, pixel after pixel, channel after channel). A kernel
// of three lines reads 3 x channels values in a row from each, so a convolution is a product whose left factor is read where it
// lies: nothing is gathered.

/// Inputs of the outputs of one line.
typedef struct {
    /// The first input of the first output in each line; `line_count` of them.
    const float *lines[3];
    /// 3, or 1 for a kernel of one pixel and for a linear layer.
    size_t line_count;
    /// Distance from the inputs of one output to those of the next.
    size_t pitch;
    /// Values that an output reads from each line, one after the other.
    size_t inner;
} nk_convolution_input;

/// Multiplies the inputs of `count` outputs by panels (see product.h) of `line_count` x `inner` rows.
///
/// output: `strip_stride`, `vector_stride` and `is_padded` are not looked at: results are rows
void nk_convolve(
    int level, const nk_convolution_input *input, size_t count, const float *panels,
    size_t columns, const nk_product_output *output);

/// One line of a convolution of 3 x 3 pixels within each channel.
typedef struct {
    /// The lines above, at and below the output; NULL beyond the border.
    const float *lines[3];
    /// Pixels of these lines.
    size_t input_count;
    size_t channels;
    /// Distance of outputs in the input, 1 or 2.
    size_t stride;
    /// For each of the nine places, line after line, one value for each channel.
    const float *weights;
    /// One value for each channel.
    const float *bias;
    /// Applies GELU last.
    int applies_gelu;
} nk_depthwise_line;

/// Writes `count` pixels; every input beyond the border is zero.
void nk_depthwise(int level, const nk_depthwise_line *line, size_t count, float *output);

#endif
