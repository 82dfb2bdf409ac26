#ifndef CNETWORKKERNELS_ATTENTION_H
#define CNETWORKKERNELS_ATTENTION_H

#include <stddef.h>
#include <stdint.h>

/// One head's attention over a grid of keys, with relative positions along both axes:
/// softmax over keys k of (scale q.k + q.h[y(q) - y(k) + side - 1] + q.w[x(q) - x(k) + side - 1]), times the values.
typedef struct {
    /// Features of a head.
    size_t width;
    /// Lines of the grid of keys, and keys of a line.
    size_t side;
    /// Factor of the products of queries and keys.
    float scale;
    /// Whether the weights of the values are rounded to bfloat16; the other factors are as the caller gives them.
    int rounds;
} nk_attention_shape;

/// Floats of a head's packed keys, of its packed values, of a packed table, and of a call's scratch memory.
typedef struct {
    size_t keys, values, table, scratch;
} nk_attention_sizes;

nk_attention_sizes nk_attention_sizes_of(
    int level, const nk_attention_shape *shape, size_t queries);

/// Packs a table of 2 side - 1 relative positions.
void nk_attention_pack_table(
    int level, const nk_attention_shape *shape, const float *table, float *packed);

/// Packs the keys and the values of one head.
///
/// tokens: for each place of the grid, line after line, the row of its token; negative for a padding token
/// padding_key, padding_value: what padding tokens have
void nk_attention_pack_keys(
    int level, const nk_attention_shape *shape, const int32_t *tokens, const float *keys,
    const float *values, size_t stride, const float *padding_key, const float *padding_value,
    float *packed_keys, float *packed_values);

/// A query: the row of its token and its place in the grid.
typedef struct {
    int32_t token, y, x;
} nk_query;

/// Attends from some queries to all keys and writes `width` values for each into strips (see product.h).
///
/// queries: their features, by rows of tokens
/// output, output_inner: strips over all tokens, and their inner columns
/// output_column: the head's first column; with `lanes` dividing neither it nor `width`, writing is slower
void nk_attention(
    int level, const nk_attention_shape *shape, const nk_query *list, size_t count,
    const float *queries, size_t stride, const float *packed_keys, const float *packed_values,
    const float *table_h, const float *table_w, float *output, size_t output_inner,
    size_t output_column, float *scratch);

#endif
