#include "window_attention.h"

#include "dispatch.h"
#include "window_attention_table.h"

static const nk_window_attention_table *table(int level) {
    return NK_TABLE_OF(nk_window_attention, level);
}

nk_window_sizes nk_window_sizes_of(int level, const nk_window_shape *shape) {
    return table(level)->sizes(shape);
}

void nk_window_pack_biases(
    int level, const nk_window_shape *shape, const float *biases, float *packed) {
    table(level)->pack_biases(shape, biases, packed);
}

void nk_window_attention(
    int level, const nk_window_shape *shape, const int32_t *rows, const float *projections,
    size_t stride, const float *padding, const float *packed_biases, float *output,
    size_t output_stride, float *scratch) {
    table(level)->attend(
        shape, rows, projections, stride, padding, packed_biases, output, output_stride, scratch);
}
