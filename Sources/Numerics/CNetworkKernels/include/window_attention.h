#ifndef CNETWORKKERNELS_WINDOW_ATTENTION_H
#define CNETWORKKERNELS_WINDOW_ATTENTION_H

#include <stddef.h>
#include <stdint.h>

/// One head's attention within a window, with a bias for each pair of places:
/// softmax over keys k of (scale q.k + bias[q][k]), times the values.
typedef struct {
    /// Features of a head.
    size_t width;
    /// Places of the window.
    size_t keys;
    /// Factor of the products of queries and keys.
    float scale;
    /// Whether the weights of the values are rounded to bfloat16; the other factors are as the caller gives them.
    int rounds;
} nk_window_shape;

/// Floats of a head's packed biases, and of a call's scratch memory.
typedef struct {
    size_t biases, scratch;
} nk_window_sizes;

nk_window_sizes nk_window_sizes_of(int level, const nk_window_shape *shape);

/// Packs `keys` x `keys` biases.
void nk_window_pack_biases(
    int level, const nk_window_shape *shape, const float *biases, float *packed);

/// Attends from every place that has a row to all places.
///
/// rows: for each place the row of its token; negative for padding
/// projections: queries, keys and values of the head one after the other, by rows
/// padding: those of padding tokens; the queries are not used
/// output: `width` values for each row
void nk_window_attention(
    int level, const nk_window_shape *shape, const int32_t *rows, const float *projections,
    size_t stride, const float *padding, const float *packed_biases, float *output,
    size_t output_stride, float *scratch);

#endif
